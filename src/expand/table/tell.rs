//! Telling of mistakes in a table specification.

use super::formula::Mistake;
use crate::suite::diagnostic::{Diagnostic, Diagnostics, Source};
use crate::suite::document::Node;
use std::ops::Range;

/// Where mistakes of one file are told.
#[derive(Debug)]
pub(super) struct Tell<'a> {
    /// The specification.
    pub source: &'a Source,
    /// All that is wrong.
    pub out: &'a mut Diagnostics,
}

impl Tell<'_> {
    /// How many mistakes there are by now.
    pub fn count(&self) -> usize {
        self.out.len()
    }

    /// A mistake at a value, with its mend.
    pub fn at(&mut self, code: &'static str, what: impl Into<String>, node: &Node, help: impl Into<String>) {
        self.within(code, what, node.span.clone(), help);
    }

    /// A mistake at a key, with its mend.
    pub fn at_key(
        &mut self,
        code: &'static str,
        what: impl Into<String>,
        node: &Node,
        help: impl Into<String>,
    ) {
        self.within(code, what, node.key_span(), help);
    }

    /// A mistake at some bytes, with its mend.
    pub fn within(
        &mut self,
        code: &'static str,
        what: impl Into<String>,
        span: Range<usize>,
        help: impl Into<String>,
    ) {
        self.out.push(Diagnostic::new(code, what).at(self.source.spot(span)).help(help));
    }

    /// A mistake in a part of a text.
    pub fn in_text(&mut self, code: &'static str, text: &str, node: &Node, mistake: Mistake) {
        let span = node.span_of(self.source, text, Some(mistake.range));
        self.within(code, mistake.message, span, mistake.help);
    }
}
