//! The cases that tell sides apart.

use super::share;
use super::side::{SideCase, SideSuite};
use crate::expand::CaseId;
use serde::Serialize;

/// A case whose share of passing answers is not that of the reference on some side.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Apart {
    /// Its identity.
    pub id: CaseId,
    /// Id of its scenario, where a run tells it.
    pub scenario: Option<String>,
    /// Its name, likewise.
    pub name: Option<String>,
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

/// The cases that tell the sides apart, the largest difference first, the worse before the better.
pub(super) fn apart(reference: &SideSuite, sides: &[Option<&SideSuite>]) -> Vec<Apart> {
    let mut apart: Vec<Apart> =
        reference.cases.iter().filter_map(|(id, case)| of_case(*id, case, sides)).collect();
    apart.sort_by(|a, b| {
        let size = b.change.abs().total_cmp(&a.change.abs());
        let name = || (&a.scenario, &a.name, a.id).cmp(&(&b.scenario, &b.name, b.id));
        size.then(a.change.total_cmp(&b.change)).then_with(name)
    });
    apart
}

fn of_case(id: CaseId, then: &SideCase, sides: &[Option<&SideSuite>]) -> Option<Apart> {
    let before = share(then.tally())?;
    let cases: Vec<Option<&SideCase>> = sides.iter().map(|side| side.and_then(|side| side.cases.get(&id))).collect();
    let changes = cases.iter().flatten().filter_map(|case| Some(share(case.tally())? - before));
    // Of two as large the loss, which is what there is to look at.
    let change = changes.fold(0.0_f64, |largest, change| {
        let is_larger = change.abs() > largest.abs() || (change < 0.0 && change.abs() >= largest.abs());
        if is_larger { change } else { largest }
    });
    if change == 0.0 {
        return None;
    }
    let (scenario, name) = cases.iter().flatten().find_map(|case| case.name.clone()).unzip();
    let seen = cases.into_iter().map(|case| {
        let case = case?;
        let (passed, graded) = case.tally();
        Some(Seen { outcome: case.outcome.clone(), passed, graded, answer: case.answer.clone() })
    });
    Some(Apart { id, scenario, name, change, seen: seen.collect() })
}
