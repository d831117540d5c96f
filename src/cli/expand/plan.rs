//! `--check` and `--write`: the recorded plan.

use super::{DONE, visit};
use crate::baseline::in_ci;
use crate::cli::{CliError, CliResult, Place};
use crate::exit::Exit;
use crate::expand::lock::{self, LockState};
use crate::report::escape::terminal_line;
use crate::suite::Suite;
use similar::{ChangeTag, TextDiff};
use std::fmt::Write as _; // to strings, which cannot fail

/// Lines of a difference that are shown of one suite.
const MAX_LINES: usize = 40;

/// Compares every suite's cases with those recorded.
pub(super) fn check(place: &Place, suites: &[Suite]) -> CliResult {
    let mut exit = Exit::Held;
    for suite in suites {
        let ledger = visit(place, suite, &mut |_| {})?;
        let (_, file) = lock::path(suite);
        let made =
            ledger.scenarios.iter().any(|counts| counts.origins.keys().any(|origin| origin.is_synthetic()));
        match lock::compare(suite, &ledger)? {
            LockState::Same => place.print(&format!("ok  {}  {} cases\n", file, ledger.cases()))?,
            LockState::Absent if !made => {
                place.print(&format!("ok  {}  makes no variants, and has no plan\n", suite.path))?;
            }
            LockState::Absent => {
                place.print(&format!(
                    "{file} is missing: `holdline expand --write {}` records it\n",
                    suite.name
                ))?;
                exit = Exit::Regressed;
            }
            LockState::Moved { recorded, now } => {
                place.print(&moved(&file, &suite.name, &recorded, &now))?;
                exit = Exit::Regressed;
            }
        }
    }
    Ok(exit)
}

fn moved(file: &str, suite: &str, recorded: &str, now: &str) -> String {
    let mut out = format!("{file}: the cases are not those recorded\n");
    let diff = TextDiff::from_lines(recorded, now);
    let changes: Vec<_> = diff.iter_all_changes().filter(|change| change.tag() != ChangeTag::Equal).collect();
    for change in changes.iter().take(MAX_LINES) {
        let _ = writeln!(out, "  {} {}", change.tag(), terminal_line(change.value().trim_end()));
    }
    if changes.len() > MAX_LINES {
        let _ = writeln!(out, "  and {} lines more", changes.len() - MAX_LINES);
    }
    let _ = writeln!(out, "  to accept that, record it anew: `holdline expand --write {suite}`");
    out
}

/// Records every suite's cases.
pub(super) fn write(place: &Place, suites: &[Suite]) -> CliResult {
    if in_ci(|name| std::env::var(name).ok()) {
        return Err(CliError::Usage(
            "in CI nothing below the suites' folder is written; run `holdline expand --write` beside your editor and commit"
                .into(),
        ));
    }
    for suite in suites {
        let ledger = visit(place, suite, &mut |_| {})?;
        if lock::compare(suite, &ledger)? == LockState::Same {
            place.print(&format!("unchanged  {}\n", lock::path(suite).1))?;
        } else {
            let file = lock::write(suite, &ledger)?;
            place.print(&format!("written    {file}  {} cases\n", ledger.cases()))?;
        }
    }
    DONE
}
