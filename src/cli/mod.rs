//! The commands of `holdline`, one a file, as functions that know nothing of how they are called.

pub mod accept;
mod pending;
pub mod reject;
pub mod review;

pub use pending::PendingError;
