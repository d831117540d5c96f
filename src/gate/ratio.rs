//! Step 9: precision, recall and F1 as sums over cases, so that they can be tested like a mean.
//!
//! With the counts pooled over all runs of both arms, a ratio R = num/den is linear in the cases near its
//! pooled value: u = (num − R·den)·runs/den is a case's share in it in a run, and the difference of the two
//! arms' sums of mean u is the difference of their ratios to first order. An average over labels averages the
//! u. Where cases have different numbers of runs, each enters an arm by the mean over its own.

use super::procedure::Scores;
use std::collections::BTreeMap;

/// A ratio over labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ratio {
    pub part: Part,
    pub average: Average,
}

/// Which counts are set against each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// TP / (TP + FP)
    Precision,
    /// TP / (TP + FN)
    Recall,
    /// 2TP / (2TP + FP + FN)
    F1,
    /// TN / (TN + FP)
    TrueNegativeRate,
}

/// Over which labels it is averaged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Average {
    /// Those expected or answered, each alike.
    Macro,
    /// Those expected, each alike.
    Expected,
    /// By the number of cases that expect them.
    Weighted,
    /// All labels' counts in one.
    Micro,
    /// One label.
    Label(String),
}

/// The labels of cases: those expected, and those answered in each run.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Labelled<'a> {
    /// Places of the cases in the input.
    pub cases: Vec<u32>,
    /// The label expected of each.
    pub truths: Vec<&'a str>,
    /// The labels answered, a case's runs one after the other.
    pub labels: Vec<Option<&'a str>>,
    /// Whether they are right, and the runs that count; `None` without cases.
    pub right: Option<Scores>,
}

/// A ratio's value in each arm, and the share of each case in it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Linear {
    pub before: f64,
    pub now: f64,
    /// The u of each case in each run, a case's runs one after the other.
    pub shares: Vec<f64>,
}

/// An answer to a case in one run, and what it weighs.
#[derive(Debug, Clone, Copy)]
struct Answer<'a> {
    truth: &'a str,
    label: Option<&'a str>,
    weight: f64,
}

impl<'a> Labelled<'a> {
    /// The answers of all cases, each run of an arm weighing alike and the arms as said.
    fn answers(&self, base: f64, cand: f64) -> impl Iterator<Item = Answer<'a>> + '_ {
        self.right.iter().flat_map(move |right| {
            let (base_runs, runs) = (right.base_runs(), right.runs());
            self.truths.iter().enumerate().flat_map(move |(case, truth)| {
                let graded = right.graded(case);
                let of = |arm: u128| f64::from((graded & arm).count_ones());
                let (each_base, each_cand) = (base / of(base_runs), cand / of(!base_runs));
                (0..runs).filter(move |run| graded >> run & 1 == 1).map(move |run| Answer {
                    truth,
                    label: self.labels[case * runs + run],
                    weight: if run < right.base { each_base } else { each_cand },
                })
            })
        })
    }
}

impl Part {
    pub fn of_name(name: &str) -> Option<Self> {
        match name {
            "precision" => Some(Self::Precision),
            "recall" => Some(Self::Recall),
            "f1" => Some(Self::F1),
            "tnr" => Some(Self::TrueNegativeRate),
            _ => None,
        }
    }

    /// The fraction of one label's counts among so many cases.
    fn fraction(self, counts: Counts, cases: f64) -> Fraction {
        let Counts { hits, false_alarms, misses } = counts;
        let rest = cases - hits - false_alarms - misses;
        let (num, den) = match self {
            Self::Precision => (hits, hits + false_alarms),
            Self::Recall => (hits, hits + misses),
            Self::F1 => (2.0 * hits, 2.0 * hits + false_alarms + misses),
            Self::TrueNegativeRate => (rest, rest + false_alarms),
        };
        Fraction { num, den }
    }
}

/// TP, FP and FN of one label, by the weight of their answers.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    hits: f64,
    false_alarms: f64,
    misses: f64,
}

impl Counts {
    /// What one case adds to the counts of `label`.
    fn of_case(label: &str, truth: &str, answer: Option<&str>) -> Self {
        let (expected, answered) = (truth == label, answer == Some(label));
        let count = |yes: bool| f64::from(u8::from(yes));
        Self {
            hits: count(expected && answered),
            false_alarms: count(!expected && answered),
            misses: count(expected && !answered),
        }
    }

    fn add(&mut self, other: Self, weight: f64) {
        self.hits += weight * other.hits;
        self.false_alarms += weight * other.false_alarms;
        self.misses += weight * other.misses;
    }

    fn expected(self) -> f64 {
        self.hits + self.misses
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Fraction {
    num: f64,
    den: f64,
}

impl Fraction {
    /// 0 where there is nothing to take a share of.
    fn value(self) -> f64 {
        if self.den > 0.0 { self.num / self.den } else { 0.0 }
    }

    /// The u of a case that adds `one` in a run to what is this fraction in the mean of all runs.
    fn share(self, one: Self) -> f64 {
        if self.den > 0.0 { (one.num - self.value() * one.den) / self.den } else { 0.0 }
    }
}

/// The counts of every label that is expected or answered, and the cases counted.
#[derive(Debug, Default)]
struct Table<'a> {
    labels: BTreeMap<&'a str, Counts>,
    cases: f64,
}

impl<'a> Table<'a> {
    /// Counts labels expected beside labels answered.
    fn of(answers: impl Iterator<Item = Answer<'a>>) -> Self {
        let mut table = Self::default();
        for Answer { truth, label: answer, weight } in answers.filter(|answer| answer.weight > 0.0) {
            table.cases += weight;
            for label in touched(truth, answer) {
                table.labels.entry(label).or_default().add(Counts::of_case(label, truth, answer), weight);
            }
        }
        table
    }

    /// The fraction of one label.
    fn fraction(&self, part: Part, label: &str) -> Fraction {
        part.fraction(self.labels.get(label).copied().unwrap_or_default(), self.cases)
    }

    /// The fraction of all labels' counts in one.
    fn total(&self, part: Part) -> Fraction {
        let mut all = Counts::default();
        for counts in self.labels.values() {
            all.add(*counts, 1.0);
        }
        part.fraction(all, self.cases)
    }

    /// What each label weighs in an average over labels; the weights sum to 1.
    fn weights(&self, average: &Average) -> BTreeMap<&'a str, f64> {
        let weight = |counts: &Counts| match average {
            Average::Macro => 1.0,
            Average::Expected => f64::from(u8::from(counts.expected() > 0.0)),
            Average::Weighted => counts.expected(),
            Average::Micro | Average::Label(_) => 0.0,
        };
        let all: f64 = self.labels.values().map(weight).sum();
        let used = self.labels.iter().filter(|(_, counts)| weight(counts) > 0.0);
        used.map(|(label, counts)| (*label, weight(counts) / all)).collect()
    }
}

/// The labels whose TP, FP or FN a case adds to.
fn touched<'a>(truth: &'a str, answer: Option<&'a str>) -> impl Iterator<Item = &'a str> {
    std::iter::once(truth).chain(answer.filter(move |answer| *answer != truth))
}

impl Ratio {
    /// The ratio in both arms with the shares of the cases. `None` where it is not defined in one of them.
    pub fn linear(&self, cases: &Labelled<'_>) -> Option<Linear> {
        let right = cases.right.as_ref()?;
        let before = self.value(&Table::of(cases.answers(1.0, 0.0)))?;
        let now = self.value(&Table::of(cases.answers(0.0, 1.0)))?;
        let part = |runs: usize| runs as f64 / right.runs() as f64;
        let pooled = Table::of(cases.answers(part(right.base), part(right.cand)));
        let share = self.share_in(&pooled);
        let truths = cases.truths.iter().flat_map(|truth| std::iter::repeat_n(truth, right.runs()));
        let shares = truths.zip(&cases.labels).map(|(truth, label)| share(truth, *label)).collect();
        Some(Linear { before, now, shares })
    }

    /// The ratio in one arm, as the metric of that name defines it.
    fn value(&self, table: &Table<'_>) -> Option<f64> {
        let whole = match &self.average {
            Average::Micro => table.total(self.part),
            Average::Label(label) => table.fraction(self.part, label),
            Average::Macro | Average::Expected | Average::Weighted => {
                let weights = table.weights(&self.average);
                let parts = weights.iter().map(|(label, w)| w * table.fraction(self.part, label).value());
                return (!weights.is_empty()).then(|| parts.sum());
            }
        };
        (whole.den > 0.0).then(|| whole.value())
    }

    /// A case's u by the label expected of it and the one answered.
    fn share_in<'t>(&'t self, pooled: &'t Table<'_>) -> impl Fn(&str, Option<&str>) -> f64 + 't {
        let total = pooled.total(self.part);
        let weights = pooled.weights(&self.average);
        move |truth, answer| {
            let one = |label: &str| self.part.fraction(Counts::of_case(label, truth, answer), 1.0);
            match &self.average {
                Average::Label(label) => pooled.fraction(self.part, label).share(one(label)),
                Average::Micro => touched(truth, answer).map(|label| total.share(one(label))).sum(),
                Average::Macro | Average::Expected | Average::Weighted => touched(truth, answer)
                    .map(|label| {
                        let weight = weights.get(label).copied().unwrap_or(0.0);
                        weight * pooled.fraction(self.part, label).share(one(label))
                    })
                    .sum(),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::procedure::Values;
    use super::*;

    fn cases<'a>(rows: &[(&'a str, &'a str, &'a str)]) -> Labelled<'a> {
        let label = |text: &'a str| (text != "-").then_some(text);
        let flags =
            rows.iter().map(|(truth, before, now)| u32::from(truth == before) | u32::from(truth == now) << 1);
        Labelled {
            cases: (0..4).take(rows.len()).collect(),
            truths: rows.iter().map(|row| row.0).collect(),
            labels: rows.iter().flat_map(|row| [label(row.1), label(row.2)]).collect(),
            right: (!rows.is_empty()).then(|| Scores {
                base: 1,
                cand: 1,
                values: Values::Flags(flags.collect()),
                graded: Vec::new(),
            }),
        }
    }

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
    }

    /// Four cases: before a a b b all right but the last answered a; now also the second answered b.
    const ROWS: [(&str, &str, &str); 4] =
        [("a", "a", "a"), ("a", "a", "b"), ("b", "b", "b"), ("b", "a", "-")];

    #[test]
    fn values_are_those_of_the_metrics() {
        let value = |metric: (Part, Average)| {
            let linear = Ratio { part: metric.0, average: metric.1 }.linear(&cases(&ROWS)).unwrap();
            (linear.before, linear.now)
        };
        // Before: a has TP 2, FP 1, FN 0; b TP 1, FP 0, FN 1. Now: a TP 1, FN 1; b TP 1, FP 1, FN 1.
        let (before, now) = value((Part::F1, Average::Macro));
        near(before, f64::midpoint(4.0 / 5.0, 2.0 / 3.0));
        near(now, f64::midpoint(2.0 / 3.0, 2.0 / 4.0));
        let (before, now) = value((Part::Precision, Average::Weighted));
        near(before, f64::midpoint(2.0 / 3.0, 1.0));
        near(now, f64::midpoint(1.0, 0.5));
        let (before, now) = value((Part::Recall, Average::Expected));
        near(before, 0.75);
        near(now, 0.5);
        let (before, now) = value((Part::F1, Average::Micro));
        near(before, 6.0 / 8.0);
        near(now, 4.0 / 7.0);
        let (before, now) = value((Part::TrueNegativeRate, Average::Label("a".into())));
        near(before, 0.5);
        near(now, 1.0);
    }

    #[test]
    fn shares_of_recall_with_equal_supports_sum_to_the_difference() {
        // The denominators of recall are the same in both runs, so the linear form is exact.
        let linear = Ratio { part: Part::Recall, average: Average::Macro }.linear(&cases(&ROWS)).unwrap();
        let difference: f64 = linear.shares.chunks(2).map(|runs| runs[1] - runs[0]).sum();
        near(difference, -0.25);
    }

    #[test]
    fn a_share_is_a_case_less_the_ratio_of_its_denominator() {
        // By hand for the F1 of a: pooled TP 3, FP 1, FN 1, so F = 6/8 and u = (2tp − F(2tp+fp+fn))·2/8.
        let ratio = Ratio { part: Part::F1, average: Average::Label("a".into()) };
        let linear = ratio.linear(&cases(&ROWS)).unwrap();
        let expected = [(0.125, 0.125), (0.125, -0.1875), (0.0, 0.0), (-0.1875, 0.0)];
        for (found, expected) in linear.shares.chunks(2).zip(expected) {
            near(found[0], expected.0);
            near(found[1], expected.1);
        }
    }

    /// Two runs before, of which one has the second case right: the counts of the baseline are means over
    /// its runs. By hand for recall of a: 1.5 of 2 before, 1 of 2 now.
    #[test]
    fn runs_of_an_arm_are_averaged() {
        let labels = [Some("a"), Some("a"), Some("a"), Some("a"), Some("b"), Some("b")];
        let right =
            Scores { base: 2, cand: 1, values: Values::Flags(vec![0b111, 0b001]), graded: Vec::new() };
        let cases = Labelled {
            cases: vec![0, 1],
            truths: vec!["a", "a"],
            labels: labels.to_vec(),
            right: Some(right),
        };
        let linear =
            Ratio { part: Part::Recall, average: Average::Label("a".into()) }.linear(&cases).unwrap();
        near(linear.before, 0.75);
        near(linear.now, 0.5);
        // The denominators are the same in every run, so the linear form is exact: u = (tp − ⅔)/2.
        near(linear.shares[0], (1.0 - 2.0 / 3.0) / 2.0);
        near(linear.shares[5], -2.0 / 3.0 / 2.0);
    }

    #[test]
    fn a_share_of_nothing_is_no_value() {
        let precision = Ratio { part: Part::Precision, average: Average::Label("c".into()) };
        assert_eq!(precision.linear(&cases(&ROWS)), None);
        assert_eq!(Ratio { part: Part::F1, average: Average::Macro }.linear(&Labelled::default()), None);
    }
}
