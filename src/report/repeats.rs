//! What is said of cases that were asked several times. One place, so that every output says the same.

use super::record::{CaseRecord, SuiteRecord};

/// Most unstable cases that an output lists.
pub(super) const LISTED: usize = 10;

/// What the answers to a case come to together, in short: `pass 3/5`. `None` where it was asked once.
pub fn rolled_up(case: &CaseRecord) -> Option<String> {
    if case.repeats.is_empty() {
        return None;
    }
    Some(match case.tally() {
        (_, 0) => format!("graded 0/{}", case.repeats.len()),
        (passed, graded) => format!("pass {passed}/{graded}"),
    })
}

/// The same in words: `2 of 5 answers pass`.
#[cfg(feature = "cli")]
pub(super) fn in_words(case: &CaseRecord) -> Option<String> {
    if case.repeats.is_empty() {
        return None;
    }
    Some(match case.tally() {
        (_, 0) => format!("none of {} answers is graded", case.repeats.len()),
        (1, graded) => format!("1 of {graded} answers passes"),
        (passed, graded) => format!("{passed} of {graded} answers pass"),
    })
}

/// The cases whose graded answers disagree: those that pass least first, in the order of the plan where they
/// pass alike.
pub(super) fn unstable(suite: &SuiteRecord) -> Vec<&CaseRecord> {
    let mut cases: Vec<_> = suite.cases.iter().filter(|case| case.is_unstable()).collect();
    cases.sort_by(|a, b| {
        let ((passed_a, of_a), (passed_b, of_b)) = (a.tally(), b.tally());
        (passed_a * of_b).cmp(&(passed_b * of_a))
    });
    cases
}
