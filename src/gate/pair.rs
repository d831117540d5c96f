//! Step 1: pairs the cases of a run with those of its baseline.

use super::procedure::Scores;
use super::{Flip, GateCase, GateInput, GateRun};
use crate::baseline::{Accepted, AcceptedCase, Baseline};
use crate::expand::CaseId;
use crate::judge::Outcome;
use crate::suite::schema::TargetErrors;
use std::collections::HashSet;

/// Fewest of the baseline's graded cases that must be paired, in per cent.
pub(super) const MIN_PAIRED_PERCENT: usize = 80;

/// Most runs that are compared: the newest of the baseline, and of the candidate as many as there is room for.
const MOST_RUNS: usize = 128;

/// A case that both the run and the baseline have.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair<'a> {
    /// Its place among the cases of the input.
    pub index: usize,
    /// What it is now.
    pub case: &'a GateCase<'a>,
    /// The candidate's runs of it.
    pub runs_now: &'a [GateRun<'a>],
    /// What it was.
    pub accepted: &'a AcceptedCase,
}

/// The runs of both arms, as many as any pair has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Arms {
    pub base: usize,
    pub cand: usize,
}

/// What a case came to in one run of either arm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Run<'a> {
    pub outcome: Accepted,
    /// Whether it was asked at all.
    pub asked: bool,
    pub label: Option<&'a str>,
    pub number: Option<f64>,
}

impl Arms {
    pub const fn runs(self) -> usize {
        self.base + self.cand
    }

    fn of(pairs: &[Pair<'_>]) -> Self {
        let base = pairs.iter().map(|pair| pair.accepted.runs.len()).max().unwrap_or(0);
        let cand = pairs.iter().map(|pair| pair.runs_now.len()).max().unwrap_or(0);
        Self { base, cand: cand.min(MOST_RUNS - base.min(MOST_RUNS)) }
    }
}

impl<'a> Pair<'a> {
    /// What most of the accepted runs came to; the newest where as many pass as do not, or none is graded.
    pub fn before(&self) -> Accepted {
        let count = |wanted: fn(Accepted) -> bool| self.accepted.outcomes().filter(|of| wanted(*of)).count();
        let passed = count(|outcome| outcome == Accepted::Pass);
        let failed = count(|outcome| matches!(outcome, Accepted::Fail | Accepted::Error));
        if passed == failed {
            return self.accepted.latest();
        }
        let majority = |outcome: &Accepted| match outcome {
            Accepted::Pass => passed > failed,
            Accepted::Fail | Accepted::Error => failed > passed,
            Accepted::Ungraded => false,
        };
        self.accepted.outcomes().rev().find(majority).unwrap_or(Accepted::Ungraded)
    }

    /// The outcome now.
    pub fn now(&self) -> Accepted {
        Accepted::from(self.case.outcome)
    }

    /// How the case moved; `None` also where it is graded on one side only.
    pub fn flip(&self, errors: TargetErrors) -> Option<Flip> {
        match (self.before().passed(errors)?, self.now().passed(errors)?) {
            (true, false) => Some(Flip::Broke),
            (false, true) => Some(Flip::Fixed),
            _ => None,
        }
    }

    /// Its runs with their numbers over both arms: the newest of the baseline stand last before the
    /// candidate's, so that runs of one acceptance have one number.
    pub fn runs(&self, arms: Arms) -> impl Iterator<Item = (usize, Run<'a>)> {
        let accepted = &self.accepted.runs;
        let first = arms.base - accepted.len();
        let base = accepted.iter().enumerate().map(move |(at, run)| {
            let run =
                Run { outcome: run.outcome, asked: true, label: run.label.as_deref(), number: run.number };
            (first + at, run)
        });
        let cand = self.runs_now.iter().take(arms.cand).enumerate().map(move |(at, run)| {
            let asked = run.outcome != Outcome::Skipped;
            let outcome = Accepted::from(run.outcome);
            (arms.base + at, Run { outcome, asked, label: run.label, number: run.number })
        });
        base.chain(cand)
    }
}

/// The runs in which a case stays in the comparison, of those in which it is graded: none where it is ungraded
/// in any of the candidate's, or in more than half of those that the baseline has of it.
pub(super) fn kept_runs(graded: u128, own: u128, scores: &Scores) -> Option<u128> {
    let (base, cand) = (scores.base_runs(), scores.cand_runs());
    let all_now = graded & cand == own & cand && own & cand != 0;
    let (before, of) = ((graded & base).count_ones(), (own & base).count_ones());
    if all_now && before > 0 && 2 * before >= of { Some(graded) } else { None }
}

/// The cases of a run beside those of its baseline.
#[derive(Debug)]
pub(super) struct Pairing<'a> {
    /// Cases on both sides, in the order of the plan; those in quarantine left out.
    pub pairs: Vec<Pair<'a>>,
    /// The runs of both arms.
    pub arms: Arms,
    /// Cases that the baseline does not have.
    pub added: Vec<CaseId>,
    /// Cases that the plan does not have; none for a partial run.
    pub removed: Vec<CaseId>,
    /// Cases graded in the baseline.
    pub gradable: usize,
    /// Pairs graded on both sides.
    pub graded: usize,
    /// Cases in quarantine.
    pub quarantined: usize,
}

impl<'a> Pairing<'a> {
    pub fn of(input: &GateInput<'a>, baseline: &'a Baseline) -> Self {
        let errors = input.spec.target_errors;
        let mut pairs = Vec::new();
        let mut added = Vec::new();
        let mut planned = HashSet::new();
        let mut aside = HashSet::new();
        for (index, case) in input.cases.iter().enumerate() {
            planned.insert(case.id);
            match baseline.cases.get(&case.id) {
                _ if case.quarantined => drop(aside.insert(case.id)),
                Some(accepted) => pairs.push(Pair { index, case, runs_now: &case.runs, accepted }),
                None => added.push(case.id),
            }
        }
        let removed = if input.partial || input.cases.len() < input.planned {
            Vec::new()
        } else {
            baseline.cases.keys().filter(|id| !planned.contains(id)).copied().collect()
        };
        let was_graded = |accepted: &AcceptedCase| {
            2 * accepted.outcomes().filter(|outcome| outcome.passed(errors).is_some()).count()
                >= accepted.runs.len().max(1)
        };
        let gradable = baseline
            .cases
            .iter()
            .filter(|(id, accepted)| !aside.contains(*id) && was_graded(accepted))
            .count();
        let is_graded = |pair: &&Pair<'_>| {
            let now = |run: &GateRun<'_>| Accepted::from(run.outcome).passed(errors).is_some();
            was_graded(pair.accepted) && pair.runs_now.iter().all(now)
        };
        let graded = pairs.iter().filter(is_graded).count();
        let arms = Arms::of(&pairs);
        Self { pairs, arms, added, removed, gradable, graded, quarantined: aside.len() }
    }

    /// Whether enough of what the baseline graded is graded again. A case that was graded and is not any
    /// more is lost coverage just as one that was renamed.
    pub fn suffices(&self) -> bool {
        self.gradable > 0 && self.graded * 100 >= self.gradable * MIN_PAIRED_PERCENT
    }

    /// What is in neither arm of the comparison, in a sentence; `None` where nothing is left out.
    pub fn note(&self) -> Option<String> {
        let ungraded = self.pairs.len() - self.graded;
        let parts: Vec<String> = [
            (self.added.len(), "added"),
            (self.removed.len(), "removed"),
            (ungraded, "ungraded on a side"),
            (self.quarantined, "in quarantine"),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
        (!parts.is_empty()).then(|| {
            format!(
                "{} cases are paired with the baseline; in neither arm: {}",
                self.graded,
                parts.join(", ")
            )
        })
    }
}
