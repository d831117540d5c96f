//! What a pending baseline would change: the data of a review.

use super::accepted::{Acceptance, Accepted, AcceptedMetric, Baseline};
use super::answers::Answers;
use super::cases::{AcceptedCase, AcceptedCases};
use super::kept_answer::KeptAnswer;
use super::next::{Step, step};
use crate::expand::CaseId;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// What accepting a run would change for one suite.
#[derive(Debug, Clone, PartialEq)]
pub struct Review {
    /// Name of the suite.
    pub suite: String,
    /// Id of the run under review.
    pub run: String,
    /// The acceptance that it would follow; `None` for a first baseline.
    pub follows: Option<Acceptance>,
    /// Why the metrics of the two cannot be compared: `judges`, `target`.
    pub incomparable: Vec<&'static str>,
    /// Metrics that differ: those of the whole suite first, then by name.
    pub metrics: Vec<MetricChange>,
    /// Cases whose outcome differs, the worst first.
    pub moved: Vec<Moved>,
    /// Cases with another label and the same outcome.
    pub relabelled: usize,
    /// Cases that only the run has, with their names where they are known.
    pub added: Vec<(CaseId, Option<String>)>,
    /// Cases that only the baseline has, with their names where they are known.
    pub removed: Vec<(CaseId, Option<String>)>,
    /// Runs that most cases keep, as accepted and after accepting this; 0 before a first baseline.
    pub runs: [usize; 2],
    /// Whether accepting this adds to the runs kept, and changes nothing else.
    pub only_more_runs: bool,
    /// Cases of the run.
    pub cases: usize,
    /// Cases of the run that fail or have no answer, and would be accepted as they are.
    pub failing: usize,
    /// Those cases, where this would be the first baseline: nobody has seen them yet.
    pub failing_first: Vec<(CaseId, Option<KeptAnswer>)>,
}

/// A metric that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricChange {
    /// Name, with its slice.
    pub key: String,
    /// As accepted.
    pub old: Option<AcceptedMetric>,
    /// As measured now.
    pub new: Option<AcceptedMetric>,
}

/// Which way a case moved. The order is from worst to best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Way {
    /// It passed and does no more.
    Broke,
    /// It did not pass and does not, in another way.
    Moved,
    /// It passes and did not.
    Fixed,
}

/// A case whose outcome differs.
#[derive(Debug, Clone, PartialEq)]
pub struct Moved {
    /// Identity.
    pub id: CaseId,
    /// Which way it moved.
    pub way: Way,
    /// The outcome accepted last.
    pub before: Accepted,
    /// The outcome now.
    pub after: Accepted,
    /// The label expected.
    pub expected: Option<String>,
    /// The answer accepted last, where it was kept.
    pub old: Option<KeptAnswer>,
    /// The answer now, where it was kept: with the case's name, its input and the reason.
    pub new: Option<KeptAnswer>,
}

/// What accepting `new` after `old` would change.
pub fn compare(
    old: Option<&Baseline>,
    new: &Baseline,
    old_answers: Option<&Answers>,
    new_answers: Option<&Answers>,
) -> Review {
    let nothing = AcceptedCases::default();
    let accepted = old.map_or(&nothing, |old| &old.cases);
    let answer = |answers: Option<&Answers>, id: CaseId| answers.and_then(|all| all.cases.get(&id)).cloned();
    let named = |answers: Option<&Answers>, id: CaseId| (id, answer(answers, id).map(|answer| answer.name));
    let only_in = |one: &AcceptedCases, other: &AcceptedCases, answers: Option<&Answers>| {
        let only = one.ids().iter().filter(|id| !other.contains(**id));
        only.map(|id| named(answers, *id)).collect()
    };

    let mut moved = Vec::new();
    let mut relabelled = 0;
    for (id, case) in new.cases.iter() {
        let Some(before) = accepted.get(id) else { continue };
        if let Some(way) = way(before.latest(), case.latest()) {
            moved.push(Moved {
                id,
                way,
                before: before.latest(),
                after: case.latest(),
                expected: case.expected().map(str::to_owned),
                old: answer(old_answers, id),
                new: answer(new_answers, id),
            });
        } else if before.label() != case.label() {
            relabelled += 1;
        }
    }
    moved.sort_by_cached_key(|case| {
        // Among those that broke, one that always passed weighs most.
        let passed = accepted.get(case.id).map_or(0, passes);
        (case.way, Reverse(passed), case.new.as_ref().map(|answer| answer.name.clone()), case.id)
    });

    let fails = |case: AcceptedCase<'_>| matches!(case.latest(), Accepted::Fail | Accepted::Error);
    let failing: Vec<CaseId> = new.cases.iter().filter(|(_, case)| fails(*case)).map(|(id, _)| id).collect();
    Review {
        suite: new.suite.clone(),
        run: new.run.clone(),
        follows: old.and_then(Baseline::acceptance).cloned(),
        incomparable: incomparable(old, new),
        metrics: metrics(old, new),
        moved,
        relabelled,
        added: only_in(&new.cases, accepted, new_answers),
        removed: only_in(accepted, &new.cases, old_answers),
        runs: [old.map_or(0, Baseline::kept_runs), new.kept_runs()],
        only_more_runs: old.is_some_and(|old| step(old, new) == Step::MoreRuns),
        cases: new.cases.len(),
        failing: failing.len(),
        failing_first: match old {
            Some(_) => Vec::new(),
            None => failing.into_iter().map(|id| (id, answer(new_answers, id))).collect(),
        },
    }
}

fn passes(case: AcceptedCase<'_>) -> usize {
    case.outcomes().filter(|outcome| *outcome == Accepted::Pass).count()
}

fn way(before: Accepted, after: Accepted) -> Option<Way> {
    match (before, after) {
        _ if before == after => None,
        (Accepted::Pass, _) => Some(Way::Broke),
        (_, Accepted::Pass) => Some(Way::Fixed),
        _ => Some(Way::Moved),
    }
}

fn incomparable(old: Option<&Baseline>, new: &Baseline) -> Vec<&'static str> {
    let Some(old) = old else { return Vec::new() };
    let (old, new) = (&old.fingerprints, &new.fingerprints);
    [("judges", old.judges != new.judges), ("target", old.target != new.target)]
        .into_iter()
        .filter_map(|(what, differs)| differs.then_some(what))
        .collect()
}

fn metrics(old: Option<&Baseline>, new: &Baseline) -> Vec<MetricChange> {
    let nothing = BTreeMap::new();
    let before = old.map_or(&nothing, |old| &old.metrics);
    let keys: BTreeSet<&String> = before.keys().chain(new.metrics.keys()).collect();
    let changes = keys.into_iter().map(|key| MetricChange {
        key: key.clone(),
        old: before.get(key).copied(),
        new: new.metrics.get(key).copied(),
    });
    let mut changes: Vec<MetricChange> = changes.filter(|change| change.old != change.new).collect();
    changes.sort_by_key(|change| (change.key.contains(['@', '#', '~']), change.key != "pass_rate"));
    changes
}
