//! Finds the numbers in a text that people read.
//!
//! A number is made of ASCII digits: `42`, `-3.5`, `.5`, `1e-3`, `1,234,567.89`. Thousands may be
//! separated by `,`, `_`, `'`, `’` or a no-break or thin space, in groups of exactly three and by one
//! and the same sign; so `1,23` is two numbers, since a comma is never a decimal point. A sign counts
//! where it stands directly before the digits or before their currency sign, and not after a letter or
//! digit, so `5-10` is 5 and 10. Currency signs, units and `%` are left out. Digits after a letter
//! belong to a word, so `GPT4` holds no number. Dates, times and versions are several numbers.

/// Most numbers looked for: more than one is too many already, a few more are good to show.
pub(super) const MOST: usize = 6;

/// The first [`MOST`] numbers in a text, in order, as written and read.
pub(super) fn numbers(text: &str) -> Vec<(&str, f64)> {
    let mut found = Vec::new();
    let mut at = 0;
    let mut before: Option<char> = None;
    let mut in_word = false;
    while found.len() < MOST {
        let Some(c) = text[at..].chars().next() else { break };
        let may_begin = before.is_none_or(|before| !before.is_alphanumeric() && (before, c) != ('.', '.'));
        if may_begin && let Some((length, value)) = number(&text[at..]) {
            found.push((&text[at..at + length], value));
            at += length;
            before = text[..at].chars().next_back();
            in_word = false;
            continue;
        }
        at += c.len_utf8();
        // `GPT3.5` is one word: a point between its digits does not end it.
        let goes_on = c == '.'
            && in_word
            && before.is_some_and(|before| before.is_ascii_digit())
            && text[at..].starts_with(|next: char| next.is_ascii_digit());
        if !goes_on {
            in_word = c.is_alphanumeric() && (in_word || c.is_alphabetic());
            before = Some(c);
        }
    }
    found
}

/// The number that a text starts with, and how many bytes it takes.
fn number(text: &str) -> Option<(usize, f64)> {
    let mut digits = String::new();
    let mut at = 0;
    for _ in 0..2 {
        let c = text[at..].chars().next()?;
        match c {
            '-' | '\u{2212}' if digits.is_empty() => digits.push('-'),
            '+' if digits.is_empty() => digits.push('+'),
            c if is_currency(c) && at > 0 => {}
            c if is_currency(c)
                && matches!(text[c.len_utf8()..].chars().next(), Some('-' | '+' | '\u{2212}')) => {}
            _ => break,
        }
        at += c.len_utf8();
    }
    let whole = whole(&text[at..]);
    digits.extend(text[at..at + whole].chars().filter(char::is_ascii_digit));
    at += whole;
    let fraction = text[at..].strip_prefix('.').map_or(0, leading_digits);
    if whole == 0 && fraction == 0 {
        return None;
    }
    if fraction > 0 {
        digits.push_str(&text[at..=at + fraction]);
        at += 1 + fraction;
    }
    if let Some(rest) = text[at..].strip_prefix(['e', 'E']) {
        let sign = usize::from(rest.starts_with(['+', '-']));
        let exponent = leading_digits(&rest[sign..]);
        if exponent > 0 {
            digits.push_str(&text[at..=at + sign + exponent]);
            at += 1 + sign + exponent;
        }
    }
    digits.parse().ok().map(|value| (at, value))
}

/// Bytes of the whole part that a text starts with, thousands separators included.
fn whole(text: &str) -> usize {
    let first = leading_digits(text);
    if first == 0 || first > 3 || text.starts_with('0') {
        return first;
    }
    let Some(separator) = text[first..].chars().next().filter(|&c| is_separator(c)) else { return first };
    let mut end = first;
    while let Some(group) = text[end..].strip_prefix(separator) {
        if leading_digits(group) != 3 {
            break;
        }
        end += separator.len_utf8() + 3;
    }
    end
}

fn leading_digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

const fn is_separator(c: char) -> bool {
    matches!(c, ',' | '_' | '\'' | '’' | '\u{a0}' | '\u{202f}' | '\u{2009}')
}

const fn is_currency(c: char) -> bool {
    matches!(c, '$' | '¢' | '£' | '¤' | '¥' | '\u{20a0}'..='\u{20cf}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn values(text: &str) -> Vec<f64> {
        numbers(text).into_iter().map(|(_, value)| value).collect()
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (text, value) in [
            ("42", 42.0),
            ("The answer is 42.", 42.0),
            ("-3.5", -3.5),
            ("\u{2212}3.5", -3.5),
            ("+7", 7.0),
            ("about .5 of it", 0.5),
            ("1,234,567.89", 1_234_567.89),
            ("1_000", 1000.0),
            ("1'000'000", 1_000_000.0),
            ("1\u{202f}000", 1000.0),
            ("1e3", 1000.0),
            ("6.02E+23", 6.02e23),
            ("$5", 5.0),
            ("-$5", -5.0),
            ("$-5", -5.0),
            ("5€", 5.0),
            ("12.5%", 12.5),
            ("10km", 10.0),
            ("(3)", 3.0),
            ("**42**", 42.0),
            ("x=5", 5.0),
            ("007", 7.0),
            ("5e", 5.0),
            ("- 5 apples", 5.0),
            ("GPT4 says 9", 9.0),
            ("It ends here.5 are left", 5.0),
            ("hm...5", 5.0),
        ] {
            assert_eq!(values(text), [value], "{text}");
        }
    }

    #[test]
    fn several_numbers_are_not_taken_for_one() {
        for (text, expected) in [
            ("1,23", vec![1.0, 23.0]),
            ("1234,567", vec![1234.0, 567.0]),
            ("0,123", vec![0.0, 123.0]),
            ("5-10", vec![5.0, 10.0]),
            ("2024-01-05", vec![2024.0, 1.0, 5.0]),
            ("10:30", vec![10.0, 30.0]),
            ("1.2.3", vec![1.2, 3.0]),
            ("3/4", vec![3.0, 4.0]),
            ("1 000", vec![1.0, 0.0]),
            ("1, 2 and -3", vec![1.0, 2.0, -3.0]),
        ] {
            assert_eq!(values(text), expected, "{text}");
        }
    }

    #[test]
    fn words_hold_no_number() {
        for text in ["", "none", "GPT4", "GPT3.5-turbo", "v2", "é5", "-", "$", ".", "e5", "٣"] {
            assert_eq!(values(text), [0.0; 0], "{text}");
        }
    }

    #[test]
    fn only_the_first_few_are_looked_for() {
        assert_eq!(values(&"1 ".repeat(100)).len(), MOST);
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "[-+0-9.,_'eE$€ \u{a0}a5é]{0,40}|.{0,40}") {
            for (written, _) in numbers(&text) {
                prop_assert!(!written.is_empty());
            }
        }

        #[test]
        fn a_number_alone_is_read_as_rust_reads_it(value in -1e9..1e9_f64) {
            prop_assert_eq!(values(&value.to_string()), [value]);
        }
    }
}
