//! What is kept of what models write: the common filter, scores, votes, rankings, measured difficulty, and when
//! there is enough.

pub mod difficulty;
pub mod grounding;
pub mod keeps;
mod known;
pub mod progress;
mod shape;
mod sieve;
pub mod variety;
pub mod vote;
mod yields;

pub use known::NEAR;
pub use sieve::{Let, Rejection, Sieve};
pub use yields::{Yield, Yields};
