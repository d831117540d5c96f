//! The cases behind a verdict, the worst first.

use crate::gate::Standing;
use crate::report::escape::{shortened, terminal_line};
use crate::report::headline;
use crate::report::number;
use crate::report::page::{Page, Tint};
use crate::report::ranking;
use crate::report::record::{CaseRecord, SuiteRecord};

/// Most cases shown, and most reasons for errors.
const CASES: usize = 10;
/// Longest reason, in characters.
const REASON: usize = 240;
/// Longest name, in characters.
const NAME: usize = 100;
/// Columns of the marks.
const MARKS: usize = 11;

pub(super) fn write(page: &mut Page, suite: &SuiteRecord, run: &str) {
    let worst = ranking::worst_first(suite);
    if !worst.is_empty() {
        page.gap();
        let fail = worst.iter().filter(|case| matches!(case.standing, Standing::Fails(_))).count();
        let title = match (fail, worst.len() - fail) {
            (0, n) => {
                format!("{}, which does not fail the build:", number::count(n, "case broke", "cases broke"))
            }
            (n, 0) => format!("{} the build, the worst first:", number::count(n, "case fails", "cases fail")),
            (n, more) => format!(
                "{} the build, the worst first; {more} more broke:",
                number::count(n, "case fails", "cases fail")
            ),
        };
        page.text(2, Tint::Strong, &headline::capital(&title));
    }
    for case in worst.iter().take(CASES) {
        entry(page, suite, case);
    }
    if worst.len() > CASES {
        let more = format!(
            "and {} more, all in .holdline/runs/{}/report.json",
            worst.len() - CASES,
            terminal_line(run)
        );
        page.text(2, Tint::Plain, &more);
    }
    errors(page, suite);
    let fixed = ranking::fixed(suite).len();
    if fixed > 0 {
        page.gap();
        page.text(
            2,
            Tint::Good,
            &number::count(fixed, "case failed before and passes now", "cases failed before and pass now"),
        );
    }
}

fn entry(page: &mut Page, suite: &SuiteRecord, case: &CaseRecord) {
    let mark = ranking::mark(case);
    let tint = if matches!(case.standing, Standing::Fails(_)) { Tint::Bad } else { Tint::Warning };
    let scenario = &suite.scenario_of(case).name;
    let name = format!("{} › {}", shortened(scenario, NAME), shortened(&case.name, NAME));
    page.item(2, MARKS, (mark, tint), &terminal_line(&name));
    let mut more = |text: &str| page.item(2, MARKS, ("", Tint::Plain), text);
    if let Some(reason) = ranking::reason(case) {
        more(&terminal_line(&shortened(&reason, REASON)));
    }
    more(&format!("holdline show {}", case.id));
}

fn errors(page: &mut Page, suite: &SuiteRecord) {
    let errors = ranking::errors(suite);
    if errors.is_empty() {
        return;
    }
    page.gap();
    let cases: usize = errors.iter().map(|(_, n)| n).sum();
    let title =
        number::count(cases, "case has no answer or no verdict:", "cases have no answer or no verdict:");
    page.text(2, Tint::Strong, &title);
    for (why, n) in errors.iter().take(CASES) {
        page.item(2, MARKS, (&format!("{n} ×"), Tint::Warning), &terminal_line(&shortened(why, REASON)));
    }
    if errors.len() > CASES {
        page.text(2, Tint::Plain, &format!("and {} more reasons", errors.len() - CASES));
    }
}
