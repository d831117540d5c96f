//! Labels: how well those answered match those expected.
//!
//! The scores themselves are [`Confusion`]'s; here are the rules of which cases and which labels enter.
//! Cases with one expected, declared label enter. Averages are taken over the declared labels that
//! occur, expected or answered. An answer that names no declared label counts as none.

use super::confusion::{Averages, Confusion, LabelCounts};
use super::exclusion::{Exclusion, Exclusions};
use super::view::View;
use super::{Measurement, Metric, Observation, Slice};
use crate::judge::Outcome;
use crate::suite::metric_names::table::{
    ACCURACY, BALANCED_ACCURACY, F1, KAPPA, MACRO_F1, MACRO_PRECISION, MACRO_RECALL, MCC, MICRO_F1,
    MICRO_PRECISION, MICRO_RECALL, PRECISION, RECALL, TNR, WEIGHTED_F1, WEIGHTED_PRECISION, WEIGHTED_RECALL,
};
use crate::suite::schema::TargetErrors;
use std::collections::HashSet;
use std::fmt;

/// The declared label expected of a case and the label answered, declared or not.
type Pair<'a> = (&'a str, Option<&'a str>);

/// The labels that a suite declares, and what a target error counts as.
#[derive(Debug)]
pub(super) struct Labels<'a> {
    declared: &'a [String],
    known: HashSet<&'a str>,
    errors: TargetErrors,
}

impl<'a> Labels<'a> {
    pub(super) fn new(declared: &'a [String], errors: TargetErrors) -> Self {
        Self { declared, known: declared.iter().map(String::as_str).collect(), errors }
    }

    /// The labels expected and answered, where the case enters.
    fn pair<'o>(&self, case: &Observation<'o>) -> Result<Pair<'o>, Exclusion> {
        let truth = case.truth.ok_or(Exclusion::NoExpectedLabel)?;
        if !self.known.contains(truth) {
            return Err(Exclusion::UndeclaredLabel);
        }
        match case.outcome {
            Outcome::Skipped => Err(Exclusion::Skipped),
            // A conversation may have got a label before it broke off; that is no answer to the case.
            Outcome::TargetError => match self.errors {
                TargetErrors::Fail => Ok((truth, None)),
                TargetErrors::Exclude => Err(Exclusion::TargetError),
            },
            _ => Ok((truth, case.label)),
        }
    }

    /// The labels of the cases that enter.
    fn pairs<'t>(&self, cases: View<'t>) -> impl Iterator<Item = Pair<'t>> + Clone {
        cases.iter().filter_map(|case| self.pair(&case).ok())
    }

    /// The confusion matrix of the cases that enter, over the declared labels that occur, in their order; to
    /// it any other label is none.
    pub(super) fn confusion(&self, cases: View<'_>) -> Confusion {
        let mut occurring: HashSet<&str> = HashSet::new();
        for (truth, answer) in self.pairs(cases) {
            occurring.insert(truth);
            occurring.extend(answer);
        }
        let labels: Vec<String> =
            self.declared.iter().filter(|label| occurring.contains(label.as_str())).cloned().collect();
        Confusion::count(&labels, self.pairs(cases))
    }

    /// Every metric of the family. Absent where no label is declared or none expected.
    ///
    /// In a scenario whose cases all expect one label, averages over labels would only restate how the
    /// wrong answers spread: accuracy stands alone there. Scores label by label are the suite's only.
    pub(super) fn measure(&self, slice: &Slice, cases: View<'_>) -> Vec<Measurement> {
        let truths: HashSet<&str> = cases.iter().filter_map(|case| case.truth).collect();
        if self.known.is_empty() || truths.is_empty() {
            return Vec::new();
        }
        let several = truths.intersection(&self.known).count() > 1;
        let mut left_out = Exclusions::default();
        let n = left_out.keep(cases.iter().map(|case| self.pair(&case))).count();
        let confusion = self.confusion(cases);
        let mut all = vec![left_out.rate((&ACCURACY, slice), confusion.correct(), n)];
        if *slice == Slice::Suite || several {
            for (metric, value) in averages(&confusion) {
                all.push(left_out.measurement((&metric, slice), n, value));
            }
        }
        if *slice == Slice::Suite {
            for (label, counts) in confusion.labels.iter().zip(confusion.by_label()) {
                all.extend(one_label(slice, label, counts, &left_out));
            }
        }
        all
    }

    /// What is worth knowing of the labels: those never used, and those used without being declared.
    pub(super) fn notes(&self, cases: View<'_>) -> Vec<String> {
        if self.known.is_empty() || cases.iter().all(|case| case.truth.is_none()) {
            return Vec::new();
        }
        let mut notes = Vec::new();
        let used = self.confusion(cases).labels;
        let unused = self.declared.iter().filter(|label| !used.contains(label));
        let unused = Listed::of(unused.map(String::as_str));
        if unused.count > 0 {
            notes.push(format!("labels neither expected nor answered, left out of the averages: {unused}"));
        }
        let undeclared = |label: &&str| !self.known.contains(label);
        let expected = Listed::of(cases.iter().filter_map(|case| case.truth).filter(undeclared));
        if expected.count > 0 {
            notes.push(format!(
                "cases that expect a label which is not declared: {}; they are left out of the metrics \
                 over labels ({expected})",
                expected.count,
            ));
        }
        let answers = cases
            .iter()
            .filter(|case| self.pair(case).is_ok() && case.outcome != Outcome::TargetError)
            .filter_map(|case| case.label);
        let answered = Listed::of(answers.filter(undeclared));
        if answered.count > 0 {
            notes.push(format!(
                "answers that name a label which is not declared: {}; they count as no label ({answered})",
                answered.count,
            ));
        }
        notes
    }
}

/// The scores over all labels, with the reason where one is not defined.
fn averages(confusion: &Confusion) -> [(Metric, Result<f64, &'static str>); 12] {
    let of = |averages: Option<Averages>, part: fn(Averages) -> f64| averages.map(part).ok_or("no cases");
    let (every, pooled) = (confusion.macro_averages(), confusion.micro_averages());
    let weighted = confusion.weighted_averages();
    let answered = confusion.by_label().iter().any(|label| label.answered() > 0);
    let micro_precision =
        if answered { of(pooled, |a| a.precision) } else { Err("no answer names a declared label") };
    let kappa = confusion.kappa();
    [
        (BALANCED_ACCURACY, confusion.balanced_accuracy().ok_or("no cases")),
        (MACRO_PRECISION, of(every, |a| a.precision)),
        (MACRO_RECALL, of(every, |a| a.recall)),
        (MACRO_F1, of(every, |a| a.f1)),
        (MICRO_PRECISION, micro_precision),
        (MICRO_RECALL, of(pooled, |a| a.recall)),
        (MICRO_F1, of(pooled, |a| a.f1)),
        (WEIGHTED_PRECISION, of(weighted, |a| a.precision)),
        (WEIGHTED_RECALL, of(weighted, |a| a.recall)),
        (WEIGHTED_F1, of(weighted, |a| a.f1)),
        (MCC, confusion.mcc().ok_or("no cases")),
        (KAPPA, kappa.ok_or("not defined: one and the same label is expected and answered throughout")),
    ]
}

/// The scores of one label. A share of nothing has no value, though the averages take it as 0.
fn one_label(slice: &Slice, label: &str, counts: LabelCounts, left_out: &Exclusions) -> [Measurement; 4] {
    let (hits, support, answered) = (counts.true_positives, counts.support(), counts.answered());
    let others = counts.false_positives + counts.true_negatives;
    let either = answered + counts.false_negatives;
    let total = support + others;
    let named = |measurement: Measurement| Measurement {
        metric: format!("{}[{label}]", measurement.metric),
        ..measurement
    };
    let answered_otherwise = left_out.and(Exclusion::AnsweredOtherwise, total - answered);
    let expects_another = left_out.and(Exclusion::ExpectsAnother, others);
    let expects_this = left_out.and(Exclusion::ExpectsThis, support);
    let does_not_occur = left_out.and(Exclusion::DoesNotOccur, total - either);
    [
        named(answered_otherwise.rate((&PRECISION, slice), hits, answered)),
        named(expects_another.rate((&RECALL, slice), hits, support)),
        named(does_not_occur.measurement((&F1, slice), either, Ok(counts.f1()))),
        named(expects_this.rate((&TNR, slice), counts.true_negatives, others)),
    ]
}

/// Most labels that a note lists.
const LISTED: usize = 5;

/// Most characters of a label in a note: those answered can be anything.
const LABEL_LENGTH: usize = 40;

/// The different labels of a note in order of their first use, shown cut at a sensible length.
struct Listed<'a> {
    /// Labels, each as often as it is used.
    count: usize,
    different: usize,
    first: Vec<&'a str>,
}

impl<'a> Listed<'a> {
    fn of(labels: impl Iterator<Item = &'a str>) -> Self {
        let mut seen = HashSet::new();
        let mut listed = Self { count: 0, different: 0, first: Vec::new() };
        for label in labels {
            listed.count += 1;
            if seen.insert(label) {
                listed.different += 1;
                if listed.different <= LISTED {
                    listed.first.push(label);
                }
            }
        }
        listed
    }
}

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown: Vec<String> = self.first.iter().map(|label| shortened(label)).collect();
        f.write_str(&shown.join(", "))?;
        match self.different - self.first.len() {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

fn shortened(label: &str) -> String {
    let short: String = label.chars().take(LABEL_LENGTH).collect();
    let mark = if short.len() < label.len() { "…" } else { "" };
    format!("`{}{mark}`", short.escape_debug())
}
