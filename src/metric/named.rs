//! Metrics over those entries of `expect` that say what they measure: shares of cases by what they came to, and
//! the mean of what a judge of claims scores.

use super::exclusion::{CONFIDENCE, Exclusion, Exclusions, Tally};
use super::rounds::wilson_of_share;
use super::view::View;
use super::{Direction, Measurement, Slice};
use crate::judge::Outcome;
use crate::stats::interval::upper_bound;
use crate::suite::metric_names::named::{named_metric, of_name};
use crate::suite::metric_names::{Gating, Over};
use crate::suite::schema::NamedMetric;
use std::num::NonZero;

/// The metrics that the entries of a case's `expect` measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct NamedSet(u16);

impl NamedSet {
    /// These, and one more.
    #[must_use]
    pub const fn with(self, of: NamedMetric) -> Self {
        Self(self.0 | 1 << of as u16)
    }

    /// Whether a metric is among them.
    pub const fn has(self, of: NamedMetric) -> bool {
        self.0 >> of as u16 & 1 == 1
    }
}

/// What the entries of a case's `expect` came to, by the metrics that they measure, in eight bytes; and the share
/// of the answer's claims that are supported, where a judge of claims said it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct NamedOutcomes {
    codes: u64,
    supported: Option<f64>,
}

/// Bits of a metric: none, or the place of what its entries came to, from 1.
const BITS: u32 = 4;
const OUTCOMES: [Outcome; 7] = [
    Outcome::Pass,
    Outcome::Fail,
    Outcome::NotApplicable,
    Outcome::CannotJudge,
    Outcome::JudgeError,
    Outcome::TargetError,
    Outcome::Skipped,
];
/// Stands for verdicts that are reported and do not count.
const ONLY_REPORTED: u64 = 8;

impl NamedOutcomes {
    /// Nothing came to anything.
    pub(super) const NONE: Self = Self { codes: 0, supported: None };

    /// Adds what an entry, or one of its checks, came to; of several the strongest decides, as of a case.
    pub fn add(&mut self, of: NamedMetric, outcome: Outcome) {
        let outcome = Outcome::of_all(self.get(of).into_iter().chain([outcome]));
        let code = (1..).zip(OUTCOMES).find_map(|(code, known)| (known == outcome).then_some(code));
        self.put(of, code.unwrap_or(0));
    }

    /// Adds a verdict of a judge that reports and does not gate. One that counts takes its place.
    pub fn add_reported(&mut self, of: NamedMetric) {
        if self.code(of) == 0 {
            self.put(of, ONLY_REPORTED);
        }
    }

    /// The same with the share of the answer's claims that are supported.
    #[must_use]
    pub const fn with_supported(self, share: Option<f64>) -> Self {
        Self { supported: share, ..self }
    }

    /// What the entries that measure a metric came to.
    pub fn get(self, of: NamedMetric) -> Option<Outcome> {
        let place = usize::try_from(self.code(of)).ok()?.checked_sub(1)?;
        OUTCOMES.get(place).copied()
    }

    /// The share of the answer's claims that are supported.
    pub const fn supported(self) -> Option<f64> {
        self.supported
    }

    /// What the answer has by a metric: for faithfulness the share of its claims that are supported, for others 1
    /// where the case is in the share that the metric is, and 0 where it is not. `None` where nothing that
    /// measures the metric was graded.
    pub fn score(self, metric: &str) -> Option<f64> {
        let of = of_name(metric)?;
        let hit = self.is_hit(of)?;
        if is_mean(of) { self.supported } else { Some(f64::from(u8::from(hit))) }
    }

    /// The metrics that anything came to.
    pub(super) fn set(self) -> NamedSet {
        let there = NamedMetric::ALL.into_iter().filter(|of| self.code(*of) > 0);
        there.fold(NamedSet::default(), NamedSet::with)
    }

    /// What came to what, in a form that takes no room where there is nothing.
    pub(super) const fn packed(self) -> Option<NonZero<u64>> {
        NonZero::new(self.codes)
    }

    pub(super) fn unpacked(packed: Option<NonZero<u64>>, supported: Option<f64>) -> Self {
        Self { codes: packed.map_or(0, NonZero::get), supported }
    }

    const fn code(self, of: NamedMetric) -> u64 {
        self.codes >> (of as u32 * BITS) & 0b1111
    }

    const fn put(&mut self, of: NamedMetric, code: u64) {
        let shift = of as u32 * BITS;
        self.codes = self.codes & !(0b1111 << shift) | code << shift;
    }

    /// An entry says what should be so: where less of a metric is better, the share is that of those that fail.
    fn is_hit(self, of: NamedMetric) -> Option<bool> {
        let counted =
            if named_metric(of).direction == Direction::Lower { Outcome::Fail } else { Outcome::Pass };
        self.get(of).filter(|outcome| outcome.is_graded()).map(|outcome| outcome == counted)
    }
}

/// Whether a metric is a mean of what the answers score, and not a share of the cases.
fn is_mean(of: NamedMetric) -> bool {
    named_metric(of).gates == Gating::Scores
}

/// Every metric that entries of the cases measure.
pub(super) fn named(slice: &Slice, cases: View<'_>) -> Vec<Measurement> {
    let sets = || cases.rows().map(|row| cases.table().measured(row).named);
    let there = sets().fold(0, |all, set| all | set.0);
    let over = match slice {
        Slice::Suite => Over::Suite,
        Slice::Scenario(id) => Over::Scenario(id),
        Slice::Tag(tag) => Over::Tag(tag),
        Slice::Operators(family) => Over::Operators(family),
    };
    let measured = NamedMetric::ALL.into_iter().filter(|of| NamedSet(there).has(*of));
    let value = |of| if is_mean(of) { mean(of, slice, cases) } else { share(of, slice, cases) };
    measured.filter(|of| named_metric(*of).scope.has(over)).map(value).collect()
}

fn share(of: NamedMetric, slice: &Slice, cases: View<'_>) -> Measurement {
    let metric = named_metric(of);
    let hits = cases.rows().map(|row| graded(of, cases, row).map(|(_, hit)| hit));
    let mut share = hits.collect::<Tally>().rate((metric, slice));
    share.interval = share.value.and_then(|value| interval(value, share.n, metric.direction));
    share
}

/// The mean of the shares of the claims that are supported.
fn mean(of: NamedMetric, slice: &Slice, cases: View<'_>) -> Measurement {
    let (mut sum, mut n, mut left_out) = (0.0, 0_usize, Exclusions::default());
    let score =
        |row| graded(of, cases, row).and_then(|(named, _)| named.supported.ok_or(Exclusion::NoClaims));
    for score in left_out.keep(cases.rows().map(score)) {
        (sum, n) = (sum + score, n + 1);
    }
    left_out.measurement((named_metric(of), slice), n, Ok(sum / n as f64))
}

/// What the entries of a case came to, where those that measure this were graded, and whether it is in the share.
fn graded(of: NamedMetric, cases: View<'_>, row: usize) -> Result<(NamedOutcomes, bool), Exclusion> {
    if !cases.table().measured(row).named.has(of) {
        return Err(Exclusion::NothingMeasures);
    }
    let named = cases.answer(row).scores.named;
    match named.is_hit(of) {
        Some(hit) => Ok((named, hit)),
        None if named.code(of) == ONLY_REPORTED => Err(Exclusion::OnlyReported),
        None => Err(why(named.get(of).unwrap_or_else(|| cases.outcome(row)))),
    }
}

/// Why a case does not count whose entry, or else which itself, came to this.
const fn why(outcome: Outcome) -> Exclusion {
    match outcome {
        Outcome::NotApplicable => Exclusion::NotApplicable,
        Outcome::JudgeError => Exclusion::JudgeError,
        Outcome::TargetError => Exclusion::TargetError,
        Outcome::Skipped => Exclusion::Skipped,
        Outcome::Pass | Outcome::Fail | Outcome::CannotJudge => Exclusion::CannotJudge,
    }
}

/// The interval of such a share: Wilson's, but the exact one-sided bound where not a single bad case was seen.
/// What was not seen is not thereby absent: the bound says how much of it there may be.
pub(super) fn interval(share: f64, n: usize, direction: Direction) -> Option<(f64, f64)> {
    let may_be = || upper_bound(0, n, CONFIDENCE);
    match direction {
        Direction::Lower if share <= 0.0 => Some((0.0, may_be()?)),
        Direction::Higher if share >= 1.0 => Some((1.0 - may_be()?, 1.0)),
        _ => wilson_of_share(share, n, CONFIDENCE),
    }
}

/// What the bound says, where not a single bad case was seen.
pub(super) fn note(measured: &Measurement) -> Option<String> {
    of_name(&measured.metric)?;
    let (share, (low, high)) = (measured.value?, measured.interval?);
    let (key, n, sure) = (measured.key(), measured.n, CONFIDENCE * 100.0);
    match measured.direction {
        Direction::Lower if share <= 0.0 => {
            Some(format!("{key} is 0 of {n}: at most {:.1} % with {sure:.0} % confidence", high * 100.0))
        }
        Direction::Higher if share >= 1.0 => {
            Some(format!("{key} is {n} of {n}: at least {:.1} % with {sure:.0} % confidence", low * 100.0))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::observation::tests::observation;
    use crate::metric::view::Answer;
    use crate::metric::{Observation, Table};
    use NamedMetric::{Brevity, Faithfulness, HallucinationRate, LeakRate, RefusalRate};

    fn came_to(of: NamedMetric, outcomes: &[Outcome]) -> NamedOutcomes {
        let mut named = NamedOutcomes::default();
        for outcome in outcomes {
            named.add(of, *outcome);
        }
        named
    }

    #[test]
    fn what_is_put_in_comes_out_and_the_strongest_decides() {
        use Outcome::{CannotJudge, Fail, JudgeError, NotApplicable, Pass};
        let mut named = NamedOutcomes::default();
        assert_eq!((named.packed(), named.get(RefusalRate)), (None, None));
        for (of, outcome) in NamedMetric::ALL.into_iter().zip(OUTCOMES.into_iter().cycle()) {
            named.add(of, outcome);
        }
        for (of, outcome) in NamedMetric::ALL.into_iter().zip(OUTCOMES.into_iter().cycle()) {
            assert_eq!(named.get(of), Some(outcome), "{of:?}");
        }
        assert_eq!(NamedOutcomes::unpacked(named.packed(), None), named);
        assert_eq!(came_to(Brevity, &[Pass, Fail, JudgeError]).get(Brevity), Some(Fail));
        assert_eq!(came_to(Brevity, &[CannotJudge, Pass]).get(Brevity), Some(CannotJudge));
        assert_eq!(came_to(Brevity, &[NotApplicable, Pass]).get(Brevity), Some(Pass));
        assert_eq!(came_to(Brevity, &[Pass]).get(LeakRate), None);
    }

    /// What should be so fails where the answer leaks: that is what the rate counts.
    #[test]
    fn a_rate_of_what_is_bad_counts_the_entries_that_fail() {
        use Outcome::{Fail, JudgeError, Pass};
        let score = |of: NamedMetric, outcome, name: &str| came_to(of, &[outcome]).score(name);
        assert_eq!(score(LeakRate, Fail, "leak_rate"), Some(1.0));
        assert_eq!(score(LeakRate, Pass, "leak_rate"), Some(0.0));
        assert_eq!(score(RefusalRate, Pass, "refusal_rate"), Some(1.0));
        assert_eq!(score(RefusalRate, JudgeError, "refusal_rate"), None);
        assert_eq!(score(RefusalRate, Pass, "leak_rate"), None);
        assert_eq!(score(RefusalRate, Pass, "mrr"), None);
    }

    fn measured(cases: &[NamedOutcomes]) -> Vec<Measurement> {
        let one = |named: &NamedOutcomes| [Observation { named: *named, ..observation() }];
        let table = Table::of(cases.iter().map(one));
        named(&Slice::Suite, View::of(&table, Answer::OfRound(0)))
    }

    /// 120 answers without a leak, one that could not be judged, one that has nothing to leak.
    /// 1 − 0.05^(1/120) is 2.466 %.
    #[test]
    fn where_nothing_was_seen_the_bound_is_the_exact_one() {
        let mut cases = vec![came_to(LeakRate, &[Outcome::Pass]); 120];
        cases.extend([came_to(LeakRate, &[Outcome::CannotJudge]), NamedOutcomes::default()]);
        let [leaks] = &measured(&cases)[..] else { panic!("one metric is measured") };
        assert_eq!((leaks.value, leaks.n, leaks.excluded), (Some(0.0), 120, 2));
        assert_eq!(
            leaks.reason.as_deref(),
            Some("1 that could not be judged, 1 without an expectation that measures it")
        );
        let (low, high) = leaks.interval.unwrap();
        assert!(low.abs() < 1e-15 && (high - (1.0 - 0.05_f64.powf(1.0 / 120.0))).abs() < 1e-12, "{high}");
        assert_eq!(note(leaks).unwrap(), "leak_rate is 0 of 120: at most 2.5 % with 95 % confidence");
    }

    #[test]
    fn where_all_hold_the_bound_is_the_mirrored_one() {
        let [refused] = &measured(&vec![came_to(RefusalRate, &[Outcome::Pass]); 59])[..] else {
            panic!("one metric is measured")
        };
        let (low, high) = refused.interval.unwrap();
        assert!((high - 1.0).abs() < 1e-15 && (low - 0.05_f64.powf(1.0 / 59.0)).abs() < 1e-12, "{low}");
        assert_eq!(note(refused).unwrap(), "refusal_rate is 59 of 59: at least 95.0 % with 95 % confidence");
    }

    /// Wilson's interval of 1 in 4 is 4.6 % to 69.9 %.
    #[test]
    fn where_something_was_seen_the_interval_is_wilsons() {
        let mut cases = vec![came_to(LeakRate, &[Outcome::Pass]); 3];
        cases.push(came_to(LeakRate, &[Outcome::Fail]));
        let leaks = &measured(&cases)[0];
        let (low, high) = leaks.interval.unwrap();
        assert_eq!(leaks.value, Some(0.25));
        assert!((low - 0.0456).abs() < 5e-4 && (high - 0.6994).abs() < 5e-4, "{low} {high}");
        assert_eq!(note(leaks), None);
    }

    #[test]
    fn nothing_graded_is_no_value() {
        let leaks = &measured(&[came_to(LeakRate, &[Outcome::JudgeError])])[0];
        assert_eq!((leaks.value, leaks.n, leaks.interval), (None, 0, None));
        assert_eq!(leaks.reason.as_deref(), Some("no case counts: 1 with a judge error"));
        assert!(measured(&[NamedOutcomes::default()]).is_empty());
    }

    /// Shares of 1, 1/2 and 0 have a mean of 1/2. The answer that is judged without claims, and the four that are
    /// not graded, are none of them.
    #[test]
    fn faithfulness_is_the_mean_of_the_shares_of_supported_claims() {
        use Outcome::{CannotJudge, Fail, JudgeError, NotApplicable, Pass};
        let judged = |outcome, share| came_to(Faithfulness, &[outcome]).with_supported(share);
        let mut reported = NamedOutcomes::default();
        reported.add_reported(Faithfulness);
        let cases = [
            judged(Pass, Some(1.0)),
            judged(Fail, Some(0.5)),
            judged(Fail, Some(0.0)),
            judged(Fail, None),
            judged(NotApplicable, None),
            judged(CannotJudge, Some(1.0)),
            judged(JudgeError, None),
            reported.with_supported(Some(1.0)),
            NamedOutcomes::default(),
        ];
        let [faithful] = &measured(&cases)[..] else { panic!("one metric is measured") };
        assert_eq!((faithful.value, faithful.n, faithful.excluded), (Some(0.5), 3, 6));
        assert_eq!(faithful.interval, None, "it is no share of cases");
        assert_eq!(
            faithful.reason.as_deref(),
            Some(
                "1 not applicable, 1 that could not be judged, 1 with a judge error, 1 without an expectation \
                 that measures it, 1 whose judge reports and does not gate, 1 without claims that were judged"
            )
        );
        let scores = cases.map(|case| case.score("faithfulness"));
        assert_eq!(scores[..4], [Some(1.0), Some(0.5), Some(0.0), None]);
        assert_eq!(scores[4..], [None; 5]);
    }

    #[test]
    fn what_only_reports_is_left_out_and_what_counts_takes_its_place() {
        let mut named = NamedOutcomes::default();
        named.add_reported(HallucinationRate);
        assert_eq!((named.get(HallucinationRate), named.score("hallucination_rate")), (None, None));
        let all = measured(&[named, came_to(HallucinationRate, &[Outcome::Fail])]);
        assert_eq!((all[0].value, all[0].n), (Some(1.0), 1));
        assert_eq!(all[0].reason.as_deref(), Some("1 whose judge reports and does not gate"));
        named.add(HallucinationRate, Outcome::Pass);
        named.add_reported(HallucinationRate);
        assert_eq!(named.get(HallucinationRate), Some(Outcome::Pass));
        assert_eq!(named.score("hallucination_rate"), Some(0.0));
    }
}
