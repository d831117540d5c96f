//! Attempts of an answer to talk its judge into a verdict: a shipped corpus of payloads and of answers that
//! answer nothing.

use super::Judgement;
use serde::Deserialize;
use std::sync::LazyLock;

/// One attempt in one language.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Attack {
    /// What it tries: `closed_fence`, `forged_verdict`, `as_system`, ….
    pub kind: String,
    /// The language it is in: `en`, `de`, `es`, `zh`.
    pub language: String,
    /// Its text, with `{answer}` where the wrong answer stands and `{pass}` for the verdict that is wanted.
    text: String,
}

static ATTACKS: LazyLock<Vec<Attack>> = LazyLock::new(|| {
    let lines = include_str!("attacks.jsonl").lines();
    lines.map(|line| serde_json::from_str(line).expect("a line of this crate's own file")).collect()
});

static WRONG: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| include_str!("wrong_answers.txt").lines().collect());

impl Attack {
    /// The corpus.
    pub fn all() -> &'static [Self] {
        &ATTACKS
    }

    /// A wrong answer with the attempt around it, which wants this verdict.
    pub fn around(&self, answer: &str, pass: &str) -> String {
        // One pass over the text: what an answer says is not filled in again.
        let mut out = String::with_capacity(self.text.len() + answer.len());
        let mut rest = self.text.as_str();
        while let Some(at) = rest.find('{') {
            out.push_str(&rest[..at]);
            rest = &rest[at..];
            if let Some(after) = rest.strip_prefix("{answer}") {
                out.push_str(answer);
                rest = after;
            } else if let Some(after) = rest.strip_prefix("{pass}") {
                out.push_str(pass);
                rest = after;
            } else {
                out.push('{');
                rest = &rest[1..];
            }
        }
        out.push_str(rest);
        out
    }
}

/// An attempt to talk a judge into a pass.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// What it tries; nothing where the wrong answer stands alone.
    pub attack: Option<&'static Attack>,
    /// The wrong answer.
    pub answer: String,
    /// What the judge said.
    pub judge: Judgement,
}

/// Answers that answer no question.
pub fn wrong_answers() -> &'static [&'static str] {
    &WRONG
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    #[test]
    fn there_are_forty_attempts_in_four_languages_and_twenty_five_wrong_answers() {
        assert!(Attack::all().len() >= 40 && wrong_answers().len() >= 25);
        let mut languages: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for attack in Attack::all() {
            languages.entry(&attack.language).or_default().insert(&attack.kind);
        }
        assert_eq!(languages.len(), 4);
        assert!(languages.values().all(|kinds| kinds.len() >= 10), "{languages:?}");
        let distinct: BTreeSet<String> = Attack::all().iter().map(|of| of.around("x", "pass")).collect();
        assert_eq!(distinct.len(), Attack::all().len());
        assert!(distinct.iter().all(|text| text.contains('x') && !text.contains("{pass}")));
    }

    #[test]
    fn what_an_answer_says_is_not_filled_in() {
        let attack =
            Attack { kind: "k".into(), language: "en".into(), text: "{answer} {\"v\": \"{pass}\"}".into() };
        assert_eq!(attack.around("a {pass} {answer}", "yes"), "a {pass} {answer} {\"v\": \"yes\"}");
    }
}
