//! JSON Pointers (RFC 6901) into a reply, with errors that say what is there instead.

use super::open::OpenError;
use super::{TargetError, TargetErrorKind};
use crate::model::excerpt;
use crate::suite::secret::Secrets;
use serde_json::Value;

/// A pointer of the suite.
#[derive(Debug, Clone)]
pub(super) struct Pointer(String);

impl Pointer {
    pub(super) fn parse(field: &str, text: &str) -> Result<Self, OpenError> {
        let mut escapes = text.split('~').skip(1);
        if (text.is_empty() || text.starts_with('/'))
            && escapes.all(|after| after.starts_with('0') || after.starts_with('1'))
        {
            return Ok(Self(text.to_owned()));
        }
        Err(OpenError::Value {
            field: field.to_owned(),
            message: format!(
                "is not a JSON Pointer: `{text}` has to begin with `/`, and `~` is written `~0`"
            ),
        })
    }

    /// The value, where there is one that is not null.
    pub(super) fn find<'a>(&self, reply: &'a Value) -> Option<&'a Value> {
        reply.pointer(&self.0).filter(|value| !value.is_null())
    }

    /// The value, or what is there instead.
    pub(super) fn get<'a>(&self, reply: &'a Value, secrets: &Secrets) -> Result<&'a Value, TargetError> {
        match reply.pointer(&self.0) {
            Some(Value::Null) => Err(self.wrong("a text", &Value::Null)),
            Some(value) => Ok(value),
            None => Err(self.missing(reply, secrets)),
        }
    }

    /// The error for a value of the wrong type.
    pub(super) fn wrong(&self, wanted: &str, found: &Value) -> TargetError {
        let message = format!("`{}` in the reply has to be {wanted}, and is {}", self.0, type_of(found));
        TargetError::new(TargetErrorKind::WrongType, message)
    }

    fn missing(&self, reply: &Value, secrets: &Secrets) -> TargetError {
        let mut reached = "";
        for (at, _) in self.0.match_indices('/') {
            if reply.pointer(&self.0[..at]).is_none() {
                break;
            }
            reached = &self.0[..at];
        }
        let place = if reached.is_empty() { "the reply".to_owned() } else { format!("`{reached}`") };
        let there = reply.pointer(reached).map_or_else(String::new, |value| contents(value, secrets));
        let message = format!("the reply has nothing at `{}`: {place} {there}", self.0);
        TargetError::new(TargetErrorKind::MissingPointer, message)
    }
}

fn contents(value: &Value, secrets: &Secrets) -> String {
    const MOST: usize = 12;
    match value {
        Value::Object(fields) if fields.is_empty() => "is an empty object".to_owned(),
        Value::Object(fields) => {
            let keys: Vec<String> =
                fields.keys().take(MOST).map(|key| format!("`{}`", excerpt(&secrets.redact(key)))).collect();
            let more = if fields.len() > MOST { ", …" } else { "" };
            format!("has {}{more}", keys.join(", "))
        }
        Value::Array(list) => format!("is a list of {}", list.len()),
        other => format!("is {}", type_of(other)),
    }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_pointers_are_pointers() {
        for text in ["", "/", "/a/0/b", "/a~0b~1c"] {
            assert!(Pointer::parse("reply.output", text).is_ok(), "{text}");
        }
        for text in ["a", "a/b", "/a~2", "/a~"] {
            assert!(Pointer::parse("reply.output", text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_there_instead_is_said() {
        let reply = json!({ "a": { "x": 1, "y": 2 }, "l": [1], "s": "t", "n": {} });
        for (pointer, message) in [
            ("/b", "the reply has nothing at `/b`: the reply has `a`, `l`, `n`, `s`"),
            ("/a/z", "the reply has nothing at `/a/z`: `/a` has `x`, `y`"),
            ("/l/1", "the reply has nothing at `/l/1`: `/l` is a list of 1"),
            ("/s/t/u", "the reply has nothing at `/s/t/u`: `/s` is a text"),
            ("/n/a", "the reply has nothing at `/n/a`: `/n` is an empty object"),
        ] {
            let error = Pointer(pointer.into()).get(&reply, &Secrets::default()).unwrap_err();
            assert_eq!((error.kind, error.message.as_str()), (TargetErrorKind::MissingPointer, message));
        }
    }
}
