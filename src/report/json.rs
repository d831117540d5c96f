//! `report.json`: the record itself, from which every other output can be made again.

use super::file;
use super::record::{FORMAT, Record};
use std::path::{Path, PathBuf};

/// Largest file that is read: far above what 100,000 cases need.
const LIMIT: u64 = 4 << 30;

/// Why a record cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum JsonError {
    /// The file cannot be written.
    #[error("cannot write the record of the run to {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file cannot be read.
    #[error("cannot read the record of a run from {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file is larger than any record.
    #[error("{} is too large for the record of a run ({size} bytes)", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size.
        size: u64,
    },
    /// The file is no record.
    #[error("{} is not the record of a run", path.display())]
    NotARecord {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// The record has another format.
    #[error(
        "{} has format {found}, and this version of Holdline reads format {FORMAT}; run the suites again, \
         or use the version that wrote it",
        path.display()
    )]
    Format {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: u64,
    },
    /// The record contradicts itself.
    #[error("{} is damaged: case {case} of `{suite}` belongs to no scenario; run the suites again", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The suite.
        suite: String,
        /// The case.
        case: String,
    },
}

/// The record as JSON, with a line break at the end.
pub fn render(record: &Record) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(record)?;
    text.push('\n');
    Ok(text)
}

/// Writes the record to a file, which is replaced as a whole or not at all.
pub fn write(record: &Record, path: &Path) -> Result<(), JsonError> {
    let fail = |source| JsonError::Write { path: path.to_owned(), source };
    let text = render(record).map_err(|error| fail(error.into()))?;
    file::replace(path, text.as_bytes()).map_err(fail)
}

/// Reads a record. One of another format is refused, with the reason.
pub fn read(path: &Path) -> Result<Record, JsonError> {
    let cannot = |source| JsonError::Read { path: path.to_owned(), source };
    let size = std::fs::metadata(path).map_err(cannot)?.len();
    if size > LIMIT {
        return Err(JsonError::TooLarge { path: path.to_owned(), size });
    }
    parse(&std::fs::read(path).map_err(cannot)?, path)
}

/// Only what every format has, so that another one is told from a damaged file.
#[derive(serde::Deserialize)]
struct Head {
    format: u64,
}

fn parse(bytes: &[u8], path: &Path) -> Result<Record, JsonError> {
    let no_record = |source| JsonError::NotARecord { path: path.to_owned(), source };
    let head: Head = serde_json::from_slice(bytes).map_err(no_record)?;
    if head.format != u64::from(FORMAT) {
        return Err(JsonError::Format { path: path.to_owned(), found: head.format });
    }
    let record: Record = serde_json::from_slice(bytes).map_err(no_record)?;
    for suite in &record.suites {
        if let Some(case) = suite.cases.iter().find(|case| case.scenario >= suite.scenarios.len()) {
            let (suite, case) = (suite.name.clone(), case.id.to_string());
            return Err(JsonError::Damaged { path: path.to_owned(), suite, case });
        }
    }
    Ok(record)
}
