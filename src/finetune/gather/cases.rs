//! Examples from cases that are approved: what stands with the variant, what was accepted, and what failed.

use super::approved::{Approvals, ApprovedCase};
use super::{Gathered, Wanted};
use crate::baseline::{Extent, Store};
use crate::expand::CaseId;
use crate::finetune::example::{Answer, Example, Left, Said, Source};
use crate::judge::Outcome;
use crate::report::{CaseRecord, Record, json};
use crate::run::{Graded, folder};
use crate::session::{Options, SessionError, records};
use crate::suite::Suite;
use crate::suite::project::Project;
use crate::target::Turn;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Characters of a reason that are kept.
const WHY: usize = 500;

/// What stands with the variants themselves.
pub(super) fn variants(approvals: &Approvals, wanted: &Wanted, gathered: &mut Gathered) {
    if wanted.has_source(Source::Variant) {
        for _ in &approvals.refused {
            gathered.left_out.add(Left::NotApproved);
        }
    }
    for (id, case) in &approvals.cases {
        let answers = case.answers.clone();
        // Without any, those of runs may be there.
        if answers.is_empty() {
            continue;
        }
        if case.has_turns {
            gathered.leave(*id, Left::NoMiddle);
        } else if wanted.has_source(Source::Variant) {
            let dialogue = vec![Said::by_user(&case.input)];
            gathered.examples.push(case.example(*id, dialogue, case.contexts.clone(), answers));
        }
    }
}

/// The answers accepted with the baselines that passed.
pub(super) fn baselines(
    options: &Options,
    project: &Project,
    suites: &[Suite],
    wanted: &Wanted,
    approvals: &Approvals,
    gathered: &mut Gathered,
) -> Result<(), SessionError> {
    let folder = options.baselines.clone().unwrap_or_else(|| (&project.baselines).into());
    // As in CI: nothing beside the baselines is written.
    let store = Store::new(folder::below(&options.root, &folder), true);
    for suite in suites.iter().filter(|suite| wanted.has_suite(&suite.name)) {
        let Some(baseline) = store.load(&suite.name)? else { continue };
        let Some(answers) = store.answers(&suite.name, &baseline.run)?.found() else {
            gathered.notes.push(format!("the accepted answers of {} are not there", suite.name));
            continue;
        };
        for (id, kept) in answers.cases.iter().filter(|(_, kept)| kept.outcome == Outcome::Pass) {
            let Some(case) = approvals.cases.get(id) else {
                gathered.not_approved(*id, approvals);
                continue;
            };
            match kept.extent {
                Extent::Cut => gathered.leave(*id, Left::Cut),
                Extent::Outline if case.has_turns => gathered.leave(*id, Left::NoMiddle),
                Extent::Whole | Extent::Outline => {
                    gathered.turns(*id, case, &kept.turns(), Source::Baseline, None);
                }
            }
        }
    }
    Ok(())
}

/// The answers of runs that failed, with the share of those that passed.
pub(super) fn failures(
    root: &Path,
    suites: &[Suite],
    wanted: &Wanted,
    approvals: &Approvals,
    gathered: &mut Gathered,
) -> Result<(), SessionError> {
    let mut missing: BTreeSet<&str> =
        suites.iter().map(|suite| suite.name.as_str()).filter(|name| wanted.has_suite(name)).collect();
    let mut runs: BTreeSet<&str> = wanted.runs.iter().map(String::as_str).collect();
    let mut tallies: BTreeMap<CaseId, (usize, usize)> = BTreeMap::new();
    let mut newest = true;
    for path in records(root) {
        if (wanted.runs.is_empty() && missing.is_empty()) || (!wanted.runs.is_empty() && runs.is_empty()) {
            break;
        }
        let named = path.parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
        let is_named = named.as_deref().is_some_and(|name| runs.remove(name));
        if !wanted.runs.is_empty() && !is_named {
            continue;
        }
        let record: Record = match json::read(&path) {
            Ok(record) => record,
            // An older run in another format is no reason to take nothing.
            Err(_) if !newest && !is_named => continue,
            Err(error) => return Err(error.into()),
        };
        newest = false;
        for suite in record.suites.iter().filter(|suite| !suite.cases.is_empty()) {
            let is_first = missing.remove(suite.name.as_str());
            if wanted.has_suite(&suite.name) && (is_first || is_named) {
                for case in &suite.cases {
                    of_record(case, approvals, &mut tallies, gathered);
                }
            }
        }
    }
    if let Some(run) = runs.first() {
        return Err(SessionError::Usage(format!(
            "there is no run `{}` with a record; `ls {}` names them",
            crate::report::escape::terminal_line(run),
            folder::RUNS
        )));
    }
    for example in &mut gathered.examples {
        example.tally = tallies.get(&example.id).copied();
    }
    Ok(())
}

fn of_record(
    record: &CaseRecord,
    approvals: &Approvals,
    tallies: &mut BTreeMap<CaseId, (usize, usize)>,
    gathered: &mut Gathered,
) {
    let is_failure = |graded: &&Graded| graded.outcome == Outcome::Fail && graded.transcript.error.is_none();
    let failed: Vec<&Graded> =
        record.answers().iter().chain(&record.confirmations).filter(is_failure).collect();
    let Some(case) = approvals.cases.get(&record.id) else {
        if !failed.is_empty() {
            gathered.not_approved(record.id, approvals);
        }
        return;
    };
    let (passed, graded) = record.tally();
    let tally = tallies.entry(record.id).or_default();
    *tally = (tally.0 + passed, tally.1 + graded);
    for graded in failed {
        let verdict = graded.verdicts.iter().find(|verdict| verdict.outcome == Outcome::Fail);
        let why = verdict.map(|verdict| {
            let reason = crate::report::escape::shortened(&verdict.reason, WHY);
            format!("{}: {reason}", verdict.judge)
        });
        gathered.turns(record.id, case, &graded.transcript.turns, Source::Failure, why);
    }
}

impl ApprovedCase {
    fn example(
        &self,
        id: CaseId,
        dialogue: Vec<Said>,
        contexts: Vec<String>,
        answers: Vec<Answer>,
    ) -> Example {
        Example {
            id,
            family: self.family,
            suite: self.suite.clone(),
            scenario: self.scenario.clone(),
            place: self.place.clone(),
            dialogue,
            contexts,
            answers,
            licence: self.licence.clone(),
            tally: None,
        }
    }
}

impl Gathered {
    /// Counts a case whose answers nobody approved, unless it is a variant, which is counted as one.
    fn not_approved(&mut self, id: CaseId, approvals: &Approvals) {
        if !approvals.refused.contains(&id) && self.counted.insert(id) {
            self.left_out.add(Left::NotApproved);
        }
    }

    /// Counts what is left out of a case.
    fn leave(&mut self, id: CaseId, why: Left) {
        self.counted.insert(id);
        self.left_out.add(why);
    }

    /// Counts the approved cases of which there is nothing.
    pub(super) fn without_answers(&mut self, approvals: &Approvals) {
        let there: BTreeSet<CaseId> = self.examples.iter().map(|example| example.id).collect();
        for id in approvals.cases.keys().filter(|id| !there.contains(id)) {
            if self.counted.insert(*id) {
                self.left_out.add(Left::NoAnswer);
            }
        }
    }

    /// Adds what was said, with the last answer.
    fn turns(
        &mut self,
        id: CaseId,
        case: &ApprovedCase,
        turns: &[Turn],
        source: Source,
        why: Option<String>,
    ) {
        let Some((last, before)) = turns.split_last() else {
            self.leave(id, Left::NoAnswer);
            return;
        };
        if last.answer.output.trim().is_empty() {
            self.leave(id, Left::NoAnswer);
            return;
        }
        let mut dialogue = Vec::new();
        for turn in before {
            dialogue.extend([Said::by_user(&turn.user), Said::by_assistant(&turn.answer.output)]);
        }
        dialogue.push(Said::by_user(&last.user));
        let is_good = source == Source::Baseline;
        let answer = Answer { text: last.answer.output.clone(), is_good, source, why };
        self.examples.push(case.example(id, dialogue, last.answer.contexts.clone(), vec![answer]));
    }
}
