//! How common each category of failures is, in a run and in the accepted baseline, and whether one became more
//! common than chance would make it. Counted over seeds: variants of one seed fail together.

use crate::expand::FamilyId;
use crate::stats::fisher::fisher_greater;
use crate::stats::multiple::holm;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What failed, by category.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    /// Seeds of which some case was graded.
    pub seeds: BTreeSet<FamilyId>,
    /// By category the seeds of which some case failed with it.
    pub failing: BTreeMap<String, BTreeSet<FamilyId>>,
    /// Cases that failed.
    pub failed: usize,
    /// Those of them that have a category.
    pub coded: usize,
}

impl Tally {
    /// Counts a case that was graded.
    pub fn graded(&mut self, seed: FamilyId) {
        self.seeds.insert(seed);
    }

    /// Counts a case that failed, with its category where it has one. It was graded as well.
    pub fn failed(&mut self, seed: FamilyId, category: Option<&str>) {
        self.seeds.insert(seed);
        self.failed += 1;
        if let Some(category) = category {
            self.coded += 1;
            self.failing.entry(category.to_owned()).or_default().insert(seed);
        }
    }

    fn of(&self, category: &str) -> usize {
        self.failing.get(category).map_or(0, BTreeSet::len)
    }
}

/// How common a category is, in seeds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Prevalence {
    /// The category, by its id.
    pub category: String,
    /// Seeds that fail with it in the run, and seeds graded there.
    pub now: Share,
    /// The same in the baseline, with what is assigned today; none without a baseline to compare with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Share>,
    /// Probability of so many seeds or more in the run, of all that fail with it in either, were it as common as
    /// before (Fisher's exact test, one-sided).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p: Option<f64>,
    /// The same held to all categories that were tested (Holm).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adjusted: Option<f64>,
}

/// Some of many, in seeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// How many.
    pub seeds: usize,
    /// Of how many.
    pub of: usize,
}

impl Prevalence {
    /// Whether the baseline has no failure that is known to be of it, and the run has.
    pub fn is_new(&self) -> bool {
        self.now.seeds > 0 && self.before.is_some_and(|before| before.seeds == 0)
    }

    /// Whether it is more common than before, beyond chance: `alpha` is the chance that any category is said to be
    /// where none is.
    pub fn rises(&self, alpha: f64) -> bool {
        self.adjusted.is_some_and(|adjusted| adjusted <= alpha)
    }
}

/// Every category that some failure belongs to, now or before, in the order of `categories` and then of their ids.
pub fn prevalence(categories: &[&str], now: &Tally, before: Option<&Tally>) -> Vec<Prevalence> {
    let there: BTreeSet<&str> = now
        .failing
        .keys()
        .chain(before.iter().flat_map(|tally| tally.failing.keys()))
        .map(String::as_str)
        .collect();
    let place = |id: &str| categories.iter().position(|known| *known == id).unwrap_or(categories.len());
    let mut ids: Vec<&str> = there.into_iter().collect();
    ids.sort_by_key(|id| place(id));
    let share = |tally: &Tally, id: &str| Share { seeds: tally.of(id), of: tally.seeds.len() };
    let mut all: Vec<Prevalence> = ids
        .into_iter()
        .map(|id| {
            let (now, before) = (share(now, id), before.map(|before| share(before, id)));
            let p = before.map(|before| fisher_greater(row(now), row(before)));
            Prevalence { category: id.to_owned(), now, before, p, adjusted: None }
        })
        .collect();
    let tested: Vec<f64> = all.iter().filter_map(|of| of.p).collect();
    for (of, adjusted) in all.iter_mut().filter(|of| of.p.is_some()).zip(holm(&tested)) {
        of.adjusted = Some(adjusted);
    }
    all
}

/// Seeds that fail with a category, and those that do not.
const fn row(share: Share) -> (u64, u64) {
    (share.seeds as u64, share.of.saturating_sub(share.seeds) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seed(n: u8) -> FamilyId {
        FamilyId::of(&[&[n]])
    }

    /// Ten seeds, of which these fail.
    fn tally(failing: &[(u8, &str)]) -> Tally {
        let mut tally = Tally::default();
        (0..10).for_each(|n| tally.graded(seed(n)));
        for (n, category) in failing {
            tally.failed(seed(*n), (!category.is_empty()).then_some(*category));
        }
        tally
    }

    /// Five of ten against none of ten: of the C(20, 5) = 15504 ways to place five, C(10, 5) = 252 put all of them
    /// in the run.
    #[test]
    fn a_category_that_came_is_new_and_tested_by_hand() {
        let now =
            tally(&[(0, "unit"), (1, "unit"), (2, "unit"), (3, "unit"), (4, "unit"), (5, "late"), (6, "")]);
        let before = tally(&[(5, "late"), (7, "")]);
        let all = prevalence(&["unit", "late"], &now, Some(&before));
        let [unit, late] = all.as_slice() else { panic!("two: {all:?}") };
        assert_eq!((unit.category.as_str(), late.category.as_str()), ("unit", "late"));
        assert_eq!((unit.now, unit.before), (Share { seeds: 5, of: 10 }, Some(Share { seeds: 0, of: 10 })));
        let p = 252.0 / 15504.0;
        assert!((unit.p.unwrap() - p).abs() < 1e-12);
        assert!((unit.adjusted.unwrap() - 2.0 * p).abs() < 1e-12);
        assert!(unit.is_new() && unit.rises(0.05) && !unit.rises(0.03));
        assert!(!late.is_new() && !late.rises(0.05));
        assert_eq!((now.failed, now.coded), (7, 6));
    }

    #[test]
    fn variants_of_one_seed_count_once() {
        let now = tally(&[(0, "unit"), (0, "unit"), (0, "unit")]);
        let all = prevalence(&[], &now, None);
        assert_eq!(all[0].now, Share { seeds: 1, of: 10 });
        assert_eq!((all[0].before, all[0].p, all[0].is_new(), all[0].rises(1.0)), (None, None, false, false));
    }
}
