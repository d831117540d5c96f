//! What was promoted, and what it adds.

use super::escape::{shortened, terminal_line};
use super::number::count;
use super::page::{Page, Style, Tint};
use crate::distil::promote::{Adds, Promoted};
use std::fmt::Write as _; // to strings, which cannot fail

/// Longest text of a case, in characters.
const TEXT: usize = 300;
/// Columns of the labels.
const LABELS: usize = 10;

/// The promoted cases as a page. All outside text in it is safe for a terminal.
pub fn render(all: &[Promoted], style: Style) -> String {
    let mut page = Page::new(style);
    for of in all {
        page.gap();
        let place = format!("{}:{}", of.place.file, of.place.line);
        page.text(0, Tint::Good, &format!("promoted {} to {}", of.id, safe(&place)));
        let mut item = |label: &str, text: &str| page.item(2, LABELS, (label, Tint::Quiet), text);
        item("scenario", &safe(&format!("{}::{}", of.suite, of.scenario)));
        item("asks", &safe(&of.text));
        item("expects", &safe(&of.expects));
        item("adds", &adds(&of.adds));
        if let Some(pinned) = of.pinned {
            item("keeps", &format!("case {pinned}, also when the operator that makes it changes"));
        }
        if let Some(what) = &of.scrubbed {
            item("replaced", &safe(what));
        }
        if of.must_pass {
            item("gates", "at once: its scenario must pass");
        }
    }
    if all.is_empty() {
        return page.finish();
    }
    page.gap();
    if all.iter().any(|of| of.scrubbed.is_some()) {
        page.text(
            0,
            Tint::Warning,
            "Names and places have no form by which they could be found: read what you commit",
        );
    }
    let cases = count(all.len(), "case", "cases");
    page.text(
        0,
        Tint::Plain,
        &format!("{cases} to commit; `holdline run` asks them from now on, and the next accepted baseline holds them"),
    );
    page.finish()
}

/// What a case adds to its scenario.
fn adds(of: &Adds) -> String {
    let mut told = if of.is_seed {
        format!("seed {} of its scenario", of.seeds + 1)
    } else {
        format!("case {} of its scenario", of.cases + 1)
    };
    if !of.operators.is_empty() {
        let there = match of.same_operators {
            0 => "the first".to_owned(),
            n => format!("beside {n} others"),
        };
        let _ = write!(told, "; {there} by {}", terminal_line(&of.operators));
    }
    if !of.knobs.is_empty() {
        let _ = write!(told, "; new: {}", safe(&of.knobs.join(", ")));
    }
    told
}

fn safe(text: &str) -> String {
    terminal_line(&shortened(text, TEXT))
}
