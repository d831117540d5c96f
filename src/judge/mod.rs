//! Judges turn a case and a transcript into verdicts.

mod checks;
mod condition;
mod context;
mod error;
mod judges;
pub mod model;
mod outcome;
mod pattern;
mod reason;
mod references;
mod roll_up;

pub use checks::Numbers;
pub(crate) use checks::Program;
pub use condition::Condition;
pub use context::JudgeContext;
pub use error::{CheckError, JudgeError};
pub use judges::{CHECKS_VERSION, Judges, fingerprint, grade};
pub use outcome::{Outcome, Verdict};
pub use references::References;
pub use roll_up::{representative, roll_up};
