//! What a gated metric's name stands for, and which of the names gate by a test.

use super::ratio::{Average, Part, Ratio};
use crate::metric::Slice;

/// A gated metric.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Subject {
    /// The name as in the suite file, with its slice.
    pub key: String,
    /// The name without its slice.
    pub metric: String,
    /// The cases it is about.
    pub slice: Slice,
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
    /// Something for which no test is defined: such a metric gates by its floor only.
    Untested,
}

impl Subject {
    /// The pass rate of a slice.
    pub fn pass_rate(slice: Slice) -> Self {
        let metric = "pass_rate".to_owned();
        let key = match &slice {
            Slice::Suite => metric.clone(),
            Slice::Scenario(id) => format!("{metric}@{id}"),
            Slice::Tag(tag) => format!("{metric}#{tag}"),
        };
        Self { key, metric, slice, what: What::PassRate }
    }

    /// The metric that a key names: `pass_rate`, `macro_f1@scenario`, `accuracy#tag`, `recall[label]`.
    pub fn of_key(key: &str) -> Self {
        let (metric, slice) = match key.find(['[', '@', '#']).map(|at| (at, key.as_bytes()[at])) {
            Some((at, b'@')) => (&key[..at], Slice::Scenario(key[at + 1..].to_owned())),
            Some((at, b'#')) => (&key[..at], Slice::Tag(key[at + 1..].to_owned())),
            _ => (key, Slice::Suite),
        };
        Self { key: key.to_owned(), metric: metric.to_owned(), slice, what: What::of_metric(metric) }
    }

    /// Whether it restates one verdict about all cases of its slice, as others may.
    const fn restates(&self) -> bool {
        match &self.what {
            What::PassRate | What::Accuracy => true,
            What::Ratio(ratio) => !matches!(ratio.average, Average::Label(_)),
            What::ErrorRate | What::Untested => false,
        }
    }
}

impl What {
    fn of_metric(metric: &str) -> Self {
        if let Some((part, label)) = metric.strip_suffix(']').and_then(|name| name.split_once('[')) {
            return Part::of_name(part).map_or(Self::Untested, |part| {
                Self::Ratio(Ratio { part, average: Average::Label(label.to_owned()) })
            });
        }
        match metric {
            "pass_rate" => return Self::PassRate,
            "error_rate" => return Self::ErrorRate,
            "accuracy" => return Self::Accuracy,
            "balanced_accuracy" => {
                return Self::Ratio(Ratio { part: Part::Recall, average: Average::Expected });
            }
            _ => {}
        }
        let Some((average, part)) = metric.split_once('_') else { return Self::Untested };
        let average = match average {
            "macro" => Average::Macro,
            "micro" => Average::Micro,
            "weighted" => Average::Weighted,
            _ => return Self::Untested,
        };
        match Part::of_name(part) {
            Some(part @ (Part::Precision | Part::Recall | Part::F1)) => Self::Ratio(Ratio { part, average }),
            _ => Self::Untested,
        }
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
        What::Untested => Role::FloorOnly,
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
    fn what_has_no_test_gates_by_its_floor() {
        let floors = vec![Role::FloorOnly; 6];
        assert_eq!(
            roles_of(&["mcc", "kappa", "latency_p95", "macro_pass_rate", "macro_tnr", "x[y]"]),
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
        assert_eq!(Subject::pass_rate(Slice::Scenario("x".into())), Subject::of_key("pass_rate@x"));
    }
}
