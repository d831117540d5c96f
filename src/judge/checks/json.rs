//! The check of a value in an output that is JSON.
//!
//! An output that is not JSON, or has nothing at the pointer, fails every comparison but
//! `exists = false` (which needs JSON too).

use super::check::{Check, Ruling, Subject};
use super::value::{at_most, difference, kind, same};
use crate::judge::context::JudgeContext;
use crate::judge::error::CheckError;
use crate::judge::reason;
use crate::suite::schema::JsonCheck;
use regex::Regex;
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
    Matches(Regex),
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
