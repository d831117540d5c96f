//! Runs a plan against a target and keeps what came of it.

mod transcript;

pub use transcript::{Graded, Transcript};
