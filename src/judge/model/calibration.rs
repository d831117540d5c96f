//! How far a judge agrees with people, and whether that is enough for it to gate.

use crate::judge::Outcome;
use crate::stats::agreement::cohen_kappa;
use crate::stats::interval::wilson;
use crate::stats::special::two_sided_z;
use crate::suite::schema::judge::Floors;

/// Level of the intervals.
pub(super) const CONFIDENCE: f64 = 0.95;

/// Largest share of the answers asked about that a judge may leave without a verdict, when it is checked, frozen or
/// graded again.
pub const MOST_UNGRADED: f64 = 0.02;

/// What people and a judge said of the same answers.
///
/// Positive is the class that is looked for: what the judge's file calls `positive`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Agreement {
    /// Positive for both.
    pub true_positives: usize,
    /// Negative for people, positive for the judge.
    pub false_positives: usize,
    /// Positive for people, negative for the judge.
    pub false_negatives: usize,
    /// Negative for both.
    pub true_negatives: usize,
    /// Labelled, and not graded by the judge.
    pub ungraded: usize,
}

/// A share with its 95 % interval (Wilson); none of nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Calibrated {
    /// The share, 0 to 1; Cohen's kappa −1 to 1.
    pub value: f64,
    /// Its interval.
    pub interval: (f64, f64),
}

/// Whether a judge may gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It reaches its floors.
    Gates,
    /// It reports and does not gate, for these reasons.
    Reports(Vec<String>),
}

impl Agreement {
    /// Counts one answer: what people said, and what the judge did.
    pub fn count(&mut self, people: Outcome, judge: Outcome, passes_are_positive: bool) {
        let is_positive = |outcome| (outcome == Outcome::Pass) == passes_are_positive;
        match (is_positive(people), judge.is_graded(), is_positive(judge)) {
            (_, false, _) => self.ungraded += 1,
            (true, _, true) => self.true_positives += 1,
            (true, _, false) => self.false_negatives += 1,
            (false, _, true) => self.false_positives += 1,
            (false, _, false) => self.true_negatives += 1,
        }
    }

    /// Answers that both people and the judge graded.
    pub const fn graded(&self) -> usize {
        self.positives() + self.negatives()
    }

    const fn positives(&self) -> usize {
        self.true_positives + self.false_negatives
    }

    const fn negatives(&self) -> usize {
        self.true_negatives + self.false_positives
    }

    /// Share of the answers on which both agree.
    pub fn accuracy(&self) -> Option<Calibrated> {
        share(self.true_positives + self.true_negatives, self.graded())
    }

    /// Sensitivity, or recall: share of the positive answers that the judge calls positive.
    pub fn tpr(&self) -> Option<Calibrated> {
        share(self.true_positives, self.positives())
    }

    /// Specificity: share of the negative answers that the judge calls negative.
    pub fn tnr(&self) -> Option<Calibrated> {
        share(self.true_negatives, self.negatives())
    }

    /// Share of the answers that the judge calls positive that are.
    pub fn precision(&self) -> Option<Calibrated> {
        share(self.true_positives, self.true_positives + self.false_positives)
    }

    /// Harmonic mean of precision and recall, 2TP/(2TP+FP+FN), 0 to 1; none where nothing is positive for
    /// either.
    pub fn f1(&self) -> Option<f64> {
        let all = 2 * self.true_positives + self.false_positives + self.false_negatives;
        (all > 0).then(|| 2.0 * self.true_positives as f64 / all as f64)
    }

    /// Agreement beyond chance, −1 to 1, with an interval by the large-sample error
    /// √(p(1−p)/n)/(1−e) of Cohen (1960), p being the share of agreement and e that expected by chance. None
    /// where one of the two says the same of every answer and the other does too.
    pub fn kappa(&self) -> Option<Calibrated> {
        let table = vec![
            vec![self.true_positives, self.false_negatives],
            vec![self.false_positives, self.true_negatives],
        ];
        let value = cohen_kappa(&table)?;
        let n = self.graded() as f64;
        let agreed = (self.true_positives + self.true_negatives) as f64 / n;
        let called = (self.true_positives + self.false_positives) as f64;
        let by_chance = (self.positives() as f64 * called + self.negatives() as f64 * (n - called)) / (n * n);
        let error = (agreed * (1.0 - agreed) / n).sqrt() / (1.0 - by_chance);
        let reach = two_sided_z(CONFIDENCE)? * error;
        Some(Calibrated { value, interval: ((value - reach).max(-1.0), (value + reach).min(1.0)) })
    }

    /// Whether that is enough to gate. The classes are named as `positive` and `negative`.
    pub fn standing(&self, floors: Floors, positive: &str, negative: &str) -> Standing {
        let mut why = Vec::new();
        let labelled = self.graded() + self.ungraded;
        if labelled > 0 && self.ungraded as f64 > MOST_UNGRADED * labelled as f64 {
            why.push(format!(
                "{} of {labelled} labelled answers got no verdict, and 2 % may be without",
                self.ungraded
            ));
        }
        for (class, count) in [(positive, self.positives()), (negative, self.negatives())] {
            if count < floors.labels {
                why.push(format!(
                    "{count} answers labelled `{class}` are graded, and {} are needed",
                    floors.labels
                ));
            }
        }
        let points = |share: f64| format!("{:.1} %", share * 100.0);
        for (name, share, floor) in
            [("TPR", self.tpr(), floors.tpr.get()), ("TNR", self.tnr(), floors.tnr.get())]
        {
            if let Some(share) = share.filter(|share| share.value < floor) {
                why.push(format!("{name} is {}, and its floor {}", points(share.value), points(floor)));
            }
        }
        match self.kappa() {
            None => why.push("kappa is not defined: nothing is told apart".to_owned()),
            Some(kappa) if kappa.value < floors.kappa => {
                why.push(format!("kappa is {:.3}, and its floor {:.3}", kappa.value, floors.kappa));
            }
            Some(_) => {}
        }
        if why.is_empty() { Standing::Gates } else { Standing::Reports(why) }
    }
}

fn share(part: usize, all: usize) -> Option<Calibrated> {
    let interval = wilson(part, all, CONFIDENCE)?;
    Some(Calibrated { value: part as f64 / all as f64, interval })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The exercise of the lecture: 15 answers, of which the unresolved ones are looked for.
    fn lecture() -> Agreement {
        Agreement {
            true_positives: 4,
            false_positives: 4,
            false_negatives: 1,
            true_negatives: 6,
            ungraded: 0,
        }
    }

    #[test]
    fn fifteen_labelled_answers_give_the_values_worked_out_by_hand() {
        let found = lecture();
        let near = |found: Option<f64>, expected: f64| {
            assert!((found.unwrap() - expected).abs() < 5e-4, "{found:?} {expected}");
        };
        // 10 of 15, 4 of 5, 6 of 10, 4 of 8, 8 of 13.
        near(found.accuracy().map(|of| of.value), 0.667);
        near(found.tpr().map(|of| of.value), 0.8);
        near(found.tnr().map(|of| of.value), 0.6);
        near(found.precision().map(|of| of.value), 0.5);
        near(found.f1(), 0.615);
        // By chance (5·8 + 10·7)/225 = 0.4889; (0.6667 − 0.4889)/(1 − 0.4889).
        near(found.kappa().map(|of| of.value), 0.348);
        // 1.96 · √(0.6667 · 0.3333 / 15)/0.5111 = 0.4667.
        near(found.kappa().map(|of| of.interval.1), 0.348 + 0.4667);
    }

    #[test]
    fn the_class_looked_for_decides_what_is_a_false_positive() {
        use Outcome::{CannotJudge, Fail, Pass};
        let count = |passes_are_positive| {
            let mut found = Agreement::default();
            for (people, judge) in
                [(Pass, Pass), (Pass, Fail), (Fail, Pass), (Fail, Fail), (Fail, Pass), (Pass, CannotJudge)]
            {
                found.count(people, judge, passes_are_positive);
            }
            found
        };
        assert_eq!((count(true).false_positives, count(true).false_negatives), (2, 1));
        assert_eq!((count(false).false_positives, count(false).false_negatives), (1, 2));
        assert_eq!((count(true).ungraded, count(true).graded()), (1, 5));
    }

    #[test]
    fn a_judge_under_its_floors_reports_and_says_why() {
        let Standing::Reports(why) = lecture().standing(Floors::default(), "unresolved", "resolved") else {
            panic!("5 answers are too few")
        };
        assert_eq!(why.len(), 3, "{why:?}");
        assert_eq!(why[0], "5 answers labelled `unresolved` are graded, and 10 are needed");
        assert_eq!(why[1], "TNR is 60.0 %, and its floor 80.0 %");
        assert_eq!(why[2], "kappa is 0.348, and its floor 0.600");
    }

    #[test]
    fn a_judge_that_agrees_gates_and_one_that_says_one_thing_never_does() {
        let good = Agreement {
            true_positives: 18,
            false_positives: 2,
            false_negatives: 2,
            true_negatives: 28,
            ungraded: 1,
        };
        assert_eq!(good.standing(Floors::default(), "fail", "pass"), Standing::Gates);
        let silent = Agreement { ungraded: 2, ..good };
        assert!(matches!(silent.standing(Floors::default(), "fail", "pass"), Standing::Reports(_)));
        let blind = Agreement { false_negatives: 20, true_negatives: 30, ..Agreement::default() };
        assert_eq!(blind.kappa().map(|of| of.value), Some(0.0));
        assert!(matches!(blind.standing(Floors::default(), "fail", "pass"), Standing::Reports(_)));
        assert!(matches!(
            Agreement::default().standing(Floors::default(), "fail", "pass"),
            Standing::Reports(_)
        ));
    }
}
