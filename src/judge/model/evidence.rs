//! What is judged, as data: the texts that are shown to a judge, cut to size and made harmless.

use crate::model::fence::{harmless, shorten};
use crate::target::Turn;
use serde::Serialize;
use serde_json::Value;

/// What is judged. All of it is untrusted.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// What the application was asked.
    pub input: &'a Value,
    /// What was said before the answer, oldest first.
    pub before: &'a [Turn],
    /// The answer.
    pub output: &'a str,
    /// The passages it was made from.
    pub contexts: &'a [String],
    /// The answer that was accepted for the same case, where there is one.
    pub accepted: Option<&'a str>,
    /// Texts that a right answer may be.
    pub reference: &'a [String],
}

/// Where an answer stands when it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Alone, with the passages it was made from.
    Alone,
    /// Before the accepted one. Both stand without passages: those of the accepted one are not known.
    First,
    /// After the accepted one.
    Second,
}

/// The same as it is shown.
#[derive(Serialize)]
struct Shown {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    conversation: Vec<Exchange>,
    input: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    output: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    second: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<Texts>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    contexts: Vec<String>,
}

/// One text, or a list of several.
#[derive(Serialize)]
#[serde(untagged)]
enum Texts {
    One(String),
    Many(Vec<String>),
}

#[derive(Serialize)]
struct Exchange {
    user: Value,
    application: String,
}

/// Words that begin an answer and are none: models take them for one most of the time.
const OPENERS: [&str; 12] = [
    "thought process",
    "let s solve this problem step by step",
    "let s think step by step",
    "solution",
    "answer",
    "the answer is",
    "here is the answer",
    "here is my answer",
    "sure",
    "of course",
    "certainly",
    "okay",
];

impl<'a> Evidence<'a> {
    /// The last answer of a conversation, to what was said just before it; nothing where there is none.
    /// `reference` holds texts that a right answer may be.
    pub fn of(turns: &'a [Turn], reference: &'a [String]) -> Option<Self> {
        let (last, before) = turns.split_last()?;
        let answer = &last.answer;
        Some(Self {
            input: &last.user,
            before,
            output: &answer.output,
            contexts: &answer.contexts,
            accepted: None,
            reference,
        })
    }

    /// Why the answer says nothing, which no judge need be asked about: it is empty, has no letter and no
    /// digit, or ends where it begins ("Thought process:").
    pub fn says_nothing(&self) -> Option<&'static str> {
        if self.output.trim().is_empty() {
            return Some("the answer is empty");
        }
        if !self.output.chars().any(char::is_alphanumeric) {
            return Some("the answer has no letter and no digit");
        }
        let words: Vec<String> = self
            .output
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect();
        let is_open = |end: char| matches!(end, ':' | ',' | '.' | '!' | '…' | '-');
        let ends_open =
            self.output.trim_end().chars().next_back().is_some_and(|c| is_open(c) || !c.is_alphanumeric());
        (ends_open && OPENERS.contains(&words.join(" ").as_str()))
            .then_some("the answer ends where it begins: it is an opening and nothing more")
    }

    /// Whether the answer holds a quote, white space aside.
    pub fn holds(&self, quote: &str) -> bool {
        folded(self.output).contains(&folded(quote))
    }

    /// Whether one of the passages holds a quote, white space aside.
    pub fn passages_hold(&self, quote: &str) -> bool {
        let quote = folded(quote);
        self.contexts.iter().any(|context| folded(context).contains(&quote))
    }

    /// Whether the answer or the accepted one holds a quote, white space aside.
    pub fn either_holds(&self, quote: &str) -> bool {
        self.holds(quote) || self.accepted.is_some_and(|accepted| folded(accepted).contains(&folded(quote)))
    }

    /// The evidence as the text of one JSON object, and whether a part of it was cut off. In the text no
    /// character stands that could end a fence or a tag: `<`, `>` and `&` are escaped, and so are the two
    /// line breaks that JSON allows and other readers do not.
    pub fn data(&self, most: usize, place: Place) -> (String, bool) {
        let mut cut = false;
        let mut short = |text: &str| {
            let (text, was_cut) = shorten(text, most);
            cut |= was_cut;
            text
        };
        let mut value = |value: &Value| match value {
            Value::String(text) => Value::String(short(text)),
            // What is not a text is shown as its JSON where it fits.
            other => {
                let text = other.to_string();
                if text.chars().count() > most { Value::String(short(&text)) } else { other.clone() }
            }
        };
        let before: Vec<(Value, &str)> =
            self.before.iter().map(|turn| (value(&turn.user), turn.answer.output.as_str())).collect();
        let input = value(self.input);
        let conversation = before
            .into_iter()
            .map(|(user, application)| Exchange { user, application: short(application) })
            .collect();
        let reference = match self.reference {
            _ if place != Place::Alone => None,
            [] => None,
            [one] => Some(Texts::One(short(one))),
            many => Some(Texts::Many(many.iter().map(|text| short(text)).collect())),
        };
        let answer = Some(short(self.output));
        let mut shown = Shown {
            conversation,
            input,
            output: None,
            first: None,
            second: None,
            reference,
            contexts: Vec::new(),
        };
        if place == Place::Alone {
            shown.output = answer;
            shown.contexts = self.contexts.iter().map(|context| short(context)).collect();
        } else {
            let accepted = Some(short(self.accepted.unwrap_or_default()));
            (shown.first, shown.second) =
                if place == Place::First { (answer, accepted) } else { (accepted, answer) };
        }
        let text = serde_json::to_string(&shown).unwrap_or_default();
        (harmless(&text), cut)
    }
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::Answer;
    use proptest::prelude::*;
    use serde_json::json;

    fn evidence<'a>(input: &'a Value, output: &'a str) -> Evidence<'a> {
        Evidence { input, before: &[], output, contexts: &[], accepted: None, reference: &[] }
    }

    #[test]
    fn an_answer_that_says_nothing_is_known_without_a_judge() {
        let input = json!("hi");
        for output in [
            "",
            " \n",
            ":",
            "...",
            "!?",
            "Thought process:",
            "Solution",
            "Let's think step by step.",
            "Sure!",
        ] {
            let nothing = evidence(&input, output).says_nothing();
            // A lone word may be the whole answer.
            assert_eq!(nothing.is_some(), output != "Solution", "{output}");
        }
        for output in ["no", "42", "Sure, it is booked.", "The answer is 4.", "ja", "是"] {
            assert_eq!(evidence(&input, output).says_nothing(), None, "{output}");
        }
    }

    #[test]
    fn a_quote_is_looked_for_with_its_white_space_folded() {
        let input = json!("hi");
        let given = evidence(&input, "It is\n  booked for  Monday.");
        assert!(given.holds("booked for Monday"));
        assert!(!given.holds("booked for Tuesday"));
    }

    #[test]
    fn what_is_too_long_is_cut_with_a_mark() {
        let input = json!("abcdefgh");
        let (text, cut) = evidence(&input, "12345678901234567890").data(8, Place::Alone);
        assert!(cut);
        assert_eq!(text, r#"{"input":"abcdefgh","output":"123456 [… 12 characters cut off …] 90"}"#);
    }

    #[test]
    fn the_last_answer_of_a_conversation_is_judged_with_what_came_before_and_what_is_right() {
        let turn = |user: &str, output: &str, contexts: &[&str]| Turn {
            user: json!(user),
            answer: Answer {
                output: output.into(),
                contexts: contexts.iter().map(|&text| text.into()).collect(),
                ..Answer::default()
            },
        };
        let turns = [turn("book it", "when?", &["x"]), turn("at three", "done", &["y"])];
        let [one, two] = ["It is booked.".to_owned(), "OK".to_owned()];
        let shown = |reference: &[String]| Evidence::of(&turns, reference).unwrap().data(99, Place::Alone).0;
        let before = r#"{"conversation":[{"user":"book it","application":"when?"}],"input":"at three","output":"done""#;
        assert_eq!(shown(&[]), format!(r#"{before},"contexts":["y"]}}"#));
        assert_eq!(
            shown(std::slice::from_ref(&one)),
            format!(r#"{before},"reference":"It is booked.","contexts":["y"]}}"#)
        );
        assert_eq!(
            shown(&[one, two]),
            format!(r#"{before},"reference":["It is booked.","OK"],"contexts":["y"]}}"#)
        );
        assert!(Evidence::of(&[], &[]).is_none());
    }

    proptest! {
        #[test]
        fn data_reads_back_as_it_was_and_holds_no_character_of_a_tag(input in any::<String>(), output in any::<String>()) {
            let asked = json!(input);
            let (text, cut) = evidence(&asked, &output).data(usize::MAX, Place::Alone);
            let is_harmless = !text.contains(['<', '>', '&', '\n', '\u{2028}', '\u{2029}']);
            prop_assert!(!cut && is_harmless);
            let back: Value = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(back, json!({ "input": input, "output": output }));
        }
    }
}
