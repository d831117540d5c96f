//! `holdline init`: a first suite, and what to do next.

use super::{CliError, CliResult, Place};
use crate::exit::Exit;
use crate::run::folder::below;
use crate::suite::slug::slug;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

/// Arguments of `holdline init`.
#[derive(Debug, clap::Args)]
pub struct InitArgs {
    /// Name of the suite.
    #[arg(default_value = "first")]
    suite: String,
}

const SUITE: &str = include_str!("init/suite.toml");

/// The schema beside the suites, which the suite's first line names for editors.
const SCHEMA_FILE: &str = "suite.schema.json";

/// Writes what is not there yet; never changes a file that is.
pub fn run(place: &Place, args: &InitArgs) -> CliResult {
    let name = slug(&args.suite).unwrap_or_else(|| "first".to_owned());
    if name != args.suite {
        return Err(CliError::Usage(format!(
            "`{}` cannot name a suite; use lower-case letters, digits and `-`, as in `{name}`",
            args.suite.escape_debug()
        )));
    }
    let project = place.project()?;
    let folder = below(&place.root, project.suites.as_ref());
    std::fs::create_dir_all(&folder)?;
    let suite = folder.join(format!("{name}.toml"));
    if !write_new(&suite, SUITE)? {
        return Err(CliError::Usage(format!("{} is there already; nothing was written", suite.display())));
    }
    let mut out = std::io::stdout().lock();
    writeln!(out, "wrote {}", suite.display())?;
    if write_new(&folder.join(SCHEMA_FILE), crate::suite::schema::SCHEMA)? {
        writeln!(out, "wrote {}", folder.join(SCHEMA_FILE).display())?;
    }
    let ignore = below(&place.root, ".gitignore".as_ref());
    for line in [".holdline/".to_owned(), format!("/{}/*.new", project.baselines.trim_end_matches('/'))] {
        if add_line(&ignore, &line)? {
            writeln!(out, "added {line} to {}", ignore.display())?;
        }
    }
    write!(
        out,
        "\nNext:\n  1. say in {} how your app is reached, and what it should do\n  \
         2. holdline check            finds mistakes without asking anything\n  \
         3. holdline run {name}        asks, judges and measures\n  \
         4. holdline review           looks at the values and accepts them as the baseline\n  \
         5. commit {} and {}/, and run `holdline run` in CI\n",
        suite.display(),
        suite.display(),
        project.baselines
    )?;
    Ok(Exit::Held)
}

/// Adds a line to a file that may not be there; false where it has that line.
fn add_line(path: &Path, line: &str) -> std::io::Result<bool> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let bare = |line: &str| line.trim().trim_matches('/').to_owned();
    if text.lines().any(|known| bare(known) == bare(line)) {
        return Ok(false);
    }
    let break_before = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    let mut file = OpenOptions::new().create(true).append(true).open(path)?;
    writeln!(file, "{break_before}{line}").map(|()| true)
}

/// Writes a file that is not there; false where it is.
fn write_new(path: &Path, text: &str) -> std::io::Result<bool> {
    match OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(mut file) => file.write_all(text.as_bytes()).map(|()| true),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}
