//! What gates a build, and may therefore never be trained on: an application that was trained on its test answers
//! it by heart, and the gate holds whatever became of the rest.

use super::example::{Example, Said};
use crate::expand::similar::{Neighbour, earlier_neighbours_if};
use crate::expand::{Case, CaseId, FamilyId};
use crate::suite::Suite;
use crate::suite::schema::Kind;
use std::collections::{HashMap, HashSet};

/// Jaccard similarity of character 5-grams from which two texts count as the same one.
pub const THRESHOLD: f64 = 0.8;

/// The cases that gate, of all suites of a project.
///
/// A suite gates unless it says `kind = "capability"`. Cases in quarantine gate: they come back.
#[derive(Debug, Default)]
pub struct Gating {
    /// One case of each family.
    families: HashMap<FamilyId, usize>,
    /// What the cases ask, each text once.
    texts: Vec<String>,
    /// One case of each text.
    asked: Vec<usize>,
    seen: HashSet<String>,
    named: Vec<Named>,
    /// How many cases gate.
    pub cases: usize,
    /// The suites that gate, by name, in the order in which they were added.
    pub suites: Vec<String>,
}

/// A case that gates, as it is named.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Named {
    id: CaseId,
    suite: String,
    scenario: String,
}

/// An example that gates, and the case by which it does.
#[derive(Debug, Clone, PartialEq)]
pub struct Gates {
    /// Where the example stands.
    pub place: String,
    /// The example's id.
    pub example: CaseId,
    /// The case.
    pub case: CaseId,
    /// The case's suite.
    pub suite: String,
    /// The id of its scenario.
    pub scenario: String,
    /// How near the texts are, from [`THRESHOLD`] to 1; `None`: they are of one family.
    pub similarity: Option<f64>,
}

impl Gating {
    /// Whether the cases of a suite gate.
    pub fn is_gate(suite: &Suite) -> bool {
        suite.spec.kind == Kind::Regression
    }

    /// Adds a suite whose cases gate.
    pub fn add_suite(&mut self, suite: &Suite) {
        self.suites.push(suite.name.clone());
    }

    /// Adds a case that gates.
    pub fn add(&mut self, suite: &Suite, case: &Case) {
        let scenario = suite.scenarios[case.scenario].id.clone();
        self.add_named((&suite.name, scenario), (case.id, case.family), Said::by_user(&case.input).content);
    }

    fn add_named(
        &mut self,
        (suite, scenario): (&str, String),
        (id, family): (CaseId, FamilyId),
        text: String,
    ) {
        self.cases += 1;
        let at = self.named.len();
        let is_new_family = !self.families.contains_key(&family);
        let is_new_text = !self.seen.contains(&text);
        if !(is_new_family || is_new_text) {
            return;
        }
        self.named.push(Named { id, suite: suite.to_owned(), scenario });
        self.families.entry(family).or_insert(at);
        if is_new_text {
            self.seen.insert(text.clone());
            self.texts.push(text);
            self.asked.push(at);
        }
    }

    /// The examples that gate: those of a family that gates, and those in which the user says nearly what a case
    /// that gates asks. All of them are found, in their order.
    pub fn check(&self, examples: &[Example]) -> Vec<Gates> {
        let texts: Vec<(usize, &str)> = examples
            .iter()
            .enumerate()
            .flat_map(|(at, example)| example.user_texts().map(move |text| (at, text)))
            .collect();
        let first = self.texts.len();
        let all: Vec<&str> =
            self.texts.iter().map(String::as_str).chain(texts.iter().map(|(_, text)| *text)).collect();
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let across = |text: usize, other: usize| text >= first && other < first;
        let found = earlier_neighbours_if(&all, THRESHOLD, threads, across);
        let mut near: HashMap<usize, Neighbour> = HashMap::new();
        for ((example, _), neighbour) in texts.iter().zip(&found[first..]) {
            if let Some(neighbour) = neighbour {
                near.entry(*example).or_insert(*neighbour);
            }
        }
        let gates = |(at, example): (usize, &Example)| {
            let by_family = self.families.get(&example.family).map(|case| (*case, None));
            let by_text = || near.get(&at).map(|near| (self.asked[near.index], Some(near.jaccard)));
            let (case, similarity) = by_family.or_else(by_text)?;
            let Named { id, suite, scenario } = self.named[case].clone();
            Some(Gates {
                place: example.place.clone(),
                example: example.id,
                case: id,
                suite,
                scenario,
                similarity,
            })
        };
        examples.iter().enumerate().filter_map(gates).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn example(family: &str, said: &[&str]) -> Example {
        let family = CaseId::of(&[family.as_bytes()]);
        let dialogue = said.iter().map(|text| Said::by_user(&Value::from(*text))).collect();
        Example {
            id: family,
            family,
            suite: "s".into(),
            scenario: "a".into(),
            place: "s:1".into(),
            dialogue,
            contexts: Vec::new(),
            answers: Vec::new(),
            licence: None,
            tally: None,
        }
    }

    fn gating(cases: &[(&str, &str)]) -> Gating {
        let mut gating = Gating::default();
        for (family, text) in cases {
            let family = CaseId::of(&[family.as_bytes()]);
            let id = CaseId::of(&[text.as_bytes()]);
            gating.add_named(("gate", "asks".into()), (id, family), (*text).to_owned());
        }
        gating
    }

    #[test]
    fn a_family_that_gates_is_found_whatever_the_text() {
        let gating = gating(&[("one", "where is my parcel")]);
        let found =
            gating.check(&[example("two", &["how long is the warranty"]), example("one", &["hello there"])]);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].example, found[0].similarity), (CaseId::of(&[b"one"]), None));
        assert_eq!((found[0].suite.as_str(), found[0].case), ("gate", CaseId::of(&[b"where is my parcel"])));
    }

    #[test]
    fn nearly_the_same_text_gates_in_any_turn_and_one_below_the_threshold_does_not() {
        let gating = gating(&[("one", "please cancel the order I placed on Monday")]);
        let near = example("two", &["hello", "Please cancel the order I placed on  Monday!"]);
        let far = example("three", &["please cancel the order I placed on Tuesday evening"]);
        let found = gating.check(&[far, near]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].example, CaseId::of(&[b"two"]));
        assert!(found[0].similarity.is_some_and(|near| (THRESHOLD..=1.0).contains(&near)), "{found:?}");
    }

    #[test]
    fn a_text_near_a_case_that_is_itself_near_another_case_is_found() {
        // The example is near the second case alone; the second is near the first.
        let (first, second, third) =
            ("xyabcdefghijklmnopqrstuvwx12", "abcdefghijklmnopqrstuvwx1234", "cdefghijklmnopqrstuvwx123456");
        let gating = gating(&[("one", first), ("one", second)]);
        let found = gating.check(&[example("two", &[third])]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].case, CaseId::of(&[second.as_bytes()]));
    }
}
