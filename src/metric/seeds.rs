//! The seeds that variants were made from, and how often plain repeats of a seed come out otherwise.

use super::Table;
use super::rates::grade;
use super::view::View;
use crate::expand::FamilyId;
use crate::suite::schema::TargetErrors;

/// Where the seed of each variant stands. Without variants nothing is kept.
pub(super) struct Seeds<'o> {
    /// The row of the seed of the case of each row, four bytes each; [`NONE`] for seeds, and without one.
    of_row: Vec<u32>,
    earlier: &'o dyn Fn(FamilyId) -> AcceptedRuns,
    errors: TargetErrors,
}

/// Of the accepted runs of a case, those in which it was graded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AcceptedRuns {
    /// Runs in which it passed.
    pub passed: u32,
    /// Runs in which it was graded.
    pub graded: u32,
}

const NONE: u32 = u32::MAX;

impl<'o> Seeds<'o> {
    /// The seeds among the cases of a view. `earlier` says what accepted runs of a case came to.
    pub fn of(cases: View<'_>, earlier: &'o dyn Fn(FamilyId) -> AcceptedRuns, errors: TargetErrors) -> Self {
        let of_row =
            if cases.rows().any(|row| cases.table().is_variant(row)) { seeds(cases) } else { Vec::new() };
        Self { of_row, earlier, errors }
    }

    /// Whether there are variants at all.
    pub fn is_empty(&self) -> bool {
        self.of_row.is_empty()
    }

    /// What target errors count as.
    pub const fn errors(&self) -> TargetErrors {
        self.errors
    }

    /// Whether the seed of the case of a row passes, where there is one and it is graded.
    pub fn passes(&self, cases: View<'_>, row: usize) -> Option<bool> {
        let seed = *self.of_row.get(row).filter(|seed| **seed != NONE)?;
        grade(cases.outcome(seed as usize), self.errors).ok()
    }

    /// The share of pairs of accepted runs of a seed whose outcomes differ; `None` where no seed was
    /// accepted twice.
    pub fn plain_flips(&self, families: impl Iterator<Item = FamilyId>) -> Option<f64> {
        let (mut differ, mut pairs) = (0_u64, 0_u64);
        for family in families {
            let AcceptedRuns { passed, graded } = (self.earlier)(family);
            let (passed, graded) = (u64::from(passed), u64::from(graded));
            differ += passed * (graded - passed);
            pairs += graded * graded.saturating_sub(1) / 2;
        }
        (pairs > 0).then(|| differ as f64 / pairs as f64)
    }
}

/// The row of the seed of every row of the table.
fn seeds(cases: View<'_>) -> Vec<u32> {
    let table = cases.table();
    let mut of_row = vec![NONE; table.len()];
    let mut apart = Vec::new();
    let mut last = None;
    for row in cases.rows() {
        if !table.is_variant(row) {
            last = Some(row);
        } else if let Some(seed) = last.filter(|seed| table.family(*seed) == table.family(row)) {
            // Variants mostly follow their seed.
            of_row[row] = index(seed);
        } else {
            apart.push(row);
        }
    }
    if !apart.is_empty() {
        let by_family = by_family(table, cases);
        for row in apart {
            let family = table.family(row);
            let at = by_family.binary_search_by_key(&family, |seed| table.family(*seed as usize));
            of_row[row] = at.map_or(NONE, |at| by_family[at]);
        }
    }
    of_row
}

fn by_family(table: &Table, cases: View<'_>) -> Vec<u32> {
    let mut seeds: Vec<u32> = cases.rows().filter(|row| !table.is_variant(*row)).map(index).collect();
    seeds.sort_by_key(|seed| table.family(*seed as usize));
    seeds
}

fn index(row: usize) -> u32 {
    u32::try_from(row).expect("a table has fewer rows")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expand::{CaseId, Promise};
    use crate::judge::Outcome;
    use crate::metric::observation::{Observation, Variant, tests::observation};
    use crate::metric::view::Answer;

    #[test]
    fn a_seed_is_found_wherever_it_stands() {
        let one = |family: u8, is_variant: bool, outcome| {
            let variant = is_variant.then_some(Variant { family: "typing", promise: Promise::Same });
            [Observation { family: CaseId::of(&[&[family]]), variant, outcome, ..observation() }]
        };
        let (pass, fail) = (Outcome::Pass, Outcome::Fail);
        let table = Table::of([
            one(1, true, pass),
            one(1, false, fail),
            one(2, false, pass),
            one(2, true, pass),
            one(1, true, pass),
            one(3, true, pass),
        ]);
        let all = View::of(&table, Answer::OfRound(0));
        let seeds = Seeds::of(all, &|_| AcceptedRuns::default(), TargetErrors::Fail);
        let found: Vec<_> = all.rows().map(|row| seeds.passes(all, row)).collect();
        assert_eq!(found, [Some(false), None, None, Some(true), Some(false), None]);
    }
}
