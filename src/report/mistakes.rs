//! Which labels were answered where others were expected: the confusion matrix, as people read it.

use super::record::SuiteRecord;
use crate::gate::FindingKind;
use crate::metric::{Confusion, NO_LABEL};

/// A label expected, and what was answered in its place.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mistake<'a> {
    /// The label expected.
    pub(super) expected: &'a str,
    /// How many cases expect it.
    pub(super) cases: usize,
    /// Other labels answered, and how often each: the most frequent first.
    pub(super) answered: Vec<(&'a str, usize)>,
}

impl Mistake<'_> {
    /// How many cases got another label.
    pub(super) fn wrong(&self) -> usize {
        self.answered.iter().map(|(_, n)| n).sum()
    }

    /// `25 of 26 got another label: scheduling 14, documents 11`. Holds labels, which are outside text.
    pub(super) fn told(&self) -> String {
        let answered: Vec<String> = self.answered.iter().map(|(label, n)| format!("{label} {n}")).collect();
        format!("{} of {} got another label: {}", self.wrong(), self.cases, answered.join(", "))
    }
}

/// The labels that were mistaken for others, those with the most mistakes first.
pub(super) fn mistakes(confusion: &Confusion) -> Vec<Mistake<'_>> {
    let name = |at: usize| confusion.labels.get(at).map_or(NO_LABEL, String::as_str);
    let mut mistakes: Vec<Mistake> = confusion
        .matrix
        .iter()
        .enumerate()
        .map(|(expected, row)| {
            let others = row.iter().enumerate().filter(|(answered, n)| *answered != expected && **n > 0);
            let mut answered: Vec<_> = others.map(|(at, n)| (name(at), *n)).collect();
            answered.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
            Mistake { expected: name(expected), cases: row.iter().sum(), answered }
        })
        .filter(|mistake| !mistake.answered.is_empty())
        .collect();
    mistakes.sort_by_key(|mistake| std::cmp::Reverse(mistake.wrong()));
    mistakes
}

/// Whether a metric over labels regressed, so that a reader wants to know which were mistaken.
pub(super) fn matter(suite: &SuiteRecord) -> bool {
    let over_labels = |metric: &str| {
        let name = metric.split('[').next().unwrap_or(metric);
        let average = ["macro_", "micro_", "weighted_"].iter().any(|prefix| name.starts_with(prefix));
        (average && name != "macro_pass_rate")
            || matches!(
                name,
                "accuracy" | "balanced_accuracy" | "mcc" | "kappa" | "precision" | "recall" | "f1" | "tnr"
            )
    };
    suite.findings.iter().any(|of| of.kind == FindingKind::Regressed && over_labels(&of.metric))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_label_with_the_most_mistakes_comes_first_and_right_answers_are_none() {
        let confusion = Confusion {
            labels: vec!["a".into(), "b".into(), "c".into()],
            matrix: vec![vec![5, 1, 0, 0], vec![2, 3, 4, 1], vec![0, 0, 9, 0]],
        };
        let found = mistakes(&confusion);
        assert_eq!(
            found,
            [
                Mistake { expected: "b", cases: 10, answered: vec![("c", 4), ("a", 2), (NO_LABEL, 1)] },
                Mistake { expected: "a", cases: 6, answered: vec![("b", 1)] },
            ]
        );
        assert_eq!(found[0].told(), "7 of 10 got another label: c 4, a 2, <none> 1");
    }
}
