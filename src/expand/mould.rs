//! Expectations that differ from row to row in some texts alone: these are put in place without going
//! through JSON and the template engine, which would take most of the time that a row takes.

use super::expectation::canonical;
use crate::suite::schema::{Expect, OneOrMany};
use crate::suite::template::Template;
use serde_json::Value;
use std::borrow::Cow;
use std::sync::Arc;

/// A list of expectations whose templates are all texts of the entries themselves.
#[derive(Debug)]
pub(super) struct Mould {
    expect: Arc<[Expect]>,
    gaps: Vec<Gap>,
    /// The canonical JSON: what stands before each gap, and what stands after the last.
    around: Vec<String>,
}

/// A text that is filled in.
#[derive(Debug)]
struct Gap {
    entry: usize,
    set: fn(&mut Expect, String),
    template: Template,
}

/// How a text is put into the condition of this name; `None` for one that takes other values.
fn setter(condition: &str) -> Option<fn(&mut Expect, String)> {
    Some(match condition {
        "equals" => |expect, text| expect.equals = Some(Value::String(text)),
        "contains" => |expect, text| expect.contains = Some(text),
        "excludes" => |expect, text| expect.excludes = Some(OneOrMany::One(text)),
        "starts_with" => |expect, text| expect.starts_with = Some(text),
        "matches" => |expect, text| expect.matches = Some(text),
        "reference" => |expect, text| expect.reference = Some(OneOrMany::One(text)),
        "label" => |expect, text| expect.label = Some(OneOrMany::One(text)),
        _ => return None,
    })
}

impl Mould {
    /// That of a list, which is `value` as JSON; `None` where something else than a text of an entry is
    /// filled in.
    pub fn of(expect: &Arc<[Expect]>, value: &Value) -> Option<Self> {
        let (mut gaps, mut around, mut text) = (Vec::new(), Vec::new(), String::from("["));
        for (entry, conditions) in value.as_array()?.iter().enumerate() {
            text.push_str(if entry == 0 { "{" } else { ",{" });
            let mut first = true;
            let mut conditions: Vec<_> = conditions.as_object()?.iter().collect();
            conditions.sort_by_key(|(name, _)| name.as_str());
            for (name, value) in conditions {
                let template = value.as_str().map(Template::parse).transpose().ok()?;
                let template = template.filter(|template| !template.is_plain());
                let written =
                    canonical(&Value::Object([(name.clone(), value.clone())].into_iter().collect()));
                let written = &written[1..written.len() - 1];
                if written.is_empty() {
                    continue;
                }
                if !std::mem::take(&mut first) {
                    text.push(',');
                }
                let Some(template) = template else {
                    if !is_plain(value) {
                        return None;
                    }
                    text.push_str(written);
                    continue;
                };
                text.push_str(&Value::String(name.clone()).to_string());
                text.push(':');
                around.push(std::mem::take(&mut text));
                gaps.push(Gap { entry, set: setter(name)?, template });
            }
            text.push('}');
        }
        text.push(']');
        around.push(text);
        Some(Self { expect: expect.clone(), gaps, around })
    }

    /// The texts for the gaps; `None` where one is not a text, or takes the engine to be told.
    pub fn texts<'v>(
        &'v self,
        value_of: &dyn Fn(&str, &[String]) -> Option<&'v Value>,
    ) -> Option<Vec<Cow<'v, str>>> {
        self.gaps.iter().map(|gap| gap.template.direct(value_of)).collect()
    }

    /// The canonical JSON with these texts.
    pub fn canonical(&self, texts: &[Cow<'_, str>]) -> String {
        let length = self.around.iter().map(String::len).sum::<usize>();
        let mut out = String::with_capacity(length + texts.iter().map(|text| text.len() + 8).sum::<usize>());
        for (at, before) in self.around.iter().enumerate() {
            out.push_str(before);
            if let Some(text) = texts.get(at) {
                // A text always has JSON.
                out.push_str(&serde_json::to_string(&**text).unwrap_or_default());
            }
        }
        out
    }

    /// The list with these texts.
    pub fn filled(&self, texts: Vec<Cow<'_, str>>) -> Vec<Expect> {
        let mut expect = self.expect.to_vec();
        for (gap, text) in self.gaps.iter().zip(texts) {
            (gap.set)(&mut expect[gap.entry], text.into_owned());
        }
        expect
    }
}

/// Whether there is nothing to fill in, anywhere in a value.
fn is_plain(value: &Value) -> bool {
    match value {
        Value::String(text) => Template::parse(text).is_ok_and(|template| template.is_plain()),
        Value::Array(list) => list.iter().all(is_plain),
        Value::Object(object) => object.values().all(is_plain),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::template::{JsonTemplate, Scope};
    use serde::Deserialize;
    use serde_json::json;

    fn list(value: &Value) -> (Arc<[Expect]>, Value) {
        let expect: Arc<[Expect]> = Vec::<Expect>::deserialize(value).unwrap().into();
        let value = serde_json::to_value(&*expect).unwrap();
        (expect, value)
    }

    #[test]
    fn a_mould_gives_what_the_long_way_gives() {
        let row = json!({ "a": "x \"1\"", "b": "(?i)\\d é", "label": "L" });
        for entries in [
            json!([{ "contains": "{{ row.a }}", "matches": "^{{ row.b }}$", "ignore_case": true }]),
            json!([{ "label": "{{ row.label }}" }, { "starts_with": "plain", "excludes": "{{ row.a }}" }]),
            json!([{ "equals": "{{ row.a }}", "words": { "max": 3 } }, { "contains_all": ["p", "q"] }]),
        ] {
            let (expect, value) = list(&entries);
            let mould = Mould::of(&expect, &value).unwrap();
            let value_of = |_: &str, rest: &[String]| row.get(rest.first()?);
            let texts = mould.texts(&value_of).unwrap();
            let long =
                JsonTemplate::parse(&value).unwrap().render(&Scope::default().with("row", &row)).unwrap();
            assert_eq!(mould.canonical(&texts), canonical(&long));
            assert_eq!(mould.filled(texts), Vec::<Expect>::deserialize(&long).unwrap());
        }
    }

    #[test]
    fn other_values_than_texts_of_an_entry_take_the_long_way() {
        for entries in [
            json!([{ "contains_all": ["{{ row.a }}"] }]),
            json!([{ "number": { "value": "{{ row.a }}" } }]),
            json!([{ "contains": "{{ row.a }}", "not": { "contains": "{{ row.b }}" } }]),
        ] {
            let (expect, value) = list(&entries);
            assert!(Mould::of(&expect, &value).is_none(), "{entries}");
        }
    }
}
