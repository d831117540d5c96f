//! `holdline accept [SUITE] --reason "…"`.

use super::pending::{PendingError, select};
use crate::baseline::{Signature, Store};
use std::io::Write;

/// Accepts what waits for a suite, or for all, and gives the names of the suites accepted. Those
/// before one that fails stay accepted, and the output says so.
pub fn run(
    store: &Store,
    suite: Option<&str>,
    signature: &Signature,
    output: &mut dyn Write,
) -> Result<Vec<String>, PendingError> {
    let suites = select(store, suite)?;
    for suite in &suites {
        let accepted = store.accept(suite, signature)?;
        writeln!(output, "accepted {suite}: {}", accepted.change)?;
    }
    Ok(suites)
}
