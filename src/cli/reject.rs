//! `holdline reject [SUITE]`.

use super::pending::{PendingError, select};
use crate::baseline::Store;
use std::io::Write;

/// Removes what waits for a suite, or for all, and gives the names of the suites rejected.
pub fn run(store: &Store, suite: Option<&str>, output: &mut dyn Write) -> Result<Vec<String>, PendingError> {
    let suites = select(store, suite)?;
    for suite in &suites {
        store.reject(suite)?;
        writeln!(output, "rejected {suite}: the accepted baseline stays")?;
    }
    Ok(suites)
}
