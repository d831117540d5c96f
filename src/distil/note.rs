//! Notes that people write on cases (open coding): what went wrong first, in a sentence of their own. They stand
//! in `<suite>.notes.jsonl` beside the suite, and so outlive the runs that they were written on.

use super::ledger::{Ledger, Line, beside};
use crate::expand::CaseId;
use crate::suite::Diagnostics;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// Longest note, in characters.
pub const LONGEST: usize = 2000;
/// Longest part of an input that is kept, in characters.
pub const EXCERPT: usize = 200;

/// A note of one person on one case. Of several the last one stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// The case.
    pub case: CaseId,
    /// Its scenario, for when there is no such case any more.
    pub scenario: String,
    /// The beginning of what was asked, for the same. Secrets and personal data are replaced.
    pub input: String,
    /// The note; none where it was taken back. Secrets and personal data are replaced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Who wrote it.
    pub by: String,
    /// When, as year, month and day.
    pub date: jiff::civil::Date,
    /// The run whose answer it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
}

/// The notes of a suite.
pub type Notes = Ledger<Note>;

impl Line for Note {
    const WHAT: &'static str = "note";

    fn mistake(&self) -> Option<(String, &'static str)> {
        let text = self.text.as_deref();
        if self.by.trim().is_empty() {
            Some(("`by` says nothing".into(), "write whose note it is"))
        } else if text.is_some_and(|text| text.trim().is_empty()) {
            Some((
                "`text` says nothing".into(),
                "write what went wrong, or leave `text` out: then the note is taken back",
            ))
        } else if text.is_some_and(|text| text.chars().count() > LONGEST) {
            Some((format!("a note has at most {LONGEST} characters"), "keep what went wrong first"))
        } else {
            None
        }
    }
}

impl Notes {
    /// The notes of the suite with this file, both relative to the root.
    pub fn of_suite(root: &Path, suite: &str) -> Result<Self, Diagnostics> {
        Self::open(root, &beside(suite, "notes"))
    }

    /// The notes that stand, by case, each with the people in the order in which they first wrote.
    pub fn standing(&self) -> BTreeMap<CaseId, Vec<&Note>> {
        let mut standing: BTreeMap<CaseId, Vec<&Note>> = BTreeMap::new();
        for note in &self.lines {
            let of_case = standing.entry(note.case).or_default();
            match of_case.iter_mut().find(|old| old.by == note.by) {
                Some(old) => *old = note,
                None => of_case.push(note),
            }
        }
        for of_case in standing.values_mut() {
            of_case.retain(|note| note.text.is_some());
        }
        standing.retain(|_, of_case| !of_case.is_empty());
        standing
    }

    /// What people say of a case.
    pub fn on(&self, case: CaseId) -> Vec<&Note> {
        self.standing().remove(&case).unwrap_or_default()
    }

    /// What the notes that stand say, by case.
    pub fn texts(&self) -> BTreeMap<CaseId, Vec<String>> {
        let texts = |notes: Vec<&Note>| notes.into_iter().filter_map(|note| note.text.clone()).collect();
        self.standing().into_iter().map(|(case, notes)| (case, texts(notes))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(case: u8, by: &str, text: Option<&str>) -> Note {
        Note {
            case: CaseId::of(&[&[case]]),
            scenario: "s".into(),
            input: "i".into(),
            text: text.map(str::to_owned),
            by: by.into(),
            date: "2026-11-28".parse().unwrap(),
            run: None,
        }
    }

    #[test]
    fn the_last_word_of_each_person_stands() {
        let folder = tempfile::tempdir().unwrap();
        let mut notes = Notes::of_suite(folder.path(), "suites/a.toml").unwrap();
        notes
            .add(vec![
                note(1, "Ada", Some("first")),
                note(1, "Ben", Some("his")),
                note(2, "Ada", Some("gone")),
                note(1, "Ada", Some("last")),
                note(2, "Ada", None),
            ])
            .unwrap();
        let read = Notes::of_suite(folder.path(), "suites/a.toml").unwrap();
        assert_eq!(read.path, "suites/a.notes.jsonl");
        let texts = |case: u8| -> Vec<String> {
            read.on(CaseId::of(&[&[case]])).iter().filter_map(|note| note.text.clone()).collect()
        };
        assert_eq!((texts(1), texts(2)), (vec!["last".into(), "his".into()], Vec::new()));
        assert_eq!(read.texts().len(), 1);
    }
}
