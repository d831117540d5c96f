//! `holdline check`: all mistakes of all suites, without running anything.

use super::{CliResult, Place, Set};
use crate::exit::Exit;
use crate::session::{Options, plans, verify};
use std::io::Write;

/// Arguments of `holdline check`.
#[derive(Debug, clap::Args)]
pub struct CheckArgs {
    /// Suites to check; all without any.
    suites: Vec<String>,
    #[command(flatten)]
    params: Set,
}

/// Checks.
pub fn run(place: &Place, args: &CheckArgs) -> CliResult {
    let mut options = Options::new(place.root.clone(), false);
    options.set.clone_from(&args.params.set);
    options.only.clone_from(&args.suites);
    let (_, plans) = plans(&options)?;
    verify(&plans)?;
    if args.suites.is_empty() {
        place.note_orphans(None, plans.iter().map(|plan| plan.suite.name.as_str()))?;
    }
    let mut out = std::io::stdout().lock();
    for plan in &plans {
        let count = |n: usize, one: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") };
        let (scenarios, cases) =
            (count(plan.suite.scenarios.len(), "scenario"), count(plan.cases.len(), "case"));
        writeln!(out, "ok  {}  {scenarios}, {cases}", plan.suite.path)?;
    }
    Ok(Exit::Held)
}
