//! Runs side by side as Markdown: one table a suite, and the cases that tell them apart.

use super::{View, words};
use crate::compare::{Comparison, SuiteComparison};
use crate::report::escape::{markdown_inline, markdown_text, shortened};
use crate::report::file;
use crate::report::markdown::{LIMIT, MarkdownError};
use crate::report::number;
use std::fmt::Write as _; // to strings, which cannot fail
use std::path::Path;

/// Longest text, in characters.
const TEXT: usize = 600;
/// Longest answer, in characters.
const ANSWER: usize = 200;

/// Writes the comparison to a file, which is replaced as a whole or not at all.
pub fn write(comparison: &Comparison, view: View, path: &Path) -> Result<(), MarkdownError> {
    file::replace(path, render(comparison, view).as_bytes())
        .map_err(|source| MarkdownError::Write { path: path.to_owned(), source })
}

/// The comparison as Markdown of about [`LIMIT`] bytes at most: cases beyond it are counted only.
pub fn render(comparison: &Comparison, view: View) -> String {
    let mut out = String::from("## Holdline: runs side by side\n\n");
    for arm in &comparison.arms {
        let _ = write!(out, "- **{}** {}", arm.letter, words(&arm.name));
        if let Some(run) = arm.run.as_ref().filter(|run| **run != arm.name) {
            let _ = write!(out, ", run {}", markdown_inline(&shortened(run, TEXT)));
        }
        if let Some(started) = &arm.started {
            let _ = write!(out, ", begun {}", words(started));
        }
        out.push('\n');
    }
    for suite in &comparison.suites {
        let _ = write!(out, "\n### {}\n\n", words(&suite.suite));
        for warning in &suite.warnings {
            let _ = writeln!(out, "> ⚠️ {}\n", words(warning));
        }
        table(&mut out, comparison, suite);
        notes(&mut out, comparison, suite);
        cases(&mut out, comparison, suite, view);
    }
    for line in &comparison.left_out {
        let _ = writeln!(out, "\n*{}*", words(line));
    }
    out
}

fn table(out: &mut String, comparison: &Comparison, suite: &SuiteComparison) {
    let metrics = words::metrics(suite);
    let mut header = vec![String::new()];
    header.extend(suite.params.iter().map(|name| words(name)));
    header.extend(["graded", "pass rate [95 %]"].map(str::to_owned));
    header.extend(metrics.iter().map(|row| words(&row.metric)));
    header.extend(["Δ to A [90 %]".to_owned(), words::p_heading(comparison)]);
    header.extend(["worse", "better", "decision"].map(str::to_owned));
    let _ = writeln!(out, "| {} |", header.join(" | "));
    let _ = writeln!(out, "|{}", " --- |".repeat(header.len()));
    for (at, (arm, of)) in comparison.arms.iter().zip(&suite.arms).enumerate() {
        let Some(of) = of else { continue };
        let mut row = vec![format!("**{}**", arm.letter)];
        row.extend(suite.params.iter().map(|name| words(&words::value(of, name))));
        row.extend([words::graded(of), words(&words::pass_rate(of))]);
        row.extend(metrics.iter().map(|row| number::value_or_none(row.values[at], row.unit)));
        row.extend(match &of.against {
            Some(against) => [
                words(&words::delta(against)),
                words(&words::p(against.p_corrected)),
                against.worse.to_string(),
                against.better.to_string(),
            ],
            None => Default::default(),
        });
        row.push(words::decision(of.decision).to_owned());
        let _ = writeln!(out, "| {} |", row.join(" | "));
    }
}

fn notes(out: &mut String, comparison: &Comparison, suite: &SuiteComparison) {
    let arms = comparison.arms.iter().zip(&suite.arms);
    let told: Vec<String> = arms
        .filter_map(|(arm, of)| {
            let of = of.as_ref()?;
            let text = match (&of.against, &of.not_compared) {
                (Some(against), _) => words::counts(against),
                (None, Some(why)) => format!("cannot be compared: {why}"),
                (None, None) => return None,
            };
            Some(format!("- **{}**: {}\n", arm.letter, words(&text)))
        })
        .collect();
    if !told.is_empty() {
        out.push('\n');
        out.push_str(&told.concat());
    }
}

fn cases(out: &mut String, comparison: &Comparison, suite: &SuiteComparison, view: View) {
    for direction in words::directions(suite, view.cases) {
        let (mut list, mut named) = (String::new(), 0);
        for (scenario, n, of, cases) in &direction.scenarios {
            let mut entry = format!("- {} ({n} of {of})\n", words(scenario));
            for case in cases {
                let outcomes = words(&words::outcomes(comparison, case));
                let _ = writeln!(entry, "  - `{}` {outcomes}: {}", case.id, markdown_inline(&case.input));
                for (arm, seen) in comparison.arms.iter().zip(&case.seen).filter(|_| view.answers) {
                    let Some(answer) = seen.as_ref().and_then(|seen| seen.answer.as_ref()) else { continue };
                    let answer = markdown_inline(&shortened(answer, ANSWER));
                    let _ = writeln!(entry, "    - {}: {answer}", arm.letter);
                }
            }
            if out.len() + list.len() + entry.len() > LIMIT {
                break;
            }
            list.push_str(&entry);
            named += cases.len();
        }
        let left = if named < direction.all { format!(", {named} shown") } else { String::new() };
        let all = number::count(direction.all, "case", "cases");
        let _ = write!(out, "\n**{all} {}{left}**\n\n{list}", direction.what);
    }
}

fn words(text: &str) -> String {
    markdown_text(&shortened(text, TEXT))
}
