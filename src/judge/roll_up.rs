//! What a case came to that was asked several times.

use super::Outcome;
use crate::run::Graded;

/// What a case came to from what its answers came to.
///
/// Answers that pass, fail, or are a target error decide. The case passes where more of them pass than do
/// not; as many of each are a failure. Otherwise it is a target error where most of them are, or where
/// nothing but errors stands against its passes; else it fails. Where none of these came of it, the
/// strongest of the others decides ([`Outcome::of_all`]); the outcome is always one that some answer has,
/// except that without answers it is [`Outcome::CannotJudge`].
pub fn roll_up(outcomes: impl IntoIterator<Item = Outcome>) -> Outcome {
    let (mut passed, mut failed, mut erred) = (0_usize, 0_usize, 0_usize);
    let mut others = Vec::new();
    for outcome in outcomes {
        match outcome {
            Outcome::Pass => passed += 1,
            Outcome::Fail => failed += 1,
            Outcome::TargetError => erred += 1,
            other => others.push(other),
        }
    }
    if passed + failed + erred == 0 {
        Outcome::of_all(others)
    } else if passed > failed + erred {
        Outcome::Pass
    } else if failed == 0 || erred > passed + failed {
        Outcome::TargetError
    } else {
        Outcome::Fail
    }
}

/// The answer that stands for its case: the first with the outcome of the case. `None` without answers.
pub fn representative(answers: &[Graded]) -> Option<&Graded> {
    let outcome = roll_up(answers.iter().map(|graded| graded.outcome));
    answers.iter().find(|graded| graded.outcome == outcome)
}

#[cfg(test)]
mod tests {
    use super::roll_up;
    use crate::judge::Outcome::{self, *};

    fn comes_to(outcomes: &[Outcome], whole: Outcome) {
        assert_eq!(roll_up(outcomes.iter().copied()), whole, "{outcomes:?}");
    }

    #[test]
    fn most_answers_decide_and_a_tie_is_no_pass() {
        comes_to(&[Pass, Fail, Pass, Fail, Pass], Pass);
        comes_to(&[Pass, Fail, Pass, Fail], Fail);
        comes_to(&[Fail, Pass, Fail], Fail);
        comes_to(&[Pass], Pass);
    }

    #[test]
    fn errors_count_against_passes_and_decide_where_they_are_most() {
        comes_to(&[Pass, TargetError, Pass], Pass);
        comes_to(&[TargetError, Pass, TargetError], TargetError);
        comes_to(&[Pass, Pass, Fail, TargetError], Fail);
        comes_to(&[Fail, TargetError], Fail);
        // No answer fails, so it is no failure.
        comes_to(&[Pass, TargetError], TargetError);
    }

    #[test]
    fn answers_that_are_not_graded_have_no_say_beside_those_that_are() {
        comes_to(&[CannotJudge, Pass, Skipped], Pass);
        comes_to(&[JudgeError, Fail, JudgeError], Fail);
        comes_to(&[NotApplicable, CannotJudge], CannotJudge);
        comes_to(&[Skipped, Skipped], Skipped);
        comes_to(&[], CannotJudge);
    }

    #[test]
    fn the_outcome_is_always_one_that_some_answer_has() {
        let all = [Pass, Fail, NotApplicable, CannotJudge, JudgeError, TargetError, Skipped];
        for a in all {
            comes_to(&[a], a);
            for b in all {
                for c in all {
                    assert!([a, b, c].contains(&roll_up([a, b, c])), "{a:?} {b:?} {c:?}");
                }
            }
        }
    }
}
