//! The cases that tell sides apart.

use super::share;
use super::side::{Known, SideCase, SideSuite};
use crate::expand::CaseId;
use serde::Serialize;
use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, HashMap};

/// A case whose share of passing answers is not that of the reference on some side.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Apart {
    /// Its identity.
    pub id: CaseId,
    /// Id of its scenario.
    pub scenario: String,
    /// Its name.
    pub name: String,
    /// The first line of what was asked first.
    pub input: String,
    /// Whether it is a variant of another case.
    pub variant: bool,
    /// The difference to the reference that is largest in size: below 0 where a side is worse.
    pub change: f64,
    /// What it came to on every side; `None` where the side does not have it.
    pub seen: Vec<Option<Seen>>,
}

/// What a case came to on one side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// In a word or two: `pass`, `fail`, `3/5`.
    pub outcome: String,
    /// Answers that pass.
    pub passed: usize,
    /// Answers that are graded.
    pub graded: usize,
    /// The first line of the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
}

/// How many cases of a scenario tell sides apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Id of the scenario.
    pub scenario: String,
    /// Its cases in the reference that another side has as well.
    pub cases: usize,
    /// Cases that are worse than in the reference.
    pub worse: usize,
    /// Cases that are better.
    pub better: usize,
}

/// The cases that tell the sides apart, the largest difference first, the worse before the better.
pub(super) fn apart(reference: &SideSuite, sides: &[Option<&SideSuite>]) -> Vec<Apart> {
    let mut apart: Vec<Apart> =
        reference.cases.iter().filter_map(|(id, case)| of_case(*id, case, sides)).collect();
    apart.sort_by(|a, b| {
        let name = || (&a.scenario, a.variant, &a.name, a.id).cmp(&(&b.scenario, b.variant, &b.name, b.id));
        by_size(a, b).then_with(name)
    });
    // Of equal differences the first of every scenario, then the second of each, the scenario with the most of
    // them first: a long one hides none.
    let mut groups: Vec<Vec<Apart>> = Vec::new();
    for case in apart {
        match groups.last_mut() {
            Some(group) if by_size(&group[0], &case).is_eq() && group[0].scenario == case.scenario => {
                group.push(case);
            }
            _ => groups.push(vec![case]),
        }
    }
    groups.sort_by(|a, b| by_size(&a[0], &b[0]).then(b.len().cmp(&a.len())));
    let mut turns: Vec<(usize, Apart)> =
        groups.into_iter().flat_map(|group| group.into_iter().enumerate()).collect();
    // Stable: scenarios stay in their order within a turn.
    turns.sort_by(|(a_turn, a), (b_turn, b)| by_size(a, b).then(a_turn.cmp(b_turn)));
    turns.into_iter().map(|(_, case)| case).collect()
}

fn by_size(a: &Apart, b: &Apart) -> Ordering {
    b.change.abs().total_cmp(&a.change.abs()).then(a.change.total_cmp(&b.change))
}

/// How many cases tell apart in each scenario, the most first.
pub(super) fn tallies(apart: &[Apart], reference: &SideSuite, sides: &[Option<&SideSuite>]) -> Vec<Tally> {
    let mut found: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for case in apart {
        let counts = found.entry(&case.scenario).or_default();
        if case.change < 0.0 {
            counts.0 += 1;
        } else {
            counts.1 += 1;
        }
    }
    let mut totals: HashMap<&str, usize> = HashMap::new();
    for (id, case) in &reference.cases {
        let others: Vec<&SideCase> =
            sides.iter().skip(1).flatten().filter_map(|side| side.cases.get(id)).collect();
        let known = others.iter().copied().chain([case]).find_map(|case| case.known.as_ref());
        if let Some(known) = known.filter(|_| !others.is_empty()) {
            *totals.entry(&known.scenario).or_default() += 1;
        }
    }
    let tally = |(scenario, (worse, better)): (&str, (usize, usize))| Tally {
        scenario: scenario.to_owned(),
        cases: totals.get(scenario).copied().unwrap_or_default(),
        worse,
        better,
    };
    let mut tallies: Vec<Tally> = found.into_iter().map(tally).collect();
    tallies.sort_by_key(|tally| Reverse(tally.worse + tally.better));
    tallies
}

fn of_case(id: CaseId, then: &SideCase, sides: &[Option<&SideSuite>]) -> Option<Apart> {
    let before = share(then.tally())?;
    let cases: Vec<Option<&SideCase>> =
        sides.iter().map(|side| side.and_then(|side| side.cases.get(&id))).collect();
    let changes = cases.iter().flatten().filter_map(|case| Some(share(case.tally())? - before));
    // Of two as large the loss, which is what there is to look at.
    let change = changes.fold(0.0_f64, |largest, change| {
        let is_larger = change.abs() > largest.abs() || (change < 0.0 && change.abs() >= largest.abs());
        if is_larger { change } else { largest }
    });
    if change == 0.0 {
        return None;
    }
    // A case that differs is on two sides, and of two sides one at least is a run.
    let known = cases.iter().flatten().find_map(|case| case.known.clone())?;
    let seen = cases.into_iter().map(|case| {
        let case = case?;
        let (passed, graded) = case.tally();
        Some(Seen { outcome: case.outcome.clone(), passed, graded, answer: case.answer.clone() })
    });
    let Known { scenario, name, input, variant } = known;
    Some(Apart { id, scenario, name, input, variant, change, seen: seen.collect() })
}
