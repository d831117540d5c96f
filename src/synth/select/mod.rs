//! What is kept of what models write: the common filter, scores, votes, rankings, measured difficulty, and when
//! there is enough.

pub(in crate::synth) mod asked;
pub mod best;
pub mod constitution;
pub mod difficulty;
pub mod grounding;
pub mod keeps;
mod known;
pub mod pairs;
pub mod progress;
pub mod scores;
mod shape;
mod sieve;
pub mod solve;
pub mod variety;
pub mod verify;
pub mod vote;
mod yields;

pub use best::{Exhausted, Inputs};
pub use known::NEAR;
pub use sieve::{Let, Rejection, Sieve};
pub use yields::{Yield, Yields};
