//! The confusion matrix and what is computed from it.

use crate::stats::agreement::cohen_kappa;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// How the column of answers that name no label is called in outputs.
pub const NO_LABEL: &str = "<none>";

/// How often each label was answered where each label was expected.
///
/// A pure count: every average is taken over the labels given, whether or not they occur
/// (0/0 = 0, as scikit-learn with `zero_division=0`). Which labels are given is decided by the caller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct Confusion {
    /// The labels, in the order of the rows and columns.
    pub labels: Vec<String>,
    /// A row for each label expected; a column for each label answered, and a last one ([`NO_LABEL`])
    /// for answers that name none of them.
    pub matrix: Vec<Vec<usize>>,
}

/// A matrix as read, before its shape is known to be right.
#[derive(Deserialize)]
struct Unchecked {
    labels: Vec<String>,
    matrix: Vec<Vec<usize>>,
}

impl TryFrom<Unchecked> for Confusion {
    type Error = &'static str;

    fn try_from(Unchecked { labels, matrix }: Unchecked) -> Result<Self, Self::Error> {
        if matrix.len() == labels.len() && matrix.iter().all(|row| row.len() == labels.len() + 1) {
            Ok(Self { labels, matrix })
        } else {
            Err("a confusion matrix has a row for each label, and a column for each and one more")
        }
    }
}

/// What the matrix says of one label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LabelCounts {
    /// Expected and answered.
    pub true_positives: usize,
    /// Answered where another was expected.
    pub false_positives: usize,
    /// Expected where another, or none, was answered.
    pub false_negatives: usize,
    /// Neither expected nor answered.
    pub true_negatives: usize,
}

impl LabelCounts {
    /// Cases that expect the label.
    pub const fn support(self) -> usize {
        self.true_positives + self.false_negatives
    }

    /// Answers that name the label.
    pub const fn answered(self) -> usize {
        self.true_positives + self.false_positives
    }

    /// Share of the answers naming the label that were right; 0 where none names it.
    pub fn precision(self) -> f64 {
        share(self.true_positives, self.answered())
    }

    /// Share of the cases expecting the label that got it (the true positive rate); 0 where none does.
    pub fn recall(self) -> f64 {
        share(self.true_positives, self.support())
    }

    /// 2TP / (2TP + FP + FN), the harmonic mean of precision and recall; 0 where the label does not occur.
    pub fn f1(self) -> f64 {
        share(2 * self.true_positives, self.answered() + self.support())
    }
}

/// Precision, recall and F1 averaged over labels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Averages {
    /// Average precision.
    pub precision: f64,
    /// Average recall.
    pub recall: f64,
    /// Average of the labels' F1 (macro, weighted), or the F1 of the pooled counts (micro).
    pub f1: f64,
}

impl Confusion {
    /// Counts pairs of a label expected and a label answered.
    ///
    /// An answer that is none of `labels` counts as no label. A pair that expects none of `labels` has
    /// no row and is not counted.
    pub fn count<'a>(labels: &[String], pairs: impl IntoIterator<Item = (&'a str, Option<&'a str>)>) -> Self {
        let place: HashMap<&str, usize> =
            labels.iter().enumerate().map(|(at, label)| (label.as_str(), at)).collect();
        let mut matrix = vec![vec![0; labels.len() + 1]; labels.len()];
        for (truth, answer) in pairs {
            if let Some(&row) = place.get(truth) {
                let column = answer.and_then(|label| place.get(label).copied()).unwrap_or(labels.len());
                matrix[row][column] += 1;
            }
        }
        Self { labels: labels.to_vec(), matrix }
    }

    /// Cases counted.
    pub fn total(&self) -> usize {
        self.matrix.iter().flatten().sum()
    }

    /// Cases that got the label expected.
    pub fn correct(&self) -> usize {
        self.matrix.iter().enumerate().map(|(at, row)| row[at]).sum()
    }

    /// The counts of every label, in the order of `labels`.
    pub fn by_label(&self) -> Vec<LabelCounts> {
        let (total, answered) = (self.total(), self.answered());
        let counts = |(at, row): (usize, &Vec<usize>)| {
            let (support, hits): (usize, usize) = (row.iter().sum(), row[at]);
            LabelCounts {
                true_positives: hits,
                false_positives: answered[at] - hits,
                false_negatives: support - hits,
                true_negatives: total + hits - support - answered[at],
            }
        };
        self.matrix.iter().enumerate().map(counts).collect()
    }

    /// Answers by label, those without one last.
    fn answered(&self) -> Vec<usize> {
        let mut sums = vec![0; self.labels.len() + 1];
        for row in &self.matrix {
            for (sum, cell) in sums.iter_mut().zip(row) {
                *sum += cell;
            }
        }
        sums
    }

    /// Share of the cases that got the label expected. `None` without cases.
    pub fn accuracy(&self) -> Option<f64> {
        (self.total() > 0).then(|| share(self.correct(), self.total()))
    }

    /// Mean recall over the labels that are expected anywhere. `None` without cases.
    pub fn balanced_accuracy(&self) -> Option<f64> {
        let recalls: Vec<f64> =
            self.by_label().iter().filter(|label| label.support() > 0).map(|label| label.recall()).collect();
        (!recalls.is_empty()).then(|| recalls.iter().sum::<f64>() / recalls.len() as f64)
    }

    /// Matthews' correlation coefficient for several labels, −1 to 1; answers without a label are a
    /// label of their own. 0 where only one label is expected, or only one answered. `None` without cases.
    ///
    /// Source: J. Gorodkin, "Comparing two K-category assignments by a K-category correlation
    /// coefficient", Computational Biology and Chemistry 28 (2004).
    pub fn mcc(&self) -> Option<f64> {
        let total = self.total() as f64;
        let labels = self.by_label();
        let answered: f64 = self.answered().into_iter().map(square).sum();
        let expected: f64 = labels.iter().map(|label| square(label.support())).sum();
        let chance: f64 = labels.iter().map(|label| label.support() as f64 * label.answered() as f64).sum();
        let spread = (total * total - answered) * (total * total - expected);
        let covariance = self.correct() as f64 * total - chance;
        (total > 0.0).then(|| if spread > 0.0 { covariance / spread.sqrt() } else { 0.0 })
    }

    /// Cohen's kappa between labels expected and labels answered; answers without a label are a label of
    /// their own. `None` where it is not defined ([`cohen_kappa`]).
    pub fn kappa(&self) -> Option<f64> {
        let mut table = self.matrix.clone();
        table.push(vec![0; self.labels.len() + 1]);
        cohen_kappa(&table)
    }

    /// Every label counts alike. `None` without cases.
    pub fn macro_averages(&self) -> Option<Averages> {
        if self.total() == 0 {
            return None;
        }
        averages(&self.by_label(), |_| 1.0)
    }

    /// Every case counts alike: every label counts by the cases that expect it. `None` without cases.
    pub fn weighted_averages(&self) -> Option<Averages> {
        averages(&self.by_label(), |label| label.support() as f64)
    }

    /// Precision, recall and F1 of the counts of all labels together. `None` without cases.
    ///
    /// An answer without a label is a miss and no false alarm, so precision here is the share of the
    /// labelled answers that were right, and recall is the accuracy.
    pub fn micro_averages(&self) -> Option<Averages> {
        let labels = self.by_label();
        let answered: usize = labels.iter().map(|label| label.answered()).sum();
        let (total, correct) = (self.total(), self.correct());
        (total > 0).then(|| Averages {
            precision: share(correct, answered),
            recall: share(correct, total),
            f1: share(2 * correct, answered + total),
        })
    }
}

/// The weighted mean over labels; `None` where the weights come to nothing.
fn averages(labels: &[LabelCounts], weight: impl Fn(LabelCounts) -> f64) -> Option<Averages> {
    let total: f64 = labels.iter().map(|&label| weight(label)).sum();
    let mean =
        |score: fn(LabelCounts) -> f64| labels.iter().map(|&l| weight(l) * score(l)).sum::<f64>() / total;
    (total > 0.0).then(|| Averages {
        precision: mean(LabelCounts::precision),
        recall: mean(LabelCounts::recall),
        f1: mean(LabelCounts::f1),
    })
}

/// `part` of `whole`, and 0 where there is no whole.
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

fn square(count: usize) -> f64 {
    count as f64 * count as f64
}
