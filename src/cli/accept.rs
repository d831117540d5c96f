//! `holdline accept [SUITE] --reason "…"`.

use super::pending::{PendingError, select};
use super::{CliResult, Place};
use crate::baseline::{Signature, Store};
use crate::exit::Exit;
use std::io::Write;
use std::path::PathBuf;

/// Arguments of `holdline accept`.
#[derive(Debug, clap::Args)]
pub struct AcceptArgs {
    /// The suite; all that wait without it.
    suite: Option<String>,
    /// Why the new values are right; kept in the baseline's history.
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Folder of the baselines.
    #[arg(long, value_name = "DIR")]
    baseline: Option<PathBuf>,
}

/// The command.
pub(super) fn command(place: &Place, args: &AcceptArgs) -> CliResult {
    let store = place.store(args.baseline.as_ref())?;
    let signature = Signature::now(&args.reason, &place.root);
    run(&store, args.suite.as_deref(), &signature, &mut std::io::stdout().lock())?;
    Ok(Exit::Held)
}

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
