//! A run that may stop before its end: the evidence that the pass rate fell, looked at after every family.
//!
//! Only a loss ends a run early. That nothing got worse takes the whole suite: a scenario that was not asked
//! yet may be the one that broke.

use super::procedure::{SLACK, SUITE_SHARE};
use super::subject::{Role, Subject, What, roles};
use crate::metric::Slice;
use crate::stats::eprocess::{Change, EProcess};
use crate::suite::quantity::Share;
use crate::suite::schema::GateSpec;

/// Fewest seeds of a suite whose runs may stop early.
pub const MIN_SEEDS: usize = 500;

/// The evidence so far, family by family. A family that lost more cases than it gained against the newest
/// accepted run broke, one that gained more was fixed; under no change each is as likely as the other.
#[derive(Debug, Clone)]
pub struct Sequential {
    evidence: EProcess,
    alpha: f64,
    min_effect: f64,
    gained: f64,
    cases: usize,
}

impl Sequential {
    /// Nothing seen yet, of a suite held to `spec`, whose test is one of `tests` of the build that share
    /// `alpha`. `None` where no test of the suite's pass rate gates.
    pub fn new(spec: &GateSpec, alpha: f64, tests: usize) -> Option<Self> {
        let gate = pass_rate_gate(spec)?;
        let min_effect = gate.unwrap_or(spec.min_effect.get());
        // As one of so many tests it is held to the least that Holm's correction could ask.
        let alpha = SUITE_SHARE * alpha / tests.max(1) as f64;
        Some(Self { evidence: EProcess::new(), alpha, min_effect, gained: 0.0, cases: 0 })
    }

    /// Takes in a family: of each of its cases that is graded both times whether it passed in the newest
    /// accepted run, and whether it passes now. Whether enough was seen: a sure loss, large enough to block.
    pub fn family(&mut self, cases: impl IntoIterator<Item = (bool, bool)>) -> bool {
        let mut gained = 0_i64;
        for (before, now) in cases {
            gained += i64::from(now) - i64::from(before);
            self.cases += 1;
        }
        self.gained += gained as f64;
        match gained {
            0 => {}
            1.. => self.evidence.push(Change::Fixed),
            _ => self.evidence.push(Change::Broke),
        }
        self.is_sure()
    }

    /// Whether a loss is sure and large enough.
    pub fn is_sure(&self) -> bool {
        let mean = self.gained / self.cases.max(1) as f64;
        self.evidence.rejects(self.alpha) && mean <= -self.min_effect + SLACK
    }

    /// The evidence: under no change it ever exceeds 1/α with probability at most α, whenever it is looked at.
    pub fn e(&self) -> f64 {
        self.evidence.e()
    }
}

/// How many tests of whole suites these suites spend a build's false alarms on.
pub fn suite_tests<'s>(specs: impl Iterator<Item = &'s GateSpec>) -> usize {
    specs.map(|spec| roles_of(spec).iter().filter(|(_, role)| *role == Role::Tested).count().max(1)).sum()
}

/// The minimum effect that the suite states for its pass rate, where a test of that gates; `None` where none
/// does.
#[expect(clippy::option_option, reason = "that it gates, and that it says so for itself, are two things")]
fn pass_rate_gate(spec: &GateSpec) -> Option<Option<f64>> {
    let roles = roles_of(spec);
    let tested = |(_, role): &&(Subject, Role)| *role == Role::Tested;
    let is_pass_rate = |subject: &Subject| subject.what == What::PassRate && subject.slice == Slice::Suite;
    if !roles.iter().any(|(_, role)| *role == Role::Tested) {
        return Some(None);
    }
    let (subject, _) = roles.iter().filter(tested).find(|(subject, _)| is_pass_rate(subject))?;
    Some(spec.metrics.get(&subject.key).and_then(|gate| gate.min_effect).map(Share::get))
}

fn roles_of(spec: &GateSpec) -> Vec<(Subject, Role)> {
    let subjects: Vec<Subject> = spec.metrics.keys().map(|key| Subject::of_key(key)).collect();
    let roles = roles(&subjects);
    subjects.into_iter().zip(roles).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::schema::MetricGate;

    /// After k families that broke and none that was fixed, e = 2^(k+1)·(1 − 2^−(k+1))/(k+1) (by hand); at
    /// k = 7 it is 255/8 = 31.9 and 1/0.04 = 25.
    #[test]
    fn seven_broken_families_are_enough_for_one_test() {
        let mut watch = Sequential::new(&GateSpec::default(), 0.05, 1).unwrap();
        let stops: Vec<bool> = (0..8).map(|_| watch.family([(true, false)])).collect();
        assert_eq!(stops, [false, false, false, false, false, false, true, true]);
        assert!((watch.e() - 511.0 / 9.0).abs() < 1e-9);
    }

    #[test]
    fn a_loss_below_the_minimum_effect_and_a_gain_stop_nothing() {
        let mut watch = Sequential::new(&GateSpec::default(), 0.05, 1).unwrap();
        for _ in 0..2000 {
            watch.family([(true, true)]);
        }
        assert!((0..12).all(|_| !watch.family([(true, false)])), "12 of 2012 are 0.6 points");
        let mut gain = Sequential::new(&GateSpec::default(), 0.05, 1).unwrap();
        assert!((0..40).all(|_| !gain.family([(false, true)])));
    }

    #[test]
    fn a_suite_without_a_test_of_its_pass_rate_is_not_watched() {
        let named = |key: &str| {
            let mut spec = GateSpec::default();
            spec.metrics.insert(key.to_owned(), MetricGate::default());
            Sequential::new(&spec, 0.05, 1).is_some()
        };
        assert!(named("pass_rate") && named("mcc"));
        assert!(!named("accuracy") && !named("mae"));
        let spec = GateSpec::default();
        assert_eq!(suite_tests([&spec, &spec].into_iter()), 2);
    }
}
