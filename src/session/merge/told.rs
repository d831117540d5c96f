//! What a shard's record says of itself, without its cases: a record may be large.

use super::MergeError;
use crate::report::JudgedBy;
use crate::run::{Shard, folder};
use serde::Deserialize;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

/// The head of a record.
#[derive(Debug, Deserialize)]
pub(super) struct Told {
    /// Version of Holdline that made it.
    pub version: String,
    /// Its suites.
    pub suites: Vec<Suite>,
}

/// The head of a suite's record.
#[derive(Debug, Deserialize)]
pub(super) struct Suite {
    /// Name of the suite.
    pub name: String,
    /// What its values depend on.
    pub judged_by: Option<JudgedBy>,
    problems: Vec<Problem>,
}

#[derive(Debug, Deserialize)]
struct Problem {
    message: String,
}

impl Told {
    /// Reads the head of a run's record.
    pub(super) fn read(run: &Path, shard: Shard) -> Result<Self, MergeError> {
        let path = run.join(folder::RECORD);
        let incomplete = |why: String| MergeError::Incomplete { path: run.to_owned(), shard, why };
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(incomplete(format!("it has no {}", folder::RECORD)));
            }
            Err(error) => return Err(MergeError::Io { path, error }),
        };
        serde_json::from_reader(BufReader::new(file))
            .map_err(|error| incomplete(format!("{} cannot be read: {error}", folder::RECORD)))
    }

    /// What kept the shard from asking its part.
    pub(super) fn problem(&self) -> Option<&str> {
        self.suites.iter().flat_map(|suite| &suite.problems).map(|problem| problem.message.as_str()).next()
    }
}
