//! `holdline check`: all mistakes of all suites, without running anything.

use super::{CliResult, Place};
use crate::exit::Exit;
use crate::session::{Options, plans};
use std::io::Write;

/// Arguments of `holdline check`.
#[derive(Debug, clap::Args)]
pub struct CheckArgs {
    /// Suites to check; all without any.
    suites: Vec<String>,
}

/// Checks.
pub fn run(place: &Place, args: &CheckArgs) -> CliResult {
    let mut options = Options::new(place.root.clone(), false);
    options.only.clone_from(&args.suites);
    let (_, plans) = plans(&options)?;
    let mut out = std::io::stdout().lock();
    for plan in &plans {
        let (scenarios, cases) = (plan.suite.scenarios.len(), plan.cases.len());
        let [one, other] = [scenarios, cases].map(|count| if count == 1 { "" } else { "s" });
        writeln!(out, "ok  {}  {scenarios} scenario{one}, {cases} case{other}", plan.suite.path)?;
    }
    Ok(Exit::Held)
}
