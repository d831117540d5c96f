//! What must hold of an answer: expectations filled in for a row, kept where cases share them, and
//! changed where a variant changes them.

use super::mould::Mould;
use super::seeds::ExpandError;
use crate::suite::params::PARAMS;
use crate::suite::schema::Expect;
use crate::suite::template::{JsonTemplate, Scope, TemplateError};
use crate::suite::{Params, Place, Row};
use serde::Deserialize;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;

/// An expectation, filled in for a row.
#[derive(Debug)]
pub(super) struct Filled {
    pub expect: Arc<[Expect]>,
    /// Its JSON with sorted keys and without what is absent: a part of a case's identity.
    pub canonical: String,
    /// The one label that it names, where there is exactly one.
    pub truth: Option<String>,
}

/// What an expectation is filled in with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Filling<'a> {
    pub input: &'a Value,
    pub row: &'a Row,
    pub knobs: &'a Row,
    pub place: &'a Place,
}

impl<'a> Filling<'a> {
    /// The value that a path names, where it can be told at once.
    fn value(self, params: &'a Params, head: &str, rest: &[String]) -> Option<&'a Value> {
        let (value, rest) = match (head, rest) {
            ("input", rest) => (self.input, rest),
            ("row", [column, rest @ ..]) => (self.row.get(column)?, rest),
            ("knobs", [knob, rest @ ..]) => (self.knobs.get(knob)?, rest),
            (PARAMS, [name, rest @ ..]) => (params.values().get(name)?, rest),
            _ => return None,
        };
        rest.iter().try_fold(value, |value, name| value.as_object()?.get(name))
    }

    fn scope(self, params: &Params) -> Scope {
        Scope::default()
            .with("input", self.input)
            .with("row", self.row)
            .with("knobs", self.knobs)
            .with(PARAMS, params.values())
    }
}

/// Expectations already parsed or filled in. Rows of a file share the unfilled ones, and the filled
/// ones are few, so both are kept.
pub(super) struct Expectations {
    /// The parameters of the suite.
    params: Arc<Params>,
    /// By the address of the shared list; the list is kept beside it, so the address stays taken.
    parsed: HashMap<usize, (Arc<[Expect]>, Unfilled)>,
    /// By their canonical JSON.
    filled: HashMap<String, Arc<Filled>>,
}

enum Unfilled {
    Plain(Arc<Filled>),
    Template(JsonTemplate, Option<Mould>),
}

/// Lists that are kept at most, and as many unfilled ones. Those that rows share are far fewer; where each
/// row has its own, keeping them would gain nothing and fill the memory.
const MAX_KEPT: usize = 4096;

impl Expectations {
    /// None yet, for a suite with these parameters.
    pub fn new(params: &Arc<Params>) -> Self {
        Self { params: Arc::clone(params), parsed: HashMap::new(), filled: HashMap::new() }
    }

    /// Fills a list in.
    pub fn fill_in(&mut self, expect: &Arc<[Expect]>, with: Filling<'_>) -> Result<Arc<Filled>, ExpandError> {
        let template_error =
            |error: TemplateError| ExpandError::Template { place: with.place.clone(), error };
        let address = expect.as_ptr() as usize;
        if self.parsed.len() >= MAX_KEPT {
            self.parsed.clear();
        }
        // Empty lists have no address of their own.
        let unfilled = match self.parsed.entry(if expect.is_empty() { 0 } else { address }) {
            std::collections::hash_map::Entry::Occupied(entry) => &entry.into_mut().1,
            std::collections::hash_map::Entry::Vacant(entry) => {
                let value = serde_json::to_value(&**expect).map_err(|error| shape(with.place, &error))?;
                let template = JsonTemplate::parse(&value).map_err(template_error)?;
                let plain = template.templates().iter().all(|template| template.is_plain());
                let unfilled = if plain {
                    Unfilled::Plain(Arc::new(Filled::new(expect.clone(), canonical(&value))))
                } else {
                    Unfilled::Template(template, Mould::of(expect, &value))
                };
                &entry.insert((expect.clone(), unfilled)).1
            }
        };
        let (template, mould) = match unfilled {
            Unfilled::Plain(filled) => return Ok(filled.clone()),
            Unfilled::Template(template, mould) => (template, mould.as_ref()),
        };
        let params = Arc::clone(&self.params);
        let texts = mould
            .and_then(|mould| Some((mould, mould.texts(&|head, rest| with.value(&params, head, rest))?)));
        if let Some((mould, texts)) = texts {
            let text = mould.canonical(&texts);
            if let Some(filled) = self.filled.get(&text) {
                return Ok(filled.clone());
            }
            let filled = Arc::new(Filled::new(mould.filled(texts).into(), text));
            keep(&mut self.filled, &filled);
            return Ok(filled);
        }
        let value = template.render(&with.scope(&self.params)).map_err(template_error)?;
        self.of_value(&value, with.place)
    }

    /// Fills in a list that no other case shares.
    pub fn fill_in_once(&mut self, expect: &[Expect], with: Filling<'_>) -> Result<Arc<Filled>, ExpandError> {
        let template_error =
            |error: TemplateError| ExpandError::Template { place: with.place.clone(), error };
        let value = serde_json::to_value(expect).map_err(|error| shape(with.place, &error))?;
        let template = JsonTemplate::parse(&value).map_err(template_error)?;
        let value = template.render(&with.scope(&self.params)).map_err(template_error)?;
        self.of_value(&value, with.place)
    }

    /// The expectations that a JSON value spells.
    pub fn of_value(&mut self, value: &Value, place: &Place) -> Result<Arc<Filled>, ExpandError> {
        let text = canonical(value);
        if let Some(filled) = self.filled.get(&text) {
            return Ok(filled.clone());
        }
        let expect = Vec::<Expect>::deserialize(value).map_err(|error| match misfit(value) {
            Some(error) => ExpandError::Shape { place: place.clone(), error },
            None => shape(place, &error),
        })?;
        let filled = Arc::new(Filled::new(expect.into(), text));
        keep(&mut self.filled, &filled);
        Ok(filled)
    }
}

fn keep(all: &mut HashMap<String, Arc<Filled>>, filled: &Arc<Filled>) {
    if all.len() >= MAX_KEPT {
        all.clear();
    }
    all.insert(filled.canonical.clone(), filled.clone());
}

fn shape(place: &Place, error: &serde_json::Error) -> ExpandError {
    ExpandError::Shape { place: place.clone(), error: error.to_string() }
}

impl Filled {
    fn new(expect: Arc<[Expect]>, canonical: String) -> Self {
        let truth = truth(&expect);
        Self { expect, canonical, truth }
    }

    /// The texts that an answer is to hold: where they occur in an input no operator may touch them.
    pub fn repeated(&self) -> Vec<&str> {
        repeated(&self.expect)
    }
}

/// The texts that an answer is to hold.
pub(crate) fn repeated(expect: &[Expect]) -> Vec<&str> {
    let mut texts = Vec::new();
    for entry in expect {
        texts.extend(entry.equals.as_ref().and_then(Value::as_str));
        texts.extend(entry.contains.as_deref());
        texts.extend(entry.contains_all.iter().flatten().map(String::as_str));
        texts.extend(entry.contains_any.iter().flatten().map(String::as_str));
        texts.extend(entry.one_of.iter().flatten().map(String::as_str));
        texts.extend(entry.starts_with.as_deref());
        for check in entry.json.as_ref().map_or(&[][..], |checks| checks.as_slice()) {
            texts.extend([&check.equals, &check.contains].into_iter().flatten().filter_map(Value::as_str));
        }
    }
    texts
}

/// Puts texts for others in every string of a value, whole words only.
pub(super) fn swap(value: &mut Value, swaps: &[(String, String)]) {
    match value {
        Value::String(text) => {
            let swapped = swapped(text, swaps);
            if let Some(swapped) = swapped {
                *text = swapped;
            }
        }
        Value::Number(number) => {
            let text = number.to_string();
            let new = swaps.iter().find(|(old, _)| *old == text).and_then(|(_, new)| new.parse().ok());
            if let Some(new) = new {
                *number = new;
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|item| swap(item, swaps)),
        Value::Object(object) => object.values_mut().for_each(|field| swap(field, swaps)),
        _ => {}
    }
}

/// A text with words put for others, all at once, so that two swapped words do not turn back; `None`
/// where none occurs. Words are found whatever their case.
fn swapped(text: &str, swaps: &[(String, String)]) -> Option<String> {
    let (mut out, mut done, mut at) = (String::new(), 0, 0);
    while at < text.len() {
        let rest = &text[at..];
        let begins = text[..at].chars().next_back().is_none_or(|before| !before.is_alphanumeric());
        let found = swaps.iter().filter(|(old, _)| begins && !old.is_empty()).find(|(old, _)| {
            rest.get(..old.len()).is_some_and(|start| start.to_lowercase() == old.to_lowercase())
                && rest[old.len()..].chars().next().is_none_or(|after| !after.is_alphanumeric())
        });
        match found {
            Some((old, new)) => {
                out.push_str(&text[done..at]);
                out.push_str(new);
                at += old.len();
                done = at;
            }
            None => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    (done > 0).then(|| out + &text[done..])
}

/// JSON with sorted keys and without what is absent, so that a check that later versions add leaves
/// the identity of today's cases as it is.
pub(super) fn canonical(value: &Value) -> String {
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

/// The one label that the expectations name, where there is exactly one.
fn truth(expect: &[Expect]) -> Option<String> {
    let mut labels = expect.iter().filter_map(|entry| match entry.label.as_ref()?.as_slice() {
        [label] => Some(label),
        _ => None,
    });
    let first = labels.next()?;
    labels.all(|label| label == first).then(|| first.clone())
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

    #[test]
    fn swapped_words_are_whole_and_do_not_turn_back() {
        let swaps = [("Ana".to_owned(), "Ben".to_owned()), ("Ben".to_owned(), "Ana".to_owned())];
        let mut value = json!([{ "contains_all": ["with Ana and Ben", "Anabel"], "label": "a" }]);
        swap(&mut value, &swaps);
        assert_eq!(value, json!([{ "contains_all": ["with Ben and Ana", "Anabel"], "label": "a" }]));
        let mut number = json!({ "value": 30, "text": "30 minutes, not 300" });
        swap(&mut number, &[("30".to_owned(), "45".to_owned())]);
        assert_eq!(number, json!({ "value": 45, "text": "45 minutes, not 300" }));
    }
}
