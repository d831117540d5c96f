//! Which cases enter a value, which do not, and why.

use super::{Measurement, Metric, Slice};
use crate::stats::interval::wilson;
use std::collections::BTreeMap;

/// Confidence of the intervals shown beside rates.
pub(super) const CONFIDENCE: f64 = 0.95;

/// Why a case does not enter a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Exclusion {
    Skipped,
    NotApplicable,
    CannotJudge,
    JudgeError,
    TargetError,
    NoExpectedLabel,
    UndeclaredLabel,
    ExpectsAnother,
    ExpectsThis,
    AnsweredOtherwise,
    DoesNotOccur,
    NoExpectedNumber,
    NoNumber,
    NoReference,
    NothingSaidRelevant,
    NoRelevant,
    NothingMeasures,
    OnlyReported,
    NoClaims,
    SeedFails,
    SeedNotGraded,
    NoConversation,
    NotTimed,
    NoUsage,
    NoCost,
    AskedOnce,
    TooFewGraded,
}

impl Exclusion {
    /// The reason, to stand behind a count.
    const fn text(self) -> &'static str {
        match self {
            Self::Skipped => "not asked",
            Self::NotApplicable => "not applicable",
            Self::CannotJudge => "that could not be judged",
            Self::JudgeError => "with a judge error",
            Self::TargetError => "with a target error",
            Self::NoExpectedLabel => "without one expected label",
            Self::UndeclaredLabel => "expecting a label that is not declared",
            Self::ExpectsAnother => "expecting another label",
            Self::ExpectsThis => "expecting this label",
            Self::AnsweredOtherwise => "answered otherwise",
            Self::DoesNotOccur => "neither expecting nor answering this label",
            Self::NoExpectedNumber => "without one expected number",
            Self::NoNumber => "without a number to read in the answer",
            Self::NoReference => "without a reference",
            Self::NothingSaidRelevant => "without `relevant`",
            Self::NoRelevant => "to which nothing is relevant (no_relevant)",
            Self::NothingMeasures => "without an expectation that measures it",
            Self::OnlyReported => "whose judge reports and does not gate",
            Self::NoClaims => "without claims that were judged",
            Self::SeedFails => "whose seed fails",
            Self::SeedNotGraded => "whose seed is not graded",
            Self::NoConversation => "that are no conversation",
            Self::NotTimed => "not timed",
            Self::NoUsage => "of unknown usage",
            Self::NoCost => "of unknown cost",
            Self::AskedOnce => "asked once",
            Self::TooFewGraded => "graded in too few of their repeats",
        }
    }
}

/// How many cases do not enter a value, by reason.
#[derive(Debug, Clone, Default)]
pub(super) struct Exclusions(BTreeMap<Exclusion, usize>);

impl Exclusions {
    /// Adds one case.
    pub(super) fn add(&mut self, why: Exclusion) {
        *self.0.entry(why).or_default() += 1;
    }

    /// What cases give to a value, in their order; those that give nothing are added.
    pub(super) fn keep<T>(
        &mut self,
        cases: impl Iterator<Item = Result<T, Exclusion>>,
    ) -> impl Iterator<Item = T> {
        cases.filter_map(|case| case.map_err(|why| self.add(why)).ok())
    }

    /// The same, with so many cases more.
    pub(super) fn and(&self, why: Exclusion, count: usize) -> Self {
        let mut all = self.clone();
        if count > 0 {
            *all.0.entry(why).or_default() += count;
        }
        all
    }

    fn total(&self) -> usize {
        self.0.values().sum()
    }

    fn text(&self) -> String {
        let parts: Vec<String> =
            self.0.iter().map(|(why, count)| format!("{count} {}", why.text())).collect();
        parts.join(", ")
    }

    /// The measurement of `n` cases, these left out. `value` is `Err` with the reason where it is not
    /// defined though there are cases.
    pub(super) fn measurement(
        &self,
        (metric, slice): (&Metric, &Slice),
        n: usize,
        value: Result<f64, &str>,
    ) -> Measurement {
        let left_out = (self.total() > 0).then(|| self.text());
        let (value, reason) = match (n, value) {
            (0, _) => {
                (None, Some(left_out.map_or("no cases".into(), |text| format!("no case counts: {text}"))))
            }
            (_, Ok(value)) => (Some(value), left_out),
            (_, Err(why)) => (None, Some(why.to_owned())),
        };
        Measurement {
            metric: metric.name.to_owned(),
            slice: slice.clone(),
            value,
            n,
            excluded: self.total(),
            reason,
            interval: None,
            direction: metric.direction,
            unit: metric.unit,
        }
    }

    /// The measurement of a share of cases, with its interval.
    pub(super) fn rate(&self, of: (&Metric, &Slice), hits: usize, n: usize) -> Measurement {
        let mut measurement = self.measurement(of, n, Ok(hits as f64 / n as f64));
        measurement.interval = wilson(hits, n, CONFIDENCE);
        measurement
    }
}

/// How many cases of a slice enter a share, how many of them are in it, and how many give nothing.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    hits: usize,
    n: usize,
    left_out: Exclusions,
}

impl FromIterator<Result<bool, Exclusion>> for Tally {
    fn from_iter<I: IntoIterator<Item = Result<bool, Exclusion>>>(cases: I) -> Self {
        let mut tally = Self::default();
        cases.into_iter().for_each(|case| tally.add(case));
        tally
    }
}

impl Tally {
    /// Adds one case.
    pub(super) fn add(&mut self, case: Result<bool, Exclusion>) {
        match case {
            Ok(hit) => {
                self.n += 1;
                self.hits += usize::from(hit);
            }
            Err(why) => self.left_out.add(why),
        }
    }

    /// The share of the cases that are in it.
    pub(super) fn rate(&self, of: (&Metric, &Slice)) -> Measurement {
        self.left_out.rate(of, self.hits, self.n)
    }

    /// A value over the cases that enter.
    pub(super) fn value(&self, of: (&Metric, &Slice), value: f64) -> Measurement {
        self.left_out.measurement(of, self.n, Ok(value))
    }
}
