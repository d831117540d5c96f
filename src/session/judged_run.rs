//! What runs hold for judges: cases to be shown to one, the verdicts that one gave, and the texts that a right
//! answer to a case may be.

use super::begin::{records, suites};
use super::options::{Options, SessionError};
use super::verify::tell;
use crate::expand::{CaseId, ExpandError, Expansion};
use crate::judge::model::RunVerdicts;
use crate::judge::{Outcome, References, Verdict};
use crate::report::{CaseRecord, Record, SuiteRecord, json};
use crate::suite::Diagnostics;
use crate::suite::judges::JudgeDefinition;
use crate::suite::variants::Placed;
use crate::synth::answer::Answered;
use crate::target::{TargetError, Turn};
use std::collections::BTreeMap;
use std::path::Path;

/// Fewest characters that the beginning of a case's id is known by.
const SHORTEST: usize = 4;

/// What a judge said in the newest run that has verdicts of it, a verdict a case, with the run's id. Nothing
/// where no run has any; runs of another version of Holdline are passed over.
pub fn verdicts_of(root: &Path, judge: &JudgeDefinition) -> Option<(String, RunVerdicts)> {
    records(root).find_map(|path| {
        let record = json::read(&path).ok()?;
        let found = in_record(&record, judge)?;
        Some((record.run, found))
    })
}

/// What a judge said of the cases of a run. Of a case that was asked several times that answer counts which
/// stands for it.
fn in_record(record: &Record, judge: &JudgeDefinition) -> Option<RunVerdicts> {
    let passes_are_positive = judge.file.passes_are_positive();
    let (mut found, mut is_there) = (RunVerdicts::default(), false);
    for case in record.suites.iter().flat_map(|suite| &suite.cases) {
        // A verdict turned round by `not` says the opposite of the judge, and one that was spared says nothing.
        let is_of = |verdict: &&Verdict| {
            let model = verdict.model.as_ref().filter(|model| model.judge == judge.name);
            model.is_some() && !verdict.judge.starts_with("not ") && verdict.outcome != Outcome::Skipped
        };
        let mut said = case.graded.verdicts.iter().filter(is_of).peekable();
        if said.peek().is_none() {
            continue;
        }
        is_there = true;
        match Outcome::of_all(said.map(|verdict| verdict.outcome)) {
            outcome @ (Outcome::Pass | Outcome::Fail) => {
                if (outcome == Outcome::Pass) == passes_are_positive {
                    found.positive += 1;
                } else {
                    found.negative += 1;
                }
            }
            _ => found.ungraded += 1,
        }
    }
    is_there.then_some(found)
}

/// A case of a run, as a judge is shown it.
#[derive(Debug, Clone)]
pub struct RunCase {
    /// Its suite.
    pub suite: String,
    /// Its id.
    pub id: CaseId,
    /// What was said.
    pub turns: Vec<Turn>,
    /// Why the last answer did not come.
    pub error: Option<TargetError>,
}

/// The cases whose id is this or begins with it, where it is long enough, in the newest run that has any.
pub fn case_of(root: &Path, id: &str) -> Result<Vec<RunCase>, SessionError> {
    if id.len() < SHORTEST {
        return Ok(Vec::new());
    }
    for (at, path) in records(root).enumerate() {
        let record = match json::read(&path) {
            Ok(record) => record,
            // An older run in another format is no reason to show nothing.
            Err(_) if at > 0 => continue,
            Err(error) => return Err(error.into()),
        };
        let fits = |suite: SuiteRecord| {
            let cases = suite.cases.into_iter().filter(|case| case.id.to_string().starts_with(id));
            let of = move |case: CaseRecord| RunCase {
                suite: suite.name.clone(),
                id: case.id,
                turns: case.graded.transcript.turns,
                error: case.graded.transcript.error,
            };
            cases.map(of).collect::<Vec<RunCase>>()
        };
        let found: Vec<RunCase> = record.suites.into_iter().flat_map(fits).collect();
        if !found.is_empty() {
            return Ok(found);
        }
    }
    Ok(Vec::new())
}

/// An answer that a model wrote and a person accepted, with the scenario it belongs to.
#[derive(Debug, Clone)]
pub struct Written {
    /// The id of the scenario.
    pub scenario: String,
    /// The id of the candidate that it was.
    pub id: CaseId,
    /// The answer.
    pub answer: Answered,
}

/// The answers that models wrote for a suite and people accepted, in the order of their ids, which is that of
/// chance. Touches no network.
pub fn written(options: &Options, suite: &str) -> Result<Vec<Written>, SessionError> {
    let options = Options { only: vec![suite.to_owned()], ..options.clone() };
    let (_, suites) = suites(&options)?;
    let mut found = Vec::new();
    for suite in &suites {
        for Placed { variant, .. } in suite.scenarios.iter().flat_map(|scenario| &scenario.variants) {
            let answer = Answered::of(&variant.input, &variant.row);
            found.extend(answer.map(|answer| Written {
                scenario: variant.scenario.clone(),
                id: variant.id(&suite.name),
                answer,
            }));
        }
    }
    found.sort_by_key(|written| written.id);
    Ok(found)
}

/// The texts that a right answer may be, for the cases of a suite that name any. Touches no network.
pub fn references(options: &Options, suite: &str) -> Result<BTreeMap<CaseId, Vec<String>>, SessionError> {
    let options = Options { only: vec![suite.to_owned()], ..options.clone() };
    let (_, suites) = suites(&options)?;
    let mut found = BTreeMap::new();
    let mut unsound: Vec<ExpandError> = Vec::new();
    for suite in &suites {
        let each = &mut |case: crate::expand::Case| {
            let texts = References::of(&case.expect).map(|all| all.texts).unwrap_or_default();
            if !texts.is_empty() {
                found.insert(case.id, texts);
            }
        };
        if let Err(errors) = Expansion::new(suite).and_then(|expansion| expansion.visit(each)) {
            unsound.extend(errors);
        }
    }
    let mut out = Diagnostics::default();
    let mistakes = unsound.iter().map(|error| (error.place().clone(), error.to_string()));
    tell(&options.root, "bad-case", mistakes, &mut out);
    Ok(out.or(found)?)
}
