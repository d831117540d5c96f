//! What a gated metric's name stands for, and which of the names gate by a test.

use super::distance::Distance;
use super::ratio::{Average, Part, Ratio};
use super::robust::Robust;
use crate::metric::Slice;
use crate::suite::metric_names::table::{BALANCED_ACCURACY, MACRO_PASS_RATE, PASS_RATE};
use crate::suite::metric_names::{self, Gating, Metric, Over};

/// A gated metric.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Subject {
    /// The name as in the suite file, with its slice.
    pub key: String,
    /// The name without its slice.
    pub metric: String,
    /// The cases it is about.
    pub slice: Slice,
    /// The row of the published table; `None` for a name that it does not have.
    pub published: Option<&'static Metric>,
    /// What is compared.
    pub what: What,
}

/// What of the cases a metric compares.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum What {
    /// Whether they pass.
    PassRate,
    /// Whether they end in a target error; less is better.
    ErrorRate,
    /// Whether they got the label expected.
    Accuracy,
    /// A ratio of counts of labels.
    Ratio(Ratio),
    /// How far numbers are from those expected.
    Distance(Distance),
    /// What answers score beside references, by the metric of this name.
    Score(&'static str),
    /// What entries of `expect` came to that measure the metric of this name.
    Entries(&'static str),
    /// Variants beside their seeds.
    Robust(Robust),
    /// Whether variants whose meaning was changed pass.
    StatedChange,
    /// A summary of verdicts or labels for which no test is defined: it gates by its floor only.
    Summary,
    /// How long answers take, as a ratio to the baseline's; less is better.
    Latency,
    /// Something that is not about verdicts or labels, or not known here: it gates by its floor only.
    Other,
}

impl Subject {
    /// The pass rate of a slice.
    pub fn pass_rate(slice: Slice) -> Self {
        let metric = PASS_RATE.name.to_owned();
        let key = slice.key(&metric);
        Self { key, metric, slice, published: Some(&PASS_RATE), what: What::PassRate }
    }

    /// The metric that a key names: `pass_rate`, `macro_f1@scenario`, `accuracy#tag`, `recall[label]`.
    pub fn of_key(key: &str) -> Self {
        let (name, over) = metric_names::parts(key);
        let (metric, slice) = match over {
            Over::Suite | Over::Label(_) => (key, Slice::Suite),
            Over::Scenario(id) => (name, Slice::Scenario(id.to_owned())),
            Over::Tag(tag) => (name, Slice::Tag(tag.to_owned())),
            Over::Operators(family) => (name, Slice::Operators(family.to_owned())),
        };
        let found = metric_names::find(key);
        let what = found.map_or(What::Other, |metric| What::of(metric, over));
        Self { key: key.to_owned(), metric: metric.to_owned(), slice, published: found, what }
    }

    /// Whether it restates one verdict about all cases of its slice, as others may.
    pub const fn restates(&self) -> bool {
        match &self.what {
            What::PassRate | What::Accuracy => true,
            What::Ratio(ratio) => !matches!(ratio.average, Average::Label(_)),
            What::ErrorRate
            | What::Distance(_)
            | What::Score(_)
            | What::Entries(_)
            | What::Robust(_)
            | What::StatedChange
            | What::Latency
            | What::Summary
            | What::Other => false,
        }
    }
}

impl What {
    /// Whether `tolerance` and `min_effect` are shares of the baseline's value, and not points.
    pub const fn is_relative(&self) -> bool {
        matches!(self, Self::Distance(Distance::Mean | Distance::RootMeanSquare))
    }

    /// What a metric of the published table compares.
    fn of(metric: &Metric, over: Over<'_>) -> Self {
        let untested = if is_of_verdicts(metric) { Self::Summary } else { Self::Other };
        match (metric.gates, metric.name) {
            (Gating::Cases, "pass_rate") => Self::PassRate,
            (Gating::Cases, "error_rate") => Self::ErrorRate,
            (Gating::Cases, "accuracy") => Self::Accuracy,
            (Gating::Counts, name) => Ratio::of_name(name, over).map_or(untested, Self::Ratio),
            (Gating::Distances, name) => Distance::of_name(name).map_or(untested, Self::Distance),
            (Gating::Scores, name) => Self::Score(name),
            (Gating::Entries, name) => Self::Entries(name),
            (Gating::Cases, "stated_change_accuracy") => Self::StatedChange,
            (Gating::Times, _) => Self::Latency,
            (Gating::Families, name) => Robust::of_name(name).map_or(untested, Self::Robust),
            (Gating::Cases | Gating::Floor | Gating::Shown, _) => untested,
        }
    }
}

/// Whether a metric is one of verdicts or labels, so that cases that broke are what made it worse.
fn is_of_verdicts(metric: &Metric) -> bool {
    metric.needs_labels || metric.name == MACRO_PASS_RATE.name
}

impl Ratio {
    /// The ratio of counts that a metric of that name is.
    fn of_name(name: &str, over: Over<'_>) -> Option<Self> {
        if let Over::Label(label) = over {
            return Some(Self { part: Part::of_name(name)?, average: Average::Label(label.to_owned()) });
        }
        if name == BALANCED_ACCURACY.name {
            return Some(Self { part: Part::Recall, average: Average::Expected });
        }
        let (average, part) = name.split_once('_')?;
        let average = match average {
            "macro" => Average::Macro,
            "micro" => Average::Micro,
            "weighted" => Average::Weighted,
            _ => return None,
        };
        Some(Self { part: Part::of_name(part)?, average })
    }
}

/// How a gated metric gates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Role {
    /// By a test against the baseline, and by its floor.
    Tested,
    /// By its floor only, since the metric named here tests the same verdicts.
    Restates(String),
    /// By its floor only, since no test is defined.
    FloorOnly,
}

/// The role of each subject.
///
/// Pass rate, accuracy, and the averages of precision, recall and F1 over one slice restate one verdict:
/// the pass rate gates by the test where it is named, else the first of them. Scores of single labels and
/// the error rate ask questions of their own and are each tested.
pub(super) fn roles(subjects: &[Subject]) -> Vec<Role> {
    let tester = |slice: &Slice| {
        let same = || subjects.iter().filter(|other| other.slice == *slice && other.restates());
        same().find(|other| other.what == What::PassRate).or_else(|| same().next())
    };
    let role = |subject: &Subject| match subject.what {
        What::Summary | What::Other => Role::FloorOnly,
        _ if !subject.restates() => Role::Tested,
        _ => match tester(&subject.slice) {
            Some(other) if other.key != subject.key => Role::Restates(other.key.clone()),
            _ => Role::Tested,
        },
    };
    subjects.iter().map(role).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::metric_names::Scope;

    fn roles_of(keys: &[&str]) -> Vec<Role> {
        roles(&keys.iter().map(|key| Subject::of_key(key)).collect::<Vec<_>>())
    }

    #[test]
    fn one_of_the_restatements_gates() {
        let restates = |key: &str| Role::Restates(key.to_owned());
        assert_eq!(
            roles_of(&["accuracy", "macro_f1", "pass_rate"]),
            [restates("pass_rate"), restates("pass_rate"), Role::Tested]
        );
        assert_eq!(roles_of(&["accuracy", "weighted_recall"]), [Role::Tested, restates("accuracy")]);
    }

    #[test]
    fn other_questions_are_tests_of_their_own() {
        let tested = vec![Role::Tested; 4];
        assert_eq!(roles_of(&["pass_rate", "pass_rate@books", "recall[clarify]", "error_rate"]), tested);
    }

    #[test]
    fn what_the_table_says_is_tested_is_tested_and_nothing_else() {
        for metric in metric_names::catalogue() {
            let key = match metric.scope {
                Scope::Label => format!("{}[x]", metric.name),
                Scope::Suite | Scope::Scenario | Scope::Operators | Scope::Tag => metric.name.to_owned(),
            };
            let expected = if metric.gates.is_tested() { Role::Tested } else { Role::FloorOnly };
            assert_eq!(roles_of(&[&key]), [expected], "{key}");
        }
    }

    #[test]
    fn what_has_no_test_gates_by_its_floor() {
        let floors = vec![Role::FloorOnly; 6];
        assert_eq!(
            roles_of(&["mcc", "timeout_rate", "latency_p95", "macro_pass_rate", "macro_tnr", "x[y]"]),
            floors
        );
    }

    #[test]
    fn keys_are_read_with_their_slices() {
        let slice = |key| Subject::of_key(key).slice;
        assert_eq!(slice("macro_f1@books-a-meeting"), Slice::Scenario("books-a-meeting".into()));
        assert_eq!(slice("pass_rate#typing"), Slice::Tag("typing".into()));
        assert_eq!(slice("recall[out@of#scope]"), Slice::Suite);
        assert_eq!(Subject::of_key("recall[a]").metric, "recall[a]");
        let slices = [Slice::Suite, Slice::Scenario("x".into()), Slice::Tag("x".into())];
        let keys = ["pass_rate", "pass_rate@x", "pass_rate#x"];
        assert_eq!(slices.map(Subject::pass_rate), keys.map(Subject::of_key));
    }
}
