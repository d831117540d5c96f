//! `holdline schema`: the JSON schema of suite files, for editors.

use super::CliResult;
use crate::exit::Exit;
use clap::ValueEnum;
use std::io::Write;

/// Arguments of `holdline schema`.
#[derive(Debug, clap::Args)]
pub struct SchemaArgs {
    /// Which file's schema.
    #[arg(value_enum, default_value_t = File::Suite)]
    file: File,
}

/// A file of the user's that has a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum File {
    /// `suites/<name>.toml`.
    Suite,
    /// `holdline.toml`.
    Project,
    /// Table specifications.
    Table,
    /// `suites/judges/<name>.toml`.
    Judge,
    /// `suites/taxonomy.toml`.
    Taxonomy,
}

/// Prints.
pub fn run(args: &SchemaArgs) -> CliResult {
    let text = match args.file {
        File::Suite => crate::suite::schema::SCHEMA,
        File::Project => crate::suite::project::SCHEMA,
        File::Table => crate::suite::schema::table::SCHEMA,
        File::Judge => crate::suite::schema::judge::SCHEMA,
        File::Taxonomy => crate::suite::schema::taxonomy::SCHEMA,
    };
    std::io::stdout().lock().write_all(text.as_bytes())?;
    Ok(Exit::Held)
}
