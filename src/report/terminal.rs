//! The end of a run, as a person reads it: what held, what regressed, by how much, how sure, which
//! cases, and the command to look closer.

mod cases;
mod robustness;
mod suite;
mod table;
mod unstable;

use super::headline::{self, Verdict};
use super::number;
use super::page::{Page, Tint};
use super::ranking;
use super::record::{Record, SuiteRecord};
use super::unnamed;

pub use super::page::Style;

/// The end of a run. All outside text in it is safe for a terminal; for the log of a CI service pass
/// it through [`super::escape::ci_log`].
pub fn render(record: &Record, style: Style) -> String {
    let mut page = Page::new(style);
    for suite in &record.suites {
        suite::write(&mut page, suite, &record.run);
    }
    page.gap();
    let asked: usize = record.suites.iter().map(SuiteRecord::asked).sum();
    let verdict = format!(
        "{} ({} in {}; exit code {})",
        headline::capital(&headline::of_run(record)),
        number::count(asked, "case", "cases"),
        number::seconds(record.seconds),
        record.exit_code
    );
    page.text(0, tint(Verdict::of_run(record)), &verdict);
    if let Some(left_out) = unnamed::told(record.unnamed.iter().map(|of| of.suite.as_str()), "run") {
        page.text(0, Tint::Quiet, &headline::capital(&super::escape::terminal_line(&left_out)));
    }
    for (what, command) in next_steps(record) {
        page.item(2, 16, (what, Tint::Quiet), &command);
    }
    page.finish()
}

const fn tint(verdict: Verdict) -> Tint {
    match verdict {
        Verdict::Unchanged | Verdict::Held | Verdict::Improved => Tint::Good,
        Verdict::Shown | Verdict::Carried | Verdict::Measured => Tint::Strong,
        Verdict::Inconclusive | Verdict::Exhausted | Verdict::Undecided => Tint::Warning,
        Verdict::Regressed => Tint::Bad,
    }
}

/// The commands that make sense next, each with what it is for.
fn next_steps(record: &Record) -> Vec<(&'static str, String)> {
    let mut steps = Vec::new();
    let worst = record.suites.iter().find_map(|suite| ranking::worst_first(suite).first().copied());
    if let Some(case) = worst {
        steps.push(("look closer:", format!("holdline show {}", case.id)));
    }
    let pending: Vec<_> = record.suites.iter().filter(|suite| suite.pending).collect();
    let compared = pending.iter().any(|suite| suite.baseline.is_some());
    if compared {
        steps.push(("go through it:", "holdline review".to_owned()));
    }
    if let Some(suite) = pending.first() {
        let what = match Verdict::of_run(record) {
            _ if !compared => "first baseline:",
            Verdict::Regressed => "if it is meant:",
            _ => "to accept it:",
        };
        let name = if pending.len() == 1 { format!(" {}", word(suite)) } else { String::new() };
        steps.push((what, format!("holdline accept{name} --reason \"…\"")));
    }
    steps
}

/// The suite's name as a word of a shell command.
pub(super) fn word(suite: &SuiteRecord) -> String {
    let name = super::escape::terminal_line(&suite.name);
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    if name.chars().all(plain) { name } else { format!("'{}'", name.replace('\'', r"'\''")) }
}
