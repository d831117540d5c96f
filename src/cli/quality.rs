//! `holdline quality`: how good data is, before anything is asked with it.

mod suite;

use super::{CliResult, Place};
use clap::Subcommand;

/// What to look at.
#[derive(Debug, Subcommand)]
pub enum Quality {
    /// How good the cases of suites are: complete, different, even, real. Measures, never gates.
    Suite(suite::SuiteArgs),
}

/// Looks.
pub fn run(place: &Place, what: &Quality) -> CliResult {
    match what {
        Quality::Suite(args) => suite::run(place, args),
    }
}
