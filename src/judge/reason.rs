//! The words of a verdict's reason: texts quoted, cut and made visible, and pointed at where they
//! differ. Reasons hold parts of untrusted answers; here they become one line of bounded length
//! without control characters. Escaping for the place they are shown in is for whoever shows them.

use serde_json::Value;
use unicode_segmentation::UnicodeSegmentation;

/// Characters shown of a text.
const SHOWN: usize = 160;

/// Characters shown of a part of a text, and on each side of one.
const EXCERPT: usize = 30;

/// Elements shown of a list.
const LISTED: usize = 5;

/// Most code points of a whole reason.
const LONGEST: usize = 1500;

/// A reason of bounded length.
pub(super) fn bounded(reason: String) -> String {
    match reason.char_indices().nth(LONGEST) {
        None => reason,
        Some((end, _)) => {
            let left = characters(&reason[end..]);
            format!("{}… ({left} more characters)", &reason[..end])
        }
    }
}

/// A text in backticks, cut at a sensible length.
pub(super) fn quoted(text: &str) -> String {
    let (shown, left) = visible(text, SHOWN, true);
    match left {
        0 => format!("`{shown}`"),
        left => format!("`{shown}…` ({left} more character{})", plural(left)),
    }
}

/// A pattern or a JSON text in backticks, cut at a sensible length. Its backslashes stay single: it
/// has its own meaning for them.
pub(super) fn code(text: &str) -> String {
    let (shown, left) = visible(text, SHOWN, false);
    match left {
        0 => format!("`{shown}`"),
        left => format!("`{shown}…` ({left} more character{})", plural(left)),
    }
}

/// A JSON value, cut at a sensible length.
pub(super) fn json(value: &Value) -> String {
    code(&value.to_string())
}

/// A text of a judge's own, without quotes around it.
pub(super) fn plain(text: &str) -> String {
    let (shown, left) = visible(text.trim(), 3 * SHOWN, false);
    match left {
        0 => shown,
        left => format!("{shown}… ({left} more character{})", plural(left)),
    }
}

/// What came, where emptiness should be named.
pub(super) fn output(text: &str) -> String {
    if text.is_empty() {
        "an empty output".into()
    } else if text.trim().is_empty() {
        format!("only white space, {}", quoted(text))
    } else {
        quoted(text)
    }
}

/// Texts in backticks, as in `` `a`, `b` and `c` ``, the first few of them.
pub(super) fn listed<'a>(texts: impl IntoIterator<Item = &'a str>, conjunction: &str) -> String {
    let texts: Vec<&str> = texts.into_iter().collect();
    let mut parts: Vec<String> = texts
        .iter()
        .take(LISTED)
        .map(|text| {
            let (shown, left) = visible(text, 2 * EXCERPT, true);
            if left == 0 { format!("`{shown}`") } else { format!("`{shown}…`") }
        })
        .collect();
    if texts.len() > LISTED {
        parts.push(format!("{} more", texts.len() - LISTED));
    }
    match parts.pop() {
        None => "none".into(),
        Some(last) if parts.is_empty() => last,
        Some(last) => format!("{} {conjunction} {last}", parts.join(", ")),
    }
}

/// The part of a text between two byte offsets, with a little of what is around it.
pub(super) fn around(text: &str, start: usize, end: usize) -> String {
    let (before, after) = if is_plain(text) {
        (start.min(EXCERPT), (text.len() - end).min(EXCERPT))
    } else {
        let before = text[..start].graphemes(true).rev().take(EXCERPT).map(str::len).sum::<usize>();
        (before, text[end..].graphemes(true).take(EXCERPT).map(str::len).sum::<usize>())
    };
    let (from, to) = (start - before, end + after);
    let (shown, left) = visible(&text[from..to], SHOWN, true);
    let head = if from > 0 { "…" } else { "" };
    let tail = if to < text.len() || left > 0 { "…" } else { "" };
    format!("`{head}{shown}{tail}`")
}

/// The number of the character at a byte offset, from 1.
pub(super) fn character_at(text: &str, offset: usize) -> usize {
    characters(&text[..offset]) + 1
}

/// The number of user-perceived characters of a text.
pub(super) fn characters(text: &str) -> usize {
    // Segmenting is slow on megabytes, and in ASCII only a line break is more than one byte.
    if text.is_ascii() { text.len() - text.matches("\r\n").count() } else { text.graphemes(true).count() }
}

/// The start of a text, in backticks.
pub(super) fn start(text: &str) -> String {
    let (shown, left) = visible(text, EXCERPT, true);
    if left == 0 { format!("`{shown}`") } else { format!("`{shown}…`") }
}

/// Where two different texts first differ, as a clause to follow them both; nothing when one of them
/// is empty, because then there is nothing to point at.
pub(super) fn difference(expected: &str, got: &str) -> String {
    if expected.is_empty() || got.is_empty() || expected == got {
        return String::new();
    }
    if folded(expected) == folded(got) {
        return "; only the case differs".into();
    }
    if expected.split_whitespace().eq(got.split_whitespace()) {
        return format!("; only white space differs{}", place_of_difference(expected, got));
    }
    format!(";{}", place_of_difference(expected, got).trim_start_matches(','))
}

fn place_of_difference(expected: &str, got: &str) -> String {
    let mut offset = 0;
    let mut number = 1;
    let mut pairs = expected.graphemes(true).zip(got.graphemes(true));
    let differing = loop {
        match pairs.next() {
            Some((a, b)) if a == b => {
                offset += a.len();
                number += 1;
            }
            other => break other,
        }
    };
    let (wanted, came) = (&expected[offset..], &got[offset..]);
    match differing {
        Some((a, b)) => {
            format!(
                ", from character {number} it has {}, not {}{}",
                start(came),
                start(wanted),
                code_points(a, b)
            )
        }
        None if came.is_empty() => {
            format!(", it ends after character {}, before {}", number - 1, start(wanted))
        }
        None => format!(", it goes on after character {} with {}", number - 1, start(came)),
    }
}

/// The code points of two characters that may look alike.
fn code_points(expected: &str, got: &str) -> String {
    if expected.is_ascii() && got.is_ascii() {
        return String::new();
    }
    let named = |cluster: &str| {
        let points: Vec<String> =
            cluster.chars().take(4).map(|c| format!("U+{:04X}", u32::from(c))).collect();
        points.join(" ")
    };
    format!(" ({}, not {})", named(got), named(expected))
}

/// A text in lower case, character by character, so that a part of a text folds to a part of the
/// folded text (the final sigma, which depends on its neighbours, is folded as any other).
pub(super) fn folded(text: &str) -> String {
    text.chars().flat_map(fold).collect()
}

fn fold(c: char) -> impl Iterator<Item = char> {
    c.to_lowercase().map(|c| if c == 'ς' { 'σ' } else { c })
}

/// The byte offset in `text` of a byte offset in its folded form.
pub(super) fn unfolded(text: &str, offset: usize) -> usize {
    let mut passed = 0;
    for (at, c) in text.char_indices() {
        if passed >= offset {
            return at;
        }
        passed += fold(c).map(char::len_utf8).sum::<usize>();
    }
    text.len()
}

/// A number as people read it.
pub(super) fn number(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 || (1e-6..1e15).contains(&size) { value.to_string() } else { format!("{value:e}") }
}

/// The plural ending of so many.
pub(super) const fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// At most `limit` characters of a text with everything that cannot be seen escaped, and how many
/// characters are left out. A character may be made of any number of code points, so their number is
/// limited too.
fn visible(text: &str, limit: usize, double_backslashes: bool) -> (String, usize) {
    if is_plain(text) {
        let (shown, left) = text.split_at(text.len().min(limit));
        let doubled = double_backslashes && shown.contains('\\');
        return (if doubled { shown.replace('\\', r"\\") } else { shown.to_owned() }, left.len());
    }
    let mut shown = String::new();
    let mut room = 4 * limit;
    let mut clusters = text.graphemes(true);
    for _ in 0..limit {
        let before = clusters.as_str();
        let Some(cluster) = clusters.next() else {
            return (shown, 0);
        };
        let escaped = match cluster {
            "\"" | "'" => cluster.to_owned(),
            "\\" if !double_backslashes => cluster.to_owned(),
            _ => cluster.escape_debug().take(room + 1).collect(),
        };
        let size = escaped.chars().count();
        if size > room {
            return (shown, characters(before));
        }
        room -= size;
        shown.push_str(&escaped);
    }
    (shown, characters(clusters.as_str()))
}

/// Whether every byte is a character that is seen as it is. Most texts are, and segmenting them is slow.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_cannot_be_seen_is_escaped() {
        assert_eq!(quoted("a\nb\tc"), "`a\\nb\\tc`");
        assert_eq!(quoted("\u{1b}[31mred"), "`\\u{1b}[31mred`");
        assert_eq!(quoted("no\u{a0}break \u{202e}zero\u{200b}"), "`no\\u{a0}break \\u{202e}zero\\u{200b}`");
        assert_eq!(quoted("a literal \\n"), "`a literal \\\\n`");
        assert_eq!(quoted("{\"a\": 'b'}"), "`{\"a\": 'b'}`");
        assert_eq!(code(r"\d+"), r"`\d+`");
    }

    #[test]
    fn letters_of_any_script_stay_readable() {
        for text in ["grüß Gott", "नमस्ते", "สวัสดี", "日本語", "cafe\u{301}"] {
            assert_eq!(quoted(text), format!("`{text}`"));
        }
    }

    #[test]
    fn a_long_text_is_cut_and_says_how_much_is_left_out() {
        assert_eq!(quoted(&"é".repeat(160)), format!("`{}`", "é".repeat(160)));
        assert_eq!(quoted(&"é".repeat(161)), format!("`{}…` (1 more character)", "é".repeat(160)));
        assert_eq!(quoted(&"x".repeat(1160)), format!("`{}…` (1000 more characters)", "x".repeat(160)));
    }

    #[test]
    fn a_character_of_endless_marks_is_not_shown() {
        let tower = format!("a{}", "\u{301}".repeat(100_000));
        assert_eq!(quoted(&tower), "`…` (1 more character)");
    }

    #[test]
    fn emptiness_and_white_space_have_names() {
        assert_eq!(output(""), "an empty output");
        assert_eq!(output(" \n"), "only white space, ` \\n`");
    }

    #[test]
    fn the_first_difference_is_pointed_at() {
        assert_eq!(difference("kitten", "kitsch"), "; from character 4 it has `sch`, not `ten`");
        assert_eq!(difference("Paris", "Paris, France"), "; it goes on after character 5 with `, France`");
        assert_eq!(difference("Paris, France", "Paris"), "; it ends after character 5, before `, France`");
        assert_eq!(difference("Paris", "PARIS"), "; only the case differs");
        assert_eq!(
            difference("a b", "a\nb"),
            "; only white space differs, from character 2 it has `\\nb`, not ` b`"
        );
        assert_eq!(difference("Paris", ""), "");
    }

    #[test]
    fn characters_that_look_alike_are_told_apart_by_code_point() {
        assert_eq!(
            difference("pay", "p\u{430}y"),
            "; from character 2 it has `\u{430}y`, not `ay` (U+0430, not U+0061)"
        );
        assert_eq!(
            difference("caf\u{e9}", "cafe\u{301}"),
            "; from character 4 it has `e\u{301}`, not `\u{e9}` (U+0065 U+0301, not U+00E9)"
        );
    }

    #[test]
    fn lists_name_the_first_few() {
        assert_eq!(listed(["a"], "or"), "`a`");
        assert_eq!(listed(["a", "b", "c"], "or"), "`a`, `b` or `c`");
        assert_eq!(listed(["a", "b", "c", "d", "e", "f", "g"], "and"), "`a`, `b`, `c`, `d`, `e` and 2 more");
        assert_eq!(listed([], "and"), "none");
    }

    #[test]
    fn a_place_in_a_long_text_is_shown_with_what_is_around_it() {
        let text = format!("{}KEY{}", "a".repeat(100), "b".repeat(100));
        assert_eq!(around(&text, 100, 103), format!("`…{}KEY{}…`", "a".repeat(30), "b".repeat(30)));
        assert_eq!(around("the KEY", 4, 7), "`the KEY`");
        assert_eq!(character_at("dé KEY", 4), 4);
    }

    #[test]
    fn characters_are_counted_the_same_in_ascii() {
        for text in ["", "ab", "a\r\nb", "\r\r\n\n", "\0\t"] {
            assert_eq!(characters(text), text.graphemes(true).count(), "{text:?}");
        }
        assert_eq!((characters("a\r\nb"), characters("é\r\ne\u{301}")), (3, 3));
    }

    #[test]
    fn numbers_are_short_at_any_size() {
        assert_eq!(number(0.3), "0.3");
        assert_eq!(number(1e300), "1e300");
        assert_eq!(number(-2.5e-9), "-2.5e-9");
    }

    #[test]
    fn greek_words_fold_alike_wherever_they_end() {
        assert_eq!(folded("ΟΔΟΣ"), folded("οδος"));
        assert_eq!(unfolded("İx", folded("İ").len()), 'İ'.len_utf8());
    }

    proptest! {
        #[test]
        fn whatever_is_quoted_is_short_and_on_one_line(text in any::<String>(), times in 1..50_usize) {
            let text = text.repeat(times);
            for shown in [quoted(&text), code(&text), plain(&text), start(&text)] {
                prop_assert!(shown.chars().count() <= 4 * 3 * SHOWN + 40, "{}", shown.chars().count());
                prop_assert!(!shown.chars().any(char::is_control), "{shown}");
            }
        }

        #[test]
        fn a_difference_is_found_between_any_two_texts(a in any::<String>(), b in any::<String>()) {
            let told = difference(&a, &b);
            prop_assert_eq!(told.is_empty(), a == b || a.is_empty() || b.is_empty());
            prop_assert!(!told.chars().any(char::is_control));
        }
    }
}
