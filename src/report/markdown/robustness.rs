//! Variants by family of operators, and what fails more than chance.

use crate::metric::Unit;
use crate::report::escape::{markdown_text, shortened};
use crate::report::number;
use crate::report::record::SuiteRecord;
use crate::report::robustness::{change, families, weak};
use std::fmt::Write as _; // to strings, which cannot fail

/// Most rows of the table, and most weak spots.
const ROWS: usize = 30;
const WEAK: usize = 10;

/// The table and the list; empty where there is neither.
pub(super) fn section(suite: &SuiteRecord) -> String {
    let mut out = String::new();
    let rows = families(suite);
    if !rows.is_empty() {
        out.push_str(
            "\n| Operators | Variants | Pass | Keep what their seed passes | Change |\n| --- | ---: | ---: | ---: | ---: |\n",
        );
        for row in rows.iter().take(ROWS) {
            let kept = row.invariance.map(|of| number::value_or_none(of.value, Unit::Share));
            let _ = writeln!(
                out,
                "| {} | {} | {} | {} | {} |",
                markdown_text(&shortened(row.family, 80)),
                row.variants,
                number::value_or_none(row.pass_rate, Unit::Share),
                kept.unwrap_or_else(|| "–".to_owned()),
                change(row),
            );
        }
    }
    if !suite.weak.is_empty() {
        out.push_str("\n**Fails more than chance**\n\n");
        for spot in suite.weak.iter().take(WEAK) {
            let _ = writeln!(out, "- {}", markdown_text(&shortened(&weak(suite, spot), 400)));
        }
    }
    out
}
