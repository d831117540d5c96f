//! What `bazel test` wants of a test, by its test encyclopedia: a file touched by who understands sharding,
//! the `JUnit` report at a place of its choice, and what is to be kept in a folder of its own.

use super::CliError;
use crate::report::Outputs;
use crate::report::junit::Profile;
use crate::run::folder;
use std::path::{Path, PathBuf};

/// Where Bazel wants the report.
const XML: &str = "XML_OUTPUT_FILE";

/// The file to touch.
const STATUS: &str = "TEST_SHARD_STATUS_FILE";

/// The folder that is kept.
const UNDECLARED: &str = "TEST_UNDECLARED_OUTPUTS_DIR";

/// Touches the file by which Bazel knows that its shards are understood. To be called before anything is
/// asked, also by a shard that has nothing to ask.
pub fn understood(lookup: impl Fn(&str) -> Option<String>) -> Result<(), CliError> {
    let Some(path) = path(STATUS, lookup) else { return Ok(()) };
    let touched = std::fs::File::options().create(true).append(true).open(&path);
    touched.map(drop).map_err(|error| unwritable(STATUS, &path, &error))
}

/// The outputs, with the report where Bazel wants it unless the command line says where.
pub fn outputs(mut outputs: Outputs, lookup: impl Fn(&str) -> Option<String>) -> Outputs {
    outputs.junit = outputs.junit.or_else(|| Some((path(XML, lookup)?, Profile::Default)));
    outputs
}

/// Copies a run's folder to where Bazel keeps it for `holdline merge`.
pub fn keep(root: &Path, run: &str, lookup: impl Fn(&str) -> Option<String>) -> Result<(), CliError> {
    let Some(kept) = path(UNDECLARED, lookup) else { return Ok(()) };
    copy(&folder::of(root, run), &kept.join(run)).map_err(|error| unwritable(UNDECLARED, &kept, &error))
}

fn path(variable: &str, lookup: impl Fn(&str) -> Option<String>) -> Option<PathBuf> {
    lookup(variable).filter(|value| !value.is_empty()).map(PathBuf::from)
}

fn unwritable(variable: &str, path: &Path, error: &std::io::Error) -> CliError {
    CliError::Usage(format!("{variable}: {} cannot be written: {error}", path.display()))
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &to)?;
        } else {
            std::fs::copy(entry.path(), to)?;
        }
    }
    Ok(())
}
