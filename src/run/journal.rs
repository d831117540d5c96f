//! The journal of a run: append-only JSON lines, each with a checksum. A transcript counts only once
//! its line is written; a killed run is taken up again from here.

use super::spool::read_at;
use super::{Graded, Part, ReadBack};
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

/// Bytes that are read back at once.
const READ: usize = 64 << 10;

/// Bytes before a line that are read with it: lines that are looked for one after the other were written as
/// answers came, and some stand a little before the last.
const BEHIND: u64 = 32 << 10;

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
    /// Whether answers that are kept beside baselines were judged anew, and nobody was asked.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rejudged: bool,
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
enum Entry<G> {
    Header(Header),
    Graded { suite: String, graded: G },
    Done,
}

/// What a line is about, without what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
struct About {
    transcript: AboutTranscript,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
struct AboutTranscript {
    case: CaseId,
    repeat: u32,
}

/// A line as written.
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
    file: File,
    /// Bytes written; held while a line is.
    length: Mutex<u64>,
}

impl Journal {
    /// Begins a journal in the run's folder, which is created.
    pub fn create(folder: &Path, header: &Header) -> Result<Self, JournalError> {
        let path = folder.join(FILE);
        let io = |error| JournalError::Io { path: path.clone(), error };
        std::fs::create_dir_all(folder).map_err(io)?;
        let file = OpenOptions::new().read(true).append(true).create_new(true).open(&path).map_err(io)?;
        let journal = Self { path, file, length: Mutex::new(0) };
        journal.append(NewEntry::Header(header))?;
        Ok(journal)
    }

    /// Takes up a journal that a killed run left: a torn last line is cut off first.
    pub fn reopen(past: &Past) -> Result<Self, JournalError> {
        let io = |error| JournalError::Io { path: past.path.clone(), error };
        let file = OpenOptions::new().read(true).append(true).open(&past.path).map_err(io)?;
        file.set_len(past.length).map_err(io)?;
        Ok(Self { path: past.path.clone(), file, length: Mutex::new(past.length) })
    }

    /// Opens a journal to read lines back, and no more.
    pub fn open(past: &Past) -> Result<Self, JournalError> {
        let file =
            File::open(&past.path).map_err(|error| JournalError::Io { path: past.path.clone(), error })?;
        Ok(Self { path: past.path.clone(), file, length: Mutex::new(past.length) })
    }

    /// Keeps what a case came to, and tells where.
    pub fn keep(&self, suite: &str, graded: &Graded) -> Result<u64, JournalError> {
        self.append(NewEntry::Graded { suite, graded })
    }

    /// Marks the run as complete.
    pub fn finish(&self) -> Result<(), JournalError> {
        self.append(NewEntry::Done).map(drop)
    }

    /// Forces everything to the disk.
    pub fn sync(&self) -> Result<(), JournalError> {
        self.file.sync_all().map_err(|error| self.io(error))
    }

    /// Reads lines back.
    pub const fn reader(&self) -> LineReader<'_> {
        LineReader { journal: self, from: 0, block: Vec::new() }
    }

    fn append(&self, entry: NewEntry<'_>) -> Result<u64, JournalError> {
        let line = seal(&entry).map_err(|error| self.io(error.into()))?;
        // One write call a line: a kill leaves whole lines and at most one torn at the end.
        let mut length = self.length.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Err(error) = (&self.file).write_all(&line) {
            // A disk that is full may have taken a part of the line: what follows must not be glued to it.
            let _ = self.file.set_len(*length);
            return Err(self.io(error));
        }
        let at = *length;
        *length += line.len() as u64;
        Ok(at)
    }

    pub(super) fn io(&self, error: std::io::Error) -> JournalError {
        JournalError::Io { path: self.path.clone(), error }
    }
}

/// Reads lines of a journal back, with some of those that follow each.
#[derive(Debug)]
pub struct LineReader<'j> {
    journal: &'j Journal,
    from: u64,
    block: Vec<u8>,
}

impl<'j> LineReader<'j> {
    /// What the line at this place says that a case came to.
    pub fn graded<G: ReadBack>(&mut self, at: u64) -> Result<G, JournalError> {
        let journal = self.journal;
        // Written by this run, or checked when a past one was read: its checksum says nothing new.
        let text = sealed(self.line(at)?).map(|(_, text)| text);
        match text.and_then(entry) {
            Some(Entry::Graded { graded, .. }) => Ok(graded),
            _ => Err(journal.io(std::io::Error::new(
                std::io::ErrorKind::InvalidData,
                format!("the line at byte {at} is not what was written there"),
            ))),
        }
    }

    /// The journal that is read.
    pub(super) const fn journal(&self) -> &'j Journal {
        self.journal
    }

    fn line(&mut self, at: u64) -> Result<&[u8], JournalError> {
        let journal = self.journal;
        let (mut wanted, mut is_whole) = (READ, false);
        loop {
            if let Some(begin) = at.checked_sub(self.from).and_then(|begin| usize::try_from(begin).ok())
                && let Some(rest) = self.block.get(begin..)
                && let Some(length) = line_length(rest)
            {
                return Ok(&self.block[begin..begin + length]);
            }
            if is_whole {
                // All that follows was read, and the line does not end.
                return Err(journal.io(std::io::ErrorKind::UnexpectedEof.into()));
            }
            let length = *journal.length.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let rest = usize::try_from(length.saturating_sub(at)).unwrap_or(usize::MAX);
            self.from = at.saturating_sub(BEHIND);
            let before = usize::try_from(at - self.from).unwrap_or(usize::MAX);
            self.block.resize(before + wanted.min(rest), 0);
            read_at(&journal.file, self.from, &mut self.block).map_err(|error| journal.io(error))?;
            is_whole = wanted >= rest;
            wanted = wanted.saturating_mul(4);
        }
    }
}

const OPEN: &str = r#"{"sum":""#;
const MIDDLE: &str = r#"","entry":"#;
const SUM_LENGTH: usize = 8;

/// The first digits of a hash of the entry.
fn checksum(entry: &[u8]) -> [u8; SUM_LENGTH] {
    let hex = blake3::hash(entry).to_hex();
    let mut sum = [0; SUM_LENGTH];
    sum.copy_from_slice(&hex.as_bytes()[..SUM_LENGTH]);
    sum
}

/// A line with its checksum, itself JSON.
fn seal(entry: &NewEntry<'_>) -> Result<Vec<u8>, serde_json::Error> {
    let begin = OPEN.len() + SUM_LENGTH + MIDDLE.len();
    let mut line = Vec::with_capacity(1024);
    line.extend_from_slice(OPEN.as_bytes());
    line.extend_from_slice(&[b'0'; SUM_LENGTH]);
    line.extend_from_slice(MIDDLE.as_bytes());
    serde_json::to_writer(&mut line, entry)?;
    let sum = checksum(&line[begin..]);
    line[OPEN.len()..OPEN.len() + SUM_LENGTH].copy_from_slice(&sum);
    line.extend_from_slice(b"}\n");
    Ok(line)
}

/// The bytes up to and with the first line break, if there is one.
fn line_length(mut bytes: &[u8]) -> Option<usize> {
    let (all, length) = (bytes, bytes.skip_until(b'\n').ok()?);
    (length > 0 && all[length - 1] == b'\n').then_some(length)
}

/// The entry of a line whose checksum is right.
fn unseal<'l, G: Deserialize<'l>>(line: &'l [u8]) -> Option<Entry<G>> {
    let (sum, text) = sealed(line)?;
    if checksum(text) == sum { entry(text) } else { None }
}

/// The checksum of a line, and the text of its entry.
fn sealed(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let line = line.strip_suffix(b"\n")?;
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let rest = line.strip_prefix(OPEN.as_bytes())?.strip_suffix(b"}")?;
    let (sum, rest) = rest.split_at_checked(SUM_LENGTH)?;
    Some((sum, rest.strip_prefix(MIDDLE.as_bytes())?))
}

fn entry<'l, G: Deserialize<'l>>(text: &'l [u8]) -> Option<Entry<G>> {
    serde_json::from_slice(text).ok()
}

/// What a journal says of a past run.
#[derive(Debug)]
pub struct Past {
    /// The journal.
    pub path: PathBuf,
    /// What the run is about.
    pub header: Header,
    /// Where the answers stand that are there: by the place of their suite in the header, case and repeat.
    /// Of two to one question the last counts.
    pub known: HashMap<(usize, CaseId, u32), u64>,
    /// Whether the run came to its end.
    pub done: bool,
    /// Lines, from 1, that are damaged.
    pub damaged: Vec<usize>,
    /// Whether the last line is torn.
    pub torn: bool,
    /// Bytes up to the end of the last whole line.
    length: u64,
}

impl Past {
    /// What a journal says that answers of other runs were just put into.
    pub fn of(journal: &Journal, header: Header, known: HashMap<(usize, CaseId, u32), u64>) -> Self {
        let length = *journal.length.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let path = journal.path.clone();
        Self { path, header, known, done: false, damaged: Vec::new(), torn: false, length }
    }

    /// Reads the journal in a run's folder.
    pub fn read(folder: &Path) -> Result<Self, JournalError> {
        let path = folder.join(FILE);
        let io = |error| JournalError::Io { path: path.clone(), error };
        let mut reader = BufReader::new(File::open(&path).map_err(io)?);
        let mut header: Option<Header> = None;
        let (mut known, mut damaged) = (HashMap::new(), Vec::new());
        let (mut done, mut length, mut number) = (false, 0_u64, 0_usize);
        let mut line = Vec::new();
        let torn = loop {
            line.clear();
            let read = std::io::Read::take(&mut reader, MAX_LINE).read_until(b'\n', &mut line).map_err(io)?;
            if read == 0 || line.last() != Some(&b'\n') {
                break read > 0;
            }
            number += 1;
            match unseal::<About>(&line) {
                Some(Entry::Header(found)) if header.is_none() => header = Some(found),
                Some(Entry::Graded { suite, graded }) => {
                    let suites = header.as_ref().map_or(&[][..], |header| &header.suites);
                    if let Some(place) = suites.iter().position(|of| of.name == suite) {
                        let AboutTranscript { case, repeat } = graded.transcript;
                        known.insert((place, case, repeat), length);
                    }
                }
                Some(Entry::Done) => done = true,
                Some(Entry::Header(_)) | None => damaged.push(number),
            }
            length += read as u64;
        };
        let header = header.ok_or_else(|| JournalError::NoHeader { path: path.clone() })?;
        if header.format != FORMAT {
            return Err(JournalError::Format { path, found: header.format });
        }
        Ok(Self { path, header, known, done, damaged, torn, length })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::Outcome;
    use crate::run::Transcript;
    use crate::target::{TargetError, TargetErrorKind};

    fn graded(n: u8) -> Graded {
        let transcript =
            Transcript { case: CaseId::of(&[&[n]]), repeat: 0, turns: Vec::new(), error: None, cost: None };
        Graded { transcript, verdicts: Vec::new(), outcome: Outcome::Pass }
    }

    fn header() -> Header {
        let suite = SuiteHeader {
            name: "s".into(),
            fingerprint: "f".into(),
            plan: "p".into(),
            selection: "x".into(),
            repeats: Vec::new(),
            params: BTreeMap::new(),
        };
        Header {
            format: FORMAT,
            started: "2026-01-01T00:00:00Z".into(),
            suites: vec![suite],
            shard: None,
            rejudged: false,
        }
    }

    #[test]
    fn what_was_kept_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::create(folder.path(), &header()).unwrap();
        journal.keep("s", &graded(1)).unwrap();
        let past = Past::read(folder.path()).unwrap();
        assert_eq!((past.known.len(), past.done), (1, false));
        journal.finish().unwrap();
        assert!(Past::read(folder.path()).unwrap().done);
    }

    #[test]
    fn lines_are_read_back_in_any_order_and_of_any_length() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::create(folder.path(), &header()).unwrap();
        let long = |n: u8| {
            let error = TargetError::new(TargetErrorKind::Timeout, "x".repeat(usize::from(n) * 30_000));
            let mut one = graded(n);
            one.transcript.error = Some(error);
            one
        };
        let lines: Vec<u64> = (0..8).map(|n| journal.keep("s", &long(n)).unwrap()).collect();
        let mut reader = journal.reader();
        for n in [7, 0, 3, 2, 1, 6, 5, 4, 4] {
            assert_eq!(reader.graded::<Graded>(lines[usize::from(n)]).unwrap(), long(n));
        }
        let end = std::fs::metadata(folder.path().join(FILE)).unwrap().len();
        assert!(reader.graded::<Graded>(end).is_err(), "nothing stands at the end");
        assert!(reader.graded::<Graded>(lines[2] + 1).is_err(), "no line begins there");
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
        assert_eq!((past.known.len(), past.damaged.len()), (1, 0));
        let journal = Journal::reopen(&past).unwrap();
        journal.keep("s", &graded(3)).unwrap();
        let past = Past::read(folder.path()).unwrap();
        assert_eq!((past.known.len(), past.damaged.len()), (2, 0));
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
        assert_eq!(past.known.len(), 1);
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
