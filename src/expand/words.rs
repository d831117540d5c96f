//! The words of a text, and which of its bytes an operator may not touch.

use super::meaning::Count;
use super::protect::{Guard, Protected, Protector};
use std::ops::Range;

/// A word: letters and digits, with apostrophes inside (`don't`, `o'clock`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// Its characters.
    pub chars: usize,
    /// Why it may not be touched; `None` where it is free.
    pub guard: Option<Guard>,
}

impl Word {
    /// Its bytes.
    pub const fn range(&self) -> Range<usize> {
        self.start..self.end
    }

    /// Its text.
    pub fn of<'t>(&self, text: &'t str) -> &'t str {
        &text[self.start..self.end]
    }
}

/// A text with its words and its protected spans, made once and read by every operator.
#[derive(Debug, Clone)]
pub struct Text<'a> {
    /// The text.
    pub text: &'a str,
    /// Its words, in order.
    pub words: Vec<Word>,
    /// Its protected spans, in order; spans of different kinds may overlap.
    pub protected: Vec<Protected>,
    /// How many of its words carry the meaning.
    pub count: Count,
}

impl<'a> Text<'a> {
    /// Finds the words of a text and what of it is protected. `expected` are texts that an answer is
    /// expected to repeat: where they occur they are protected too.
    pub fn new(text: &'a str, protector: &Protector, expected: &[&str]) -> Self {
        let protected = protector.spans(text, expected);
        let mut words = words(text);
        let mut first = 0;
        for word in &mut words {
            while protected.get(first).is_some_and(|span| span.range.end <= word.start) {
                first += 1;
            }
            word.guard = protected[first..]
                .iter()
                .take_while(|span| span.range.start < word.end)
                .find(|span| span.range.end > word.start)
                .map(|span| span.guard);
        }
        Self { text, words, protected, count: Count::of(text) }
    }

    /// The words that may be touched, by their place among the words.
    pub fn free(&self) -> impl Iterator<Item = (usize, &Word)> {
        self.words.iter().enumerate().filter(|(_, word)| word.guard.is_none())
    }

    /// The words that an operator may touch whose purpose reaches the kinds in `touches`.
    pub fn open(&self, touches: &[Guard]) -> impl Iterator<Item = (usize, &Word)> {
        self.words.iter().enumerate().filter(move |(_, word)| self.may_touch(word.range(), touches))
    }

    /// Whether nothing protected, other than the kinds in `touches`, lies within the bytes. An empty range
    /// is a place to put something in: it may not lie inside a protected span, and may stand at its edge.
    pub fn may_touch(&self, range: Range<usize>, touches: &[Guard]) -> bool {
        self.protected.iter().all(|span| {
            touches.contains(&span.guard) || range.end <= span.range.start || range.start >= span.range.end
        })
    }
}

/// The words of a text: runs of letters, digits and marks, with single apostrophes inside.
fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((start, first)) = chars.next() {
        if !first.is_alphanumeric() {
            continue;
        }
        let (mut end, mut count) = (start + first.len_utf8(), 1);
        while let Some(&(at, next)) = chars.peek() {
            let inside = matches!(next, '\'' | '’')
                && text[at + next.len_utf8()..].chars().next().is_some_and(char::is_alphabetic);
            if !(next.is_alphanumeric() || is_mark(next) || inside) {
                break;
            }
            chars.next();
            (end, count) = (at + next.len_utf8(), count + 1);
        }
        words.push(Word { start, end, chars: count, guard: None });
    }
    words
}

/// Combining marks, which belong to the letter before them.
const fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{20d0}'..='\u{20ff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        words(text).iter().map(|word| word.of(text)).collect()
    }

    #[test]
    fn apostrophes_inside_belong_to_a_word() {
        assert_eq!(
            found("I don't—'really' know Ana’s e-mail."),
            ["I", "don't", "really", "know", "Ana’s", "e", "mail"]
        );
        assert_eq!(found(" née ne\u{301}e '"), ["née", "ne\u{301}e"]);
        assert_eq!(found(""), [""; 0]);
    }

    #[test]
    fn words_within_protected_spans_are_guarded() {
        let protector = Protector::new(&[]).unwrap();
        let text = "mail ana@example.com about 3 pumps";
        let text = Text::new(text, &protector, &["pumps"]);
        let free: Vec<&str> = text.free().map(|(_, word)| word.of(text.text)).collect();
        assert_eq!(free, ["mail", "about"]);
        let numbers: Vec<&str> = text.open(&[Guard::Number]).map(|(_, word)| word.of(text.text)).collect();
        assert_eq!(numbers, ["mail", "about", "3"]);
        assert!(text.may_touch(5..5, &[]) && !text.may_touch(6..6, &[]));
    }
}
