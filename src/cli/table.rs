//! `holdline table`: a table drawn from a column specification.

use super::{CliError, CliResult};
use crate::exit::Exit;
use crate::expand::table::{Format, Table, Writer};
use crate::report::OutputError;
use crate::report::file::replace_by;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

/// Arguments of `holdline table`.
#[derive(Debug, clap::Args)]
pub struct TableArgs {
    /// The specification, a TOML file.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// How many rows.
    #[arg(long, value_name = "N", default_value_t = 100)]
    rows: usize,
    /// Seed: another one draws another table.
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// How the rows are written.
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
    /// Write to this file instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Prints, or writes a file.
pub fn run(args: &TableArgs) -> CliResult {
    let table = Table::read(&args.file)?;
    match &args.output {
        None => write(&table, args, std::io::stdout().lock())?,
        // As a whole or not at all: a row that cannot be computed leaves the file as it was.
        Some(path) => replace_by(path, |out| write(&table, args, out)).map_err(|error| match error {
            CliError::Write(source) => {
                OutputError::Path { option: "--output", path: path.clone(), source }.into()
            }
            other => other,
        })?,
    }
    Ok(Exit::Held)
}

fn write(table: &Table, args: &TableArgs, out: impl Write) -> Result<(), CliError> {
    // Whatever keeps the rows from being drawn is told before the first byte.
    let rows = table.rows(args.seed, args.rows)?;
    let mut writer = Writer::new(table, args.format, BufWriter::new(out))?;
    for row in rows {
        writer.row(&row?)?;
    }
    Ok(writer.finish()?)
}
