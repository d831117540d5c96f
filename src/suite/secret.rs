//! The values that `${env:NAME}` brought in, and how they are kept out of everything that is written.

use super::encode;
use regex::{Captures, Regex};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

/// Values shorter than this are never looked for: they would turn up in ordinary words.
const SHORTEST: usize = 4;

/// Values shorter than this are looked for as whole words only.
const ANYWHERE: usize = 8;

/// What stands in a record where a secret was.
fn mask(name: &str) -> String {
    format!("[redacted:{name}]")
}

/// The environment values that the suites of a run refer to.
///
/// Every text that leaves a target or a judge passes through [`Secrets::redact`] before it is kept.
#[derive(Clone, Default)]
pub struct Secrets {
    values: BTreeMap<String, String>,
    forms: Option<Arc<Forms>>,
}

/// Finds every way in which a value may be written; group n of the finder is that of name n − 1.
struct Forms {
    finder: Regex,
    names: Vec<String>,
}

impl Secrets {
    /// Takes the values of `names` from `lookup`; the names it does not know are returned beside it.
    pub fn gather(
        names: impl IntoIterator<Item = String>,
        lookup: impl Fn(&str) -> Option<String>,
    ) -> (Self, Vec<String>) {
        let (mut values, mut missing) = (BTreeMap::new(), Vec::new());
        for name in names {
            match lookup(&name) {
                Some(value) if !value.is_empty() => {
                    values.insert(name, value);
                }
                _ => missing.push(name),
            }
        }
        let forms = Forms::of(&values).map(Arc::new);
        (Self { values, forms }, missing)
    }

    /// The values by name, for templates.
    pub fn values(&self) -> &BTreeMap<String, String> {
        &self.values
    }

    /// The text without the values, and without what looks like a key.
    ///
    /// A value is found as it is, percent-encoded, in base64 and escaped as in JSON, and becomes
    /// `[redacted:NAME]`. Values of 4 to 7 bytes are found only where they stand as a whole word, and
    /// shorter ones not at all: `${env:LANG}` being `en` must not take the *en* out of every *then*.
    /// Keys of well-known shapes, bearer tokens, authorization and cookie headers and private keys
    /// become `[redacted:key]`, whether the run knows them or not. The time taken is linear in the
    /// length of the text.
    pub fn redact<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let known = match &self.forms {
            Some(forms) => forms.redact(text),
            None => Cow::Borrowed(text),
        };
        if !HINTS.is_match(&known) {
            return known;
        }
        SHAPES.iter().fold(known, |text, shape| shape.redact(&text).map_or(text, Cow::Owned))
    }

    /// Redacts a text in place.
    pub fn redact_text(&self, text: &mut String) {
        if let Cow::Owned(redacted) = self.redact(text) {
            *text = redacted;
        }
    }

    /// Redacts every text in a JSON value: keys too, and numbers that are a secret.
    pub fn redact_value(&self, value: &mut Value) {
        match value {
            Value::Null | Value::Bool(_) => {}
            Value::String(text) => self.redact_text(text),
            Value::Number(number) => {
                let known = self.forms.as_ref().map(|forms| forms.redact(&number.to_string()).into_owned());
                if let Some(redacted) = known.filter(|redacted| *redacted != number.to_string()) {
                    *value = Value::String(redacted);
                }
            }
            Value::Array(list) => list.iter_mut().for_each(|item| self.redact_value(item)),
            Value::Object(fields) => {
                fields.values_mut().for_each(|field| self.redact_value(field));
                if fields.keys().any(|key| matches!(self.redact(key), Cow::Owned(_))) {
                    *fields = std::mem::take(fields)
                        .into_iter()
                        .map(|(key, field)| (self.redact(&key).into_owned(), field))
                        .collect();
                }
            }
        }
    }
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.values.keys()).finish()
    }
}

impl Forms {
    fn of(values: &BTreeMap<String, String>) -> Option<Self> {
        let mut known: Vec<(&String, &String)> =
            values.iter().filter(|(_, value)| value.len() >= SHORTEST).collect();
        // At one place the longest wins, so that no end of a longer secret is left standing.
        known.sort_by_key(|(_, value)| std::cmp::Reverse(value.len()));
        let patterns: Vec<String> = known.iter().map(|(_, value)| format!("({})", pattern(value))).collect();
        if patterns.is_empty() {
            return None;
        }
        // Escaped text always compiles; only its size could be over the limit, which is lifted.
        let finder = regex::RegexBuilder::new(&patterns.join("|")).size_limit(usize::MAX).build().ok()?;
        Some(Self { finder, names: known.into_iter().map(|(name, _)| name.clone()).collect() })
    }

    fn redact<'a>(&self, text: &'a str) -> Cow<'a, str> {
        self.finder.replace_all(text, |found: &Captures<'_>| {
            let name = (self.names.iter().enumerate()).find(|(at, _)| found.get(at + 1).is_some());
            mask(name.map_or("key", |(_, name)| name))
        })
    }
}

/// The pattern of every way in which a value may be written; a short one as a whole word only.
fn pattern(value: &str) -> String {
    let written: String = value.chars().map(any_form).collect();
    let [standard, url_safe] =
        [false, true].map(|url_safe| regex::escape(&encode::base64(value.as_bytes(), url_safe)));
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
    let short = value.len() < ANYWHERE;
    let start = if short && is_word(value.chars().next()) { r"(?-u:\b)" } else { "" };
    let end = if short && is_word(value.chars().next_back()) { r"(?-u:\b)" } else { "" };
    format!("{start}{written}{end}|{standard}|{url_safe}")
}

/// The pattern of one character: as it is, percent-encoded, or escaped as in JSON (once, or again
/// where JSON stands in a text of JSON). Programs differ in which characters they encode, so each
/// stands for itself.
fn any_form(character: char) -> String {
    let text = character.to_string();
    let plain = regex::escape(&text);
    if character.is_ascii_alphanumeric() || "-._~".contains(character) {
        return plain;
    }
    let percent = text.bytes().map(|byte| format!("%{byte:02x}")).collect::<Vec<_>>().concat();
    let units = text.encode_utf16().map(|unit| format!(r"\\{{1,4}}u{unit:04x}"));
    let escaped = units.collect::<Vec<_>>().concat();
    let special = match character {
        ' ' => r"|\+",
        '"' => r#"|\\{1,4}""#,
        '\\' => r"|\\{2,8}",
        '/' => r"|\\{1,4}/",
        '\n' => r"|\\{1,4}n",
        '\r' => r"|\\{1,4}r",
        '\t' => r"|\\{1,4}t",
        _ => "",
    };
    format!("(?:{plain}|(?i:{percent})|(?i:{escaped}){special})")
}

/// A shape that keys have.
struct Shape {
    pattern: Regex,
    /// Tells a key from words that happen to fit.
    is_key: fn(&str) -> bool,
}

impl Shape {
    fn new(pattern: &str, is_key: fn(&str) -> bool) -> Self {
        Self { pattern: Regex::new(pattern).expect("a pattern of this file"), is_key }
    }

    /// The text with what the group `key` matched replaced, where that changes it.
    fn redact(&self, text: &str) -> Option<String> {
        let mut redacted = String::new();
        let mut done = 0;
        for key in self.pattern.captures_iter(text).filter_map(|found| found.name("key")) {
            if !key.as_str().starts_with("[redacted:") && (self.is_key)(key.as_str()) {
                redacted.push_str(&text[done..key.start()]);
                redacted.push_str("[redacted:key]");
                done = key.end();
            }
        }
        redacted.push_str(&text[done..]);
        (done > 0).then_some(redacted)
    }
}

/// Well-known shapes. Each pattern, once its fixed beginning and a bounded number of characters have
/// matched, matches whatever follows: none can run ahead, fail and be tried again from the next
/// character, so the time stays linear.
/// Something that every text has in it of which a shape finds a part: looked for first, and at once, since most
/// texts have none.
static HINTS: LazyLock<Regex> = LazyLock::new(|| {
    let hints = r"(?i:authorization|api[-_]?key|cookie|bearer)|PRIVATE KEY|eyJ|[spr]k[-_]|whsec_|gh[pousr]_|github_pat_|glpat-|AKIA|ASIA|xox[abeoprs]-|AIza|hf_|npm_|gsk_|ya29\.";
    Regex::new(hints).expect("a pattern of ours")
});

static SHAPES: LazyLock<[Shape; 7]> = LazyLock::new(|| {
    let any: fn(&str) -> bool = |_| true;
    [
        // Headers as they are written, and as keys of a JSON object.
        Shape::new(
            r#"(?i)(?-u:\b)(?:proxy-)?authorization\\?["']?[ \t]{0,4}[:=][ \t]{0,4}\\?["']?(?:basic|bearer|digest|token|negotiate)[ \t]{1,4}(?<key>[^\s"'\\,;]{4,})"#,
            any,
        ),
        Shape::new(
            r#"(?i)(?-u:\b)(?:(?:proxy-)?authorization|(?:x-)?api[-_]?key)\\?["']?[ \t]{0,4}[:=][ \t]{0,4}\\?["']?(?<key>[^\s"'\\,;&]{6,})"#,
            looks_random,
        ),
        Shape::new(
            r#"(?i)(?-u:\b)(?:set-)?cookie\\?["']?[ \t]{0,4}:[ \t]{0,4}\\?["']?(?<key>[0-9a-z_.-]{1,60}=[^\r\n"'\\]+)"#,
            any,
        ),
        Shape::new(r"(?i)(?-u:\b)bearer[ \t]{1,4}(?<key>[0-9a-z._~+/-]{8,}=*)", looks_random),
        Shape::new(
            r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?<key>(?:[A-Za-z0-9+/=\s]|\\[nrt]|(?:Proc-Type|DEK-Info): ?[A-Za-z0-9,-]*)+)",
            any,
        ),
        // Three parts with dots between them, the first of which begins a JSON object.
        Shape::new(r"(?-u:\b)(?<key>eyJ[A-Za-z0-9_-]{10,}(?:\.{1,2}[A-Za-z0-9_-]+){0,4})", |text| {
            text.matches('.').count() >= 2
        }),
        Shape::new(
            r"(?-u:\b)(?<key>(?:sk|pk|rk)-[A-Za-z0-9_-]{20,}|(?:sk|pk|rk|whsec)_(?:live_|test_)?[A-Za-z0-9]{16,}|gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,}|glpat-[A-Za-z0-9_-]{20,}|(?:AKIA|ASIA)[A-Z0-9]{16}|xox[abeoprs]-[A-Za-z0-9-]{10,}|AIza[A-Za-z0-9_-]{30,}|hf_[A-Za-z0-9]{30,}|npm_[A-Za-z0-9]{30,}|gsk_[A-Za-z0-9]{30,}|ya29\.[A-Za-z0-9_-]{20,})",
            any,
        ),
    ]
});

/// Whether a word is a token rather than a word of a sentence: it has a digit, or is very long.
fn looks_random(text: &str) -> bool {
    text.len() >= 24 || text.bytes().any(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn secrets(pairs: &[(&str, &str)]) -> Secrets {
        let names = pairs.iter().map(|(name, _)| (*name).to_owned());
        let lookup = |wanted: &str| {
            pairs.iter().find(|(name, _)| *name == wanted).map(|(_, value)| (*value).to_owned())
        };
        Secrets::gather(names, lookup).0
    }

    #[test]
    fn a_value_is_found_in_every_form_it_may_be_written_in() {
        let secrets = secrets(&[("KEY", "p/ss w\"rd?")]);
        for text in [
            "p/ss w\"rd?",
            "p%2Fss%20w%22rd%3F",
            "p%2fss%20w%22rd%3f",
            "p%2Fss+w%22rd%3F",
            "cC9zcyB3InJkPw", // base64, without its padding
            "p/ss w\\\"rd?",
            "p\\/ss w\\\"rd?",
            "p/ss%20w%22rd?",
            "p\\u002fss\\u0020w\\u0022rd\\u003F",
            "p/ss w\\\\\\\"rd?",
        ] {
            assert_eq!(secrets.redact(&format!("<{text}>")), "<[redacted:KEY]>", "{text}");
        }
        assert_eq!(secrets.redact("nothing here"), "nothing here");
    }

    #[test]
    fn both_alphabets_of_base64_are_known() {
        let secrets = secrets(&[("KEY", ">>>???")]);
        assert_eq!(secrets.redact("Pj4+Pz8/"), "[redacted:KEY]");
        assert_eq!(secrets.redact("Pj4-Pz8_"), "[redacted:KEY]");
    }

    #[test]
    fn the_longest_of_two_values_wins() {
        let secrets = secrets(&[("A", "sesame-open"), ("B", "sesame-open-wide")]);
        assert_eq!(secrets.redact("sesame-open-wide sesame-open"), "[redacted:B] [redacted:A]");
    }

    #[test]
    fn short_values_do_not_mangle_words() {
        let secrets = secrets(&[("LANG", "en"), ("REGION", "asia"), ("LONG", "tortoise")]);
        assert_eq!(secrets.redact("then in asia, eurasian"), "then in [redacted:REGION], eurasian");
        assert_eq!(secrets.redact("tortoises"), "[redacted:LONG]s");
    }

    #[test]
    fn values_in_json_are_found_in_keys_and_numbers_too() {
        let secrets = secrets(&[("PIN", "73550912")]);
        let mut value = json!({ "73550912": [73_550_912, "a 73550912 b", 7, null, true] });
        secrets.redact_value(&mut value);
        assert_eq!(
            value,
            json!({ "[redacted:PIN]": ["[redacted:PIN]", "a [redacted:PIN] b", 7, null, true] })
        );
    }

    #[test]
    fn keys_of_known_shapes_are_found_without_being_known() {
        let secrets = Secrets::default();
        for key in [
            concat!("sk-", "proj-abcdefghij0123456789"),
            concat!("ghp", "_0123456789abcdefghijklmnopqrstuvwxyz"),
            concat!("AK", "IAIOSFODNN7EXAMPLE"),
            concat!("xox", "b-123456789012-abcdefghijkl"),
            concat!("AI", "zaSyA0123456789abcdefghijklmnopqrstuv"),
            concat!("eyJ", "hbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"),
        ] {
            assert_eq!(secrets.redact(&format!("key={key}.")), "key=[redacted:key].", "{key}");
        }
    }

    #[test]
    fn headers_are_redacted_as_text_and_as_json() {
        let secrets = Secrets::default();
        for (text, redacted) in [
            ("Authorization: Basic dXNlcjpwYXNz", "Authorization: Basic [redacted:key]"),
            (r#"{"authorization":"Bearer opensesame"}"#, r#"{"authorization":"Bearer [redacted:key]"}"#),
            (r#"{"x-api-key": "4f9a0c77"}"#, r#"{"x-api-key": "[redacted:key]"}"#),
            ("Cookie: sid=31d4d96e407aad42; a=b\r\nHost: x", "Cookie: [redacted:key]\r\nHost: x"),
            ("token was Bearer abc123def456!", "token was Bearer [redacted:key]!"),
        ] {
            assert_eq!(secrets.redact(text), redacted);
        }
    }

    #[test]
    fn a_private_key_is_taken_out_even_when_it_is_cut_off() {
        let text = "a\n-----BEGIN RSA PRIVATE KEY-----\nMIIEow+/==\nAAAA\n-----END RSA PRIVATE KEY-----\nb";
        assert_eq!(
            Secrets::default().redact(text),
            "a\n-----BEGIN RSA PRIVATE KEY-----[redacted:key]-----END RSA PRIVATE KEY-----\nb"
        );
        let cut = r"-----BEGIN PRIVATE KEY-----\nMIIEow+/";
        assert_eq!(Secrets::default().redact(cut), "-----BEGIN PRIVATE KEY-----[redacted:key]");
    }

    #[test]
    fn ordinary_words_are_left_alone() {
        for text in [
            "The bearer of this letter needs authorization: required by law.",
            "A basic 30-minute meeting; the cookie: chocolate. Ask-me-anything about risk-averse sk-its.",
            "eyJust a word, and sk-short",
        ] {
            assert_eq!(Secrets::default().redact(text), text);
        }
    }

    #[test]
    fn the_name_of_a_known_value_is_kept_in_a_header() {
        let secrets = secrets(&[("A_RATHER_LONG_NAME_OF_A_KEY", "opensesame")]);
        let redacted = "Authorization: Bearer [redacted:A_RATHER_LONG_NAME_OF_A_KEY]";
        assert_eq!(secrets.redact("Authorization: Bearer opensesame"), redacted);
    }

    #[test]
    fn debug_output_shows_names_only() {
        assert_eq!(format!("{:?}", secrets(&[("KEY", "opensesame")])), r#"{"KEY"}"#);
    }
}
