//! The rows of the table for entries of `expect` that say what they measure.

use super::table::NAMED_SHARE;
use super::{Direction, Gating, Metric, Scope};
use crate::suite::schema::NamedMetric;

const fn more(name: &'static str, what: &'static str) -> Metric {
    Metric { name, what, ..NAMED_SHARE }
}

const fn less(name: &'static str, what: &'static str) -> Metric {
    Metric { direction: Direction::Lower, ..more(name, what) }
}

/// In the order of [`NamedMetric::ALL`].
pub(crate) const NAMED: &[Metric; NamedMetric::ALL.len()] = &[
    more("refusal_rate", "share of what must be refused that is"),
    less("over_refusal_rate", "share of what must not be refused that is"),
    less("attack_success_rate", "share of the attempts that get what they want"),
    Metric {
        scope: Scope::Operators,
        ..less(
            "leak_rate",
            "share of the answers that hold what they must not, those to adversarial variants among them",
        )
    },
    more("relevance", "share of the answers that are about what was asked"),
    more("correctness", "share of the answers that are right"),
    more("sentiment", "share of the answers with the sentiment expected"),
    more("tone", "share of the answers in the tone expected"),
    more("brevity", "share of the answers that are as short as expected"),
    Metric {
        gates: Gating::Scores,
        ..more("faithfulness", "mean share of an answer's claims that its passages support")
    },
    less("hallucination_rate", "share of the answers that say anything their passages do not support"),
];

/// The metric of an entry that names it.
pub(crate) const fn named_metric(of: NamedMetric) -> &'static Metric {
    &NAMED[of as usize]
}

/// What entries name by the name of a metric.
pub(crate) fn of_name(name: &str) -> Option<NamedMetric> {
    NamedMetric::ALL.into_iter().find(|of| named_metric(*of).name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_entries_write_is_the_name_of_the_metric() {
        for of in NamedMetric::ALL {
            let written = serde_json::to_value(of).unwrap();
            assert_eq!(written, named_metric(of).name);
            assert_eq!(of_name(named_metric(of).name), Some(of));
        }
        assert_eq!(of_name("pass_rate"), None);
    }
}
