//! What reasons have in common and in what they differ: the outline of a reason is what is left of it once everything
//! is masked that changes from case to case, and what was masked is what the case itself says.

use regex::Regex;
use std::sync::LazyLock;

/// Stands for a quoted text.
const QUOTE: &str = "`…`";
/// Stands for a number, an id, a date, a time or an address.
const VALUE: char = '#';
/// Longest reason that is looked into, in bytes; those of checks and judges are shorter.
const LONGEST: usize = 16 << 10;

/// A reason taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outline {
    /// The reason with everything masked that changes from case to case.
    pub text: String,
    /// What was masked, in order, joined by spaces.
    pub own: String,
}

/// Addresses, mail addresses, UUIDs, dates and times, long hexadecimal ids, numbers: the first that fits.
static VALUES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let month = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*";
    Regex::new(&format!(
        r#"(?xi)
        \b[a-z][a-z0-9+.-]*://[^\s`"'<>)]+
        | \b[\w.+-]+@[\w-]+(?:\.[\w-]+)+
        | \b[0-9a-f]{{8}}-[0-9a-f]{{4}}-[0-9a-f]{{4}}-[0-9a-f]{{4}}-[0-9a-f]{{12}}\b
        | \b\d{{4}}-\d{{2}}-\d{{2}}(?:[t\ ]\d{{2}}:\d{{2}}(?::\d{{2}})?(?:[.,]\d+)?)?(?:z|[+-]\d{{2}}:?\d{{2}})?
        | \b\d{{1,2}}(?:st|nd|rd|th)?\ {month}\.?(?:\ \d{{4}})?\b
        | \b{month}\ \d{{1,2}}(?:st|nd|rd|th)?(?:,?\ \d{{4}})?\b
        | \b\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?:\ ?[ap]\.?m\b\.?)?
        | \b[0-9a-f]{{8,}}\b
        | \d+(?:[.,'_]\d+)*(?:e[+-]?\d+\b)?
        "#
    ))
    .ok()
});

/// How much of a text was cut off, as reasons tell it.
static CUTS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r" ?\(# more characters?\)").ok());

/// Several quoted texts as one.
static LISTS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new("`…`(?:(?:, | and | or )`…`)*(?:,? (?:and|or) # more)?").ok());

/// The place of a difference.
static PLACES: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\bcharacter #").ok());

impl Outline {
    /// Takes a reason apart. Quoted texts, in backticks or double quotes, become `` `…` ``, and lists of them one;
    /// numbers, ids, dates, times and addresses become `#`. How much was cut off, and at which character something
    /// differs, is left out.
    pub fn of(reason: &str) -> Self {
        let (mut text, mut own) = (String::new(), Vec::new());
        for part in parts(shortened(reason)) {
            match part {
                Part::Quoted(quoted) => {
                    text.push_str(QUOTE);
                    own.push(quoted.trim().trim_end_matches('…'));
                }
                Part::Said(said) => mask(said, &mut text, &mut own),
            }
        }
        let text = replaced(&CUTS, &text, "");
        let text = replaced(&LISTS, &text, QUOTE);
        own.retain(|part| !part.is_empty());
        Self { text: without_places(&text), own: own.join(" ") }
    }
}

fn replaced(pattern: &LazyLock<Option<Regex>>, text: &str, by: &str) -> String {
    pattern.as_ref().map_or_else(|| text.to_owned(), |pattern| pattern.replace_all(text, by).into_owned())
}

/// The beginning of a reason, cut at a character.
fn shortened(reason: &str) -> &str {
    let mut end = reason.len().min(LONGEST);
    while !reason.is_char_boundary(end) {
        end -= 1;
    }
    &reason[..end]
}

enum Part<'t> {
    /// What stands in quotes.
    Quoted(&'t str),
    /// What stands outside of them.
    Said(&'t str),
}

/// A reason in its quoted parts and the others.
///
/// What is quoted may hold quotes itself, such as code in an answer. A backtick within a quoted text opens another
/// where it stands before a word and not after one; the text ends with the backtick that closes the first. One that
/// is never closed, since it was cut off, goes to the end.
fn parts(reason: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let (mut from, mut depth) = (0, 0_usize);
    let mut before = None;
    let mut letters = reason.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let next = letters.peek().map(|(_, letter)| *letter);
        let quotes = letter == '`' || matches!(letter, '"' | '“' | '”' | '„') && depth == 0;
        if quotes && depth == 0 {
            let end = if letter == '`' { None } else { closed(reason, at, letter) };
            if letter == '`' {
                parts.push(Part::Said(&reason[from..at]));
                (from, depth) = (at + 1, 1);
            } else if let Some((end, after)) = end {
                parts.push(Part::Said(&reason[from..at]));
                parts.push(Part::Quoted(&reason[at + letter.len_utf8()..end]));
                from = after;
                while letters.peek().is_some_and(|(at, _)| *at < after) {
                    letters.next();
                }
            }
        } else if letter == '`' {
            let opens = next.is_some_and(char::is_alphanumeric) && !before.is_some_and(is_word_end);
            depth = if opens { depth + 1 } else { depth - 1 };
            if depth == 0 {
                parts.push(Part::Quoted(&reason[from..at]));
                from = at + 1;
            }
        }
        before = Some(letter);
    }
    parts.push(if depth > 0 { Part::Quoted(&reason[from..]) } else { Part::Said(&reason[from..]) });
    parts
}

/// Whether a backtick after this letter can close a text.
fn is_word_end(letter: char) -> bool {
    !letter.is_whitespace() && !matches!(letter, '(' | '[' | '{' | '`')
}

/// Where a text in double quotes ends that begins at this place, and where it goes on after that; nothing where it
/// does not end.
fn closed(reason: &str, at: usize, opening: char) -> Option<(usize, usize)> {
    let inner = at + opening.len_utf8();
    let is_end = |letter: char| match opening {
        '"' => letter == '"',
        _ => matches!(letter, '”' | '“'),
    };
    let (length, closing) = reason[inner..].char_indices().find(|(_, letter)| is_end(*letter))?;
    Some((inner + length, inner + length + closing.len_utf8()))
}

/// Writes what stands outside of quotes, with its values masked.
fn mask<'t>(said: &'t str, text: &mut String, own: &mut Vec<&'t str>) {
    let mut from = 0;
    for found in VALUES.as_ref().into_iter().flat_map(|pattern| pattern.find_iter(said)) {
        text.push_str(&said[from..found.start()]);
        // A sign belongs to its number; a hyphen before it, as in an order's number, stays.
        if let Some(rest) = text.strip_suffix(['-', '+'])
            && !rest.chars().next_back().is_some_and(char::is_alphanumeric)
        {
            text.truncate(rest.len());
        }
        text.push(VALUE);
        own.push(found.as_str());
        from = found.end();
    }
    text.push_str(&said[from..]);
}

/// Without the clauses that only tell where something differs.
fn without_places(text: &str) -> String {
    let Some(places) = PLACES.as_ref() else { return text.to_owned() };
    let kept: Vec<String> = text
        .split(';')
        .enumerate()
        .filter(|(at, clause)| *at == 0 || !places.is_match(clause) || clause.contains("only "))
        .map(|(_, clause)| {
            let told = clause.split(", ").filter(|part| !places.is_match(part));
            told.collect::<Vec<_>>().join(", ")
        })
        .collect();
    kept.join(";").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn outlines(reason: &str, text: &str, own: &str) {
        let found = Outline::of(reason);
        assert_eq!((found.text.as_str(), found.own.as_str()), (text, own), "{reason}");
    }

    #[test]
    fn what_a_case_says_itself_is_masked() {
        outlines(
            "expected label `complete`, got `workaround`",
            "expected label `…`, got `…`",
            "complete workaround",
        );
        outlines("expected 2 to 3 turns, got 1", "expected # to # turns, got #", "2 3 1");
        outlines(
            "got HTTP status 503 from http://127.0.0.1:41234/ask at 2026-11-28T10:15:00Z",
            "got HTTP status # from # at #",
            "503 http://127.0.0.1:41234/ask 2026-11-28T10:15:00Z",
        );
        outlines("order PL-204518 of 8 March 2027", "order PL-# of #", "204518 8 March 2027");
        outlines("off by -2.5e-3 at 9:30 pm", "off by # at #", "2.5e-3 9:30 pm");
        outlines(
            "request 550e8400-e29b-41d4-a716-446655440000",
            "request #",
            "550e8400-e29b-41d4-a716-446655440000",
        );
        outlines("said \"no\" to ann@example.com", "said `…` to #", "no ann@example.com");
    }

    #[test]
    fn emptiness_stays_a_kind_of_its_own() {
        outlines(
            "expected output containing `a`, got an empty output",
            "expected output containing `…`, got an empty output",
            "a",
        );
    }

    #[test]
    fn lists_and_what_was_cut_off_are_no_kinds() {
        let one = Outline::of("expected output containing `a`, got `b…` (12 more characters), without `a`");
        let more =
            Outline::of("expected output containing `a`, `b`, `c` and 2 more, got `d`, without `a` and `b`");
        assert_eq!(one.text, "expected output containing `…`, got `…`, without `…`");
        assert_eq!(one.text, more.text);
        assert_eq!(one.own, "a b 12 a");
    }

    #[test]
    fn where_a_text_differs_is_no_kind_and_that_it_does_is() {
        outlines(
            "expected `Paris`, got `Paris, France`; it goes on after character 5 with `, France`",
            "expected `…`, got `…`",
            "Paris Paris, France 5 , France",
        );
        outlines(
            "expected `a b`, got `a  b`; only white space differs, from character 2 it has `  b`, not ` b`",
            "expected `…`, got `…`; only white space differs, not `…`",
            "a b a  b 2 b b",
        );
        outlines(
            "expected `a`, got `A`; only the case differs",
            "expected `…`, got `…`; only the case differs",
            "a A",
        );
    }

    #[test]
    fn quotes_within_quotes_do_not_end_them() {
        outlines(
            "expected `x`, got `Use `cargo test` now`",
            "expected `…`, got `…`",
            "x Use `cargo test` now",
        );
        outlines(
            "expected `x`, got ``cargo test` runs it`, without `x`",
            "expected `…`, got `…`, without `…`",
            "x `cargo test` runs it x",
        );
        // Cut off before it was closed.
        outlines("expected `x`, got `Use `cargo test", "expected `…`, got `…`", "x Use `cargo test");
    }

    proptest! {
        #[test]
        fn any_reason_has_an_outline(reason in r#"[a-c0-9`"“”;,.@:/ é…-]{0,60}"#) {
            let outline = Outline::of(&reason);
            prop_assert!(!outline.text.chars().any(|letter| letter.is_ascii_digit()), "{outline:?}");
        }

        #[test]
        fn what_is_quoted_does_not_change_the_outline(a in "[a-z ]{1,12}", b in "[A-Z0-9 ]{1,12}") {
            let of = |text: &str| Outline::of(&format!("expected label `{text}`, got `{text}`")).text;
            prop_assert_eq!(of(&a), of(&b));
        }
    }
}
