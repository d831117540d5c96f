//! A file of JSON lines beside a suite that people share: it is added to and never rewritten, so that two
//! branches that both added to it can be put together.

use crate::suite::diagnostic::{Diagnostic, Diagnostics};
use crate::suite::files::{MAX_DATA, read};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Why a file cannot be added to.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The disk says no.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        error: std::io::Error,
    },
}

/// What a line of a file must be.
pub trait Line: Serialize + DeserializeOwned {
    /// What it is, in a message: `note`.
    const WHAT: &'static str;

    /// What is wrong with it that its shape does not show, with the mend.
    fn mistake(&self) -> Option<(String, &'static str)>;
}

/// Such a file, with what stands in it.
#[derive(Debug, Clone)]
pub struct Ledger<L> {
    /// The file, relative to the project's root.
    pub path: String,
    /// What stands in it, in its order.
    pub lines: Vec<L>,
    place: PathBuf,
}

/// The file of an ending beside a suite's: of `suites/a.toml` and `notes` it is `suites/a.notes.jsonl`.
pub fn beside(suite: &str, ending: &str) -> String {
    format!("{}.{ending}.jsonl", suite.strip_suffix(".toml").unwrap_or(suite))
}

impl<L: Line> Ledger<L> {
    /// Opens a file, given relative to the root; it need not be there. All lines that cannot be read are told at
    /// once.
    pub fn open(root: &Path, path: &str) -> Result<Self, Diagnostics> {
        let place = root.join(path);
        let mut ledger = Self { path: path.to_owned(), lines: Vec::new(), place };
        if !ledger.place.try_exists().unwrap_or(true) {
            return Ok(ledger);
        }
        let (source, _) = read(&ledger.place, path, MAX_DATA)?;
        let (mut out, mut begin) = (Diagnostics::default(), 0);
        for text in source.text.split_inclusive('\n') {
            let span = begin..begin + text.trim_end().len();
            begin += text.len();
            if text.trim().is_empty() {
                continue;
            }
            let wrong = |what: String| Diagnostic::new("bad-line", what).at(source.spot(span.clone()));
            match serde_json::from_str::<L>(text) {
                Ok(line) => {
                    if let Some((what, help)) = line.mistake() {
                        out.push(wrong(what).help(help));
                    }
                    ledger.lines.push(line);
                }
                Err(error) => out.push(
                    wrong(format!("this is no {}: {error}", L::WHAT))
                        .help("mend the line or take it out; the file has one JSON object a line"),
                ),
            }
        }
        out.or(ledger)
    }

    /// Adds lines; they are on the disk when this returns.
    pub fn add(&mut self, lines: Vec<L>) -> Result<(), LedgerError> {
        self.append(&lines).map_err(|error| LedgerError::Write { path: self.place.clone(), error })?;
        self.lines.extend(lines);
        Ok(())
    }

    fn append(&self, lines: &[L]) -> std::io::Result<()> {
        let mut text = String::new();
        for line in lines {
            text += &serde_json::to_string(line)?;
            text.push('\n');
        }
        if let Some(folder) = self.place.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let is_open =
            std::fs::read(&self.place).is_ok_and(|bytes| bytes.last().is_some_and(|last| *last != b'\n'));
        if is_open {
            text.insert(0, '\n');
        }
        let mut file = File::options().create(true).append(true).open(&self.place)?;
        file.write_all(text.as_bytes())?;
        file.sync_data()
    }

    /// Takes the last lines back, where they are still the last of the file; false where they are not, and then
    /// nothing is changed.
    pub fn take_back(&mut self, count: usize) -> Result<bool, LedgerError> {
        self.cut(count).map_err(|error| LedgerError::Write { path: self.place.clone(), error })
    }

    fn cut(&mut self, count: usize) -> std::io::Result<bool> {
        let kept = self.lines.len().saturating_sub(count);
        let mut end = String::new();
        for line in &self.lines[kept..] {
            end += &serde_json::to_string(line)?;
            end.push('\n');
        }
        let text = std::fs::read_to_string(&self.place)?;
        let Some(before) = text.strip_suffix(&end) else { return Ok(false) };
        let file = File::options().write(true).open(&self.place)?;
        file.set_len(before.len() as u64)?;
        file.sync_data()?;
        self.lines.truncate(kept);
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    struct Word {
        word: String,
    }

    impl Line for Word {
        const WHAT: &'static str = "word";

        fn mistake(&self) -> Option<(String, &'static str)> {
            self.word.is_empty().then(|| ("`word` says nothing".to_owned(), "write one"))
        }
    }

    fn word(word: &str) -> Word {
        Word { word: word.into() }
    }

    #[test]
    fn lines_are_added_and_the_last_taken_back_while_they_are_the_last() {
        let folder = tempfile::tempdir().unwrap();
        let open = || Ledger::<Word>::open(folder.path(), "a/b.jsonl").unwrap();
        let mut mine = open();
        mine.add(vec![word("one"), word("two")]).unwrap();
        let mut other = open();
        assert_eq!(other.lines, [word("one"), word("two")]);
        other.add(vec![word("three")]).unwrap();
        assert!(!mine.take_back(1).unwrap());
        assert!(other.take_back(2).unwrap());
        assert_eq!(open().lines, [word("one")]);
    }

    #[test]
    fn a_line_that_was_left_open_is_not_added_to() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("b.jsonl"), "{\"word\":\"one\"}").unwrap();
        let mut ledger = Ledger::<Word>::open(folder.path(), "b.jsonl").unwrap();
        ledger.add(vec![word("two")]).unwrap();
        assert_eq!(Ledger::<Word>::open(folder.path(), "b.jsonl").unwrap().lines, [word("one"), word("two")]);
    }

    #[test]
    fn every_bad_line_is_told_with_its_place() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("b.jsonl"), "{\"word\":\"\"}\n\n{\"word\":\"x\"}\n{}\nno\n")
            .unwrap();
        let mistakes = Ledger::<Word>::open(folder.path(), "b.jsonl").unwrap_err();
        let lines: Vec<u32> = mistakes.iter().filter_map(|of| Some(of.spot.as_ref()?.line)).collect();
        assert_eq!(lines, [1, 4, 5], "{mistakes}");
    }

    #[test]
    fn the_file_stands_beside_the_suite() {
        assert_eq!(beside("suites/live/a.b.toml", "notes"), "suites/live/a.b.notes.jsonl");
    }
}
