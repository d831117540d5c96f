//! Which cases a reader must see, the worst first, and why each is there.

use super::record::{CaseRecord, SuiteRecord};
use crate::gate::{Flip, Standing};
use crate::judge::Outcome;

/// The cases that fail the build or got worse: those that must pass first, then those that broke,
/// then the rest; in the order of the plan within each.
pub(super) fn worst_first(suite: &SuiteRecord) -> Vec<&CaseRecord> {
    let mut cases: Vec<_> = suite.cases.iter().filter(|case| is_bad(case)).collect();
    cases.sort_by_key(|case| severity(case));
    cases
}

/// The cases that have no answer or no verdict and did not break for it.
pub(super) fn errors(suite: &SuiteRecord) -> Vec<&CaseRecord> {
    suite.cases.iter().filter(|case| matches!(case.standing, Standing::Errs(_)) && !is_bad(case)).collect()
}

/// The cases that failed before and pass now.
pub(super) fn fixed(suite: &SuiteRecord) -> Vec<&CaseRecord> {
    suite.cases.iter().filter(|case| case.flip == Some(Flip::Fixed)).collect()
}

/// What makes the case one to look at, in a word or two.
pub(super) fn mark(case: &CaseRecord) -> &'static str {
    let fails = matches!(case.standing, Standing::Fails(_));
    match (case.flip, &case.standing) {
        _ if fails && case.must_pass => "must pass",
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
    if case.graded.outcome == Outcome::TargetError
        && let Some(error) = &case.graded.transcript.error
    {
        return Some(error.to_string());
    }
    let deciding = case.graded.verdicts.iter().find(|verdict| {
        verdict.outcome == case.graded.outcome && !matches!(verdict.outcome, Outcome::Pass | Outcome::NotApplicable)
    });
    if let Some(verdict) = deciding {
        return Some(format!("{}: {}", verdict.judge, verdict.reason));
    }
    match &case.standing {
        Standing::Passes => None,
        Standing::Fails(why) | Standing::Tolerated(why) | Standing::Errs(why) | Standing::Skipped(why) => {
            Some(why.clone())
        }
    }
}

fn is_bad(case: &CaseRecord) -> bool {
    matches!(case.standing, Standing::Fails(_)) || case.flip == Some(Flip::Broke)
}

fn severity(case: &CaseRecord) -> u8 {
    let fails = matches!(case.standing, Standing::Fails(_));
    match case.flip {
        _ if fails && case.must_pass => 0,
        Some(Flip::Broke) if fails => 1,
        Some(Flip::Broke) => 2,
        _ => 3,
    }
}
