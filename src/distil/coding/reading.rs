//! What people have to read: failures that nobody has sorted, and those that were sorted into what is no more, or
//! into what meant something else.

use super::{About, Code, Coded, Coding};
use crate::distil::failure::Failure;
use crate::distil::note::{EXCERPT, Notes};
use crate::distil::scrub::Scrubber;
use crate::distil::{gather, gather_newest};
use crate::expand::CaseId;
use crate::report::escape::shortened;
use crate::report::json::JsonError;
use crate::suite::as_text;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The failures of a suite, and what of them is to be read.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// Name of the suite.
    pub suite: String,
    /// The newest run that asked it; none where no run did.
    pub run: Option<String>,
    /// The failures of that run, in the order of the plan, with what people noted.
    pub failures: Vec<Failure>,
    /// What is to be read: first the failures of that run, then what only older runs or assignments tell of.
    pub pending: Vec<Item>,
    /// Cases of that run that could not be judged: nobody knows whether they failed.
    pub unjudged: usize,
}

/// Something to be read.
#[derive(Debug, Clone)]
pub struct Item {
    /// The case.
    pub case: CaseId,
    /// Its scenario.
    pub scenario: String,
    /// The beginning of what was asked.
    pub input: String,
    /// The failure, of the newest run that is kept and has it; none where no run is.
    pub failure: Option<Failure>,
    /// Why it is to be read.
    pub why: Why,
    /// What was assigned.
    pub code: Option<Code>,
}

/// Why something is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// Nobody sorted it.
    Open,
    /// The category that it was sorted into means something else now.
    Outdated {
        /// That category, or what it was merged into.
        category: String,
    },
    /// The category was split.
    Split {
        /// Into these.
        into: Vec<String>,
    },
    /// There is no such category.
    Gone,
}

impl Why {
    /// What is to be done with an assignment; nothing where it holds.
    fn of(coded: Coded<'_>) -> Option<(Self, Option<Code>)> {
        match coded {
            Coded::In { outdated: false, .. } => None,
            Coded::Open => Some((Self::Open, None)),
            Coded::In { category, code, .. } => {
                Some((Self::Outdated { category: category.id.clone() }, Some(code.clone())))
            }
            Coded::Split { code, into } => Some((Self::Split { into: into.to_vec() }, Some(code.clone()))),
            Coded::Gone(code) => Some((Self::Gone, Some(code.clone()))),
        }
    }
}

impl Reading {
    /// What is to be read of a suite. `records` are those of all runs, newest first.
    pub fn of(suite: &str, records: &[PathBuf], coding: &Coding, notes: &Notes) -> Result<Self, JsonError> {
        let mut reading = Self { suite: suite.to_owned(), ..Self::default() };
        let Some(gathered) = gather_newest(records.iter().cloned(), Some(suite))? else { return Ok(reading) };
        let looked = gathered.looked.iter().find(|looked| looked.suite == suite);
        reading.run = looked.and_then(|looked| looked.runs.first().cloned());
        reading.unjudged = looked.map_or(0, |looked| looked.unjudged);
        reading.failures = gathered.failures;
        let said = notes.texts();
        let tell = |failure: &mut Failure| {
            failure.notes = said.get(&failure.case).cloned().unwrap_or_default();
        };
        reading.failures.iter_mut().for_each(tell);
        for failure in &reading.failures {
            if let Some((why, code)) = Why::of(coding.of_failure(failure)) {
                reading.pending.push(Item {
                    case: failure.case,
                    scenario: failure.scenario.clone(),
                    input: excerpt(&failure.input),
                    failure: Some(failure.clone()),
                    why,
                    code,
                });
            }
        }
        // Assignments whose case does not fail any more are read again as well: they are what is known of it.
        let mut left: BTreeMap<CaseId, (Why, Code)> = BTreeMap::new();
        for (about, coded) in coding.all() {
            let About::Case(case) = about else { continue };
            if reading.failures.iter().any(|failure| failure.case == *case) {
                continue;
            }
            if let Some((why, Some(code))) = Why::of(coded) {
                left.insert(*case, (why, code));
            }
        }
        let mut found = older(suite, records, &left)?;
        found.values_mut().for_each(tell);
        reading.pending.extend(left.into_iter().map(|(case, (why, code))| Item {
            case,
            scenario: code.scenario.clone(),
            input: code.input.clone(),
            failure: found.remove(&case),
            why,
            code: Some(code),
        }));
        Ok(reading)
    }
}

/// The failures of these cases in the newest run that has each, as far as one is kept.
fn older(
    suite: &str,
    records: &[PathBuf],
    wanted: &BTreeMap<CaseId, (Why, Code)>,
) -> Result<BTreeMap<CaseId, Failure>, JsonError> {
    let mut found = BTreeMap::new();
    for record in records {
        if found.len() == wanted.len() {
            break;
        }
        let gathered = match gather(std::slice::from_ref(record), Some(suite)) {
            Ok(gathered) => gathered,
            // An older run in another format has nothing to show.
            Err(JsonError::Format { .. }) => continue,
            Err(error) => return Err(error),
        };
        for failure in gathered.failures {
            if wanted.contains_key(&failure.case) {
                found.entry(failure.case).or_insert(failure);
            }
        }
    }
    Ok(found)
}

/// The beginning of what was asked.
pub fn excerpt(input: &Value) -> String {
    shortened(&as_text(input), EXCERPT)
}

/// The same as it is kept with notes and assignments, which are committed: without secrets and personal data. What
/// is cut off is looked at before it is, so that no half of a key stays.
pub fn kept(input: &Value, scrubber: &mut Scrubber) -> String {
    shortened(&scrubber.text(&as_text(input)), EXCERPT)
}
