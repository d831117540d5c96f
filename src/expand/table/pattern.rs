//! Texts with values filled in: `ORD-{:06}`, `{quantity} x {product}`.

use super::cell::Cell;
use super::formula::Mistake;
use std::ops::Range;

/// Longest text that is put together, in bytes: texts of texts grow fast.
pub(super) const MAX_TEXT: usize = 1 << 16;
/// Most digits that a number may be filled up to.
const MAX_WIDTH: usize = 40;

/// A text with places to fill in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern(pub Vec<Part>);

/// A part of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// Text as it is.
    Literal(String),
    /// A value.
    Field(Field),
}

/// A place to fill in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field {
    /// What is filled in; empty in `{}`.
    pub name: String,
    /// A number is filled up to so many digits with zeros.
    pub width: Option<usize>,
    /// Its bytes in the pattern.
    pub range: Range<usize>,
}

impl Pattern {
    /// Reads `text {name} {number:06}`; `{{` and `}}` stand for braces.
    pub fn parse(text: &str) -> Result<Self, Mistake> {
        let wrong =
            |range, message: &str, help: &str| Mistake { message: message.into(), help: help.into(), range };
        let mut parts = Vec::new();
        let (mut literal, mut at) = (String::new(), 0);
        while let Some(c) = text[at..].chars().next() {
            let rest = &text[at..];
            if rest.starts_with("{{") || rest.starts_with("}}") {
                literal.push(c);
                at += 2;
            } else if c == '{' {
                let Some(end) = rest.find('}') else {
                    return Err(wrong(
                        at..text.len(),
                        "a `{` is opened here and never closed",
                        "close it with `}`, or write `{{` for a brace",
                    ));
                };
                let range = at..at + end + 1;
                let (name, format) = rest[1..end]
                    .split_once(':')
                    .map_or((&rest[1..end], None), |(name, format)| (name, Some(format)));
                let width = match format {
                    None | Some("") => None,
                    Some(format) => match format.strip_prefix('0').and_then(|digits| digits.parse().ok()) {
                        Some(width @ 1..=MAX_WIDTH) => Some(width),
                        _ => {
                            return Err(wrong(
                                range,
                                "this format means nothing",
                                "`{:06}` fills a number up to six digits with zeros",
                            ));
                        }
                    },
                };
                if !literal.is_empty() {
                    parts.push(Part::Literal(std::mem::take(&mut literal)));
                }
                parts.push(Part::Field(Field { name: name.trim().to_owned(), width, range: range.clone() }));
                at = range.end;
            } else if c == '}' {
                return Err(wrong(at..at + 1, "this `}` was never opened", "write `}}` for a brace"));
            } else {
                literal.push(c);
                at += c.len_utf8();
            }
        }
        if !literal.is_empty() {
            parts.push(Part::Literal(literal));
        }
        Ok(Self(parts))
    }

    /// The places to fill in.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.0.iter().filter_map(|part| if let Part::Field(field) = part { Some(field) } else { None })
    }

    /// The text, with a value for each place in their order, each with its decimals; `None` where it would
    /// be too long.
    pub fn fill<'a>(&self, mut value: impl FnMut(usize) -> (&'a Cell, Option<u8>)) -> Option<String> {
        let mut text = String::new();
        let mut place = 0;
        for part in &self.0 {
            match part {
                Part::Literal(literal) => text.push_str(literal),
                Part::Field(field) => {
                    let (cell, decimals) = value(place);
                    place += 1;
                    let shown = cell.to_text(decimals);
                    let (sign, digits) =
                        shown.strip_prefix('-').map_or(("", &*shown), |digits| ("-", digits));
                    let zeros = field.width.map_or(0, |width| width.saturating_sub(shown.chars().count()));
                    text.push_str(sign);
                    text.extend(std::iter::repeat_n('0', zeros));
                    text.push_str(digits);
                }
            }
            if text.len() > MAX_TEXT {
                return None;
            }
        }
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_filled_up_with_zeros_after_their_sign() {
        for (pattern, number, text) in [
            ("ORD-{:06}", 42, "ORD-000042"),
            ("{}", -3, "-3"),
            ("{:04}!", -3, "-003!"),
            ("{:02}", 12345, "12345"),
            ("{{{}}}", 7, "{7}"),
        ] {
            let cell = Cell::Integer(number);
            assert_eq!(Pattern::parse(pattern).unwrap().fill(|_| (&cell, None)).unwrap(), text);
        }
    }

    #[test]
    fn broken_patterns_are_told_at_their_bytes() {
        for (pattern, range) in
            [("é{a", 2..4), ("a}", 1..2), ("{a:6}", 0..5), ("{a:0999}", 0..8), ("{:0}", 0..4)]
        {
            assert_eq!(Pattern::parse(pattern).unwrap_err().range, range, "{pattern}");
        }
    }
}
