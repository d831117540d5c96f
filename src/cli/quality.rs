//! `holdline quality`: how good data is, before anything is asked with it; one file for each kind of data.

mod suite;
mod table;

use super::{CliResult, Place};
use clap::Subcommand;

/// What to look at.
#[derive(Debug, Subcommand)]
pub enum Quality {
    /// How good the cases of suites are: complete, different, even, real. Measures, never gates.
    Suite(suite::SuiteArgs),
    /// A synthetic table against a real one: how close, how useful, what leaked, what is invented. Measures,
    /// never gates.
    Table(table::TableArgs),
}

/// Looks.
pub fn run(place: &Place, what: &Quality) -> CliResult {
    match what {
        Quality::Suite(args) => suite::run(place, args),
        Quality::Table(args) => table::run(place, args),
    }
}
