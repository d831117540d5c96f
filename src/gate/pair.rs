//! Step 1: pairs the cases of a run with those of its baseline.

use super::{Flip, GateCase, GateInput};
use crate::baseline::{Accepted, AcceptedCase, Baseline};
use crate::expand::CaseId;
use crate::suite::schema::TargetErrors;
use std::collections::HashSet;

/// Fewest of the baseline's graded cases that must be paired, in per cent.
pub(super) const MIN_PAIRED_PERCENT: usize = 80;

/// A case that both the run and the baseline have.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair<'a> {
    /// Its place among the cases of the input.
    pub index: usize,
    /// What it is now.
    pub case: &'a GateCase<'a>,
    /// What it was.
    pub accepted: &'a AcceptedCase,
}

impl Pair<'_> {
    /// The outcome accepted last.
    pub fn before(&self) -> Accepted {
        self.accepted.latest()
    }

    /// The outcome now.
    pub fn now(&self) -> Accepted {
        Accepted::from(self.case.outcome)
    }

    /// How the case moved; `None` also where it is graded on one side only.
    pub fn flip(&self, errors: TargetErrors) -> Option<Flip> {
        match (passed(self.before(), errors)?, passed(self.now(), errors)?) {
            (true, false) => Some(Flip::Broke),
            (false, true) => Some(Flip::Fixed),
            _ => None,
        }
    }
}

/// Whether an outcome is a pass; `None` where it enters no pass rate.
pub(super) fn passed(outcome: Accepted, errors: TargetErrors) -> Option<bool> {
    match (outcome, errors) {
        (Accepted::Pass, _) => Some(true),
        (Accepted::Fail, _) | (Accepted::Error, TargetErrors::Fail) => Some(false),
        (Accepted::Error, TargetErrors::Exclude) | (Accepted::Ungraded, _) => None,
    }
}

/// The cases of a run beside those of its baseline.
#[derive(Debug)]
pub(super) struct Pairing<'a> {
    /// Cases on both sides, in the order of the plan.
    pub pairs: Vec<Pair<'a>>,
    /// Cases that the baseline does not have.
    pub added: Vec<CaseId>,
    /// Cases that the plan does not have; none for a partial run.
    pub removed: Vec<CaseId>,
    /// Cases graded in the baseline.
    pub gradable: usize,
    /// Pairs graded on both sides.
    pub graded: usize,
}

impl<'a> Pairing<'a> {
    pub fn of(input: &GateInput<'a>, baseline: &'a Baseline) -> Self {
        let errors = input.spec.target_errors;
        let mut pairs = Vec::new();
        let mut added = Vec::new();
        let mut planned = HashSet::new();
        for (index, case) in input.cases.iter().enumerate() {
            planned.insert(case.id);
            match baseline.cases.get(&case.id) {
                Some(accepted) => pairs.push(Pair { index, case, accepted }),
                None => added.push(case.id),
            }
        }
        let removed = if input.partial || input.cases.len() < input.planned {
            Vec::new()
        } else {
            baseline.cases.keys().filter(|id| !planned.contains(id)).copied().collect()
        };
        let gradable =
            baseline.cases.values().filter(|case| passed(case.latest(), errors).is_some()).count();
        let both = |pair: &&Pair<'_>| {
            passed(pair.before(), errors).is_some() && passed(pair.now(), errors).is_some()
        };
        let graded = pairs.iter().filter(both).count();
        Self { pairs, added, removed, gradable, graded }
    }

    /// Whether enough of what the baseline graded is graded again. A case that was graded and is not any
    /// more is lost coverage just as one that was renamed.
    pub fn suffices(&self) -> bool {
        self.gradable > 0 && self.graded * 100 >= self.gradable * MIN_PAIRED_PERCENT
    }

    /// What is in neither arm of the comparison, in a sentence; `None` where nothing is left out.
    pub fn note(&self) -> Option<String> {
        let ungraded = self.pairs.len() - self.graded;
        let parts: Vec<String> =
            [(self.added.len(), "added"), (self.removed.len(), "removed"), (ungraded, "ungraded on a side")]
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
