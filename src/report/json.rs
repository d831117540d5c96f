//! `report.json`: the record itself, from which every other output can be made again.

use super::file;
use super::in_record::Walk;
use super::record::{CaseHead, CaseRecord, CaseTail, FORMAT, Record};
use serde::de::DeserializeSeed;
use std::io::Write;
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

/// Copies a record on the disk to another file, which is replaced as a whole or not at all.
pub fn copy(whole: &Path, path: &Path) -> Result<(), JsonError> {
    let mut from =
        std::fs::File::open(whole).map_err(|source| JsonError::Read { path: whole.to_owned(), source })?;
    file::replace_by(path, |out| std::io::copy(&mut from, out).map(drop))
        .map_err(|source| JsonError::Write { path: path.to_owned(), source })
}

/// Where the cases of a suite stand in a record that has none: in the lines of a suite and of nothing else.
const NO_CASES: &str = "\n      \"cases\": [],";

/// Writes a record whose suites have no cases in memory: `cases` hands out those of a suite, by its place.
/// Each stands on a line of its own. The file is replaced as a whole or not at all.
pub fn write_by<E: From<JsonError>>(
    record: &Record,
    path: &Path,
    mut cases: impl FnMut(usize, &mut CasesOut<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let fail = |source| JsonError::Write { path: path.to_owned(), source };
    let text = render(record).map_err(|error| fail(error.into()))?;
    let written = file::replace_by(path, |out| {
        let mut out = std::io::BufWriter::with_capacity(BUFFER, out);
        for (place, part) in text.split(NO_CASES).enumerate() {
            if let Some(suite) = place.checked_sub(1) {
                out.write_all(b"\n      \"cases\": [")?;
                let mut list = CasesOut { out: &mut out, path, any: false, line: Vec::new() };
                cases(suite, &mut list).map_err(Failed::Cases)?;
                let any = list.any;
                out.write_all(if any { b"\n      ]," } else { b"]," })?;
            }
            out.write_all(part.as_bytes())?;
        }
        out.flush()?;
        Ok(())
    });
    written.map_err(|failed| match failed {
        Failed::Write(source) => fail(source).into(),
        Failed::Cases(error) => error,
    })
}

/// Why a record could not be written: for its file, or for its cases.
enum Failed<E> {
    Write(std::io::Error),
    Cases(E),
}

impl<E> From<std::io::Error> for Failed<E> {
    fn from(error: std::io::Error) -> Self {
        Self::Write(error)
    }
}

/// Bytes that are written at once.
const BUFFER: usize = 256 << 10;

/// The list of a suite's cases, being written.
pub struct CasesOut<'a> {
    out: &'a mut dyn Write,
    path: &'a Path,
    any: bool,
    /// The line being written.
    line: Vec<u8>,
}

impl CasesOut<'_> {
    /// Writes a case.
    pub fn case(&mut self, case: &CaseRecord) -> Result<(), JsonError> {
        self.line(|line| serde_json::to_writer(line, case))
    }

    /// Writes a case whose texts are only copied: `said` is the object that the plan has of it.
    pub fn copied(&mut self, head: CaseHead, said: &[u8], tail: &CaseTail) -> Result<(), JsonError> {
        self.line(|line| {
            serde_json::to_writer(&mut *line, &head)?;
            // Three objects become one.
            line.pop();
            line.push(b',');
            line.extend_from_slice(said.strip_prefix(b"{").unwrap_or(said));
            line.pop();
            let joint = line.len();
            serde_json::to_writer(&mut *line, tail)?;
            line[joint] = b',';
            Ok(())
        })
    }

    fn line(&mut self, write: impl FnOnce(&mut Vec<u8>) -> serde_json::Result<()>) -> Result<(), JsonError> {
        let before: &[u8] = if self.any { b",\n        " } else { b"\n        " };
        self.any = true;
        self.line.clear();
        self.line.extend_from_slice(before);
        let written = write(&mut self.line).map_err(std::io::Error::from);
        let written = written.and_then(|()| self.out.write_all(&self.line));
        written.map_err(|source| JsonError::Write { path: self.path.to_owned(), source })
    }
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

/// Hands every case of a record on the disk to `each`, with the place of its suite, and holds one at a time.
pub fn each_case(path: &Path, mut each: impl FnMut(usize, CaseRecord)) -> Result<(), JsonError> {
    let file =
        std::fs::File::open(path).map_err(|source| JsonError::Read { path: path.to_owned(), source })?;
    let mut read = serde_json::Deserializer::from_reader(std::io::BufReader::with_capacity(BUFFER, file));
    let no_record = |source| JsonError::NotARecord { path: path.to_owned(), source };
    DeserializeSeed::deserialize(Walk::new(&mut each), &mut read).map_err(no_record)
}

/// Reads what is wanted of a record on the disk, and passes over the rest. One of another format is refused, with
/// the reason.
pub fn read_part<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, JsonError> {
    let cannot = |source| JsonError::Read { path: path.to_owned(), source };
    let no_record = |source| JsonError::NotARecord { path: path.to_owned(), source };
    let open = || std::fs::File::open(path).map(|file| std::io::BufReader::with_capacity(BUFFER, file));
    let head: Head = serde_json::from_reader(open().map_err(cannot)?).map_err(no_record)?;
    if head.format != u64::from(FORMAT) {
        return Err(JsonError::Format { path: path.to_owned(), found: head.format });
    }
    serde_json::from_reader(open().map_err(cannot)?).map_err(no_record)
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
