//! Judges turn a case and a transcript into verdicts.

mod outcome;

pub use outcome::{Outcome, Verdict};
