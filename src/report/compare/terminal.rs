//! Runs side by side for a terminal: a table a suite where there is room, a paragraph a run where not.

use super::{View, words};
use crate::compare::{Arm, Comparison, SuiteArm, SuiteComparison};
use crate::report::escape::{shortened, terminal_line};
use crate::report::number;
use crate::report::page::{Page, Style, Tint};
use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ContentArrangement, Table};

/// A page this wide has room for long names and many columns.
const WIDE: usize = 90;
/// Columns between those of a table.
const GUTTER: usize = 2;
/// Columns of the letters.
const LETTERS: usize = 4;
/// Longest text of a name or a parameter, and of an answer, in characters.
const TEXT: usize = 300;
const VALUE: usize = 40;
const ANSWER: usize = 200;

/// The comparison as a page. All outside text in it is safe for a terminal.
pub fn render(comparison: &Comparison, view: View, style: Style) -> String {
    let mut page = Page::new(style);
    for arm in &comparison.arms {
        page.item(0, LETTERS, (&arm.letter, Tint::Strong), &safe(&who(arm)));
    }
    for suite in &comparison.suites {
        write(&mut page, comparison, suite, view);
    }
    if !comparison.left_out.is_empty() {
        page.gap();
    }
    for line in &comparison.left_out {
        page.item(0, 8, ("note", Tint::Quiet), &safe(line));
    }
    page.finish()
}

/// What an arm is.
fn who(arm: &Arm) -> String {
    match (&arm.run, &arm.started) {
        (Some(run), Some(started)) if *run == arm.name => format!("{run}, begun {started}"),
        (Some(run), Some(started)) => format!("{}: {run}, begun {started}", arm.name),
        _ => arm.name.clone(),
    }
}

fn write(page: &mut Page, comparison: &Comparison, suite: &SuiteComparison, view: View) {
    page.gap();
    page.text(0, Tint::Strong, &safe(&suite.suite));
    for warning in &suite.warnings {
        page.item(2, 10, ("warning", Tint::Warning), &safe(warning));
    }
    if !table(page, comparison, suite) {
        paragraphs(page, comparison, suite);
    }
    notes(page, comparison, suite);
    metrics(page, comparison, suite);
    cases(page, comparison, suite, view);
}

fn arms<'a>(
    comparison: &'a Comparison,
    suite: &'a SuiteComparison,
) -> impl Iterator<Item = (&'a Arm, &'a SuiteArm)> {
    comparison.arms.iter().zip(&suite.arms).filter_map(|(arm, of)| Some((arm, of.as_ref()?)))
}

/// A table, unless it does not fit. Where room is short the counts go first, then the intervals of the pass
/// rates: the first are told below, and the others are not what the decision rests on.
fn table(page: &mut Page, comparison: &Comparison, suite: &SuiteComparison) -> bool {
    for (counts, intervals) in [(true, true), (false, true), (false, false)] {
        let (header, rows) = cells(comparison, suite, counts, intervals);
        let width = |at: usize| {
            rows.iter().chain([&header]).map(|row| row[at].chars().count() + GUTTER).max().unwrap_or_default()
        };
        if (0..header.len()).map(width).sum::<usize>() <= page.width() - 2 + GUTTER {
            lay_out(page, header, rows, 1 + suite.params.len());
            return true;
        }
    }
    false
}

fn cells(
    comparison: &Comparison,
    suite: &SuiteComparison,
    counts: bool,
    intervals: bool,
) -> (Vec<String>, Vec<Vec<String>>) {
    let mut header = vec![String::new()];
    header.extend(suite.params.iter().map(|name| short(name, VALUE)));
    let rate = if intervals { "pass rate [95 %]" } else { "pass rate" };
    header.extend(["graded", rate, "Δ to A [90 %]"].map(str::to_owned));
    header.push(words::p_heading(comparison));
    header.extend(["worse", "better"].iter().filter(|_| counts).map(|&word| word.to_owned()));
    header.push("decision".into());
    let rows = arms(comparison, suite).map(|(arm, of)| {
        let mut row = vec![arm.letter.clone()];
        row.extend(suite.params.iter().map(|name| short(&words::value(of, name), VALUE)));
        let rate = || number::value_or_none(of.pass_rate, crate::metric::Unit::Share);
        row.extend([words::graded(of), if intervals { words::pass_rate(of) } else { rate() }]);
        let against = of.against.as_ref();
        row.push(against.map(words::delta).unwrap_or_default());
        row.push(against.map(|against| words::p(against.p_corrected)).unwrap_or_default());
        if counts {
            row.extend([
                against.map(|against| against.worse.to_string()).unwrap_or_default(),
                against.map(|against| against.better.to_string()).unwrap_or_default(),
            ]);
        }
        row.push(words::decision(of.decision).to_owned());
        row
    });
    (header, rows.collect())
}

/// A table whose first columns are texts and whose others are numbers.
fn lay_out(page: &mut Page, header: Vec<String>, rows: Vec<Vec<String>>, texts: usize) {
    let mut table = Table::new();
    table.load_style(NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(page.width() - 2).unwrap_or(u16::MAX));
    table.set_header(header);
    for row in rows {
        table.add_row(row);
    }
    for column in table.column_iter_mut() {
        let is_text = column.index < texts;
        column.set_padding((0, u16::try_from(GUTTER).unwrap_or(2)));
        column.set_cell_alignment(if is_text { CellAlignment::Left } else { CellAlignment::Right });
    }
    page.lines(2, &table.trim_fmt());
}

fn paragraphs(page: &mut Page, comparison: &Comparison, suite: &SuiteComparison) {
    for (arm, of) in arms(comparison, suite) {
        let params: Vec<String> =
            suite.params.iter().map(|name| format!("{name} = {}, ", words::value(of, name))).collect();
        let text = format!(
            "{}pass rate {}, {} graded, {}",
            params.concat(),
            words::pass_rate(of),
            words::graded(of),
            words::decision(of.decision)
        );
        page.item(2, LETTERS, (&arm.letter, Tint::Strong), &safe(&text));
        if let Some(against) = &of.against {
            let p = number::p_value(against.p_corrected);
            let (worse, better) = (against.worse, against.better);
            let text = format!("{}, {p}, {worse} worse, {better} better", words::delta(against));
            page.item(2, LETTERS, ("", Tint::Plain), &text);
        }
    }
}

/// What the differences rest on, and why there is none.
fn notes(page: &mut Page, comparison: &Comparison, suite: &SuiteComparison) {
    let few = comparison.arms.len() <= words::FEW;
    for (arm, of) in arms(comparison, suite) {
        let told = match (&of.against, &of.not_compared) {
            (Some(against), _) if few => words::counts(against),
            (Some(against), _) => match words::gaps(against) {
                Some(gaps) => format!("{} in both; {gaps}", number::count(against.paired, "case", "cases")),
                None => continue,
            },
            (None, Some(why)) => format!("cannot be compared: {why}"),
            (None, None) => continue,
        };
        page.item(2, LETTERS, (&arm.letter, Tint::Strong), &safe(&told));
    }
}

fn metrics(page: &mut Page, comparison: &Comparison, suite: &SuiteComparison) {
    let rows = words::metrics(suite);
    if rows.is_empty() {
        return;
    }
    let wide = page.width() >= WIDE;
    let values = |row: &crate::compare::Row, at: usize| number::value_or_none(row.values[at], row.unit);
    page.gap();
    if comparison.arms.len() <= words::FEW {
        let mut header = vec!["measured".to_owned()];
        header.extend(comparison.arms.iter().map(|arm| arm.letter.clone()));
        header.extend(comparison.arms.iter().skip(1).map(|arm| format!("{} − A", arm.letter)));
        let lines = rows.iter().map(|row| {
            let mut line = vec![short(&row.metric, if wide { VALUE } else { 18 })];
            line.extend((0..row.values.len()).map(|at| values(row, at)));
            line.extend(row.values.iter().skip(1).map(|of| words::change(row.values[0], *of, row.unit)));
            line
        });
        let lines = lines.collect();
        return lay_out(page, header, lines, 1);
    }
    let most = if wide { 6 } else { 3 };
    let rows = &rows[..rows.len().min(most)];
    let mut header = vec![String::new()];
    header.extend(rows.iter().map(|row| short(&row.metric, 24)));
    let lines =
        comparison.arms.iter().enumerate().filter(|(at, _)| suite.arms[*at].is_some()).map(|(at, arm)| {
            let mut line = vec![arm.letter.clone()];
            line.extend(rows.iter().map(|row| values(row, at)));
            line
        });
    let lines = lines.collect();
    lay_out(page, header, lines, 1);
}

fn cases(page: &mut Page, comparison: &Comparison, suite: &SuiteComparison, view: View) {
    if suite.apart.is_empty() {
        if suite.arms.iter().flatten().any(|arm| arm.against.is_some()) {
            page.gap();
            page.text(2, Tint::Plain, "No case tells them apart.");
        }
        return;
    }
    let width = page.width();
    for direction in words::directions(suite, view.cases) {
        page.gap();
        let left = if direction.named < direction.all {
            format!(", {} shown", direction.named)
        } else {
            String::new()
        };
        let head = format!("{} {}{left}", number::count(direction.all, "case", "cases"), direction.what);
        page.text(2, Tint::Strong, &head);
        for (scenario, n, of, cases) in &direction.scenarios {
            page.text(4, Tint::Plain, &format!("{} ({n} of {of})", safe(scenario)));
            for case in cases {
                let outcomes = words::outcomes(comparison, case);
                let line = format!("{}  {outcomes}  {}", case.id, case.input);
                page.text(6, Tint::Quiet, &short(&line, width - 6));
                for (arm, seen) in comparison.arms.iter().zip(&case.seen).filter(|_| view.answers) {
                    let Some(answer) = seen.as_ref().and_then(|seen| seen.answer.as_ref()) else { continue };
                    let answer = terminal_line(&shortened(answer, ANSWER));
                    page.item(8, LETTERS, (&arm.letter, Tint::Quiet), &answer);
                }
            }
        }
        if direction.left > 0 {
            let left = number::count(direction.left, "more scenario", "more scenarios");
            page.text(4, Tint::Quiet, &format!("and {left}"));
        }
    }
}

fn safe(text: &str) -> String {
    terminal_line(&shortened(text, TEXT * 4))
}

/// A text for a column, its end cut off where it is too long.
fn short(text: &str, columns: usize) -> String {
    let text = terminal_line(&shortened(text, TEXT));
    if text.chars().count() <= columns {
        return text;
    }
    text.chars().take(columns - 1).chain(['…']).collect()
}
