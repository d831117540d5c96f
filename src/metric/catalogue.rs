//! The published table of metrics: every name that a suite, a baseline or a report may use.

use super::{Direction, Unit, classification, dialog, operations, rates};

/// A metric: what its name means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metric {
    /// Its name in suites, baselines and reports.
    pub name: &'static str,
    /// Whether more or less is better.
    pub direction: Direction,
    /// What its values are in.
    pub unit: Unit,
    /// What it measures, in a line.
    pub what: &'static str,
    /// How it can be held to a baseline.
    pub gates: Gating,
    /// What it is measured over.
    pub scope: Scope,
}

/// How a metric can be held to a baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Gating {
    /// A share of cases, each counting 0 or 1: the paired test applies to the cases.
    Cases,
    /// A mean of one number a case: the paired test applies to the numbers.
    Numbers,
    /// A ratio of counts over all cases (precision, recall, F1).
    Counts,
    /// By a floor alone: no test of a difference is defined.
    Floor,
    /// Not at all: shown only.
    Shown,
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
    /// The suite, each scenario and each tag: `name`, `name@scenario`, `name#tag`.
    Tag,
}

static CATALOGUE: &[Metric] = &[
    rates::PASS_RATE,
    rates::MACRO_PASS_RATE,
    rates::ERROR_RATE,
    rates::TIMEOUT_RATE,
    classification::ACCURACY,
    classification::BALANCED_ACCURACY,
    classification::MACRO_PRECISION,
    classification::MACRO_RECALL,
    classification::MACRO_F1,
    classification::MICRO_PRECISION,
    classification::MICRO_RECALL,
    classification::MICRO_F1,
    classification::WEIGHTED_PRECISION,
    classification::WEIGHTED_RECALL,
    classification::WEIGHTED_F1,
    classification::MCC,
    classification::KAPPA,
    classification::PRECISION,
    classification::RECALL,
    classification::F1,
    classification::TNR,
    dialog::TURNS_TO_SUCCESS,
    operations::LATENCY_P50,
    operations::LATENCY_P95,
    operations::LATENCY_P99,
    operations::FIRST_TOKEN_P50,
    operations::FIRST_TOKEN_P95,
    operations::INPUT_TOKENS,
    operations::OUTPUT_TOKENS,
    operations::TOTAL_TOKENS,
    operations::COST_TOTAL,
    operations::COST_MEAN,
];

/// All metrics, in the order in which they are measured and shown.
pub fn catalogue() -> &'static [Metric] {
    CATALOGUE
}

/// The metric that a name or a key means: `pass_rate`, `pass_rate@scenario`, `pass_rate#tag`,
/// `recall[label]`. `None` for names that the table does not have, and where the metric is never
/// measured over what the key says.
pub fn find(key: &str) -> Option<&'static Metric> {
    let (name, rest) = key.split_at(key.find(['[', '@', '#']).unwrap_or(key.len()));
    let metric = CATALOGUE.iter().find(|metric| metric.name == name)?;
    let fits = match (metric.scope, rest.chars().next()) {
        (Scope::Label, Some('[')) => rest.len() > 2 && rest.ends_with(']'),
        (Scope::Scenario | Scope::Tag, Some('@')) | (Scope::Tag, Some('#')) => rest.len() > 1,
        (Scope::Suite | Scope::Scenario | Scope::Tag, None) => true,
        _ => false,
    };
    fits.then_some(metric)
}

/// Version of the definitions. A change of what a name means changes it, so that values measured in
/// another way are never compared.
pub const fn definitions_version() -> &'static str {
    "metrics-1"
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
            assert!(name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'), "{name}");
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
    fn a_key_that_means_nothing_is_not_found() {
        let malformed = ["", "passrate", "pass_rate@", "pass_rate#", "recall[]", "recall[x"];
        let never_measured = ["pass_rate[x]", "recall", "recall@x", "macro_f1#x", "macro_pass_rate@x"];
        for key in malformed.into_iter().chain(never_measured) {
            assert_eq!(find(key), None, "{key}");
        }
    }

    #[test]
    fn what_is_only_shown_is_neither_better_nor_worse_by_a_test() {
        for metric in catalogue().iter().filter(|metric| metric.direction == Direction::Neither) {
            assert_eq!(metric.gates, Gating::Shown, "{}", metric.name);
        }
    }
}
