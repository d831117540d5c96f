//! The cases behind a verdict, the worst first.

use crate::gate::Standing;
use crate::judge::Outcome;
use crate::report::coding;
use crate::report::escape::{shortened, terminal_line};
use crate::report::headline;
use crate::report::number;
use crate::report::page::{Page, Tint};
use crate::report::ranking;
use crate::report::record::{CaseRecord, SuiteRecord};
use crate::report::repeats;
use crate::suite::as_text;

/// Most cases shown, and most reasons for errors.
const CASES: usize = 10;
/// Longest reason, in characters.
const REASON: usize = 240;
/// Longest name, in characters.
const NAME: usize = 100;
/// Longest input, in characters.
const ASKED: usize = 100;
/// Columns of the marks.
const MARKS: usize = 11;

pub(super) fn write(page: &mut Page, suite: &SuiteRecord, run: &str) {
    let worst = ranking::worst_first(suite);
    if !worst.is_empty() {
        list(page, suite, run, &title(suite, &worst), &worst);
    } else if suite.baseline.is_none() {
        // What is accepted first is accepted with its failures: they are to be seen before.
        let failing: Vec<_> =
            suite.cases.iter().filter(|case| case.graded.outcome == Outcome::Fail).collect();
        if !failing.is_empty() {
            let title = number::count(failing.len(), "case fails as it is:", "cases fail as it is:");
            list(page, suite, run, &title, &failing);
        }
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

fn title(suite: &SuiteRecord, worst: &[&CaseRecord]) -> String {
    if suite.shard.is_some() {
        let broke = number::count(worst.len(), "case broke or fails", "cases broke or fail");
        return format!("{broke}, which `holdline merge` decides on:");
    }
    let fail = worst.iter().filter(|case| matches!(case.standing, Standing::Fails(_))).count();
    match (fail, worst.len() - fail) {
        (0, n) => {
            format!("{}, which does not fail the build:", number::count(n, "case broke", "cases broke"))
        }
        (n, 0) => format!("{} the build, the worst first:", number::count(n, "case fails", "cases fail")),
        (n, more) => format!(
            "{} the build, the worst first; {more} more broke:",
            number::count(n, "case fails", "cases fail")
        ),
    }
}

/// The cases under their scenarios, those with the worst cases first. Every scenario gets its share of
/// the room, so that one that broke whole does not hide the others.
fn list(page: &mut Page, suite: &SuiteRecord, run: &str, title: &str, cases: &[&CaseRecord]) {
    page.gap();
    page.text(2, Tint::Strong, &headline::capital(title));
    let mut scenarios: Vec<(usize, Vec<&CaseRecord>)> = Vec::new();
    for case in cases {
        match scenarios.iter_mut().find(|(scenario, _)| *scenario == case.scenario) {
            Some((_, group)) => group.push(case),
            None => scenarios.push((case.scenario, vec![case])),
        }
    }
    let room = share_out(CASES, &scenarios.iter().map(|(_, group)| group.len()).collect::<Vec<_>>());
    for ((scenario, group), room) in scenarios.iter().zip(&room).filter(|(_, room)| **room > 0) {
        let name = shortened(&suite.scenarios[*scenario].name, NAME);
        let count = number::count(group.len(), "case", "cases");
        page.text(2, Tint::Plain, &terminal_line(&format!("{name}: {count}")));
        for case in &group[..*room] {
            entry(page, suite, case);
        }
    }
    let shown: usize = room.iter().sum();
    if shown < cases.len() {
        let path = format!(".holdline/runs/{}/report.json", terminal_line(run));
        page.text(2, Tint::Plain, &format!("and {} more, all in {path}", cases.len() - shown));
    }
}

/// How many of each group are shown: one of each in turn, until the room or the groups are used up.
fn share_out(room: usize, groups: &[usize]) -> Vec<usize> {
    let mut shares = vec![0; groups.len()];
    let mut left = room.min(groups.iter().sum());
    while left > 0 {
        for (share, _) in shares.iter_mut().zip(groups).filter(|(share, group)| **share < **group) {
            if left > 0 {
                *share += 1;
                left -= 1;
            }
        }
    }
    shares
}

fn entry(page: &mut Page, suite: &SuiteRecord, case: &CaseRecord) {
    let mark = match &case.standing {
        Standing::Tolerated(_) if case.flip.is_none() => "fails",
        _ => ranking::mark(case),
    };
    let tint = if matches!(case.standing, Standing::Fails(_)) { Tint::Bad } else { Tint::Warning };
    let rolled_up = repeats::rolled_up(case).map(|of| format!("{of}  ")).unwrap_or_default();
    page.item(4, MARKS, (mark, tint), &format!("{}  {rolled_up}{}", case.id, asked(case)));
    if let Some(reason) = ranking::reason(case) {
        page.item(4, MARKS, ("", Tint::Plain), &terminal_line(&shortened(&reason, REASON)));
    }
    if let Some(category) = coding::of_case(suite, case) {
        page.item(
            4,
            MARKS,
            ("", Tint::Plain),
            &terminal_line(&format!("category: {}", shortened(&category, NAME))),
        );
    }
}

/// What was asked, in a line.
pub(super) fn asked(case: &CaseRecord) -> String {
    terminal_line(&shortened(&as_text(&case.input), ASKED))
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

#[cfg(test)]
mod tests {
    use super::share_out;

    #[test]
    fn every_group_gets_its_share_of_the_room() {
        assert_eq!(share_out(10, &[23, 12]), [5, 5]);
        assert_eq!(share_out(10, &[1, 12, 2]), [1, 7, 2]);
        assert_eq!(share_out(3, &[9, 9, 9, 9]), [1, 1, 1, 0]);
        assert_eq!(share_out(10, &[2]), [2]);
        assert_eq!(share_out(10, &[]), [0; 0]);
    }
}
