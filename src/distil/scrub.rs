//! Secrets and personal data taken out of what users really said, before any of it is written where it is
//! committed: each is replaced by a value from a range that is reserved for examples.
//!
//! Names, streets and whatever else has no form of its own are not seen: a person reads what is promoted.

use crate::expand::filter::{Personal, personal_data};
use crate::suite::secret::Secrets;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Replaces secrets and personal data. The same value is replaced by the same one throughout, and another by
/// another, as long as the reserved range has any.
#[derive(Debug, Default)]
pub struct Scrubber {
    secrets: Secrets,
    given: BTreeMap<(Personal, String), String>,
    count: BTreeMap<&'static str, usize>,
}

impl Scrubber {
    /// One that knows these secrets too, beside those that it knows by their shape.
    pub fn new(secrets: Secrets) -> Self {
        Self { secrets, ..Self::default() }
    }

    /// One text.
    pub fn text(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        for (range, kind) in personal_data(text) {
            let written = &text[range.clone()];
            out.push_str(&text[done..range.start]);
            out.push_str(&self.example(kind, written));
            done = range.end;
            *self.count.entry(told(kind)).or_default() += 1;
        }
        out.push_str(&text[done..]);
        match self.secrets.redact(&out) {
            Cow::Borrowed(_) => {}
            Cow::Owned(redacted) => {
                *self.count.entry("secret").or_default() += 1;
                return redacted;
            }
        }
        out
    }

    /// Every text in a value, keys among them.
    pub fn value(&mut self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(text)),
            Value::Array(list) => Value::Array(list.iter().map(|item| self.value(item)).collect()),
            Value::Object(fields) => {
                Value::Object(fields.iter().map(|(key, value)| (self.text(key), self.value(value))).collect())
            }
            Value::Number(number) => {
                let written = number.to_string();
                let scrubbed = self.text(&written);
                if scrubbed == written { value.clone() } else { Value::String(scrubbed) }
            }
            other => other.clone(),
        }
    }

    /// What was replaced, in words; `None` where nothing was.
    pub fn told(&self) -> Option<String> {
        let each = |(what, count): (&&'static str, &usize)| match count {
            1 => format!("1 {what}"),
            n if what.ends_with('s') => format!("{n} {what}es"),
            n => format!("{n} {what}s"),
        };
        let all: Vec<String> = self.count.iter().map(each).collect();
        (!all.is_empty()).then(|| all.join(", "))
    }

    fn example(&mut self, kind: Personal, written: &str) -> String {
        let plain: String = written.chars().filter(|c| c.is_alphanumeric() || *c == '@').collect();
        let key = (kind, plain.to_lowercase());
        if let Some(given) = self.given.get(&key) {
            return given.clone();
        }
        let number = self.given.keys().filter(|(of, _)| *of == kind).count();
        let example = example(kind, number);
        self.given.insert(key, example.clone());
        example
    }
}

/// What a kind is called.
const fn told(kind: Personal) -> &'static str {
    match kind {
        Personal::Email => "e-mail address",
        Personal::Account => "account number",
        Personal::Address => "internet address",
        Personal::SocialSecurity => "social security number",
        Personal::Card => "card number",
        Personal::Telephone => "telephone number",
    }
}

/// The value that stands for the nth of its kind, from 0. E-mail addresses below example.com (RFC 2606), addresses
/// of 192.0.2.0/24 (RFC 5737), numbers 202-555-0100 to 0199 (kept for fiction), social security numbers that begin
/// with 000 (never issued), cards that issuers publish for tests and accounts from documentation.
fn example(kind: Personal, number: usize) -> String {
    const CARDS: [&str; 4] =
        ["4111 1111 1111 1111", "4242 4242 4242 4242", "5555 5555 5555 4444", "6011 1111 1111 1117"];
    const ACCOUNTS: [&str; 2] = ["GB82 WEST 1234 5698 7654 32", "DE89 3704 0044 0532 0130 00"];
    match kind {
        Personal::Email if number == 0 => "user@example.com".to_owned(),
        Personal::Email => format!("user{}@example.com", number + 1),
        Personal::Account => ACCOUNTS[number % ACCOUNTS.len()].to_owned(),
        Personal::Address => format!("192.0.2.{}", 1 + number % 254),
        Personal::SocialSecurity => format!("000-12-{:04}", 3456 + number % 1000),
        Personal::Card => CARDS[number % CARDS.len()].to_owned(),
        Personal::Telephone => format!("+1 202 555 01{:02}", number % 100),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_replaced_is_of_reserved_ranges_and_told() {
        let mut scrubber = Scrubber::default();
        let said = "I am jo.smith@gmail.com, call (212) 736-5000 or write to ANNA@mail.de; jo.smith@gmail.com again. \
                    Card 4539 1488 0343 6467, account DE44 5001 0517 5407 3249 31, from 8.8.8.8, 219-09-9999";
        let clean = scrubber.text(said);
        assert_eq!(
            clean,
            "I am user@example.com, call +1 202 555 0100 or write to user2@example.com; user@example.com again. \
             Card 4111 1111 1111 1111, account GB82 WEST 1234 5698 7654 32, from 192.0.2.1, 000-12-3456"
        );
        assert_eq!(
            scrubber.told().unwrap(),
            "1 account number, 1 card number, 3 e-mail addresses, 1 internet address, 1 social security number, \
             1 telephone number"
        );
        // What stands in its place is of the ranges that are let in.
        assert!(personal_data(&clean).is_empty(), "{:?}", personal_data(&clean));
        assert_eq!(Scrubber::default().text(&clean), clean);
    }

    #[test]
    fn every_example_is_let_in() {
        for kind in [
            Personal::Email,
            Personal::Account,
            Personal::Address,
            Personal::SocialSecurity,
            Personal::Card,
            Personal::Telephone,
        ] {
            for number in 0..300 {
                let text = format!("see {} please", example(kind, number));
                assert!(personal_data(&text).is_empty(), "{text}");
            }
        }
    }

    #[test]
    fn values_are_scrubbed_all_through_and_secrets_masked() {
        let key = ["AKIA", "IOSFODNN7EXAMPLE"].concat();
        let mut scrubber = Scrubber::default();
        let clean =
            scrubber.value(&json!({ "text": [format!("use {key}"), 7], "from": { "mail": "a@b.de" } }));
        assert!(!clean.to_string().contains(&key), "{clean}");
        assert_eq!(clean["from"]["mail"], "user@example.com");
        assert_eq!(clean["text"][1], 7);
        assert_eq!(scrubber.told().unwrap(), "1 e-mail address, 1 secret");
        let mut nothing = Scrubber::default();
        assert_eq!(nothing.text("order PL-204518 of 12 May"), "order PL-204518 of 12 May");
        assert_eq!(nothing.told(), None);
    }
}
