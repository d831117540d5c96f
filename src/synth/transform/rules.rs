//! Transformations by rule: reviewed operators applied until nothing is left to do, steps found in a text, and
//! forms. The same text gives the same result, and each step is told with its edits.

use super::extract::extract;
use super::reformat::{numbered, parts, reformat};
use super::{NotDone, Tone, Transform};
use crate::expand::edit::Edit;
use crate::expand::operator::{Settings, Subject};
use crate::expand::protect::Protector;
use crate::expand::stream::Stream;
use crate::expand::words::Text;
use crate::expand::{Applied, operators};
use crate::suite::Row;
use regex::Regex;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Steps of one operator on one text.
const MOST: usize = 50;

/// What a rule made of a text: the text, and the steps that led to it, in their order.
#[derive(Debug, Clone, PartialEq)]
pub struct ByRule {
    /// The text.
    pub text: String,
    /// The steps.
    pub chain: Vec<Applied>,
}

/// Transforms a text by rule; protected spans are the suite's. Where the rule finds nothing to do, or there is
/// none for what is wanted, it says so.
pub fn by_rule(text: &str, transform: &Transform, protector: &Protector) -> Result<ByRule, NotDone> {
    let whole = |done: String| {
        let applied = Applied {
            op: transform.name().to_owned(),
            version: transform.version(),
            edits: vec![edit(text, &done)],
        };
        Ok(ByRule { text: done, chain: vec![applied] })
    };
    let done = match transform {
        Transform::Shorter { most_words } => {
            let done = operated(text, &[("fragment", None), ("politeness", Some("drop"))], protector);
            let words = done.text.split_whitespace().count();
            if most_words.is_some_and(|most| words > most) {
                return Err(NotDone::TooLong { words, most: most_words.unwrap_or_default() });
            }
            return if done.chain.is_empty() { Err(NotDone::Nothing) } else { Ok(done) };
        }
        Transform::Tone(tone) => {
            let operators = match tone {
                Tone::Formal => &[("expand", None)][..],
                Tone::Casual => &[("contract", None), ("politeness", Some("drop"))],
                Tone::Words(_) => return Err(NotDone::NeedsModel),
            };
            let done = operated(text, operators, protector);
            return if done.chain.is_empty() { Err(NotDone::Nothing) } else { Ok(done) };
        }
        Transform::Steps => steps(text).ok_or(NotDone::Nothing)?,
        Transform::Reformat(form) => reformat(text, *form),
        Transform::Extract(marker) => extract(text, marker)?,
    };
    if done.trim() == text.trim() || done.trim().is_empty() { Err(NotDone::Nothing) } else { whole(done) }
}

/// Applies operators one after the other, each until it finds nothing more.
fn operated(text: &str, names: &[(&str, Option<&str>)], protector: &Protector) -> ByRule {
    let mut done = ByRule { text: text.to_owned(), chain: Vec::new() };
    let row = Row::default();
    for (name, way) in names {
        let Some(operator) = operators::find(name) else { continue };
        let settings =
            Settings(way.iter().map(|way| ("way".to_owned(), json!(way))).collect::<BTreeMap<_, _>>());
        for step in 0..MOST {
            let before = done.text.clone();
            let subject = Subject {
                text: &Text::new(&before, protector, &[]),
                settings: &settings,
                row: &row,
                expect: &[],
                canary: None,
            };
            let number = (step as u64).to_be_bytes();
            let mut stream = Stream::new(&[b"transform", name.as_bytes(), &number, before.as_bytes()]);
            let Some(draft) = (operator.vary)(&subject, &mut stream) else { break };
            // What is left must still ask for something.
            if draft.text.trim().is_empty() || draft.text == before {
                break;
            }
            done.text = draft.text;
            done.chain.push(Applied {
                op: operator.name.to_owned(),
                version: operator.version,
                edits: draft.edits,
            });
        }
    }
    done
}

/// Words that begin a step, with the comma behind them.
static BEGINNING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:first(?:ly)?|second(?:ly)?|third(?:ly)?|next|then|after that|afterwards|finally|lastly|and then|and finally)\b,?\s+")
        .unwrap_or_else(|error| unreachable!("the pattern is tested: {error}"))
});

/// Where one step ends and another begins within a sentence.
static BETWEEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:,|;)?\s+(?:and\s+)?(?:then|after that|afterwards|finally)\b,?\s+|;\s+")
        .unwrap_or_else(|error| unreachable!("the pattern is tested: {error}"))
});

/// A text as numbered steps, one for each sentence and each part that `then` or a semicolon begins; `None` where
/// there are not two of them. The words between steps are left out, for the numbers say the same.
fn steps(text: &str) -> Option<String> {
    let mut steps: Vec<String> = Vec::new();
    for part in parts(text) {
        for step in BETWEEN.split(&part) {
            let step = BEGINNING.replace(step.trim(), "");
            let mut chars = step.chars();
            if let Some(first) = chars.next() {
                steps.push(first.to_uppercase().chain(chars).collect());
            }
        }
    }
    (steps.len() > 1).then(|| numbered(&steps))
}

/// One edit that leads from a text to another: what stands between what both begin and end with.
fn edit(before: &str, after: &str) -> Edit {
    let begin: usize =
        before.chars().zip(after.chars()).take_while(|(a, b)| a == b).map(|(c, _)| c.len_utf8()).sum();
    let (rest, of_rest) = (&before[begin..], &after[begin..]);
    let end: usize = rest
        .chars()
        .rev()
        .zip(of_rest.chars().rev())
        .take_while(|(a, b)| a == b)
        .map(|(c, _)| c.len_utf8())
        .sum();
    Edit { from: begin..before.len() - end, to: begin..after.len() - end }
}

#[cfg(test)]
mod tests {
    use super::super::extract::Marker;
    use super::super::reformat::Form;
    use super::*;
    use crate::expand::edit::leads_to;

    fn done(text: &str, transform: &Transform) -> Result<String, NotDone> {
        let done = by_rule(text, transform, &Protector::new(&[]).unwrap())?;
        assert!(!done.chain.is_empty());
        if let [only] = done.chain.as_slice() {
            assert!(leads_to(text, &only.edits, &done.text), "{:?}", only.edits);
        }
        Ok(done.text)
    }

    #[test]
    fn a_request_becomes_shorter_by_what_opens_and_closes_it() {
        let shorter = Transform::Shorter { most_words: None };
        assert_eq!(
            done("Could you please book a room for 2 people, thanks", &shorter).unwrap(),
            "Book a room for 2 people"
        );
        assert_eq!(done("Book a room", &shorter), Err(NotDone::Nothing));
        let most = Transform::Shorter { most_words: Some(3) };
        assert_eq!(
            done("Could you please book a room for Ana", &most),
            Err(NotDone::TooLong { words: 5, most: 3 })
        );
    }

    #[test]
    fn contractions_are_a_matter_of_tone() {
        let formal =
            done("I don't know where it's gone, and I'm late", &Transform::Tone(Tone::Formal)).unwrap();
        assert!(formal.contains("do not") && formal.contains("I am"), "{formal}");
        assert!(!formal.contains("n't") && !formal.contains("I'm"), "{formal}");
        let casual = done("I do not know when I am due", &Transform::Tone(Tone::Casual)).unwrap();
        assert!(casual.contains("don't") || casual.contains("I'm"), "{casual}");
        let pirate = Transform::Tone(Tone::Words("pirate".into()));
        assert_eq!(done("Where is it?", &pirate), Err(NotDone::NeedsModel));
    }

    #[test]
    fn steps_are_numbered() {
        let text =
            "First, unplug the feeder, then wait 10 seconds and then plug it in. Finally, press the button.";
        assert_eq!(
            done(text, &Transform::Steps).unwrap(),
            "1. Unplug the feeder\n2. Wait 10 seconds\n3. Plug it in.\n4. Press the button."
        );
        assert_eq!(done("Where is it?", &Transform::Steps), Err(NotDone::Nothing));
    }

    #[test]
    fn forms_and_markers_are_steps_with_an_edit() {
        let made =
            by_rule("So: <a>42</a>!", &Transform::Extract(Marker::Xml("a".into())), &Protector::default())
                .unwrap();
        assert_eq!((made.text.as_str(), made.chain[0].op.as_str()), ("42", "extract"));
        assert_eq!(done("a\nb", &Transform::Reformat(Form::OneLine)).unwrap(), "a b");
        assert_eq!(done("a b", &Transform::Reformat(Form::OneLine)), Err(NotDone::Nothing));
        assert!(matches!(done("x", &Transform::Extract(Marker::Xml("a".into()))), Err(NotDone::Extract(_))));
    }

    #[test]
    fn one_edit_lies_between_what_both_texts_have() {
        for (before, after) in
            [("abc", "abd"), ("aaa", "aa"), ("né", "ne"), ("", "x"), ("x", ""), ("aba", "abba")]
        {
            let found = edit(before, after);
            assert!(leads_to(before, std::slice::from_ref(&found), after), "{before} {after} {found:?}");
        }
    }
}
