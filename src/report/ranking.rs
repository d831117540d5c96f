//! Which cases a reader must see, the worst first, and why each is there.

use super::record::{CaseRecord, SuiteRecord};
use crate::gate::{Flip, Standing};
use crate::judge::{Outcome, Verdict};
use crate::run::Graded;
use std::collections::BTreeMap;

/// The cases that fail the build or got worse: those that must pass first, then those that broke,
/// then the rest; in the order of the plan within each.
pub(super) fn worst_first(suite: &SuiteRecord) -> Vec<&CaseRecord> {
    let mut cases: Vec<_> = suite.cases.iter().filter(|case| is_bad(case)).collect();
    cases.sort_by_key(|case| severity(case));
    cases
}

/// Why cases have no answer or no verdict, each reason with how many share it, the most frequent
/// first. Cases that [`worst_first`] lists are left out.
pub(super) fn errors(suite: &SuiteRecord) -> Vec<(String, usize)> {
    let mut groups: BTreeMap<String, usize> = BTreeMap::new();
    for case in &suite.cases {
        if matches!(case.standing, Standing::Errs(_)) && !is_bad(case) {
            *groups.entry(reason(case).unwrap_or_default()).or_default() += 1;
        }
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    groups
}

/// The cases that failed before and pass now.
pub(super) fn fixed(suite: &SuiteRecord) -> Vec<&CaseRecord> {
    suite.cases.iter().filter(|case| case.flip == Some(Flip::Fixed)).collect()
}

/// Whether the case fails the build by itself, whatever its metric says.
pub(super) fn blocks_alone(case: &CaseRecord) -> bool {
    case.must_pass.is_set() && matches!(case.standing, Standing::Fails(_))
}

/// What makes the case one to look at, in a word or two.
pub(super) fn mark(case: &CaseRecord) -> &'static str {
    match (case.flip, &case.standing) {
        _ if blocks_alone(case) => "must pass",
        (Some(Flip::Broke), _) => "broke",
        (Some(Flip::Fixed), _) => "fixed",
        (None, Standing::Fails(_)) => "fails",
        (None, Standing::Errs(_)) => "error",
        (None, Standing::Tolerated(_)) => "tolerated",
        (None, Standing::Skipped(_)) => "skipped",
        (None, Standing::Passes) => "passes",
    }
}

/// Why the case is not a pass: the target's error, else the first verdict of the outcome that
/// decided, else what its standing says. Untrusted: holds parts of answers.
pub(super) fn reason(case: &CaseRecord) -> Option<String> {
    if let Some(reason) = reason_of(&case.graded) {
        return Some(reason);
    }
    match &case.standing {
        Standing::Passes => None,
        Standing::Fails(why) | Standing::Tolerated(why) | Standing::Errs(why) | Standing::Skipped(why) => {
            Some(why.clone())
        }
    }
}

/// Why one answer is not a pass. Untrusted like [`reason`].
pub(super) fn reason_of(graded: &Graded) -> Option<String> {
    if graded.outcome == Outcome::TargetError
        && let Some(error) = &graded.transcript.error
    {
        return Some(error.to_string());
    }
    deciding(graded).next().map(told)
}

/// Why the case is not a pass, with every verdict that decided, a line each.
pub(super) fn reasons(case: &CaseRecord) -> Option<String> {
    let all: Vec<String> = deciding(&case.graded).map(told).collect();
    if all.is_empty() { reason(case) } else { Some(all.join("\n")) }
}

/// The verdicts of the outcome that decided, where that is not a pass.
fn deciding(graded: &Graded) -> impl Iterator<Item = &Verdict> {
    graded.verdicts.iter().filter(|verdict| {
        verdict.outcome == graded.outcome
            && !matches!(verdict.outcome, Outcome::Pass | Outcome::NotApplicable)
    })
}

fn told(verdict: &Verdict) -> String {
    format!("{}: {}", verdict.judge, verdict.reason)
}

fn is_bad(case: &CaseRecord) -> bool {
    matches!(case.standing, Standing::Fails(_)) || case.flip == Some(Flip::Broke)
}

fn severity(case: &CaseRecord) -> u8 {
    match (case.flip, &case.standing) {
        _ if blocks_alone(case) => 0,
        (Some(Flip::Broke), Standing::Fails(_)) => 1,
        (Some(Flip::Broke), _) => 2,
        _ => 3,
    }
}
