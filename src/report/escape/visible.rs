//! Shows what would act on a terminal, or not be seen at all, as `\u{…}`.
//!
//! Nothing is dropped: two texts that differ stay different, and a reader sees that something was
//! hidden in an answer.

use std::fmt::Write;

/// The text with line breaks and tabs as they are, and every other character that acts or is not
/// seen written out. `\r\n` becomes `\n`.
pub fn terminal(text: &str) -> String {
    escaped(text, false)
}

/// The text on one line: line breaks and tabs are written out too.
pub fn terminal_line(text: &str) -> String {
    escaped(text, true)
}

/// How many characters of the text [`terminal`] has to write out.
pub fn invisible(text: &str) -> usize {
    walk(text).filter(|letter| letter.hidden).count()
}

/// At most `limit` characters of the text, with a mark that says how many were cut.
pub fn shortened(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}… ({} more characters)", &text[..end], text[end..].chars().count()),
    }
}

fn escaped(text: &str, one_line: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for Letter { c, next, hidden } in walk(text) {
        match c {
            '\r' if next == Some('\n') => {}
            '\n' if one_line => out.push_str("\\n"),
            '\t' if one_line => out.push_str("\\t"),
            _ if hidden => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            _ => out.push(c),
        }
    }
    out
}

/// A character of a text, the one after it, and whether it has to be written out.
struct Letter {
    c: char,
    next: Option<char>,
    hidden: bool,
}

fn walk(text: &str) -> impl Iterator<Item = Letter> {
    // The character before, where it is shown as it is.
    let mut shown = None;
    let mut characters = text.chars().peekable();
    std::iter::from_fn(move || {
        let c = characters.next()?;
        let next = characters.peek().copied();
        let hidden = is_hidden(shown, c, next);
        shown = (!hidden).then_some(c);
        Some(Letter { c, next, hidden })
    })
}

/// Whether a character acts on a terminal or is not seen, and is no ordinary part of a script or an
/// emoji either.
fn is_hidden(shown: Option<char>, c: char, next: Option<char>) -> bool {
    match c {
        '\n' | '\t' => false,
        '\r' => next != Some('\n'),
        // A joiner between two letters of a script that needs it, or two emoji.
        '\u{200c}' | '\u{200d}' => {
            !(shown.is_some_and(|c| carries(c) || c == '\u{fe0f}') && next.is_some_and(carries))
        }
        // A variation selector right after what it varies.
        '\u{fe00}'..='\u{fe0f}' => {
            !shown.is_some_and(|c| carries(c) || c.is_ascii_digit() || c == '#' || c == '*')
        }
        _ => c.is_control() || is_blank(c),
    }
}

/// Whether a character outside ASCII is seen by itself, so that one joiner beside it hides nothing.
fn carries(c: char) -> bool {
    !c.is_ascii()
        && !c.is_control()
        && !is_blank(c)
        && !matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}')
}

/// Format characters, bidirectional controls, fillers and tags: nothing of them is seen.
fn is_blank(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'
            | '\u{200e}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{fffe}'..='\u{ffff}'
            | '\u{e0000}'..='\u{e0fff}'
    ) || u32::from(c) & 0xfffe == 0xfffe
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_colour_code_is_shown_and_does_not_act() {
        assert_eq!(terminal("\u{1b}[31mred\u{9b}0m"), "\\u{1b}[31mred\\u{9b}0m");
    }

    #[test]
    fn a_carriage_return_cannot_overwrite_a_line() {
        assert_eq!(terminal("fail\rpass\r\nnext"), "fail\\u{d}pass\nnext");
        assert_eq!(terminal_line("a\r\nb\tc"), "a\\nb\\tc");
    }

    #[test]
    fn direction_controls_and_hidden_characters_are_shown() {
        assert_eq!(
            terminal("a\u{202e}b\u{200b}c\u{feff}\u{e0041}"),
            "a\\u{202e}b\\u{200b}c\\u{feff}\\u{e0041}"
        );
    }

    #[test]
    fn emoji_and_scripts_that_join_letters_stay_as_they_are() {
        for text in [
            "👩\u{200d}👩\u{200d}👧",
            "❤\u{fe0f}\u{200d}🔥",
            "1\u{fe0f}\u{20e3}",
            "می\u{200c}خواهم",
            "naïve 日本",
        ] {
            assert_eq!(terminal(text), text);
            assert_eq!(invisible(text), 0);
        }
    }

    #[test]
    fn a_run_of_joiners_is_a_hidden_message() {
        assert_eq!(invisible("é\u{200d}\u{200c}\u{200d}é"), 3);
        assert_eq!(terminal("a\u{200d}b"), "a\\u{200d}b");
    }

    #[test]
    fn a_long_text_says_how_much_was_cut() {
        assert_eq!(shortened("añb", 3), "añb");
        assert_eq!(shortened("añbcd", 2), "añ… (3 more characters)");
    }

    proptest! {
        #[test]
        fn joiners_and_selectors_settle_at_once(text in "[aé\u{200d}\u{fe0f}\u{200c}\u{fe01}\u{2066}👩1]{0,12}") {
            let safe = terminal(&text);
            prop_assert_eq!(invisible(&safe), 0);
            prop_assert_eq!(terminal(&safe), safe);
        }

        #[test]
        fn nothing_that_acts_is_left(text in any::<String>()) {
            let safe = terminal(&text);
            prop_assert!(safe.chars().all(|c| !c.is_control() || c == '\n' || c == '\t'));
            let unseen = safe.contains(['\u{202e}', '\u{200b}', '\u{feff}', '\u{2066}']);
            prop_assert!(!unseen, "{safe:?}");
            prop_assert_eq!(invisible(&safe), 0);
            prop_assert_eq!(terminal(&safe), safe);
        }

        #[test]
        fn one_line_stays_one_line(text in any::<String>()) {
            prop_assert!(terminal_line(&text).chars().all(|c| !c.is_control()));
        }
    }
}
