//! The cases behind a verdict: each folded, the worst first, as many as there is room for.

use super::{Room, confusion};
use crate::report::coding;
use crate::report::escape::{markdown_block, markdown_inline, markdown_text, shortened};
use crate::report::evidence;
use crate::report::number;
use crate::report::ranking;
use crate::report::record::{CaseRecord, SuiteRecord};
use std::fmt::Write as _; // to strings, which cannot fail

/// Longest text shown of an answer, in characters.
const TEXT: usize = 1500;
/// Longest text that is shown within a line, in characters.
const LINE: usize = 160;
/// Longest name, in characters.
const NAME: usize = 120;
/// Most cases listed that are fixed.
const FIXED: usize = 30;

/// The cases of a suite that moved, as many as fit, and a line that says how many were left out.
pub(super) fn list(suite: &SuiteRecord, room: &mut Room, limit: usize) -> String {
    let worst = ranking::worst_first(suite);
    let mut out = String::new();
    let confusion = suite.confusion.as_ref().map(confusion::block).unwrap_or_default();
    if room.take(&confusion) {
        out.push_str(&confusion);
    }
    let title = format!(
        "\n**{}, the worst first**\n",
        number::count(worst.len(), "case fails or broke", "cases fail or broke")
    );
    if !worst.is_empty() && room.take(&title) {
        out.push_str(&title);
    }
    let mut shown = 0;
    for case in &worst {
        let entry = entry(suite, case);
        if !room.take(&entry) {
            break;
        }
        out.push_str(&entry);
        shown += 1;
    }
    if shown < worst.len() {
        let left = number::count(worst.len() - shown, "case is", "cases are");
        let _ = writeln!(
            out,
            "\n*{left} left out to stay under {} KiB; report.json has all, and `holdline show CASE` shows one.*",
            limit / 1024
        );
    }
    let fixed = fixed(suite);
    if room.take(&fixed) {
        out.push_str(&fixed);
    }
    out
}

fn entry(suite: &SuiteRecord, case: &CaseRecord) -> String {
    let mut out = format!(
        "\n<details><summary><b>{}</b> {}{}</summary>\n\n",
        ranking::mark(case),
        name_of(suite, case),
        id_of(case),
    );
    for part in evidence::parts(case, TEXT) {
        let text = if part.text.contains('\n') || part.text.chars().count() > LINE {
            format!("\n\n{}", markdown_block(&part.text))
        } else {
            format!(" {}\n", markdown_inline(&part.text))
        };
        let _ = writeln!(out, "**{}:**{text}", part.title);
    }
    if let Some(category) = coding::of_case(suite, case) {
        let _ = writeln!(out, "**category:** {}\n", markdown_text(&shortened(&category, NAME)));
    }
    let _ = writeln!(out, "Look closer: `holdline show {}`\n\n</details>", case.id);
    out
}

/// The case's id, where its name does not end with it already.
pub(super) fn id_of(case: &CaseRecord) -> String {
    let id = case.id.to_string();
    if case.name.ends_with(&id) { String::new() } else { format!(" {id}") }
}

/// Scenario and case. Both may hold outside text: rows of a data file name cases.
pub(super) fn name_of(suite: &SuiteRecord, case: &CaseRecord) -> String {
    let scenario = suite.scenario_of(case);
    format!(
        "{} › {}",
        markdown_inline(&shortened(&scenario.name, NAME)),
        markdown_inline(&shortened(&case.name, NAME))
    )
}

fn fixed(suite: &SuiteRecord) -> String {
    let fixed = ranking::fixed(suite);
    if fixed.is_empty() {
        return String::new();
    }
    let title =
        number::count(fixed.len(), "case failed before and passes now", "cases failed before and pass now");
    let mut out = format!("\n<details><summary>{title}</summary>\n\n");
    for case in fixed.iter().take(FIXED) {
        let _ = writeln!(out, "- {}", name_of(suite, case));
    }
    if fixed.len() > FIXED {
        let _ = writeln!(out, "- and {} more", fixed.len() - FIXED);
    }
    out.push_str("\n</details>\n");
    out
}
