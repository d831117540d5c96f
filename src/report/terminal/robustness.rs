//! Variants by family of operators, and what fails more than chance.

use crate::metric::Unit;
use crate::report::escape::{shortened, terminal_line};
use crate::report::number;
use crate::report::page::{Page, Tint};
use crate::report::record::SuiteRecord;
use crate::report::robustness::{change, families, weak};

/// Columns of the names of families.
const NAMES: usize = 16;
/// Weak spots that are shown.
const WEAK: usize = 5;

/// A table of the families and the weak spots.
pub(super) fn write(page: &mut Page, suite: &SuiteRecord) {
    let rows = families(suite);
    if !rows.is_empty() {
        page.gap();
        page.text(2, Tint::Strong, "Variants by family of operators:");
        for row in &rows {
            let kept = match row.invariance {
                Some(of) if of.value.is_some() => format!(
                    "{} of {} keep what their seed passes",
                    number::value_or_none(of.value, Unit::Share),
                    of.n
                ),
                _ => {
                    format!("{} of {} pass", number::value_or_none(row.pass_rate, Unit::Share), row.variants)
                }
            };
            let moved = change(row);
            let against =
                if moved.is_empty() { String::new() } else { format!(", {moved} against the baseline") };
            let tint = if moved.starts_with('−') { Tint::Bad } else { Tint::Plain };
            let name = terminal_line(&shortened(row.family, 60));
            page.item(2, NAMES, (&name, tint), &format!("{kept}{against}"));
        }
    }
    if !suite.weak.is_empty() {
        page.gap();
        page.text(2, Tint::Strong, "Fails more than chance:");
        for spot in suite.weak.iter().take(WEAK) {
            page.text(2, Tint::Plain, &terminal_line(&shortened(&weak(suite, spot), 400)));
        }
    }
}

/// One line for a suite where all is well.
pub(super) fn in_short(page: &mut Page, suite: &SuiteRecord) {
    let rows = families(suite);
    let shown: Vec<String> = rows
        .iter()
        .filter_map(|row| {
            let value = row.invariance.and_then(|of| of.value)?;
            Some(format!(
                "{} {}",
                terminal_line(&shortened(row.family, 40)),
                number::value(value, Unit::Share)
            ))
        })
        .collect();
    if !shown.is_empty() {
        page.text(
            2,
            Tint::Quiet,
            &format!("Variants that keep what their seed passes: {}", shown.join(", ")),
        );
    }
}
