//! The published table of metrics: every name that a suite, a baseline or a report may use, and how each
//! can gate. What a suite may be held to, what is measured and what the gate tests all go by it.

pub(crate) mod named;
#[cfg(test)]
mod published;
pub(crate) mod scores;
pub(crate) mod table;

use serde::{Deserialize, Serialize};

/// A metric: what its name means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Metric {
    /// Its name in suites, baselines and reports.
    pub name: &'static str,
    /// Whether more or less is better.
    pub direction: Direction,
    /// What its values are in.
    pub unit: Unit,
    /// The least and the greatest value that it can have.
    pub range: (f64, f64),
    /// What it measures, in a line.
    pub what: &'static str,
    /// How it can be held to a baseline.
    pub gates: Gating,
    /// What it is measured over.
    pub scope: Scope,
    /// Whether it is taken over the declared labels.
    pub needs_labels: bool,
}

/// Whether more or less of a metric is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// More is better.
    Higher,
    /// Less is better.
    Lower,
    /// Neither: a count that is only shown.
    Neither,
}

/// What a value is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// A share, 0 to 1; differences are shown in points.
    Share,
    /// A coefficient without a unit, at most 1.
    Coefficient,
    /// A number in the unit of the numbers that the suite expects.
    Number,
    /// A count.
    Count,
    /// Milliseconds.
    Milliseconds,
    /// Money, in the currency of the price table.
    Money,
    /// A ratio to what was accepted; differences are shown in per cent.
    Ratio,
}

/// How a metric can be held to a baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Gating {
    /// A share of cases, each counting 0 or 1: the paired test applies to the cases.
    Cases,
    /// A ratio of counts over all cases (precision, recall, F1): the paired test applies to what each case
    /// adds to it.
    Counts,
    /// A comparison of variants with their seeds: the paired test applies to what each family adds to it.
    Families,
    /// A summary of how far numbers are from those expected: the paired test applies to what each case's
    /// error adds to it.
    Distances,
    /// A mean of a score of each case, 0 to 1: the paired test applies to the scores.
    Scores,
    /// A share of the cases by what one entry of their `expect` came to: the paired test applies to the cases.
    Entries,
    /// A ratio of times to those accepted with the baseline on an equal host: the paired test applies to the
    /// logarithm of each case's.
    Times,
    /// By a floor alone: no test of a difference is defined.
    Floor,
    /// Not at all: shown only.
    Shown,
}

impl Gating {
    /// Whether a test against the baseline is defined.
    pub const fn is_tested(self) -> bool {
        matches!(
            self,
            Self::Cases
                | Self::Counts
                | Self::Families
                | Self::Distances
                | Self::Scores
                | Self::Entries
                | Self::Times
        )
    }

    /// Whether baselines keep what each case has by it.
    pub(crate) const fn is_kept_by_case(self) -> bool {
        matches!(self, Self::Scores | Self::Entries)
    }
}

/// What a metric is measured over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// The suite: `name`.
    Suite,
    /// The suite, for each label: `name[label]`.
    Label,
    /// The suite and each scenario: `name`, `name@scenario`.
    Scenario,
    /// The suite, each scenario and each family of operators: `name`, `name@scenario`, `name~typing`.
    Operators,
    /// The suite, each scenario, each tag and each family of operators: `name`, `name@scenario`, `name#tag`,
    /// `name~typing`.
    Tag,
}

/// The part of a suite that a key says a metric is taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over<'a> {
    /// `name`
    Suite,
    /// `name@scenario`, by the scenario's id.
    Scenario(&'a str),
    /// `name#tag`
    Tag(&'a str),
    /// `name~family`, by the name of a family of operators.
    Operators(&'a str),
    /// `name[label]`
    Label(&'a str),
}

impl Scope {
    /// Whether a metric of this scope is measured over such a part.
    pub const fn has(self, over: Over<'_>) -> bool {
        match over {
            Over::Suite => !matches!(self, Self::Label),
            Over::Scenario(_) => matches!(self, Self::Scenario | Self::Operators | Self::Tag),
            Over::Operators(_) => matches!(self, Self::Operators | Self::Tag),
            Over::Tag(_) => matches!(self, Self::Tag),
            Over::Label(_) => matches!(self, Self::Label),
        }
    }
}

/// All metrics, in the order in which they are measured and shown.
pub fn catalogue() -> &'static [Metric] {
    table::METRICS
}

/// The metric of this name, without anything it is taken over.
pub fn named(name: &str) -> Option<&'static Metric> {
    table::METRICS.iter().find(|metric| metric.name == name)
}

/// A key's name, and what it says that the metric is taken over. Of a label's bracket that is not closed
/// the rest is the label.
pub fn parts(key: &str) -> (&str, Over<'_>) {
    let Some(at) = key.find(['[', '@', '#', '~']) else { return (key, Over::Suite) };
    let (name, rest) = (&key[..at], &key[at + 1..]);
    let over = match key.as_bytes()[at] {
        b'@' => Over::Scenario(rest),
        b'#' => Over::Tag(rest),
        b'~' => Over::Operators(rest),
        _ => Over::Label(rest.strip_suffix(']').unwrap_or(rest)),
    };
    (name, over)
}

/// The metric that a name or a key means: `pass_rate`, `pass_rate@scenario`, `pass_rate#tag`,
/// `pass_rate~typing`, `recall[label]`. `None` for names that the table does not have, and where the metric is never
/// measured over what the key says.
pub fn find(key: &str) -> Option<&'static Metric> {
    let (name, over) = parts(key);
    let is_whole = match over {
        Over::Suite => true,
        Over::Scenario(of) | Over::Tag(of) | Over::Operators(of) => !of.is_empty(),
        Over::Label(of) => !of.is_empty() && key.ends_with(']'),
    };
    named(name).filter(|metric| is_whole && metric.scope.has(over))
}

/// The metrics that baselines keep by case, among those that keys mean.
pub(crate) fn scored<'k>(keys: impl IntoIterator<Item = &'k String>) -> Vec<&'static str> {
    let found = keys.into_iter().filter_map(|key| find(key)).filter(|metric| metric.gates.is_kept_by_case());
    let mut names: Vec<&str> = found.map(|metric| metric.name).collect();
    names.sort_unstable();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_unique_and_fit_a_key() {
        let names: BTreeSet<&str> = catalogue().iter().map(|metric| metric.name).collect();
        assert_eq!(names.len(), catalogue().len());
        for name in names {
            assert!(
                name.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'_'),
                "{name}"
            );
        }
    }

    #[test]
    fn a_key_means_its_metric() {
        let name = |key| find(key).map(|metric| metric.name);
        assert_eq!(name("pass_rate"), Some("pass_rate"));
        assert_eq!(name("macro_f1@books-a-meeting"), Some("macro_f1"));
        assert_eq!(name("pass_rate#typing"), Some("pass_rate"));
        assert_eq!(name("recall[out@of#scope]"), Some("recall"));
    }

    #[test]
    fn a_key_is_taken_apart_at_its_first_mark() {
        assert_eq!(parts("pass_rate"), ("pass_rate", Over::Suite));
        assert_eq!(parts("pass_rate@a#b"), ("pass_rate", Over::Scenario("a#b")));
        assert_eq!(parts("pass_rate#a@b"), ("pass_rate", Over::Tag("a@b")));
        assert_eq!(
            parts("invariance_rate~typing+unicode"),
            ("invariance_rate", Over::Operators("typing+unicode"))
        );
        assert_eq!(parts("recall[a[0]]"), ("recall", Over::Label("a[0]")));
        assert_eq!(parts("recall[a"), ("recall", Over::Label("a")));
    }

    #[test]
    fn a_key_that_means_nothing_is_not_found() {
        let malformed = ["", "passrate", "pass_rate@", "pass_rate#", "recall[]", "recall[", "recall[x"];
        let never_measured = ["pass_rate[x]", "recall", "recall@x", "macro_f1#x", "macro_pass_rate@x"];
        for key in malformed.into_iter().chain(never_measured) {
            assert_eq!(find(key), None, "{key}");
        }
    }

    #[test]
    fn what_is_neither_better_nor_worse_gates_nothing() {
        for metric in catalogue().iter().filter(|metric| metric.direction == Direction::Neither) {
            assert_eq!(metric.gates, Gating::Shown, "{}", metric.name);
        }
    }

    #[test]
    fn values_lie_in_the_range_of_their_unit() {
        for metric in catalogue() {
            let widest = match metric.unit {
                Unit::Share => (0.0, 1.0),
                Unit::Coefficient => (f64::MIN, 1.0),
                Unit::Number | Unit::Count | Unit::Milliseconds | Unit::Money | Unit::Ratio => {
                    (0.0, f64::MAX)
                }
            };
            let (least, most) = metric.range;
            assert!(widest.0 <= least && least < most && most <= widest.1, "{}", metric.name);
        }
    }
}
