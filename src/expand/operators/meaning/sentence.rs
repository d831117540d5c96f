//! The sentences of a text, and what is asked of their words.

use crate::expand::words::Text;
use std::ops::Range;

/// Short forms with a full stop that ends no sentence.
const SHORT_FORMS: &[&str] = &[
    "approx", "ca", "cf", "co", "dept", "dr", "eg", "etc", "fig", "ie", "inc", "jr", "ltd", "mr", "mrs",
    "ms", "mx", "nr", "pp", "prof", "sr", "st", "vs",
];

/// A sentence, or a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// Its bytes, from its first character that is no white space to its last, its mark included.
    pub range: Range<usize>,
    /// Its words, by their place among those of the text; at least one.
    pub words: Range<usize>,
}

impl Sentence {
    /// Where its marks at the end begin.
    pub fn mark_at(&self, text: &str) -> usize {
        let inner = &text[self.range.clone()];
        self.range.start + inner.trim_end_matches(['.', '!', '?', '…']).len()
    }

    /// Whether it ends in a question mark.
    pub fn asks(&self, text: &str) -> bool {
        text[self.mark_at(text)..self.range.end].contains('?')
    }
}

/// The sentences of a text that have words, in order.
pub fn sentences(text: &Text<'_>) -> Vec<Sentence> {
    let mut found = Vec::new();
    let (mut begin, mut first) = (0, 0);
    for end in ends(text).chain([text.text.len()]) {
        let piece = &text.text[begin..end];
        let start = begin + (piece.len() - piece.trim_start().len());
        let last = first + text.words[first..].iter().take_while(|word| word.start < end).count();
        if last > first {
            found.push(Sentence { range: start..begin + piece.trim_end().len(), words: first..last });
            first = last;
        }
        begin = end;
    }
    found
}

/// Where sentences end, after their marks.
fn ends(text: &Text<'_>) -> impl Iterator<Item = usize> {
    let source = text.text;
    let (mut span, mut word) = (0, 0);
    let mut skip = 0;
    source.match_indices(['.', '!', '?', '…', '\n']).filter_map(move |(at, mark)| {
        if at < skip {
            return None;
        }
        if mark == "\n" {
            return Some(at + 1);
        }
        let rest = &source[at..];
        let end = at + (rest.len() - rest.trim_start_matches(['.', '!', '?', '…']).len());
        skip = end;
        let after = &source[end..];
        if after.is_empty() || !after.starts_with(char::is_whitespace) {
            return None;
        }
        while text.protected.get(span).is_some_and(|span| span.range.end < end) {
            span += 1;
        }
        let ahead = after.trim_start();
        let goes_on = ahead.starts_with(char::is_lowercase);
        let within = text.protected[span..].iter().take(4).any(|span| {
            span.range.start <= at && (span.range.end > end || (span.range.end == end && goes_on))
        });
        while text.words.get(word).is_some_and(|word| word.end < at) {
            word += 1;
        }
        let before = text.words.get(word).filter(|word| word.end == at);
        let short = mark == "."
            && before.is_some_and(|word| {
                let (letters, one) = (word.of(source), word.chars == 1);
                let initial = one && letters.starts_with(char::is_uppercase) && letters != "I";
                // "3 p.m. on Friday", "e.g. this"
                let dotted = one && goes_on && source[..word.start].ends_with('.');
                SHORT_FORMS.contains(&letters.to_lowercase().as_str()) || initial || dotted
            });
        (!within && !short).then_some(end)
    })
}

/// The words of a text in lower case, with the plain apostrophe.
pub fn lower(text: &Text<'_>) -> Vec<String> {
    let small = |word: &str| word.to_lowercase().replace('’', "'");
    text.words.iter().map(|word| small(word.of(text.text))).collect()
}

/// Whether nothing but spaces stands between a word and the next one.
pub fn adjoins(text: &Text<'_>, word: usize) -> bool {
    match (text.words.get(word), text.words.get(word + 1)) {
        (Some(word), Some(next)) => text.text[word.end..next.start].bytes().all(|byte| byte == b' '),
        _ => false,
    }
}

/// A text with its first letter, or all of them, in capitals where the model's are.
pub fn cased_like(model: &str, text: &str) -> String {
    let mut letters = model.chars().filter(|c| c.is_alphabetic());
    match (letters.next(), letters.next()) {
        (Some(first), Some(_)) if first.is_uppercase() && !model.chars().any(char::is_lowercase) => {
            text.to_uppercase()
        }
        (Some(first), _) if first.is_uppercase() => capitalised(text),
        _ => text.to_owned(),
    }
}

/// A text with a capital at its beginning.
pub fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// A text with a small letter at its beginning, unless its first word has further capitals or is `I`.
pub fn uncapitalised(text: &str) -> String {
    let first = text.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    if first == "I" || first.chars().skip(1).any(char::is_uppercase) {
        return text.to_owned();
    }
    let mut chars = text.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

/// Whether a word is spoken with a vowel at its beginning, as far as its letters tell.
pub fn begins_with_vowel(word: &str) -> bool {
    let word = word.to_lowercase();
    let silent = ["hour", "honest", "honour", "honor", "heir"].iter().any(|start| word.starts_with(start));
    let glide = ["uni", "use", "usu", "eu", "one", "once"].iter().any(|start| word.starts_with(start))
        && !word.starts_with("unin")
        && !word.starts_with("unim");
    silent || (word.starts_with(['a', 'e', 'i', 'o', 'u']) && !glide)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expand::protect::Protector;

    fn split(text: &str) -> Vec<&str> {
        let parsed = Text::new(text, &Protector::new(&[]).unwrap(), &[]);
        sentences(&parsed).into_iter().map(|sentence| &text[sentence.range]).collect()
    }

    #[test]
    fn sentences_end_at_their_marks_and_lines() {
        assert_eq!(
            split("Hi there! Meet Dr. Novak at 3 p.m. on Friday.  Is v1.2.3 out?!\nyes. also \"a. b\" then"),
            [
                "Hi there!",
                "Meet Dr. Novak at 3 p.m. on Friday.",
                "Is v1.2.3 out?!",
                "yes.",
                "also \"a. b\" then"
            ]
        );
        assert_eq!(split(" ... \n\n"), [""; 0]);
    }

    #[test]
    fn case_follows_the_word_replaced() {
        assert_eq!(cased_like("Find", "print"), "Print");
        assert_eq!(cased_like("FIND", "print"), "PRINT");
        assert_eq!(cased_like("find", "print"), "print");
        assert_eq!(uncapitalised("Book it"), "book it");
        assert_eq!(uncapitalised("NDA first"), "NDA first");
    }

    #[test]
    fn articles_follow_the_sound() {
        for (word, vowel) in
            [("hour", true), ("invoice", true), ("unit", false), ("table", false), ("European", false)]
        {
            assert_eq!(begins_with_vowel(word), vowel, "{word}");
        }
    }
}
