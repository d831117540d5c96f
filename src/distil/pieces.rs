//! A text taken apart into sentences, clauses or words, of which some must stay.

use std::ops::Range;

/// How large the pieces are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// Sentences and lines.
    Sentences,
    /// What stands between commas, colons and dashes.
    Clauses,
    /// Words.
    Words,
}

impl Size {
    /// The largest first.
    pub const ALL: [Self; 3] = [Self::Sentences, Self::Clauses, Self::Words];
}

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Its bytes, with the white space behind it.
    pub range: Range<usize>,
    /// Whether it must stay, since something protected lies in it.
    pub stays: bool,
}

/// The pieces of a text, in order; together they are the whole text. No piece ends inside a protected span.
pub fn pieces(text: &str, protected: &[Range<usize>], size: Size) -> Vec<Piece> {
    let mut cuts = Vec::new();
    let mut chars = text.char_indices().peekable();
    let mut ends = false;
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        // A dot inside `v1.2` or `a.m.` ends nothing: white space must follow.
        ends |= match size {
            Size::Sentences => matches!(c, '.' | '!' | '?' | '…' | '。' | '！' | '？' | '\n'),
            Size::Clauses => matches!(
                c,
                '.' | '!' | '?' | '…' | '。' | '！' | '？' | '\n' | ',' | ';' | ':' | '–' | '—' | '、' | '，'
            ),
            Size::Words => c.is_whitespace(),
        };
        let wide = matches!(c, '。' | '！' | '？' | '、' | '，');
        let is_cut = ends && next.is_some_and(|next| !next.is_whitespace()) && (c.is_whitespace() || wide);
        if is_cut {
            cuts.push(at + c.len_utf8());
        }
        if !c.is_whitespace() && !is_closing(c, size) {
            ends = false;
        }
        if is_cut {
            ends = false;
        }
    }
    cuts.retain(|cut| !protected.iter().any(|span| span.start < *cut && *cut < span.end));
    let starts = [0].into_iter().chain(cuts.iter().copied());
    let ends = cuts.iter().copied().chain([text.len()]);
    starts
        .zip(ends)
        .filter(|(start, end)| start < end)
        .map(|(start, end)| Piece {
            range: start..end,
            stays: protected.iter().any(|span| span.start < end && span.end > start),
        })
        .collect()
}

/// Whether what ended before a character still ends behind it.
const fn is_closing(c: char, size: Size) -> bool {
    match size {
        Size::Words => false,
        _ => matches!(
            c,
            '.' | '!' | '?' | '…' | ',' | ';' | ':' | '–' | '—' | '"' | '\'' | ')' | ']' | '”' | '’' | '»'
        ),
    }
}

/// The text that is left where only these pieces stay.
pub fn joined<'p>(text: &str, kept: impl Iterator<Item = &'p Piece>) -> String {
    let whole: String = kept.map(|piece| &text[piece.range.clone()]).collect();
    whole.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str, size: Size) -> Vec<&str> {
        pieces(text, &[], size).into_iter().map(|piece| &text[piece.range]).collect()
    }

    #[test]
    fn a_text_falls_into_sentences_clauses_and_words() {
        let text = "Hi there, I bought v1.2 at 9.30! \"It broke.\" Why?";
        assert_eq!(
            split(text, Size::Sentences),
            ["Hi there, I bought v1.2 at 9.30! ", "\"It broke.\" ", "Why?"]
        );
        assert_eq!(
            split(text, Size::Clauses),
            ["Hi there, ", "I bought v1.2 at 9.30! ", "\"It broke.\" ", "Why?"]
        );
        assert_eq!(split("a  bc\nd", Size::Words), ["a  ", "bc\n", "d"]);
        assert_eq!(split("今日は。明日も", Size::Sentences), ["今日は。", "明日も"]);
        assert!(split("", Size::Words).is_empty());
    }

    #[test]
    fn what_is_protected_stays_in_one_piece() {
        let text = "call 20 7123 4567 now please";
        let found = pieces(text, std::slice::from_ref(&(5..17)), Size::Words);
        let stays: Vec<(&str, bool)> =
            found.iter().map(|piece| (&text[piece.range.clone()], piece.stays)).collect();
        assert_eq!(stays, [("call ", false), ("20 7123 4567 ", true), ("now ", false), ("please", false)]);
        assert_eq!(joined(text, found.iter().filter(|piece| piece.stays)), "20 7123 4567");
    }
}
