//! Operators that change what is meant, asked or said: on sentences by hand, and on any text at all.

mod any_text;
mod attempts;
mod made;
mod meaning;

use holdline::expand::operator::{Draft, Operator, Settings, Subject};
use holdline::expand::protect::Protector;
use holdline::expand::stream::Stream;
use holdline::expand::words::Text;
use holdline::expand::{Family, Promise, operators};
use holdline::suite::Row;
use holdline::suite::schema::OneOrMany;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const FAMILIES: [Family; 6] = [
    Family::Meaning,
    Family::HardNegatives,
    Family::Grounded,
    Family::Adversarial,
    Family::Terse,
    Family::OffTopic,
];
const CANARY: &str = "CANARY-7f3a";

/// What an operator is given beside the text.
#[derive(Debug, Default)]
struct Given {
    settings: Settings,
    row: Row,
    expected: Vec<&'static str>,
    canary: Option<&'static str>,
}

impl Given {
    fn settings(settings: Value) -> Self {
        let settings: BTreeMap<String, Value> = serde_json::from_value(settings).unwrap();
        Self { settings: Settings(settings), ..Self::default() }
    }

    fn pair(answer: &str, source: &str) -> Self {
        let options =
            json!({ "correct": { "label": "supported" }, "hallucinated": { "label": "unsupported" } });
        let columns = vec!["answer".to_owned(), "source".to_owned()];
        let row = Row { columns: columns.into(), values: vec![answer.into(), source.into()] };
        Self { row, ..Self::settings(options) }
    }

    fn draft(&self, name: &str, text: &str, number: u64) -> Option<Draft> {
        let operator = operators::find(name).unwrap_or_else(|| panic!("no operator {name}"));
        let text = Text::new(text, &Protector::new(&[]).unwrap(), &self.expected);
        let mut stream = Stream::new(&[b"operators_meaning", name.as_bytes()]).at(number);
        (operator.vary)(&self.subject(&text), &mut stream)
    }

    fn subject<'a>(&'a self, text: &'a Text<'a>) -> Subject<'a> {
        Subject { text, settings: &self.settings, row: &self.row, expect: &[], canary: self.canary }
    }

    /// Every variant that the first streams make.
    fn variants(&self, name: &str, text: &str) -> BTreeSet<String> {
        (0..64).filter_map(|number| self.draft(name, text, number)).map(|draft| draft.text).collect()
    }
}

/// Every variant of a text, where the operator needs no options.
fn variants(name: &str, text: &str) -> Vec<String> {
    Given::default().variants(name, text).into_iter().collect()
}

fn ours() -> impl Iterator<Item = &'static Operator> {
    operators::all().iter().copied().filter(|operator| FAMILIES.contains(&operator.family))
}

#[test]
fn every_family_is_there_and_says_what_it_needs() {
    let names = |family| operators::of_family(family).map(|operator| operator.name).collect::<Vec<_>>();
    assert_eq!(
        names(Family::Meaning),
        [
            "negation",
            "condition_removed",
            "quantity_over_limit",
            "role_without_permission",
            "missing_slot",
            "label_reversed"
        ]
    );
    assert_eq!(
        names(Family::HardNegatives),
        ["near_miss_intent", "partial_answer", "stale_fact", "wrong_unit"]
    );
    assert_eq!(names(Family::Grounded).len(), 6);
    assert_eq!(names(Family::Adversarial).len(), 10);
    assert_eq!(names(Family::Terse).len(), 6);
    assert_eq!(names(Family::OffTopic), ["other_domain"]);
    for operator in ours() {
        let stated = !matches!(operator.family, Family::Grounded | Family::Adversarial);
        assert_eq!(operator.needs_statement, stated, "{}", operator.name);
        let changed = operator.family == Family::Meaning;
        assert_eq!(operator.promise == Promise::Changed, changed, "{}", operator.name);
        for option in operator.options {
            assert!(option.what.ends_with(['.', ')']) && option.what.len() > 20, "{}", option.name);
        }
    }
}

/// What no answer to a variant may hold.
fn excluded(draft: &Draft) -> Vec<String> {
    let lists = draft.adds.iter().filter_map(|expect| expect.excludes.clone());
    lists
        .flat_map(|excluded| match excluded {
            OneOrMany::Many(many) => many,
            OneOrMany::One(one) => vec![one],
        })
        .collect()
}
