//! Text inside a line of the baseline file: escaped, so that no label or reason can break the line,
//! the file, or what a reviewer sees.

use std::fmt::Write;

/// Stands for no text.
pub(super) const NONE: &str = "-";

/// Why a field cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum FieldError {
    #[error("a text has an escape that is not known")]
    Escape,
    #[error("a text has a character that should be escaped")]
    Bare,
}

/// Writes `text` as one field. Outer blanks are escaped because editors strip them, invisible and
/// direction-changing characters because they would mislead a reviewer.
pub(super) fn write(out: &mut String, text: &str) {
    if text.is_empty() {
        out.push_str("\\e");
    } else if text == NONE {
        out.push_str("\\-");
    }
    if matches!(text, "" | NONE) {
        return;
    }
    let head = text.len() - text.trim_start().len();
    let tail = text.trim_end().len();
    for (at, character) in text.char_indices() {
        match character {
            '\\' => out.push_str("\\\\"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            ' ' if at < head || at >= tail => out.push_str("\\s"),
            _ if misleads(character) || (character != ' ' && (at < head || at >= tail)) => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{{{:x}}}", u32::from(character));
            }
            _ => out.push(character),
        }
    }
}

/// Writes `text`, or [`NONE`].
pub(super) fn write_option(out: &mut String, text: Option<&str>) {
    match text {
        Some(text) => write(out, text),
        None => out.push_str(NONE),
    }
}

/// Reads what [`write`] wrote.
pub(super) fn read(field: &str) -> Result<String, FieldError> {
    let mut text = String::with_capacity(field.len());
    let mut rest = field.chars();
    while let Some(character) = rest.next() {
        if character != '\\' {
            if misleads(character) {
                return Err(FieldError::Bare);
            }
            text.push(character);
            continue;
        }
        match rest.next() {
            Some('\\') => text.push('\\'),
            Some('t') => text.push('\t'),
            Some('n') => text.push('\n'),
            Some('r') => text.push('\r'),
            Some('s') => text.push(' '),
            Some('-') if field.len() == 2 => text.push('-'),
            Some('e') if field.len() == 2 => {}
            Some('u') => text.push(code_point(&mut rest).ok_or(FieldError::Escape)?),
            _ => return Err(FieldError::Escape),
        }
    }
    Ok(text)
}

/// Reads what [`write_option`] wrote.
pub(super) fn read_option(field: &str) -> Result<Option<String>, FieldError> {
    if field == NONE { Ok(None) } else { read(field).map(Some) }
}

fn code_point(rest: &mut std::str::Chars<'_>) -> Option<char> {
    if rest.next() != Some('{') {
        return None;
    }
    let mut number = 0_u32;
    for digits in 0..7 {
        match rest.next()? {
            '}' if digits > 0 => return char::from_u32(number),
            digit => number = number * 16 + digit.to_digit(16)?,
        }
    }
    None
}

/// Control characters, and those that are invisible, break a line or turn the direction of text.
pub(crate) fn misleads(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(text: &str) -> String {
        let mut out = String::new();
        write(&mut out, text);
        out
    }

    #[test]
    fn what_could_break_a_line_is_escaped() {
        for (text, field) in [
            ("scheduling", "scheduling"),
            ("größe µ 日本", "größe µ 日本"),
            ("a\tb\nc\r\\", "a\\tb\\nc\\r\\\\"),
            ("", "\\e"),
            ("-", "\\-"),
            ("--", "--"),
            (" a b  ", "\\sa b\\s\\s"),
            (" ", "\\s"),
            ("a\u{3000}", "a\\u{3000}"),
            ("\u{0}\u{1b}\u{202e}", "\\u{0}\\u{1b}\\u{202e}"),
        ] {
            assert_eq!(written(text), field);
            assert_eq!(read(field), Ok(text.to_owned()));
        }
    }

    #[test]
    fn no_text_and_a_dash_are_told_apart() {
        let mut out = String::new();
        write_option(&mut out, None);
        assert_eq!(out, "-");
        assert_eq!(read_option("-"), Ok(None));
        assert_eq!(read_option("\\-"), Ok(Some("-".to_owned())));
    }

    #[test]
    fn unknown_escapes_are_refused() {
        for field in
            ["\\", "\\x", "a\\-", "a\\e", "\\u", "\\u{", "\\u{}", "\\u{d800}", "\\u{1234567}", "\\u{g}"]
        {
            assert_eq!(read(field), Err(FieldError::Escape), "{field}");
        }
        assert_eq!(read("a\u{7}"), Err(FieldError::Bare));
    }

    proptest! {
        #[test]
        fn any_text_survives(text in any::<String>()) {
            let field = written(&text);
            prop_assert!(!field.contains(['\t', '\n', '\r']));
            prop_assert_eq!(field.trim(), field.as_str());
            prop_assert_eq!(read_option(&field), Ok(Some(text)));
        }
    }
}
