//! What a suite comes to, before any of its cases.

use super::cases::{id_of, name_of};
use super::{icon, robustness};
use crate::gate::{Finding, FindingKind};
use crate::metric::Slice;
use crate::report::JudgeRecord;
use crate::report::coding;
use crate::report::escape::{markdown_inline, markdown_text, shortened};
use crate::report::headline::{self, Verdict};
use crate::report::number;
use crate::report::ranking;
use crate::report::record::SuiteRecord;
use crate::report::repeats;
use std::fmt::Write as _; // to strings, which cannot fail

/// Most entries of a list, and most rows of a table.
const ENTRIES: usize = 30;
/// Longest text of an entry, in characters.
const TEXT: usize = 600;

pub(super) fn head(suite: &SuiteRecord) -> String {
    let verdict = Verdict::of(suite);
    let mut out = format!(
        "\n### {} {}: {}\n\n",
        icon(verdict),
        markdown_text(&suite.name),
        words(&headline::of_suite(suite))
    );
    if let Some(variant) = headline::variant(suite) {
        let _ = write!(out, "{}.\n\n", words(&variant));
    }
    if suite.carried.is_some() {
        let baseline = suite.baseline.as_deref().unwrap_or("unknown");
        let _ = writeln!(out, "What stands for it was {}.", words(baseline));
        return out;
    }
    let _ = write!(out, "{}.", words(&headline::capital(&headline::counts(suite))));
    match &suite.baseline {
        Some(baseline) => {
            let _ = writeln!(out, " Baseline {}.", words(baseline));
        }
        None => out.push_str(" There is no baseline.\n"),
    }
    out.push_str(&list("Problems", suite.problems.iter().map(|problem| words(&problem.message))));
    out.push_str(&table(&changed(suite)));
    out.push_str(&explained(suite));
    out.push_str(&robustness::section(suite));
    out.push_str(&coded(suite));
    out.push_str(&watched(suite));
    let errors = ranking::errors(suite);
    out.push_str(&list(
        "Without an answer or a verdict",
        errors.iter().map(|(why, n)| format!("{n} × {}", markdown_inline(&shortened(why, TEXT)))),
    ));
    out.push_str(&list("Judges", suite.judges.iter().map(judge)));
    out.push_str(&list("Quarantined", suite.quarantined.iter().map(|of| words(&of.told()))));
    out.push_str(&unstable(suite));
    out.push_str(&list("Notes", suite.notes.iter().map(|note| words(note))));
    out
}

fn words(text: &str) -> String {
    markdown_text(&shortened(text, TEXT))
}

/// What a judge that is a model came to, and whether that counts.
fn judge(judge: &JudgeRecord) -> String {
    let canary = judge.canary.as_ref().map(|canary| format!("canary: {canary}"));
    let below = judge.standing().into_iter().chain(canary).map(|line| words(&line));
    [words(&judge.told())].into_iter().chain(below).collect::<Vec<_>>().join("\n  - ")
}

/// The metrics that gate, and every other that is said to differ.
fn changed(suite: &SuiteRecord) -> Vec<&Finding> {
    let differs = |finding: &Finding| {
        matches!(finding.kind, FindingKind::Regressed | FindingKind::Improved | FindingKind::Incomparable)
    };
    suite.findings.iter().filter(|finding| finding.gates || differs(finding)).collect()
}

fn table(findings: &[&Finding]) -> String {
    if findings.is_empty() {
        return String::new();
    }
    let mut out = String::from(
        "\n| Metric | Baseline | Now | Change | 90 % interval | |\n| --- | ---: | ---: | ---: | ---: | --- |\n",
    );
    for finding in findings.iter().take(ENTRIES) {
        let unit = finding.unit;
        let gates = if finding.gates { "" } else { " (does not gate)" };
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} | {}{gates} |",
            words(&finding.key()),
            number::value_or_none(finding.baseline, unit),
            number::value_or_none(finding.candidate, unit),
            finding.delta.map_or_else(String::new, |of| number::delta(of, unit)),
            finding.interval.map_or_else(String::new, |of| number::interval(of, unit)),
            finding.kind,
        );
    }
    if findings.len() > ENTRIES {
        let _ = writeln!(out, "\n*and {} more metrics*", findings.len() - ENTRIES);
    }
    out
}

/// Why each finding that is no good news is what it is, and where what broke lies.
fn explained(suite: &SuiteRecord) -> String {
    let bad = headline::told(suite).filter(|finding| {
        !matches!(finding.kind, FindingKind::Held | FindingKind::Unchanged | FindingKind::New)
    });
    let entries = bad.flat_map(|finding| {
        let line = format!("**{}** {}: {}", finding.kind, words(&finding.key()), words(&finding.reason));
        let mut entries = vec![line];
        if let Slice::Scenario(id) = &finding.slice
            && let Some(scenario) = suite.scenarios.iter().find(|of| of.id == *id)
        {
            let why = scenario.why.as_deref().map(|why| format!("; why: {}", words(why)));
            entries.push(format!("scenario: {}{}", words(&scenario.name), why.unwrap_or_default()));
        }
        let concentrations = finding.concentrations.iter().take(5);
        entries.extend(concentrations.map(|of| words(&headline::concentration(suite, of))));
        // What belongs to a finding stands below it.
        [entries.join("\n  - ")]
    });
    list("", entries)
}

/// The cases whose answers disagree, those that pass least first.
fn unstable(suite: &SuiteRecord) -> String {
    let cases = repeats::unstable(suite);
    let more = cases.len().saturating_sub(repeats::LISTED);
    let entries = cases.iter().take(repeats::LISTED).map(|case| {
        let rolled_up = repeats::rolled_up(case).unwrap_or_default();
        format!("{rolled_up}: {}{}", name_of(suite, case), id_of(case))
    });
    let more = (more > 0).then(|| format!("and {more} more"));
    list("Unstable cases", entries.chain(more))
}

/// The categories of the failures: those that are new or more common first.
fn coded(suite: &SuiteRecord) -> String {
    let rises = coding::rises(suite).into_iter().map(|rise| {
        let label = if rise.is_new { "new" } else { "more" };
        format!("**{label}:** {}", words(&rise.text))
    });
    let spread = coding::spread(suite).into_iter().chain(coding::outdated(suite));
    list("Categories of failures (they do not gate)", rises.chain(spread.map(|line| words(&line))))
}

/// The metrics that do not gate and moved.
fn watched(suite: &SuiteRecord) -> String {
    let line = |finding: &Finding| {
        let way = if finding.kind == FindingKind::Improved { "better" } else { "worse" };
        format!("{way}: {}", words(&headline::change(finding)))
    };
    let told = suite.watched.iter().take(headline::MOST_WATCHED).map(line);
    list(headline::WATCHED, told.chain(headline::more_watched(suite)))
}

/// A list under a title, cut at a sensible length.
fn list(title: &str, entries: impl Iterator<Item = String>) -> String {
    let entries: Vec<_> = entries.collect();
    if entries.is_empty() {
        return String::new();
    }
    let mut out = if title.is_empty() { "\n".to_owned() } else { format!("\n**{title}**\n\n") };
    for entry in entries.iter().take(ENTRIES) {
        let _ = writeln!(out, "- {entry}");
    }
    if entries.len() > ENTRIES {
        let _ = writeln!(out, "- and {} more", entries.len() - ENTRIES);
    }
    out
}
