//! Failures read from the records of runs on the disk, one case at a time: a record may be large, and most of its
//! cases pass.

use super::failure::{Failed, Failure, Head, Looked};
use super::note::Notes;
use crate::report::json::{self, JsonError};
use crate::suite::Diagnostics;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The failures of some runs.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Gathered {
    /// What was looked at, by suite.
    pub looked: Vec<Looked>,
    /// The failures: suite by suite, in the order of the plan.
    pub failures: Vec<Failure>,
    /// Suites that were not looked at although a run names them, and why, in a line each.
    pub passed_over: Vec<String>,
}

/// What is read of a record before its cases.
#[derive(Debug, Deserialize)]
struct RecordHead {
    run: String,
    suites: Vec<Head>,
}

impl Gathered {
    /// Adds to the failures the notes that stand on their cases, from the files beside the suites of this project.
    pub fn add_notes(&mut self, root: &Path) -> Result<(), Diagnostics> {
        let mut suites: BTreeMap<String, Notes> = BTreeMap::new();
        for failure in &self.failures {
            if !suites.contains_key(&failure.suite_path) {
                let notes = Notes::of_suite(root, &failure.suite_path)?;
                suites.insert(failure.suite_path.clone(), notes);
            }
        }
        let standing: BTreeMap<&str, _> =
            suites.iter().map(|(suite, notes)| (suite.as_str(), notes.standing())).collect();
        for failure in &mut self.failures {
            let noted = standing.get(failure.suite_path.as_str()).and_then(|of| of.get(&failure.case));
            failure.notes = noted.into_iter().flatten().filter_map(|note| note.text.clone()).collect();
        }
        Ok(())
    }
}

impl RecordHead {
    /// Whether the application was asked anything of the suite, or of any where none is named.
    fn asked(&self, suite: Option<&str>) -> bool {
        let asked = |of: &&Head| of.carried.is_none() && of.rejudged.is_none();
        self.suites.iter().filter(asked).any(|of| suite.is_none_or(|name| name == of.name))
    }
}

/// The failures of the runs whose records these are, of all suites or of the one named. A run named twice counts
/// once. Suites that were carried over from their baseline were not asked, and are passed over.
pub fn gather(records: &[PathBuf], suite: Option<&str>) -> Result<Gathered, JsonError> {
    let mut heads = Vec::with_capacity(records.len());
    for path in records {
        heads.push((json::read_part::<RecordHead>(path)?, path));
    }
    // Ids of runs sort by time; the newest tells what a case came to last.
    heads.sort_by(|(a, _), (b, _)| b.run.cmp(&a.run));
    heads.dedup_by(|(a, _), (b, _)| a.run == b.run);
    let (mut failed, mut passed_over) = (Failed::default(), Vec::new());
    for (head, path) in &heads {
        take_in(&mut failed, head, path, suite, &mut passed_over)?;
    }
    let (looked, failures) = failed.finish();
    Ok(Gathered { looked, failures, passed_over })
}

/// The failures of the newest run that asked the suite named, or any: runs that judged accepted answers anew asked
/// nothing. `None` where there is no such run; `records` are those of all runs, newest first.
///
/// An older record in another format is no reason to tell nothing, and is passed over.
pub fn gather_newest(
    records: impl Iterator<Item = PathBuf>,
    suite: Option<&str>,
) -> Result<Option<Gathered>, JsonError> {
    let mut any = false;
    for path in records {
        match json::read_part::<RecordHead>(&path) {
            Ok(head) if head.asked(suite) => return gather(&[path], suite).map(Some),
            Ok(_) => any = true,
            Err(_) if any => {}
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

fn take_in(
    failed: &mut Failed,
    head: &RecordHead,
    path: &Path,
    suite: Option<&str>,
    passed_over: &mut Vec<String>,
) -> Result<(), JsonError> {
    for of in &head.suites {
        if suite.is_some_and(|name| name != of.name) {
            continue;
        }
        if of.carried.is_some() {
            passed_over.push(format!(
                "{} in run {}: nothing was asked, its accepted values stand for it",
                of.name, head.run
            ));
            continue;
        }
        // Also a suite without a case was looked at.
        failed.enter(&head.run, of);
    }
    let mut damaged = None;
    json::each_case(path, |at, case| {
        let Some(of) = head.suites.get(at) else { return };
        if of.carried.is_some() || suite.is_some_and(|name| name != of.name) {
            return;
        }
        if case.scenario >= of.scenarios.len() {
            damaged = damaged.take().or(Some((of.name.clone(), case.id.to_string())));
            return;
        }
        failed.enter(&head.run, of).take(&case);
    })?;
    match damaged {
        Some((suite, case)) => Err(JsonError::Damaged { path: path.to_owned(), suite, case }),
        None => Ok(()),
    }
}
