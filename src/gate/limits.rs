//! What keeps a run from being trusted, whatever it measured: cases without an answer or a verdict.

use super::procedure::SLACK;
use super::{GateInput, Problem, ProblemKind};
use crate::judge::Outcome;
use crate::suite::quantity::Share;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Reasons that are counted at most: what most cases say is among those that come first.
const REASONS: usize = 10_000;

/// Longest reason of one case that a message quotes, in characters.
const QUOTED: usize = 160;

/// The cases of a run by what they came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub graded: usize,
    pub ungraded: usize,
    pub errors: usize,
    pub skipped: usize,
}

impl Tally {
    pub fn of(input: &GateInput<'_>) -> Self {
        let mut tally = Self::default();
        for case in 0..input.table.len() {
            match input.table.outcome(case) {
                Outcome::Pass | Outcome::Fail => tally.graded += 1,
                Outcome::CannotJudge | Outcome::JudgeError => tally.ungraded += 1,
                Outcome::TargetError => tally.errors += 1,
                Outcome::Skipped => tally.skipped += 1,
                Outcome::NotApplicable => {}
            }
        }
        tally
    }
}

/// The limits that a run is over.
pub(super) fn broken(input: &GateInput<'_>, tally: Tally) -> Vec<Problem> {
    let asked = input.table.len() - tally.skipped;
    let mut problems = Vec::new();
    if let Some(share) = over(tally.errors, asked, input.spec.max_target_errors) {
        problems.push(Problem {
            kind: ProblemKind::TargetErrors,
            message: format!(
                "{} of {asked} cases have no answer ({share}; at most {} may){}",
                tally.errors,
                percent(input.spec.max_target_errors.get()),
                commonest(input, |outcome| outcome == Outcome::TargetError)
            ),
        });
    }
    let judged = tally.graded + tally.ungraded;
    if let Some(share) = over(tally.ungraded, judged, input.spec.max_ungraded) {
        problems.push(Problem {
            kind: ProblemKind::Ungraded,
            message: format!(
                "{} of {judged} judged cases have no verdict ({share}; at most {} may){}",
                tally.ungraded,
                percent(input.spec.max_ungraded.get()),
                commonest(input, Outcome::is_ungraded)
            ),
        });
    }
    let unexplained = problems.is_empty() && !input.problems.iter().any(|problem| stops(problem.kind));
    if tally.graded == 0 && unexplained && !input.only_reports {
        let message = if input.table.is_empty() {
            "there are no cases: nothing was graded".to_owned()
        } else {
            format!(
                "none of {} cases was graded{}",
                input.table.len(),
                commonest(input, |outcome| outcome != Outcome::NotApplicable)
            )
        };
        problems.push(Problem { kind: ProblemKind::NothingGraded, message });
    }
    problems
}

/// Whether a problem says by itself why cases are not answered.
pub(crate) const fn stops(kind: ProblemKind) -> bool {
    matches!(
        kind,
        ProblemKind::Target
            | ProblemKind::Credentials
            | ProblemKind::Judge
            | ProblemKind::Budget
            | ProblemKind::Usage
            | ProblemKind::Interrupted
    )
}

/// The share, in per cent, that `part` is of `whole`, where that is over the limit.
fn over(part: usize, whole: usize, limit: Share) -> Option<String> {
    // A share of nothing is nothing. Rounding must not put a run over a limit that it exactly meets.
    let share = part as f64 / whole.max(1) as f64;
    (share > limit.get() + SLACK).then(|| percent(share))
}

fn percent(share: f64) -> String {
    let number = format!("{:.1}", share * 100.0);
    format!("{} %", number.strip_suffix(".0").unwrap_or(&number))
}

/// The reason that most of the cases with such an outcome give; of several the first by name.
fn commonest(input: &GateInput<'_>, counts: impl Fn(Outcome) -> bool) -> String {
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for case in (0..input.table.len()).filter(|case| counts(input.table.outcome(*case))) {
        let why = input.whys.of(case);
        if let Some(count) = reasons.get_mut(&why) {
            *count += 1;
        } else if !why.is_empty() && reasons.len() < REASONS {
            reasons.insert(why, 1);
        }
    }
    let most = reasons.iter().min_by_key(|(_, count)| Reverse(**count));
    most.map(|(why, count)| format!("; most often ({count}×): {}", cut(why))).unwrap_or_default()
}

/// A text cut at a sensible length.
fn cut(text: &str) -> String {
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_reason_is_cut_between_characters() {
        let long = "é".repeat(QUOTED + 1);
        assert_eq!(cut(&long).chars().count(), QUOTED + 1);
        assert!(cut(&long).ends_with('…'));
        assert_eq!(cut(&long[..QUOTED * 2]), "é".repeat(QUOTED));
    }

    #[test]
    fn a_share_that_meets_its_limit_is_not_over_it() {
        assert_eq!(over(3, 30, Share::from_points(10.0)), None);
        assert_eq!(over(1, 3, Share::from_points(10.0)).as_deref(), Some("33.3 %"));
        assert_eq!(over(0, 0, Share::from_points(0.0)), None);
    }
}
