//! What waits to be reviewed: `.holdline/candidates/<suite>.jsonl`, one candidate a line, each on the disk before
//! it is told of.

use crate::expand::CaseId;
use crate::run::folder::HOME;
use crate::suite::variants::Variant;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};
use std::io::Write;
use std::path::{Path, PathBuf};

/// A variant that nobody reviewed yet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// Its identity: that of [`Variant::id`].
    pub id: CaseId,
    /// What it would be.
    pub variant: Variant,
    /// The text most like it among those that were there before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nearest: Option<Nearest>,
    /// Why its scores are what they are, by axis.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub reasons: BTreeMap<String, String>,
}

/// The text most like a candidate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Nearest {
    /// Its words.
    pub text: String,
    /// How much of their sequences of five characters the two share, from 0 to 1 (Jaccard).
    pub similarity: f64,
    /// What it is: `seed`, `case 0123456789abcdef`, `candidate`.
    pub what: String,
}

impl Candidate {
    /// A candidate for a suite, with nothing known of others like it.
    pub fn new(suite: &str, variant: Variant) -> Self {
        Self { id: variant.id(suite), variant, nearest: None, reasons: BTreeMap::new() }
    }
}

/// The candidates of a suite.
#[derive(Debug)]
pub struct Queue {
    path: PathBuf,
    candidates: Vec<Candidate>,
    ids: HashSet<CaseId>,
}

/// Why candidates cannot be read or put aside.
#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    /// The file cannot be read or written.
    #[error("{path} cannot be used: {error}", path = .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// A line of it is no candidate.
    #[error("{path}:{line}: this is no candidate: {error}; take the line out, or remove the file to start anew", path = .path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        error: serde_json::Error,
    },
}

/// The folder of what waits, below the project's root.
pub fn folder(root: &Path) -> PathBuf {
    root.join(HOME).join("candidates")
}

impl Queue {
    /// The candidates of a suite, by its name; none where nothing was put aside. A last line that a killed process
    /// left unfinished is not there.
    pub fn open(root: &Path, suite: &str) -> Result<Self, QueueError> {
        let path = folder(root).join(format!("{suite}.jsonl"));
        let mut queue = Self { path: path.clone(), candidates: Vec::new(), ids: HashSet::new() };
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(queue),
            Err(error) => return Err(QueueError::Io { path, error }),
        };
        for (at, line) in text.split_inclusive('\n').enumerate() {
            if line.trim().is_empty() || !line.ends_with('\n') {
                continue;
            }
            let candidate: Candidate = serde_json::from_str(line).map_err(|error| QueueError::Line {
                path: path.clone(),
                line: at + 1,
                error,
            })?;
            if queue.ids.insert(candidate.id) {
                queue.candidates.push(candidate);
            }
        }
        Ok(queue)
    }

    /// What was put aside, in the order in which it was, whatever was decided about it since.
    pub fn candidates(&self) -> &[Candidate] {
        &self.candidates
    }

    /// Puts candidates aside, and tells how many of them were not there yet. They are on the disk when this
    /// returns.
    pub fn add(&mut self, candidates: Vec<Candidate>) -> Result<usize, QueueError> {
        let mut text = String::new();
        let before = self.candidates.len();
        for candidate in candidates {
            if self.ids.insert(candidate.id) {
                text += &serde_json::to_string(&candidate).map_err(|error| self.io(error.into()))?;
                text.push('\n');
                self.candidates.push(candidate);
            }
        }
        if !text.is_empty() {
            self.append(&text).map_err(|error| self.io(error))?;
        }
        Ok(self.candidates.len() - before)
    }

    fn append(&self, text: &str) -> std::io::Result<()> {
        if let Some(folder) = self.path.parent() {
            std::fs::create_dir_all(folder)?;
            let ignore = folder.with_file_name(".gitignore");
            if !ignore.exists() {
                std::fs::write(ignore, "*\n")?;
            }
        }
        let mut file = std::fs::File::options().create(true).append(true).open(&self.path)?;
        // What a killed process left unfinished would run into the first line.
        let there = std::fs::read(&self.path)?;
        let whole = there.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        file.set_len(whole as u64)?;
        file.write_all(text.as_bytes())?;
        file.sync_data()
    }

    fn io(&self, error: std::io::Error) -> QueueError {
        QueueError::Io { path: self.path.clone(), error }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::schema::Origin;
    use crate::suite::variants::{Made, MadeBy, Truth};
    use serde_json::json;

    fn variant(input: &str) -> Variant {
        Variant {
            scenario: "s".into(),
            input: json!(input),
            turns: Vec::new(),
            of: None,
            promise: crate::expand::Promise::Own,
            expect: None,
            row: BTreeMap::new(),
            knobs: BTreeMap::new(),
            tags: Vec::new(),
            made: Made::new(MadeBy::Model, Origin::Model),
            truth: Truth::Model,
            review: None,
        }
    }

    fn candidates(inputs: &[&str]) -> Vec<Candidate> {
        inputs.iter().map(|input| Candidate::new("suite", variant(input))).collect()
    }

    #[test]
    fn what_is_there_already_is_not_put_aside_again() {
        let root = tempfile::tempdir().unwrap();
        let mut queue = Queue::open(root.path(), "suite").unwrap();
        assert_eq!(queue.add(candidates(&["a", "b", "a"])).unwrap(), 2);
        let mut again = Queue::open(root.path(), "suite").unwrap();
        assert_eq!(again.candidates(), queue.candidates());
        assert_eq!(again.add(candidates(&["b", "c"])).unwrap(), 1);
        assert_eq!(Queue::open(root.path(), "other").unwrap().candidates(), []);
        let ignored = std::fs::read_to_string(root.path().join(".holdline/.gitignore")).unwrap();
        assert_eq!(ignored, "*\n");
    }

    #[test]
    fn a_line_that_was_not_finished_is_not_there_and_does_no_harm() {
        let root = tempfile::tempdir().unwrap();
        Queue::open(root.path(), "suite").unwrap().add(candidates(&["a"])).unwrap();
        let path = folder(root.path()).join("suite.jsonl");
        let whole = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, format!("{whole}{}", &whole[..20])).unwrap();
        let mut queue = Queue::open(root.path(), "suite").unwrap();
        assert_eq!(queue.candidates().len(), 1);
        queue.add(candidates(&["b"])).unwrap();
        assert_eq!(Queue::open(root.path(), "suite").unwrap().candidates().len(), 2);
        std::fs::write(&path, "{}\n").unwrap();
        let wrong = Queue::open(root.path(), "suite").unwrap_err().to_string();
        assert!(wrong.contains("suite.jsonl:1: this is no candidate"), "{wrong}");
    }
}
