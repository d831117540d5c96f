//! The attempts at an answer that came to nothing, a line each.

use super::{LABELS, safe};
use crate::metric::Unit;
use crate::report::number;
use crate::report::page::{Page, Tint};
use crate::target::Attempt;

/// The attempts, oldest first; nothing where the first one was the last.
pub(super) fn write(page: &mut Page, attempts: &[Attempt]) {
    if !attempts.is_empty() {
        page.gap();
    }
    for (at, attempt) in attempts.iter().enumerate() {
        let waited = number::value(attempt.waited_ms as f64, Unit::Milliseconds);
        let text = format!("{}: {}", attempt.kind, attempt.message);
        let label = format!("attempt {}", at + 1);
        page.item(
            2,
            LABELS,
            (&label, Tint::Warning),
            &format!("{} (asked again after {waited})", safe(&text)),
        );
    }
}
