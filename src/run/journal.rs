//! The journal of a run: append-only JSON lines, each with a checksum. A transcript counts only once
//! its line is written; a killed run is taken up again from here.

use super::{Graded, Part};
use crate::expand::CaseId;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Version of the journal's format.
pub const FORMAT: u32 = 1;

/// Name of the journal in a run's folder.
pub const FILE: &str = "journal.jsonl";

/// Longest line read back: far above what the limits on answers let through.
const MAX_LINE: u64 = 256 << 20;

/// Why a journal cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The file system refused.
    #[error("{}: {error}", path.display())]
    Io {
        /// The journal.
        path: PathBuf,
        /// What it said.
        error: std::io::Error,
    },
    /// The journal does not begin with a header.
    #[error("{}: the journal has no header; it cannot be resumed", path.display())]
    NoHeader {
        /// The journal.
        path: PathBuf,
    },
    /// The journal was written in another format.
    #[error(
        "{}: the journal has format {found}, this version reads {FORMAT}; run again without --resume",
        path.display()
    )]
    Format {
        /// The journal.
        path: PathBuf,
        /// Its format.
        found: u32,
    },
}

/// What a run is about: enough to tell whether it can be taken up again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// [`FORMAT`].
    pub format: u32,
    /// When the run began (RFC 3339).
    pub started: String,
    /// The suites and what was selected of them.
    pub suites: Vec<SuiteHeader>,
    /// Which part of a larger run it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<Part>,
}

/// What a run asks of one suite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuiteHeader {
    /// Name of the suite.
    pub name: String,
    /// Fingerprint of the suite file and its data.
    pub fingerprint: String,
    /// Hash of the whole plan.
    pub plan: String,
    /// Hash of the selected cases' ids.
    pub selection: String,
    /// How often the cases of each scenario are asked, in the order of the file; empty where all are asked
    /// once, as in every journal from before there were repeats.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repeats: Vec<u32>,
    /// The parameters, with their values.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, Value>,
}

/// A line of the journal, as read.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Entry {
    Header(Header),
    Graded { suite: String, graded: Graded },
    Done,
}

/// The same as written.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
enum NewEntry<'a> {
    Header(&'a Header),
    Graded { suite: &'a str, graded: &'a Graded },
    Done,
}

/// A journal being written. Lines from many tasks do not mix.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: Mutex<File>,
}

impl Journal {
    /// Begins a journal in the run's folder, which is created.
    pub fn create(folder: &Path, header: &Header) -> Result<Self, JournalError> {
        let path = folder.join(FILE);
        let io = |error| JournalError::Io { path: path.clone(), error };
        std::fs::create_dir_all(folder).map_err(io)?;
        let file = OpenOptions::new().append(true).create_new(true).open(&path).map_err(io)?;
        let journal = Self { path, file: Mutex::new(file) };
        journal.append(NewEntry::Header(header))?;
        Ok(journal)
    }

    /// Takes up a journal that a killed run left: a torn last line is cut off first.
    pub fn reopen(past: &Past) -> Result<Self, JournalError> {
        let io = |error| JournalError::Io { path: past.path.clone(), error };
        let file = OpenOptions::new().append(true).open(&past.path).map_err(io)?;
        file.set_len(past.length).map_err(io)?;
        Ok(Self { path: past.path.clone(), file: Mutex::new(file) })
    }

    /// Keeps what a case came to.
    pub fn keep(&self, suite: &str, graded: &Graded) -> Result<(), JournalError> {
        self.append(NewEntry::Graded { suite, graded })
    }

    /// Marks the run as complete and forces everything to the disk.
    pub fn finish(&self) -> Result<(), JournalError> {
        self.append(NewEntry::Done)?;
        let file = self.file.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        file.sync_all().map_err(|error| JournalError::Io { path: self.path.clone(), error })
    }

    fn append(&self, entry: NewEntry<'_>) -> Result<(), JournalError> {
        let io = |error| JournalError::Io { path: self.path.clone(), error };
        let line = seal(&serde_json::to_string(&entry).map_err(|error| io(error.into()))?);
        // One write call a line: a kill leaves whole lines and at most one torn at the end.
        let mut file = self.file.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        file.write_all(line.as_bytes()).map_err(io)
    }
}

const OPEN: &str = r#"{"sum":""#;
const MIDDLE: &str = r#"","entry":"#;
const SUM_LENGTH: usize = 8;

fn checksum(entry: &str) -> String {
    blake3::hash(entry.as_bytes()).to_hex()[..SUM_LENGTH].to_owned()
}

/// A line with its checksum, itself JSON.
fn seal(entry: &str) -> String {
    format!("{OPEN}{}{MIDDLE}{entry}}}\n", checksum(entry))
}

/// The entry of a line whose checksum is right.
fn unseal(line: &str) -> Option<Entry> {
    let rest = line.trim_end_matches(['\n', '\r']).strip_prefix(OPEN)?.strip_suffix('}')?;
    let (sum, rest) = rest.split_at_checked(SUM_LENGTH)?;
    let entry = rest.strip_prefix(MIDDLE)?;
    if checksum(entry) == sum { serde_json::from_str(entry).ok() } else { None }
}

/// What a journal says of a past run.
#[derive(Debug)]
pub struct Past {
    /// The journal.
    pub path: PathBuf,
    /// What the run was about.
    pub header: Header,
    /// What was graded, by suite, case and repeat.
    pub graded: HashMap<(String, CaseId, u32), Graded>,
    /// Whether the run came to its end.
    pub done: bool,
    /// Lines, from 1, that are damaged; their cases are asked again.
    pub damaged: Vec<usize>,
    /// Bytes up to the end of the last whole line.
    pub length: u64,
}

impl Past {
    /// Reads the journal of a run's folder.
    pub fn read(folder: &Path) -> Result<Self, JournalError> {
        let path = folder.join(FILE);
        let io = |error| JournalError::Io { path: path.clone(), error };
        let mut reader = BufReader::new(File::open(&path).map_err(io)?);
        let (mut header, mut graded, mut damaged) = (None, HashMap::new(), Vec::new());
        let (mut done, mut length, mut number) = (false, 0_u64, 0_usize);
        let mut line = Vec::new();
        loop {
            line.clear();
            let read = std::io::Read::take(&mut reader, MAX_LINE).read_until(b'\n', &mut line).map_err(io)?;
            if read == 0 || line.last() != Some(&b'\n') {
                break;
            }
            number += 1;
            length += read as u64;
            match std::str::from_utf8(&line).ok().and_then(unseal) {
                Some(Entry::Header(found)) if header.is_none() => header = Some(found),
                Some(Entry::Graded { suite, graded: one }) => {
                    graded.insert((suite, one.transcript.case, one.transcript.repeat), one);
                }
                Some(Entry::Done) => done = true,
                Some(Entry::Header(_)) | None => damaged.push(number),
            }
        }
        let header = header.ok_or_else(|| JournalError::NoHeader { path: path.clone() })?;
        if header.format != FORMAT {
            return Err(JournalError::Format { path, found: header.format });
        }
        Ok(Self { path, header, graded, done, damaged, length })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::Outcome;
    use crate::run::Transcript;

    fn graded(n: u8) -> Graded {
        let transcript =
            Transcript { case: CaseId::of(&[&[n]]), repeat: 0, turns: Vec::new(), error: None, cost: None };
        Graded { transcript, verdicts: Vec::new(), outcome: Outcome::Pass }
    }

    fn header() -> Header {
        Header { format: FORMAT, started: "2026-01-01T00:00:00Z".into(), suites: Vec::new(), shard: None }
    }

    #[test]
    fn what_was_kept_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::create(folder.path(), &header()).unwrap();
        journal.keep("s", &graded(1)).unwrap();
        let past = Past::read(folder.path()).unwrap();
        assert_eq!((past.graded.len(), past.done), (1, false));
        journal.finish().unwrap();
        assert!(Past::read(folder.path()).unwrap().done);
    }

    #[test]
    fn a_torn_last_line_is_cut_off_and_the_journal_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::create(folder.path(), &header()).unwrap();
        journal.keep("s", &graded(1)).unwrap();
        journal.keep("s", &graded(2)).unwrap();
        let path = folder.path().join(FILE);
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, &whole[..whole.len() - 9]).unwrap();
        let past = Past::read(folder.path()).unwrap();
        assert_eq!((past.graded.len(), past.damaged.len()), (1, 0));
        let journal = Journal::reopen(&past).unwrap();
        journal.keep("s", &graded(3)).unwrap();
        let past = Past::read(folder.path()).unwrap();
        assert_eq!((past.graded.len(), past.damaged.len()), (2, 0));
    }

    #[test]
    fn a_damaged_line_is_named_and_its_case_is_not_counted() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::create(folder.path(), &header()).unwrap();
        journal.keep("s", &graded(1)).unwrap();
        journal.keep("s", &graded(2)).unwrap();
        let path = folder.path().join(FILE);
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, text.replacen("\"pass\"", "\"fail\"", 1)).unwrap();
        let past = Past::read(folder.path()).unwrap();
        assert_eq!(past.damaged, [2]);
        assert_eq!(past.graded.len(), 1);
    }

    #[test]
    fn a_journal_from_before_there_were_repeats_asked_every_case_once() {
        let old = r#"{"name":"s","fingerprint":"f","plan":"p","selection":"x"}"#;
        let suite: SuiteHeader = serde_json::from_str(old).unwrap();
        assert!(suite.repeats.is_empty());
        assert_eq!(serde_json::to_string(&suite).unwrap(), old, "and is written as before");
    }

    #[test]
    fn another_format_is_refused_with_the_reason() {
        let folder = tempfile::tempdir().unwrap();
        Journal::create(folder.path(), &Header { format: 99, ..header() }).unwrap();
        let error = Past::read(folder.path()).unwrap_err().to_string();
        assert!(error.contains("format 99"), "{error}");
    }
}
