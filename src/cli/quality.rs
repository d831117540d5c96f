//! `holdline quality`: how good synthetic data is; one file for each kind of data.

mod table;

use super::{CliResult, Place};

/// What is measured.
#[derive(Debug, clap::Subcommand)]
pub enum Quality {
    /// A synthetic table against a real one: how close, how useful, what leaked, what is invented.
    Table(table::TableArgs),
}

/// Measures.
pub fn run(place: &Place, what: &Quality) -> CliResult {
    match what {
        Quality::Table(args) => table::run(place, args),
    }
}
