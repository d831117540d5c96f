//! The measurements that no finding has told yet: few rows, and where the rest is.

use crate::gate::FindingKind;
use crate::metric::{Measurement, Slice};
use crate::report::escape::{shortened, terminal_line};
use crate::report::headline;
use crate::report::number;
use crate::report::page::{Page, Tint};
use crate::report::record::SuiteRecord;
use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ContentArrangement, Table};
use std::cmp::Ordering;
use std::fmt::Write as _; // to strings, which cannot fail

/// Most rows on labels, and most on scenarios.
const LABELS: usize = 5;
const WEAKEST: usize = 5;
/// A page this wide has room for the baseline's values and for intervals.
const WIDE: usize = 80;
/// Columns beside the names, on a wide page and on a narrow one, and the least for names.
const BESIDE: [usize; 2] = [62, 30];
const NAMES: usize = 18;

pub(super) fn write(page: &mut Page, suite: &SuiteRecord, run: &str) {
    let rows = rows(suite);
    if rows.is_empty() {
        return;
    }
    let wide = page.width() >= WIDE;
    let names = page.width().saturating_sub(BESIDE[usize::from(!wide)]).max(NAMES);
    let mut table = Table::new();
    table.load_style(NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(page.width() - 2).unwrap_or(u16::MAX));
    let mut header = vec!["measured", "value", "cases", "change"];
    if wide {
        header.insert(3, "baseline");
    }
    table.set_header(header);
    for of in &rows {
        table.add_row(row(suite, of, wide, names));
    }
    for column in table.column_iter_mut() {
        let first = column.index == 0;
        column.set_padding((0, 2));
        column.set_cell_alignment(if first { CellAlignment::Left } else { CellAlignment::Right });
    }
    page.gap();
    page.lines(2, &table.trim_fmt());
    reasons(page, &rows);
    let told = suite.measurements.iter().filter(|of| is_told(suite, of)).count();
    let left = suite.measurements.len().saturating_sub(rows.len() + told);
    if left > 0 {
        let path = format!(".holdline/runs/{}/report.json", terminal_line(run));
        let text = format!("{} in {path}", number::count(left, "more metric", "more metrics"));
        page.text(2, Tint::Quiet, &text);
    }
}

/// What is worth a row: metrics of the suite that say something of their own, those that changed
/// first; labels that got worse or better; the weakest scenarios.
fn rows(suite: &SuiteRecord) -> Vec<&Measurement> {
    let of_suite = || suite.measurements.iter().filter(|of| of.slice == Slice::Suite && !is_told(suite, of));
    let is_label = |of: &Measurement| of.metric.contains('[');
    let has_something = |of: &Measurement| {
        // Rates of what went wrong are news only where something did.
        !matches!(of.metric.as_str(), "error_rate" | "timeout_rate")
            || of.value != Some(0.0)
            || has_changed(suite, of)
    };
    let mut rows: Vec<_> = of_suite()
        .filter(|of| !is_label(of) && !number::is_restated(&of.metric) && has_something(of))
        .filter(|of| of.value.is_some() || headline::gating(suite).any(|finding| finding.key() == of.key()))
        .collect();
    rows.sort_by_key(|of| !has_changed(suite, of));
    let mut labels: Vec<_> =
        of_suite().filter(|of| of.metric.starts_with("f1[") && has_changed(suite, of)).collect();
    labels.sort_by(|a, b| change(suite, a).partial_cmp(&change(suite, b)).unwrap_or(Ordering::Equal));
    labels.truncate(LABELS);
    rows.extend(labels);
    rows.extend(weakest(suite).into_iter().filter(|of| !is_told(suite, of)));
    rows
}

/// Whether a finding tells the metric, so that it needs no row.
fn is_told(suite: &SuiteRecord, of: &Measurement) -> bool {
    headline::told(suite).any(|finding| finding.kind != FindingKind::New && finding.key() == of.key())
}

/// The value accepted with the baseline.
fn accepted(suite: &SuiteRecord, of: &Measurement) -> Option<f64> {
    let finding = suite.findings.iter().find(|finding| finding.key() == of.key());
    finding.and_then(|finding| finding.baseline).or_else(|| suite.accepted.get(&of.key()).copied())
}

/// The difference to the baseline: over the cases that both have where the gate looked at it.
fn change(suite: &SuiteRecord, of: &Measurement) -> Option<f64> {
    let finding = suite.findings.iter().find(|finding| finding.key() == of.key());
    let plain = || Some(of.value? - suite.accepted.get(&of.key())?);
    finding.and_then(|finding| finding.delta).or_else(plain)
}

fn has_changed(suite: &SuiteRecord, of: &Measurement) -> bool {
    change(suite, of).is_some_and(|change| number::delta(change, of.unit).starts_with(['+', '−']))
}

fn row(suite: &SuiteRecord, of: &Measurement, wide: bool, names: usize) -> Vec<String> {
    let mut value = number::value_or_none(of.value, of.unit);
    if let (true, Some((low, high))) = (wide, of.interval) {
        let _ = write!(value, " [{}, {}]", number::value(low, of.unit), number::value(high, of.unit));
    }
    let cases =
        if of.excluded > 0 { format!("{} of {}", of.n, of.n + of.excluded) } else { of.n.to_string() };
    let mut row = vec![cut(&terminal_line(&of.key()), names), value, cases];
    if wide {
        let before = accepted(suite, of);
        row.push(before.map_or_else(String::new, |before| number::value(before, of.unit)));
    }
    row.push(change(suite, of).map_or_else(String::new, |change| number::delta(change, of.unit)));
    row
}

/// The name in a row of its own, its end cut off where it is too long.
fn cut(name: &str, columns: usize) -> String {
    if name.chars().count() <= columns {
        return name.to_owned();
    }
    let kept: String = name.chars().take(columns - 1).collect();
    kept + "…"
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

/// Why a metric that is shown has no value.
fn reasons(page: &mut Page, rows: &[&Measurement]) {
    for of in rows.iter().filter(|of| of.value.is_none()) {
        if let Some(reason) = &of.reason {
            let text = format!("{} has no value: {}", of.key(), shortened(reason, 240));
            page.text(2, Tint::Quiet, &terminal_line(&text));
        }
    }
}
