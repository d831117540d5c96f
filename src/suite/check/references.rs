//! Checks of what answers are measured by, and of what entries measure: `reference`, `relevant` and `measures`
//! in an `expect`.

use super::{Checker, is_template};
use crate::suite::document::Node;
use crate::suite::schema::{Expect, NamedMetric, OneOrMany, Relevant};
use serde_json::Value;

impl Checker<'_> {
    /// The references of one table of expectations.
    pub(super) fn references(&mut self, expect: &Expect, node: &Node) {
        let place = node.field("reference");
        if expect.reference.as_ref().is_some_and(|texts| texts.as_slice().is_empty()) && !place.is_damaged() {
            let nothing = self.at("empty-list", "`reference` lists nothing", place);
            self.out.push(nothing.help("write a text that a right answer may be, or leave `reference` out"));
        }
        let place = node.field("relevant");
        match &expect.relevant {
            Some(Relevant::Text(text)) if !is_template(text) => self.not_relevant(place),
            Some(Relevant::Ids(ids)) => {
                for (at, id) in ids.iter().enumerate() {
                    if !matches!(id, Value::String(_) | Value::Number(_)) {
                        self.not_relevant(place.item(at));
                    }
                }
            }
            Some(Relevant::Grades(grades)) => {
                for (id, _) in grades.iter().filter(|(_, grade)| !grade.is_finite()) {
                    self.not_relevant(place.field(id));
                }
            }
            Some(Relevant::Text(_)) | None => {}
        }
        let place = node.field("measures");
        if expect.measures.is_some() && expect.measured().is_empty() && !place.is_damaged() {
            let nothing = self.at("empty-list", "`measures` lists nothing", place);
            self.out.push(nothing.help("write the name of a metric, or leave `measures` out"));
        }
        let given = expect.reference.is_some() || expect.relevant.is_some();
        let rest = Expect {
            reference: None,
            relevant: None,
            measures: None,
            at: None,
            ignore_case: false,
            ..expect.clone()
        };
        if expect.measures.is_some() && given && rest == Expect::default() && !node.is_damaged() {
            let what = "`measures` counts what conditions come to, and this entry has none";
            let nothing = self.at_key("nothing-expected", what, node.field("measures"));
            self.out.push(nothing.help("write a condition beside it, such as `excludes = \"…\"`"));
        }
    }

    fn not_relevant(&mut self, place: &Node) {
        let what = "`relevant` must be a list of ids, or a table of ids with their grades";
        let bad = self.at("wrong-type", what, place);
        self.out.push(bad.help(
            "write `relevant = [\"id\", …]`, `relevant = { id = 2, … }`, or `\"{{ row.NAME }}\"` for a column \
             that has one",
        ));
    }

    /// References, and what an entry measures, where nothing is measured.
    pub(super) fn no_references(&mut self, expect: &Expect, node: &Node) {
        let keys = [
            ("reference", expect.reference.is_some()),
            ("relevant", expect.relevant.is_some()),
            ("measures", expect.measures.is_some()),
        ];
        for (key, given) in keys {
            if given {
                let what = match key {
                    "measures" => "`measures` is no condition, so it has no meaning here".to_owned(),
                    _ => format!("`{key}` is measured and no condition, so it has no meaning here"),
                };
                let misplaced = self.at_key("misplaced-key", what, node.field(key));
                self.out.push(misplaced.help("write it at the top of an entry of `expect`"));
            }
        }
    }
}

/// Whether an entry gives a reference text, or says what is relevant.
pub(super) fn gives(entry: &Expect, key: &str) -> bool {
    match key {
        "reference" => {
            entry.reference.as_ref().map(OneOrMany::as_slice).is_some_and(|texts| !texts.is_empty())
        }
        _ => entry.relevant.is_some(),
    }
}

/// Whether any entry measures this.
pub(super) fn measured(entries: &[Expect], of: NamedMetric) -> bool {
    entries.iter().any(|entry| entry.measured().contains(&of))
}
