//! Seeds as they stand become cases.
use super::Case;
use crate::suite::Suite;

/// Why the cases of a suite cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExpandError {
    /// placeholder
    #[error("{0}")]
    Other(String),
}

/// The cases of a suite.
pub fn cases_of(_suite: &Suite) -> Result<Vec<Case>, ExpandError> {
    Ok(Vec::new())
}
