//! The files that a run was asked to write. Checked before it begins, so that a bad path costs no
//! minutes, and written at its end.

use super::json::JsonError;
use super::junit::{JunitError, Profile};
use super::markdown::MarkdownError;
use super::record::Record;
use super::{file, json, junit, markdown};
use std::path::{Path, PathBuf};

/// The files to write, each only where it was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outputs {
    /// `JUnit` XML, and whom it is for.
    pub junit: Option<(PathBuf, Profile)>,
    /// The record.
    pub json: Option<PathBuf>,
    /// Markdown.
    pub markdown: Option<PathBuf>,
}

/// Why an output cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// The file cannot be written, found before the run.
    #[error("{option} cannot be written to {}", path.display())]
    Path {
        /// The option that asked for it.
        option: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Two outputs would overwrite each other.
    #[error("{first} and {second} both name {}; give each its own file", path.display())]
    Twice {
        /// One option.
        first: &'static str,
        /// The other.
        second: &'static str,
        /// The file.
        path: PathBuf,
    },
    /// The `JUnit` report.
    #[error(transparent)]
    Junit(#[from] JunitError),
    /// The record.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// The Markdown report.
    #[error(transparent)]
    Markdown(#[from] MarkdownError),
}

impl Outputs {
    /// The outputs, once it is known that each can be written. Folders that are missing are made. A
    /// report of an earlier run is removed: should this one be killed, nobody takes that for its own.
    pub fn open(self) -> Result<Self, OutputError> {
        let asked = self.asked();
        for (at, (second, path)) in asked.iter().enumerate() {
            if let Some((first, _)) = asked[..at].iter().find(|(_, earlier)| earlier == path) {
                return Err(OutputError::Twice { first, second, path: (*path).to_owned() });
            }
        }
        for (option, path) in &asked {
            file::clear(path).map_err(|source| OutputError::Path {
                option,
                path: (*path).to_owned(),
                source,
            })?;
        }
        Ok(self)
    }

    /// Writes every output. `whole` is the record on the disk, which has every case. All are tried; the first
    /// error is told.
    pub fn write(&self, record: &Record, whole: &Path) -> Result<(), OutputError> {
        let junit = self.junit.as_ref().map(|(path, profile)| junit::write(record, whole, path, *profile));
        let json = self.json.as_ref().map(|path| json::copy(whole, path));
        let markdown = self.markdown.as_ref().map(|path| markdown::write(record, path));
        junit.transpose()?;
        json.transpose()?;
        markdown.transpose()?;
        Ok(())
    }

    fn asked(&self) -> Vec<(&'static str, &Path)> {
        let junit = self.junit.as_ref().map(|(path, _)| ("--junit", path));
        let json = self.json.as_ref().map(|path| ("--json", path));
        let markdown = self.markdown.as_ref().map(|path| ("--markdown", path));
        [junit, json, markdown].into_iter().flatten().map(|(option, path)| (option, path.as_path())).collect()
    }
}
