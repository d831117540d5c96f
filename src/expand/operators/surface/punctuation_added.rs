//! Punctuation that was not there: a mark at the end, dots, a comma before `and`.

use super::forms::{self, Form};
use crate::expand::edit::Rewrite;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::protect::Guard;
use crate::expand::stream::Stream;
use crate::expand::words::Word;

/// The operator.
pub static PUNCTUATION_ADDED: Operator = Operator {
    name: "punctuation_added",
    version: 1,
    family: Family::Surface,
    promise: Promise::Same,
    what: "Adds the mark that is missing at the end, dots, or a comma between two parts",
    reach: Reach::Around,
    touches: &[],
    needs_statement: false,
    options: &[forms::option(
        "Which marks are added: a full stop, question mark or exclamation mark at the end, dots there, or a comma",
        &["last", "dots", "comma"],
    )],
    vary: |subject, stream| forms::vary(subject, stream, &FORMS),
};

const FORMS: [Form; 3] = [
    ("last", |subject, stream| {
        let asks = subject.text.words.first().is_some_and(|word| begins_with(subject, word, ASKING));
        let mark = if asks { "?" } else { [".", "!"][stream.index(2)] };
        at_the_end(subject, mark)
    }),
    ("dots", |subject, stream| at_the_end(subject, ["...", "..", "…"][stream.index(3)])),
    ("comma", comma),
];

/// Words with which a question begins.
const ASKING: &[&str] = &[
    "what", "what's", "whats", "when", "when's", "where", "where's", "which", "who", "who's", "whose", "how",
    "how's", "why", "can", "could", "would", "will", "is", "are", "am", "do", "does", "did", "has", "have",
    "was", "were", "should", "may", "any", "anything",
];

/// Words before which people put a comma.
const JOINING: &[&str] = &["and", "but", "so", "because", "then", "which", "since", "while", "if", "please"];

/// Words after which people put a comma at the beginning.
const OPENING: &[&str] =
    &["hi", "hello", "hey", "please", "ok", "okay", "sorry", "thanks", "so", "well", "yes"];

fn begins_with(subject: &Subject<'_>, word: &Word, list: &[&str]) -> bool {
    let whole = word.of(subject.text.text);
    list.iter().any(|listed| listed.eq_ignore_ascii_case(whole))
}

/// Whether a mark may follow: after a number or an address it might belong to it.
const fn is_plain(word: &Word) -> bool {
    matches!(word.guard, None | Some(Guard::Meaning | Guard::Acronym))
}

/// Puts a mark after the last word, where none is.
fn at_the_end(subject: &Subject<'_>, mark: &str) -> Option<Draft> {
    let text = subject.text;
    let last = text.words.last().filter(|word| is_plain(word) && text.text.trim_end().len() == word.end)?;
    if !text.may_touch(last.end..last.end, &[]) {
        return None;
    }
    let mut rewrite = Rewrite::new(text.text);
    rewrite.insert(last.end, mark);
    forms::meaning_kept(subject, rewrite)
}

/// Puts a comma between two words.
fn comma(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let text = subject.text;
    let pairs = text.words.windows(2).enumerate();
    let places: Vec<usize> = pairs
        .filter(|(place, pair)| {
            let joins = begins_with(subject, &pair[1], JOINING) && *place > 0;
            let opens = *place == 0 && begins_with(subject, &pair[0], OPENING);
            (joins || opens) && is_plain(&pair[0]) && text.text[pair[0].end..pair[1].start] == *" "
        })
        .map(|(_, pair)| pair[0].end)
        .filter(|end| text.may_touch(*end..*end, &[]))
        .collect();
    let mut rewrite = Rewrite::new(text.text);
    rewrite.insert(*places.get(stream.index(places.len()))?, ",");
    forms::meaning_kept(subject, rewrite)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_are_those_of_the_option() {
        assert!(forms::agree(&PUNCTUATION_ADDED.options[0], &FORMS));
    }
}
