//! What each paired case scored in each run.

/// The scores of one metric, in the direction in which more is better.
///
/// Runs are numbered over both arms: first those of the baseline, oldest first, then the candidate's. Where a
/// case has fewer runs than others, the newest of the baseline and the first of the candidate are its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores {
    /// Runs of the baseline.
    pub base: usize,
    /// Runs of the candidate.
    pub cand: usize,
    /// The scores, by case.
    pub values: Values,
    /// The runs in which each case is graded, bit by bit; empty where every case is graded in all of them.
    pub graded: Vec<u128>,
}

/// Scores by case and run.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// 0 or 1: bit `r` of a case is its score in run `r`. At most 32 runs.
    Flags(Vec<u32>),
    /// Any finite numbers: a case's runs one after the other. What stands where a case is not graded is not
    /// read.
    Reals(Vec<f64>),
}

impl Scores {
    /// Runs of both arms.
    pub const fn runs(&self) -> usize {
        self.base + self.cand
    }

    /// Number of cases.
    pub fn len(&self) -> usize {
        match &self.values {
            Values::Flags(flags) => flags.len(),
            Values::Reals(reals) => reals.len().checked_div(self.runs()).unwrap_or(0),
        }
    }

    /// Whether there are no cases.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bits of all runs.
    pub fn every_run(&self) -> u128 {
        below(self.runs())
    }

    /// The bits of the baseline's runs.
    pub fn base_runs(&self) -> u128 {
        below(self.base)
    }

    /// The bits of the candidate's runs.
    pub fn cand_runs(&self) -> u128 {
        self.every_run() & !self.base_runs()
    }

    /// The runs in which a case is graded.
    pub fn graded(&self, case: usize) -> u128 {
        self.graded.get(case).copied().unwrap_or_else(|| self.every_run())
    }

    /// A case's score in a run.
    pub fn score(&self, case: usize, run: usize) -> f64 {
        match &self.values {
            Values::Flags(flags) => f64::from(flags[case] >> run & 1),
            Values::Reals(reals) => reals[case * self.runs() + run],
        }
    }

    /// Whether a case's graded runs differ in their scores.
    pub fn differs(&self, case: usize) -> bool {
        let graded = self.graded(case);
        let mut scores = runs_of(graded).map(|run| self.score(case, run));
        let first = scores.next();
        // Rounding noise is no difference.
        let same =
            |score: f64| first.is_none_or(|first| (score - first).abs() <= 1e-12 * first.abs().max(1.0));
        !scores.all(same)
    }
}

/// The lowest `count` bits.
pub(super) const fn below(count: usize) -> u128 {
    if count >= 128 { u128::MAX } else { (1 << count) - 1 }
}

/// The numbers of the bits that are set, ascending.
pub(super) fn runs_of(mut mask: u128) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        (mask != 0).then(|| {
            let run = mask.trailing_zeros() as usize;
            mask &= mask - 1;
            run
        })
    })
}
