//! Edits: which bytes of a text became which bytes of its variant.

use serde::{Deserialize, Serialize};
use std::ops::Range;

/// One change: bytes of the text before, and the bytes that stand in their place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// Bytes of the text before; empty where something was put in.
    pub from: Range<usize>,
    /// Bytes of the variant; empty where something was left out.
    pub to: Range<usize>,
}

/// A text being rewritten from left to right. What is not replaced is kept as it is.
#[derive(Debug)]
pub struct Rewrite<'a> {
    source: &'a str,
    out: String,
    done: usize,
    edits: Vec<Edit>,
}

impl<'a> Rewrite<'a> {
    /// Nothing replaced yet.
    pub fn new(source: &'a str) -> Self {
        Self { source, out: String::with_capacity(source.len() + 16), done: 0, edits: Vec::new() }
    }

    /// Replaces bytes by a text. Ranges must come in order, must not overlap, and must lie on character
    /// boundaries; one that does not is left out, so that a slip loses an edit and never the text.
    /// A replacement by the same text is no edit.
    pub fn replace(&mut self, range: Range<usize>, with: &str) -> &mut Self {
        let fits = range.start >= self.done && range.start <= range.end;
        let Some(before) = fits.then(|| self.source.get(range.clone())).flatten() else {
            return self;
        };
        if before == with {
            return self;
        }
        self.out.push_str(&self.source[self.done..range.start]);
        let begin = self.out.len();
        self.out.push_str(with);
        self.done = range.end;
        self.edits.push(Edit { from: range, to: begin..self.out.len() });
        self
    }

    /// Puts a text in.
    pub fn insert(&mut self, at: usize, text: &str) -> &mut Self {
        self.replace(at..at, text)
    }

    /// The variant and what was changed; `None` where nothing was.
    pub fn finish(mut self) -> Option<(String, Vec<Edit>)> {
        if self.edits.is_empty() {
            return None;
        }
        self.out.push_str(&self.source[self.done..]);
        Some((self.out, self.edits))
    }
}

/// Whether `edits`, in order, lead from `source` to `variant`: everything outside them is the same.
pub fn leads_to(source: &str, edits: &[Edit], variant: &str) -> bool {
    let (mut from, mut to) = (0, 0);
    for edit in edits {
        let kept = source.get(from..edit.from.start);
        if edit.from.start > edit.from.end
            || edit.to.start > edit.to.end
            || kept.is_none()
            || kept != variant.get(to..edit.to.start)
        {
            return false;
        }
        (from, to) = (edit.from.end, edit.to.end);
    }
    matches!((source.get(from..), variant.get(to..)), (Some(rest), Some(same)) if rest == same)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_replaced_is_kept() {
        let text = "see you at noon";
        let mut rewrite = Rewrite::new(text);
        rewrite.replace(4..7, "yuo").insert(11, "about ").replace(11..15, "noon");
        let (variant, edits) = rewrite.finish().unwrap();
        assert_eq!(variant, "see yuo at about noon");
        assert_eq!(edits, [Edit { from: 4..7, to: 4..7 }, Edit { from: 11..11, to: 11..17 }]);
        assert!(leads_to(text, &edits, &variant));
        assert!(!leads_to(text, &edits[..1], &variant));
    }

    #[test]
    fn what_does_not_fit_is_left_out() {
        let mut rewrite = Rewrite::new("né");
        rewrite.replace(2..3, "x").replace(1..3, "o").replace(0..1, "m").replace(9..12, "y");
        assert_eq!(rewrite.finish().unwrap().0, "no");
        assert!(Rewrite::new("same").finish().is_none());
    }
}
