//! `holdline reject [SUITE]`.

use super::pending::{PendingError, select};
use super::{CliResult, Place};
use crate::baseline::Store;
use crate::exit::Exit;
use std::io::Write;
use std::path::PathBuf;

/// Arguments of `holdline reject`.
#[derive(Debug, clap::Args)]
pub struct RejectArgs {
    /// The suite; all that wait without it.
    suite: Option<String>,
    /// Folder of the baselines.
    #[arg(long, value_name = "DIR")]
    baseline: Option<PathBuf>,
}

/// The command.
pub(super) fn command(place: &Place, args: &RejectArgs) -> CliResult {
    let store = place.store(args.baseline.as_ref())?;
    run(&store, args.suite.as_deref(), &mut std::io::stdout().lock())?;
    Ok(Exit::Held)
}

/// Removes what waits for a suite, or for all, and gives the names of the suites rejected.
pub fn run(store: &Store, suite: Option<&str>, output: &mut dyn Write) -> Result<Vec<String>, PendingError> {
    let suites = select(store, suite)?;
    for suite in &suites {
        store.reject(suite)?;
        writeln!(output, "rejected {suite}: the accepted baseline stays")?;
    }
    Ok(suites)
}
