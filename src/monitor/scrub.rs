//! Takes secrets and personal data out of what leaves the log: onto a page, into a file, to a judge.

use super::record::Logged;
use crate::expand::filter::without_personal_data;
use crate::suite::secret::Secrets;
use crate::target::{Answer, Turn};
use serde_json::Value;

/// What is taken out of texts.
#[derive(Debug, Clone, Default)]
pub struct Scrub {
    secrets: Secrets,
}

impl Scrub {
    /// The values of the environment that a suite refers to, keys by their shape, and personal data.
    pub const fn new(secrets: Secrets) -> Self {
        Self { secrets }
    }

    /// A text without secrets and personal data.
    pub fn text(&self, text: &str) -> String {
        without_personal_data(&self.secrets.redact(text)).into_owned()
    }

    /// A value without them.
    pub fn value(&self, value: &mut Value) {
        self.secrets.redact_value(value);
        personal(value);
    }

    /// An answer with all of its texts scrubbed.
    pub fn logged(&self, logged: &mut Logged) {
        self.value(&mut logged.input);
        for Turn { user, answer } in &mut logged.before {
            self.value(user);
            self.answer(answer);
        }
        for text in [&mut logged.id, &mut logged.conversation].into_iter().flatten() {
            *text = self.text(text);
        }
        match &mut logged.answer {
            Ok(answer) => self.answer(answer),
            Err(error) => error.message = self.text(&error.message),
        }
    }

    fn answer(&self, answer: &mut Answer) {
        answer.output = self.text(&answer.output);
        answer.label.iter_mut().chain(&mut answer.contexts).for_each(|text| *text = self.text(text));
        for found in &mut answer.retrieved {
            found.id = self.text(&found.id);
        }
        for call in &mut answer.calls {
            self.value(&mut call.arguments);
        }
    }
}

/// Takes personal data out of every text in a value.
fn personal(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let std::borrow::Cow::Owned(without) = without_personal_data(text) {
                *text = without;
            }
        }
        Value::Array(list) => list.iter_mut().for_each(personal),
        Value::Object(fields) => fields.values_mut().for_each(personal),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keys_and_addresses_are_taken_out_of_values() {
        let key = ["AKIA", "IOSFODNN7EXAMPLE"].concat();
        let mut value = json!({ "a": [format!("use {key}"), "mail jo@gmail.com"], "n": 3 });
        Scrub::default().value(&mut value);
        assert_eq!(value, json!({ "a": ["use [redacted:key]", "mail [redacted:email]"], "n": 3 }));
    }
}
