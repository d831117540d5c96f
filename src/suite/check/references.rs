//! Checks of what answers are measured by: `reference` and `relevant` in an `expect`.

use super::{Checker, is_template};
use crate::suite::document::Node;
use crate::suite::schema::{Expect, OneOrMany, Relevant};
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
    }

    fn not_relevant(&mut self, place: &Node) {
        let what = "`relevant` must be a list of ids, or a table of ids with their grades";
        let bad = self.at("wrong-type", what, place);
        self.out.push(bad.help(
            "write `relevant = [\"id\", …]`, `relevant = { id = 2, … }`, or `\"{{ row.NAME }}\"` for a column \
             that has one",
        ));
    }

    /// References where nothing is measured.
    pub(super) fn no_references(&mut self, expect: &Expect, node: &Node) {
        for (key, given) in
            [("reference", expect.reference.is_some()), ("relevant", expect.relevant.is_some())]
        {
            if given {
                let what = format!("`{key}` is measured and no condition, so it has no meaning here");
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
