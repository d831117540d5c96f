//! The measurements that no finding has told yet, and the weakest scenarios.

use crate::gate::FindingKind;
use crate::metric::{Measurement, Slice};
use crate::report::escape::{shortened, terminal_line};
use crate::report::headline;
use crate::report::number;
use crate::report::page::{Page, Tint};
use crate::report::record::SuiteRecord;
use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ContentArrangement, Table};
use std::fmt::Write as _; // to strings, which cannot fail

/// Most rows on the suite, and most scenarios.
const ROWS: usize = 24;
const WEAKEST: usize = 8;
/// A page this wide has room for the baseline's values and for intervals.
const WIDE: usize = 80;

pub(super) fn write(page: &mut Page, suite: &SuiteRecord) {
    let told = |of: &Measurement| {
        headline::told(suite).any(|finding| finding.kind != FindingKind::New && finding.key() == of.key())
    };
    let mut rows: Vec<_> =
        suite.measurements.iter().filter(|of| of.slice == Slice::Suite && !told(of)).take(ROWS).collect();
    rows.extend(weakest(suite).into_iter().filter(|of| !told(of)));
    if rows.is_empty() {
        return;
    }
    let wide = page.width() >= WIDE;
    let mut table = Table::new();
    table.load_style(NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(page.width() - 2).unwrap_or(u16::MAX));
    let mut header = vec!["measured", "value", "cases", "change"];
    if wide {
        header.insert(3, "baseline");
    }
    table.set_header(header);
    for of in rows {
        table.add_row(row(suite, of, wide));
    }
    for column in table.column_iter_mut() {
        let first = column.index == 0;
        column.set_padding((0, 2));
        column.set_cell_alignment(if first { CellAlignment::Left } else { CellAlignment::Right });
    }
    page.gap();
    page.lines(2, &table.trim_fmt());
    reasons(page, suite);
}

fn row(suite: &SuiteRecord, of: &Measurement, wide: bool) -> Vec<String> {
    let finding = suite.findings.iter().find(|finding| finding.key() == of.key());
    let mut value = number::value_or_none(of.value, of.unit);
    if let (true, Some((low, high))) = (wide, of.interval) {
        let _ = write!(value, " [{}, {}]", number::value(low, of.unit), number::value(high, of.unit));
    }
    let cases =
        if of.excluded > 0 { format!("{} of {}", of.n, of.n + of.excluded) } else { of.n.to_string() };
    let mut row = vec![terminal_line(&shortened(&of.key(), 80)), value, cases];
    if wide {
        let before = finding.and_then(|finding| finding.baseline);
        row.push(before.map_or_else(String::new, |before| number::value(before, of.unit)));
    }
    let delta = finding.and_then(|finding| finding.delta);
    row.push(delta.map_or_else(String::new, |delta| number::delta(delta, of.unit)));
    row
}

/// The scenarios with the lowest pass rates, those that pass entirely left out.
fn weakest(suite: &SuiteRecord) -> Vec<&Measurement> {
    let is_weak = |of: &&Measurement| {
        of.metric == "pass_rate"
            && matches!(of.slice, Slice::Scenario(_))
            && of.value.is_some_and(|rate| rate < 1.0)
    };
    let mut weak: Vec<_> = suite.measurements.iter().filter(is_weak).collect();
    weak.sort_by(|a, b| a.value.partial_cmp(&b.value).unwrap_or(std::cmp::Ordering::Equal));
    weak.truncate(WEAKEST);
    weak
}

/// Why a metric of the suite has no value.
fn reasons(page: &mut Page, suite: &SuiteRecord) {
    for of in suite.measurements.iter().filter(|of| of.slice == Slice::Suite && of.value.is_none()).take(ROWS)
    {
        if let Some(reason) = &of.reason {
            let text = format!("{} has no value: {}", of.key(), shortened(reason, 240));
            page.text(2, Tint::Quiet, &terminal_line(&text));
        }
    }
}
