//! Sentences put before or after a request.

use crate::expand::edit::Rewrite;
use crate::expand::lexicon::Lexicon;
use crate::expand::operator::{Draft, Subject};
use crate::expand::stream::Stream;
use std::sync::LazyLock;

/// Sentences by kind.
pub static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::parse(include_str!("../../lexicon/settings.txt")));

/// Puts one of the sentences of a kind before the text or after it.
pub fn put(kind: &str, subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let text = subject.text.text;
    if subject.text.words.is_empty() {
        return None;
    }
    let sentences: Vec<_> = LEXICON.entries.iter().filter(|entry| entry[0] == kind).collect();
    let [_, place, sentence] = sentences.get(stream.index(sentences.len()))?[..] else { return None };
    // The sentences hold no words of meaning, so that the text keeps what it weighs.
    if place == "before" { before(text, sentence) } else { after(text, sentence) }
}

fn before(text: &str, sentence: &str) -> Option<Draft> {
    let begin = text.len() - text.trim_start().len();
    let mut rewrite = Rewrite::new(text);
    rewrite.insert(begin, &format!("{sentence} "));
    Draft::of(rewrite)
}

/// Puts a text after another one, whose last sentence is closed where it is open.
pub fn after(text: &str, sentence: &str) -> Option<Draft> {
    let end = text.trim_end().len();
    let mut rewrite = Rewrite::new(text);
    rewrite.insert(end, &format!("{} {sentence}", closing(&text[..end])));
    Draft::of(rewrite)
}

/// What closes the last sentence of a text.
fn closing(text: &str) -> &'static str {
    let last = text.trim_end_matches(['"', '”', '\'', '’', ')']).chars().next_back();
    if last.is_some_and(|c| matches!(c, '.' | '!' | '?' | ':' | '…')) { "" } else { "." }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expand::meaning;

    #[test]
    fn every_kind_has_twenty_sentences_that_weigh_nothing() {
        let kinds = [
            "other_device",
            "time_pressure",
            "accessibility",
            "earlier_contact",
            "distractor_before",
            "distractor_after",
        ];
        for kind in kinds {
            let sentences: Vec<&str> =
                LEXICON.entries.iter().filter(|entry| entry[0] == kind).map(|entry| entry[2]).collect();
            assert!(sentences.len() >= 20, "{kind}");
            for sentence in sentences {
                assert_eq!(meaning::Count::of(sentence), meaning::Count::default(), "{sentence}");
            }
        }
        assert!(LEXICON.version > 0 && LEXICON.entries.iter().all(|entry| kinds.contains(&entry[0])));
    }

    #[test]
    fn no_sentence_speaks_of_what_assistants_are_asked_for() {
        let stems = [
            "meet",
            "call",
            "cancel",
            "document",
            "summar",
            "schedul",
            "book",
            "file",
            "recap",
            "note",
            "account",
            "card",
            "order",
            "pay",
            "remind",
            "weather",
            "calendar",
            "appointment",
            "report",
            "search",
        ];
        for entry in &LEXICON.entries {
            let small = entry[2].to_lowercase();
            let found = stems.iter().find(|stem| small.split(' ').any(|word| word.starts_with(**stem)));
            assert_eq!(found, None, "{small}");
        }
    }

    #[test]
    fn an_open_sentence_is_closed() {
        assert_eq!(after("cancel 3pm", "Bye!").unwrap().text, "cancel 3pm. Bye!");
        assert_eq!(after("is it on? ", "Bye!").unwrap().text, "is it on? Bye! ");
        assert_eq!(after("say 'no.'", "Bye!").unwrap().text, "say 'no.' Bye!");
        assert_eq!(before(" go", "Hi!").unwrap().text, " Hi! go");
    }
}
