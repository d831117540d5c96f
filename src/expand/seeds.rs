//! Seeds become cases: expectations are filled in, and each case gets its identity and its name.

use super::case::{Case, CaseId, Provenance};
use crate::suite::schema::Expect;
use crate::suite::slug::slug;
use crate::suite::template::{JsonTemplate, Scope, TemplateError};
use crate::suite::{Place, Scenario, Seed, Suite};
use serde::Deserialize;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;

/// Why the cases of a suite cannot be made. The loader finds what can be found in the file alone;
/// these depend on the values of rows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExpandError {
    /// An expectation cannot be filled in for a row.
    #[error("the expectation cannot be filled in for this row: {error}")]
    Template {
        /// Where the row stands.
        place: Place,
        /// What is wrong.
        error: TemplateError,
    },
    /// An expectation, filled in, is not one any more.
    #[error("{error}")]
    Shape {
        /// Where the row stands.
        place: Place,
        /// What is wrong.
        error: String,
    },
    /// Two cases that cannot be told apart.
    #[error(
        "this case is the same as the one at {}:{} (id {id}); remove one, or give the rows an `id`",
        first.file, first.line
    )]
    Duplicate {
        /// Their id.
        id: CaseId,
        /// Where the first stands.
        first: Place,
        /// Where the second stands.
        second: Place,
    },
}

impl ExpandError {
    /// Where the case stands that cannot be made.
    pub const fn place(&self) -> &Place {
        match self {
            Self::Template { place, .. }
            | Self::Shape { place, .. }
            | Self::Duplicate { second: place, .. } => place,
        }
    }
}

/// The cases of a suite, in the order of its file, or all that keeps them from being made. The same
/// suite gives the same cases.
pub fn cases_of(suite: &Suite) -> Result<Vec<Case>, Vec<ExpandError>> {
    let mut errors = Vec::new();
    let count = suite.scenarios.iter().map(|scenario| scenario.seeds.len()).sum();
    let mut cases: Vec<Case> = Vec::with_capacity(count);
    let mut seen: HashMap<CaseId, usize> = HashMap::with_capacity(count);
    let mut expectations = Expectations::default();
    for (index, scenario) in suite.scenarios.iter().enumerate() {
        let script = script_of(scenario);
        for seed in &scenario.seeds {
            let expectation = match expectations.fill_in(seed) {
                Ok(expectation) => expectation,
                Err(error) => {
                    errors.push(error);
                    continue;
                }
            };
            let id = identity(suite, scenario, seed, &script, &expectation.canonical);
            if let Some(&first) = seen.get(&id) {
                errors.push(ExpandError::Duplicate {
                    id,
                    first: cases[first].provenance.place.clone(),
                    second: seed.place.clone(),
                });
                continue;
            }
            seen.insert(id, cases.len());
            cases.push(Case {
                id,
                family: id,
                scenario: index,
                name: name(seed, id),
                row_id: seed.id.clone(),
                input: seed.input.clone(),
                row: seed.row.clone(),
                expect: expectation.expect.clone(),
                truth: expectation.truth.clone(),
                tags: seed.tags.clone(),
                must_pass: scenario.spec.must_pass,
                provenance: Provenance { origin: seed.origin, place: seed.place.clone() },
            });
        }
    }
    if errors.is_empty() { Ok(cases) } else { Err(errors) }
}

/// The script of a scenario's conversation, as far as it defines its cases. Empty without one.
fn script_of(scenario: &Scenario) -> String {
    if scenario.spec.conversation.is_empty() {
        return String::new();
    }
    let script = serde_json::to_value(&scenario.spec.conversation).unwrap_or_default();
    format!("{}#{}", canonical(&script), scenario.spec.max_turns.unwrap_or_default())
}

/// The identity of a seed. Every part is labelled, so that a part that later versions add changes
/// only the cases that have it.
fn identity(suite: &Suite, scenario: &Scenario, seed: &Seed, script: &str, expectation: &str) -> CaseId {
    let input;
    let row: [&[u8]; 2] = if let Some(id) = &seed.id {
        [b"row", id.as_bytes()]
    } else {
        input = canonical(&seed.input);
        [b"input", input.as_bytes()]
    };
    let mut parts: Vec<&[u8]> = vec![b"suite", suite.name.as_bytes(), b"scenario", scenario.id.as_bytes()];
    parts.extend(row);
    parts.extend::<[&[u8]; 2]>([b"expect", expectation.as_bytes()]);
    if !script.is_empty() {
        parts.extend::<[&[u8]; 2]>([b"conversation", script.as_bytes()]);
    }
    CaseId::of(&parts)
}

/// A name that people recognise, made unique by the id. It holds no result, so it never changes
/// while the case stays the same.
fn name(seed: &Seed, id: CaseId) -> String {
    let text = match (&seed.id, &seed.input) {
        (Some(row), _) => row.clone(),
        (None, Value::String(text)) => text.clone(),
        (None, other) => other.to_string(),
    };
    // An input of emoji or punctuation alone has nothing readable.
    slug(&text).map_or_else(|| id.to_string(), |readable| format!("{readable}-{id}"))
}

/// JSON with sorted keys and without what is absent, so that a check that later versions add leaves
/// the identity of today's cases as it is.
fn canonical(value: &Value) -> String {
    fn write(value: &Value, out: &mut String) {
        match value {
            Value::Object(object) => {
                let mut fields: Vec<_> = object
                    .iter()
                    .filter(|(key, value)| {
                        !(value.is_null() || key.as_str() == "ignore_case" && **value == Value::Bool(false))
                    })
                    .collect();
                fields.sort_by_key(|(key, _)| key.as_str());
                out.push('{');
                for (at, (key, value)) in fields.into_iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    out.push_str(&Value::String(key.clone()).to_string());
                    out.push(':');
                    write(value, out);
                }
                out.push('}');
            }
            Value::Array(list) => {
                out.push('[');
                for (at, value) in list.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    write(value, out);
                }
                out.push(']');
            }
            plain => out.push_str(&plain.to_string()),
        }
    }
    let mut out = String::new();
    write(value, &mut out);
    out
}

/// An expectation, filled in for a row.
struct Filled {
    expect: Arc<[Expect]>,
    canonical: String,
    truth: Option<String>,
}

impl Filled {
    fn new(expect: Arc<[Expect]>, canonical: String) -> Self {
        let truth = truth(&expect);
        Self { expect, canonical, truth }
    }
}

/// The one label that the expectations name, where there is exactly one.
fn truth(expect: &[Expect]) -> Option<String> {
    let mut labels = expect.iter().filter_map(|entry| match entry.label.as_ref()?.as_slice() {
        [label] => Some(label),
        _ => None,
    });
    let first = labels.next()?;
    labels.all(|label| label == first).then(|| first.clone())
}

/// Expectations already parsed or filled in. Rows of a file share the unfilled ones, and the filled
/// ones are few, so both are kept.
#[derive(Default)]
struct Expectations {
    /// By the address of the shared list; the list is kept beside it, so the address stays taken.
    parsed: HashMap<usize, (Arc<[Expect]>, Unfilled)>,
    filled: HashMap<String, Arc<Filled>>,
}

enum Unfilled {
    Plain(Arc<Filled>),
    Template(JsonTemplate),
}

impl Expectations {
    fn fill_in(&mut self, seed: &Seed) -> Result<Arc<Filled>, ExpandError> {
        let template_error = |error| ExpandError::Template { place: seed.place.clone(), error };
        let shape_error = |error: serde_json::Error| ExpandError::Shape {
            place: seed.place.clone(),
            error: error.to_string(),
        };

        let address = seed.expect.as_ptr() as usize;
        let unfilled = match self.parsed.entry(address) {
            std::collections::hash_map::Entry::Occupied(entry) => &entry.into_mut().1,
            std::collections::hash_map::Entry::Vacant(entry) => {
                let value = serde_json::to_value(&*seed.expect).map_err(shape_error)?;
                let template = JsonTemplate::parse(&value).map_err(template_error)?;
                let plain = template.templates().iter().all(|template| template.is_plain());
                let unfilled = if plain {
                    Unfilled::Plain(Arc::new(Filled::new(seed.expect.clone(), canonical(&value))))
                } else {
                    Unfilled::Template(template)
                };
                &entry.insert((seed.expect.clone(), unfilled)).1
            }
        };
        let template = match unfilled {
            Unfilled::Plain(filled) => return Ok(filled.clone()),
            Unfilled::Template(template) => template,
        };
        let scope = Scope::default().with("input", &seed.input).with("row", &seed.row);
        let value = template.render(&scope).map_err(template_error)?;
        let text = canonical(&value);
        if let Some(filled) = self.filled.get(&text) {
            return Ok(filled.clone());
        }
        let expect = Vec::<Expect>::deserialize(&value).map_err(|error| match misfit(&value) {
            Some(error) => ExpandError::Shape { place: seed.place.clone(), error },
            None => shape_error(error),
        })?;
        let filled = Arc::new(Filled::new(expect.into(), text.clone()));
        self.filled.insert(text, filled.clone());
        Ok(filled)
    }
}

/// The first condition, in entries filled in, whose value is not of the type it takes.
fn misfit(entries: &Value) -> Option<String> {
    let fields = entries.as_array()?.iter().filter_map(Value::as_object).flatten();
    let (key, value) = fields.into_iter().find(|(key, value)| {
        let alone = Value::Object([((*key).clone(), (*value).clone())].into_iter().collect());
        serde_json::from_value::<Expect>(alone).is_err()
    })?;
    Some(format!(
        "`{key}` is filled in with `{value}` for this row, which is not of its type; \
         a number becomes a text with `{{{{ row.NAME | string }}}}`"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::schema::OneOrMany;
    use serde_json::json;

    #[test]
    fn canonical_json_sorts_keys_and_leaves_out_what_is_absent() {
        let value = json!({ "b": 1, "a": { "ignore_case": false, "z": null, "y": [1, "x"] } });
        assert_eq!(canonical(&value), r#"{"a":{"y":[1,"x"]},"b":1}"#);
    }

    #[test]
    fn the_truth_is_the_one_label_that_all_entries_name() {
        let entry = |label: Option<OneOrMany<String>>| Expect { label, ..Expect::default() };
        let one = |label: &str| Some(OneOrMany::One(label.to_owned()));
        let many =
            |labels: &[&str]| Some(OneOrMany::Many(labels.iter().map(|label| (*label).to_owned()).collect()));
        assert_eq!(truth(&[entry(one("a")), entry(None)]), Some("a".to_owned()));
        assert_eq!(truth(&[entry(one("a")), entry(one("b"))]), None);
        assert_eq!(truth(&[entry(many(&["a", "b"]))]), None);
        assert_eq!(truth(&[entry(many(&["a"]))]), Some("a".to_owned()));
        assert_eq!(truth(&[]), None);
    }
}
