//! The check of a value in an output that is JSON.
//!
//! An output that is not JSON, or has nothing at the pointer, fails every comparison but
//! `exists = false` (which needs JSON too).

use super::check::{Check, Ruling, Subject};
use super::value::{at_most, difference, kind, same};
use crate::judge::context::JudgeContext;
use crate::judge::error::CheckError;
use crate::judge::pattern::Pattern;
use crate::judge::reason;
use crate::suite::schema::JsonCheck;
use serde_json::Value;

/// A JSON Pointer (RFC 6901).
#[derive(Debug)]
pub(super) struct Pointer(String);

impl Pointer {
    pub(super) fn new(text: &str) -> Result<Self, CheckError> {
        if text.is_empty() || text.starts_with('/') {
            Ok(Self(text.into()))
        } else {
            Err(CheckError::Pointer(text.into()))
        }
    }

    /// The value it points to, or what is there instead.
    pub(super) fn find<'a>(&self, document: &'a Value) -> Result<&'a Value, String> {
        if let Some(value) = document.pointer(&self.0) {
            return Ok(value);
        }
        let mut parent = self.0.as_str();
        while let Some(slash) = parent.rfind('/') {
            parent = &parent[..slash];
            if let Some(value) = document.pointer(parent) {
                let place = if parent.is_empty() { "the whole".into() } else { reason::code(parent) };
                return Err(format!("nothing at {self}: {place} is {}", shape(value)));
            }
        }
        Err(format!("nothing at {self}"))
    }
}

impl std::fmt::Display for Pointer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0.is_empty() { f.write_str("the whole") } else { f.write_str(&reason::code(&self.0)) }
    }
}

/// What there is in a value that something was looked for in.
fn shape(value: &Value) -> String {
    match value {
        Value::Object(map) if map.is_empty() => "an empty object".into(),
        Value::Object(map) => {
            format!("an object with {}", reason::listed(map.keys().map(String::as_str), "and"))
        }
        Value::Array(list) => format!("a list of {}", list.len()),
        value => format!("{} {}", kind(value), reason::json(value)),
    }
}

#[derive(Debug)]
enum Comparison {
    Equals(Value),
    Contains(Value),
    Matches(Pattern),
    AtLeast(f64),
    AtMost(f64),
    Exists(bool),
}

#[derive(Debug)]
struct JsonValue {
    pointer: Pointer,
    comparison: Comparison,
}

/// A check of the value at a pointer.
pub(super) fn json(spec: &JsonCheck, context: &JudgeContext) -> Result<Box<dyn Check>, CheckError> {
    let pointer = Pointer::new(&spec.pointer)?;
    let mut given = Vec::new();
    given.extend(spec.equals.clone().map(Comparison::Equals));
    given.extend(spec.contains.clone().map(Comparison::Contains));
    given.extend(spec.matches.as_deref().map(|p| context.pattern(p)).transpose()?.map(Comparison::Matches));
    given.extend(bound("at_least", spec.at_least)?.map(Comparison::AtLeast));
    given.extend(bound("at_most", spec.at_most)?.map(Comparison::AtMost));
    given.extend(spec.exists.map(Comparison::Exists));
    let count = given.len();
    match given.pop() {
        Some(Comparison::Contains(Value::String(text))) if text.is_empty() => Err(CheckError::EmptyText),
        Some(comparison) if count == 1 => Ok(Box::new(JsonValue { pointer, comparison })),
        _ => Err(CheckError::Comparisons(count, spec.pointer.clone())),
    }
}

fn bound(key: &'static str, value: Option<f64>) -> Result<Option<f64>, CheckError> {
    match value {
        Some(value) if !value.is_finite() => Err(CheckError::BadBound { key, value }),
        value => Ok(value),
    }
}

impl Check for JsonValue {
    fn wanted(&self, inverted: bool) -> String {
        let not = if inverted { "not " } else { "" };
        let what = match &self.comparison {
            Comparison::Equals(value) => format!("{not}{}", reason::json(value)),
            Comparison::Contains(value) => {
                let holding = if inverted { "nothing containing" } else { "something containing" };
                format!("{holding} {}", reason::json(value))
            }
            Comparison::Matches(pattern) => {
                format!("a text {not}matching {}", reason::code(pattern.as_str()))
            }
            Comparison::AtLeast(bound) => format!("{not}at least {}", reason::number(*bound)),
            Comparison::AtMost(bound) => format!("{not}at most {}", reason::number(*bound)),
            Comparison::Exists(exists) => {
                if *exists == inverted {
                    "nothing".into()
                } else {
                    "something".into()
                }
            }
        };
        format!("{what} at {}", self.pointer)
    }

    fn rule(&self, subject: &Subject<'_>) -> Ruling {
        let found = match subject.json() {
            Err(instead) => return Ruling::Fails(instead.into()),
            Ok(document) => self.pointer.find(document),
        };
        let found = match (&self.comparison, found) {
            (Comparison::Exists(wanted), Ok(found)) => return Ruling::of(*wanted, reason::json(found)),
            (Comparison::Exists(wanted), Err(nothing)) => return Ruling::of(!wanted, nothing),
            (_, Err(nothing)) => return Ruling::Fails(nothing),
            (_, Ok(found)) => found,
        };
        let got = reason::json(found);
        let wrong_kind = |wanted| Ruling::Fails(format!("{got}, which is {}, not {wanted}", kind(found)));
        match (&self.comparison, found) {
            (Comparison::Equals(expected), found) => {
                if same(expected, found) {
                    return Ruling::Holds(got);
                }
                let place = match (expected, found) {
                    (Value::String(expected), Value::String(found)) => reason::difference(expected, found),
                    (expected, found) => difference(expected, found),
                };
                Ruling::Fails(format!("{got}{place}"))
            }
            (Comparison::Contains(wanted), Value::Array(list)) => {
                Ruling::of(list.iter().any(|element| same(wanted, element)), got)
            }
            (Comparison::Contains(Value::String(wanted)), Value::String(text)) => {
                Ruling::of(text.contains(wanted.as_str()), got)
            }
            (Comparison::Contains(Value::String(_)), _) => wrong_kind("a text or a list"),
            (Comparison::Contains(_), _) => wrong_kind("a list"),
            (Comparison::Matches(pattern), Value::String(text)) => Ruling::of(pattern.is_match(text), got),
            (Comparison::Matches(_), _) => wrong_kind("a text"),
            (Comparison::AtLeast(bound), Value::Number(number)) => {
                Ruling::of(number.as_f64().is_some_and(|number| at_most(*bound, number)), got)
            }
            (Comparison::AtMost(bound), Value::Number(number)) => {
                Ruling::of(number.as_f64().is_some_and(|number| at_most(number, *bound)), got)
            }
            (Comparison::AtLeast(_) | Comparison::AtMost(_) | Comparison::Exists(_), _) => {
                wrong_kind("a number")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::trial::{expect, fails, holds, refused, says, transcript, verdicts};

    const MEETING: &str = r#"{"who": ["Ana", "Bo"], "room": {"name": "Blue", "seats": 8}, "note": null}"#;

    #[test]
    fn each_comparison_holds_of_what_it_should() {
        let meeting = says(MEETING);
        for keys in [
            "equals = 'Blue', pointer = '/room/name'",
            "equals = 8.0, pointer = '/room/seats'",
            "equals = { name = 'Blue', seats = 8 }, pointer = '/room'",
            "contains = 'Bo', pointer = '/who'",
            "contains = 'lu', pointer = '/room/name'",
            "matches = '^B', pointer = '/room/name'",
            "at_least = 8, pointer = '/room/seats'",
            "at_most = 8, pointer = '/room/seats'",
            "exists = true, pointer = '/note'",
            "exists = false, pointer = '/agenda'",
            "exists = true, pointer = ''",
        ] {
            holds(&format!("json = {{ {keys} }}"), &meeting);
        }
    }

    #[test]
    fn each_comparison_says_what_came() {
        let meeting = says(MEETING);
        for (keys, reason) in [
            (
                "equals = 'Bleu', pointer = '/room/name'",
                "expected `\"Bleu\"` at `/room/name`, got `\"Blue\"`; from character 3 it has `ue`, not `eu`",
            ),
            (
                "equals = { name = 'Blue', seats = 9 }, pointer = '/room'",
                "expected `{\"name\":\"Blue\",\"seats\":9}` at `/room`, got `{\"name\":\"Blue\",\"seats\":8}`; \
                 at `/seats` it has `8`, not `9`",
            ),
            (
                "contains = 'B', pointer = '/who'",
                "expected something containing `\"B\"` at `/who`, got `[\"Ana\",\"Bo\"]`",
            ),
            (
                "contains = 'B', pointer = '/note'",
                "expected something containing `\"B\"` at `/note`, got `null`, which is null, not a text or a list",
            ),
            (
                "matches = '^b', pointer = '/room/name'",
                "expected a text matching `^b` at `/room/name`, got `\"Blue\"`",
            ),
            ("at_least = 9, pointer = '/room/seats'", "expected at least 9 at `/room/seats`, got `8`"),
            (
                "at_most = 7.5, pointer = '/room/name'",
                "expected at most 7.5 at `/room/name`, got `\"Blue\"`, which is a text, not a number",
            ),
            ("exists = false, pointer = '/note'", "expected nothing at `/note`, got `null`"),
            (
                "exists = true, pointer = '/room/floor'",
                "expected something at `/room/floor`, got nothing at `/room/floor`: \
                 `/room` is an object with `name` and `seats`",
            ),
            (
                "equals = 'Cy', pointer = '/who/2'",
                "expected `\"Cy\"` at `/who/2`, got nothing at `/who/2`: `/who` is a list of 2",
            ),
        ] {
            assert_eq!(fails(&format!("json = {{ {keys} }}"), &meeting), reason);
        }
    }

    #[test]
    fn what_is_not_json_fails_with_the_parsers_words() {
        assert_eq!(
            fails("json = { pointer = '/a', exists = false }", &says("{\"a\": ")),
            "expected nothing at `/a`, got `{\"a\": `, which is not JSON: EOF while parsing a value at line 1 column 6"
        );
        assert!(
            fails("json = { pointer = '/a', equals = 1 }", &says("```json\n{\"a\": 1}\n```"))
                .ends_with("; it stands in a code fence")
        );
        assert_eq!(
            fails("json = { pointer = '/a', equals = 1 }", &says("")),
            "expected `1` at `/a`, got an empty output, which is not JSON"
        );
        fails("json = { pointer = '/a', equals = 1 }", &says(&"[".repeat(100_000)));
    }

    #[test]
    fn every_place_in_a_list_has_a_verdict() {
        let entry = expect("json = [{ pointer = '/a', equals = 1 }, { pointer = '/b', equals = 1 }]");
        let found = verdicts(&[entry], &transcript([says("{\"a\": 1, \"b\": 2}")]));
        let found: Vec<_> = found.iter().map(|v| (v.judge.as_str(), v.outcome.to_string())).collect();
        assert_eq!(found, [("json[1]", "pass".to_owned()), ("json[2]", "fail".to_owned())]);
    }

    #[test]
    fn a_place_needs_exactly_one_comparison() {
        assert!(refused("json = { pointer = '/a' }").starts_with("`json`: 0 comparisons are given for `/a`"));
        assert!(
            refused("json = { pointer = '/a', equals = 1, exists = true }")
                .starts_with("`json`: 2 comparisons")
        );
        assert!(refused("json = { pointer = 'a', equals = 1 }").contains("not a JSON Pointer"));
        assert!(refused("json = { pointer = '/a', contains = '' }").contains("the text is empty"));
        assert!(refused("json = { pointer = '/a', matches = '(' }").contains("unclosed group"));
        assert!(refused("json = { pointer = '/a', at_least = inf }").contains("`at_least` is inf"));
        assert!(refused("json = []").contains("the list is empty"));
    }
}
