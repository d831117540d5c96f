//! What `review`, `accept` and `reject` share: which suites wait, and what can go wrong.

use crate::baseline::{BaselineError, Store};
use crate::suite::bare_name;
use std::io;

/// Why a pending baseline was not reviewed, accepted or rejected.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PendingError {
    /// No suite has a pending baseline.
    #[error(
        "nothing is pending: `holdline run` writes a pending baseline when a complete run differs from the one accepted"
    )]
    Nothing,
    /// The suite named has no pending baseline, and others have.
    #[error("suite `{}` has no pending baseline; pending are: {}", .suite.escape_debug(), .waiting.join(", "))]
    Unknown {
        /// The name given.
        suite: String,
        /// The suites that wait.
        waiting: Vec<String>,
    },
    /// A file of the baseline is at fault.
    #[error(transparent)]
    Baseline(#[from] BaselineError),
    /// What is to be shown cannot be written, or what is to be read not read.
    #[error("cannot talk to the terminal")]
    Io(#[from] io::Error),
}

/// The suites meant: the one named, or all that wait.
pub(super) fn select(store: &Store, suite: Option<&str>) -> Result<Vec<String>, PendingError> {
    let waiting = store.waiting()?;
    match suite.map(bare_name) {
        _ if waiting.is_empty() => Err(PendingError::Nothing),
        None => Ok(waiting),
        Some(suite) if waiting.iter().any(|known| known == suite) => Ok(vec![suite.to_owned()]),
        Some(suite) => Err(PendingError::Unknown { suite: suite.to_owned(), waiting }),
    }
}
