//! Step 9: precision, recall and F1 as sums over cases, so that they can be tested like a mean.
//!
//! With the counts pooled over both runs, a ratio R = num/den is linear in the cases near its pooled value:
//! u = (num − R·den)·runs/den is a case's share in it, and the difference of the two runs' sums of u is the
//! difference of their ratios to first order. An average over labels averages the u.

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

/// The label expected of a case, and the label answered in each of the two runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Labelled<'a> {
    pub truth: &'a str,
    pub before: Option<&'a str>,
    pub now: Option<&'a str>,
}

/// A ratio's value in each run, and the share of each case in it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Linear {
    pub before: f64,
    pub now: f64,
    /// For each case its u in the baseline's run and in the candidate's.
    pub shares: Vec<(f64, f64)>,
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

/// TP, FP and FN of one label. Whole numbers, so that no order of adding them matters.
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

    fn add(&mut self, other: Self) {
        self.hits += other.hits;
        self.false_alarms += other.false_alarms;
        self.misses += other.misses;
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

    /// The u of a case that adds `one` to this pooled fraction of two runs.
    fn share(self, one: Self) -> f64 {
        if self.den > 0.0 { 2.0 * (one.num - self.value() * one.den) / self.den } else { 0.0 }
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
    fn of(pairs: impl Iterator<Item = (&'a str, Option<&'a str>)>) -> Self {
        let mut table = Self::default();
        for (truth, answer) in pairs {
            table.cases += 1.0;
            for label in touched(truth, answer) {
                table.labels.entry(label).or_default().add(Counts::of_case(label, truth, answer));
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
            all.add(*counts);
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
    /// The ratio in both runs with the shares of the cases. `None` where it is not defined in one of them.
    pub fn linear(&self, cases: &[Labelled<'_>]) -> Option<Linear> {
        let run_before = || cases.iter().map(|case| (case.truth, case.before));
        let run_now = || cases.iter().map(|case| (case.truth, case.now));
        let before = self.value(&Table::of(run_before()))?;
        let now = self.value(&Table::of(run_now()))?;
        let pooled = Table::of(run_before().chain(run_now()));
        let share = self.share_in(&pooled);
        let shares =
            cases.iter().map(|case| (share(case.truth, case.before), share(case.truth, case.now))).collect();
        Some(Linear { before, now, shares })
    }

    /// The ratio in one run, as the metric of that name defines it.
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
    use super::*;

    fn cases<'a>(rows: &[(&'a str, &'a str, &'a str)]) -> Vec<Labelled<'a>> {
        let label = |text: &'a str| (text != "-").then_some(text);
        rows.iter()
            .map(|(truth, before, now)| Labelled { truth, before: label(before), now: label(now) })
            .collect()
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
        let difference: f64 = linear.shares.iter().map(|(before, now)| now - before).sum();
        near(difference, -0.25);
    }

    #[test]
    fn a_share_is_a_case_less_the_ratio_of_its_denominator() {
        // By hand for the F1 of a: pooled TP 3, FP 1, FN 1, so F = 6/8 and u = (2tp − F(2tp+fp+fn))·2/8.
        let ratio = Ratio { part: Part::F1, average: Average::Label("a".into()) };
        let linear = ratio.linear(&cases(&ROWS)).unwrap();
        let expected = [(0.125, 0.125), (0.125, -0.1875), (0.0, 0.0), (-0.1875, 0.0)];
        for (found, expected) in linear.shares.iter().zip(expected) {
            near(found.0, expected.0);
            near(found.1, expected.1);
        }
    }

    #[test]
    fn a_share_of_nothing_is_no_value() {
        let precision = Ratio { part: Part::Precision, average: Average::Label("c".into()) };
        assert_eq!(precision.linear(&cases(&ROWS)), None);
        assert_eq!(Ratio { part: Part::F1, average: Average::Macro }.linear(&[]), None);
    }
}
