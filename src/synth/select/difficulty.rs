//! How hard cases are, as measured: buckets of pass rates over stored runs, each with its interval.

use crate::expand::{CaseId, FamilyId};
use crate::report::{CaseRecord, Record};
use crate::stats::interval::wilson;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The pass rate from which a case is easy.
pub const EASY: f64 = 0.8;
/// The pass rate from which a case is of medium difficulty.
pub const MEDIUM: f64 = 0.4;
/// The confidence of the intervals.
pub const CONFIDENCE: f64 = 0.95;

/// A bucket of pass rates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Difficulty {
    /// It passes four times of five or more ([`EASY`]).
    Easy,
    /// It passes twice of five or more ([`MEDIUM`]).
    Medium,
    /// It passes more seldom.
    Hard,
    /// It was never seen to pass.
    Impossible,
}

impl Difficulty {
    /// All of them, easiest first.
    pub const ALL: [Self; 4] = [Self::Easy, Self::Medium, Self::Hard, Self::Impossible];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Easy => "easy",
            Self::Medium => "medium",
            Self::Hard => "hard",
            Self::Impossible => "impossible",
        }
    }

    fn of(rate: f64) -> Self {
        // 4 of 5 is 0.8 and may be a bit less in binary.
        match rate + 1e-12 {
            rate if rate >= EASY => Self::Easy,
            rate if rate >= MEDIUM => Self::Medium,
            rate if rate > 1e-9 => Self::Hard,
            _ => Self::Impossible,
        }
    }
}

/// What was measured of a case or a family.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// Answers that passed.
    pub passed: usize,
    /// Answers that were graded.
    pub graded: usize,
    /// Wilson's interval of the pass rate, at [`CONFIDENCE`].
    pub interval: (f64, f64),
    /// The bucket of the pass rate.
    pub difficulty: Difficulty,
    /// Whether the whole interval lies in the bucket. Never of [`Difficulty::Impossible`]: what was not seen
    /// may come. With five answers no bucket is sure.
    pub is_sure: bool,
}

impl Measured {
    /// The bucket of these answers; `None` where none was graded, or more passed than were.
    pub fn of(passed: usize, graded: usize) -> Option<Self> {
        let (low, high) = wilson(passed, graded, CONFIDENCE)?;
        let difficulty = Difficulty::of(passed as f64 / graded as f64);
        let is_sure = Difficulty::of(low) == difficulty && Difficulty::of(high) == difficulty;
        Some(Self { passed, graded, interval: (low, high), difficulty, is_sure })
    }

    /// The pass rate.
    pub fn rate(&self) -> f64 {
        self.passed as f64 / self.graded as f64
    }
}

/// The difficulty of each case over these runs of a suite, by its name. Only answers that passed or failed
/// count, target errors as failures; a case without any is not there.
pub fn by_case(records: &[Record], suite: &str) -> BTreeMap<CaseId, Measured> {
    measured(records, suite, |case| case.id)
}

/// The same for each family: a seed with all of its variants.
pub fn by_family(records: &[Record], suite: &str) -> BTreeMap<FamilyId, Measured> {
    measured(records, suite, |case| case.family)
}

/// How many there are in each bucket, the empty ones too.
pub fn counts<'a>(measured: impl IntoIterator<Item = &'a Measured>) -> BTreeMap<Difficulty, usize> {
    let mut counts = BTreeMap::from(Difficulty::ALL.map(|difficulty| (difficulty, 0)));
    for of in measured {
        *counts.entry(of.difficulty).or_default() += 1;
    }
    counts
}

fn measured(
    records: &[Record],
    suite: &str,
    key: impl Fn(&CaseRecord) -> CaseId,
) -> BTreeMap<CaseId, Measured> {
    let mut tallies: BTreeMap<CaseId, (usize, usize)> = BTreeMap::new();
    let suites = records.iter().flat_map(|record| &record.suites).filter(|of| of.name == suite);
    for case in suites.flat_map(|of| &of.cases) {
        let (passed, graded) = case.tally();
        let sum = tallies.entry(key(case)).or_default();
        *sum = (sum.0 + passed, sum.1 + graded);
    }
    tallies
        .into_iter()
        .filter_map(|(id, (passed, graded))| Some((id, Measured::of(passed, graded)?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_edges_of_the_buckets() {
        for (passed, graded, wanted) in [
            (0, 1, Difficulty::Impossible),
            (0, 50, Difficulty::Impossible),
            (1, 50, Difficulty::Hard),
            (1, 3, Difficulty::Hard),
            (2, 5, Difficulty::Medium),
            (3, 5, Difficulty::Medium),
            (4, 5, Difficulty::Easy),
            (8, 10, Difficulty::Easy),
            (1, 1, Difficulty::Easy),
        ] {
            let found = Measured::of(passed, graded).unwrap();
            assert_eq!(found.difficulty, wanted, "{passed} of {graded}");
        }
        assert_eq!(Measured::of(0, 0), None);
        assert_eq!(Measured::of(2, 1), None);
    }

    /// Wilson at 95 %, by its formula with z² = 3.8415: 5 of 5 is 1 / (1 + z²/5) = 0.5655 at least, so that
    /// it may be of medium difficulty; 20 of 20 is 0.8389.
    #[test]
    fn a_bucket_is_sure_where_the_whole_interval_lies_in_it() {
        let five = Measured::of(5, 5).unwrap();
        assert!((five.interval.0 - 0.565_5).abs() < 1e-4 && !five.is_sure);
        let twenty = Measured::of(20, 20).unwrap();
        assert!((twenty.interval.0 - 0.838_9).abs() < 1e-4 && twenty.is_sure);
        assert!(!Measured::of(0, 1000).unwrap().is_sure, "it may pass yet");
        assert!(Measured::of(60, 100).unwrap().is_sure, "0.50 to 0.69");
    }

    #[test]
    fn empty_buckets_are_counted_too() {
        let found = [Measured::of(5, 5).unwrap(), Measured::of(4, 5).unwrap(), Measured::of(0, 5).unwrap()];
        let counts: Vec<usize> = counts(&found).into_values().collect();
        assert_eq!(counts, [2, 0, 0, 1]);
    }

    proptest! {
        #[test]
        fn who_passes_more_often_is_never_in_a_harder_bucket(graded in 1_usize..60, a in 0_usize..60, b in 0_usize..60) {
            let (few, many) = (a.min(b).min(graded), a.max(b).min(graded));
            let (few, many) = (Measured::of(few, graded).unwrap(), Measured::of(many, graded).unwrap());
            prop_assert!(many.difficulty <= few.difficulty);
        }
    }
}
