//! `holdline quality table REAL SYNTH`: a synthetic table against the real one it stands for.

use crate::cli::{CliResult, Place};
use crate::exit::Exit;
use crate::quality::table::{Options, Table, measure, page};
use crate::report::escape::{shortened, terminal_line};
use std::path::{Path, PathBuf};

/// Longest path that a message repeats.
const PATH: usize = 300;

/// Arguments of `holdline quality table`.
#[derive(Debug, clap::Args)]
pub struct TableArgs {
    /// The real table: a CSV file with a header.
    real: PathBuf,
    /// The synthetic table: a CSV file with the same header.
    synth: PathBuf,
    /// Real rows that the synthetic table was not made from. Without them, what leaked can be told in
    /// part only.
    #[arg(long, value_name = "FILE")]
    holdout: Option<PathBuf>,
    /// The column to predict, for what the table is worth in training. Default: the last one.
    #[arg(long, value_name = "COLUMN")]
    target: Option<String>,
    /// The column that says in which order rows come. Default: a date column that is sorted.
    #[arg(long, value_name = "COLUMN")]
    sequence: Option<String>,
    /// Print everything as JSON.
    #[arg(long)]
    json: bool,
}

/// Measures, and prints. What comes out decides no exit code: only bad input does.
pub fn run(place: &Place, args: &TableArgs) -> CliResult {
    let real = read(&args.real)?;
    let synth = read(&args.synth)?;
    let holdout = args.holdout.as_deref().map(read).transpose()?;
    let options = Options { target: args.target.clone(), sequence: args.sequence.clone() };
    let report = measure(&real, &synth, holdout.as_ref(), &options)?;
    if args.json {
        let mut text = serde_json::to_string_pretty(&report).map_err(std::io::Error::from)?;
        text.push('\n');
        place.print(&text)?;
    } else {
        place.print(&page(&report, place.style))?;
    }
    Ok(Exit::Held)
}

/// Paths on the command line are relative to where the command stands, not to the project's root.
fn read(path: &Path) -> Result<Table, crate::suite::Diagnostics> {
    // Whole, so that what lies beside a file that is not there can be looked through.
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    Table::read(&whole, &terminal_line(&shortened(&path.display().to_string(), PATH)))
}
