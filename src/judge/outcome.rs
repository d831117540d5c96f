//! The outcome algebra: seven outcomes, and how several make one.

use super::model::ModelVerdict;
use crate::suite::schema::{NamedMetric, OneOrMany};
use crate::suite::secret::Secrets;
use serde::{Deserialize, Serialize};

/// What a judge, or a case as a whole, came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// What was expected holds.
    Pass,
    /// What was expected does not hold.
    Fail,
    /// The expectation does not apply to this answer.
    NotApplicable,
    /// The judge could not tell.
    CannotJudge,
    /// The judge failed.
    JudgeError,
    /// There is no answer to judge.
    TargetError,
    /// Not asked.
    Skipped,
}

impl Outcome {
    /// Whether it enters rates as it is. A target error may enter as a failure; that is the
    /// suite's choice and not made here.
    pub const fn is_graded(self) -> bool {
        matches!(self, Self::Pass | Self::Fail)
    }

    /// Whether a judge was asked and gave no verdict.
    pub const fn is_ungraded(self) -> bool {
        matches!(self, Self::CannotJudge | Self::JudgeError)
    }

    /// The outcome of a case from those of its judges.
    ///
    /// The strongest decides: target error, then fail (an expectation that is known not to hold
    /// fails the case whatever another judge could not tell), then judge error, cannot judge, pass,
    /// not applicable and skipped. No verdict at all is `CannotJudge`: never a pass.
    pub fn of_all(outcomes: impl IntoIterator<Item = Self>) -> Self {
        outcomes.into_iter().min_by_key(|outcome| outcome.rank()).unwrap_or(Self::CannotJudge)
    }

    const fn rank(self) -> u8 {
        match self {
            Self::TargetError => 0,
            Self::Fail => 1,
            Self::JudgeError => 2,
            Self::CannotJudge => 3,
            Self::Pass => 4,
            Self::NotApplicable => 5,
            Self::Skipped => 6,
        }
    }
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::NotApplicable => "not applicable",
            Self::CannotJudge => "cannot judge",
            Self::JudgeError => "judge error",
            Self::TargetError => "target error",
            Self::Skipped => "skipped",
        })
    }
}

/// What one judge said of one case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// Name of the judge: the check's key in the suite, with `not` before it where it is inverted.
    pub judge: String,
    /// What it came to.
    pub outcome: Outcome,
    /// What was expected and what came, cut at a sensible length. Untrusted: holds parts of answers.
    pub reason: String,
    /// The turn judged, from 0, where every turn is; the last one is judged otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turn: Option<u32>,
    /// The metrics that its entry of `expect` measures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measures: Option<OneOrMany<NamedMetric>>,
    /// What a judge that is a model said beside it; none for checks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<Box<ModelVerdict>>,
}

impl Verdict {
    /// The verdict of a check.
    pub fn of_check(judge: impl Into<String>, outcome: Outcome, reason: impl Into<String>) -> Self {
        Self { judge: judge.into(), outcome, reason: reason.into(), turn: None, measures: None, model: None }
    }

    /// Redacts what it says.
    pub fn redact(&mut self, secrets: &Secrets) {
        secrets.redact_text(&mut self.reason);
        if let Some(model) = &mut self.model {
            model.redact(secrets);
        }
    }

    /// The metrics that its entry of `expect` measures.
    pub fn measured(&self) -> &[NamedMetric] {
        self.measures.as_ref().map_or(&[], OneOrMany::as_slice)
    }

    /// Whether it counts in what the case comes to: not where its judge may not gate.
    pub fn counts(&self) -> bool {
        self.model.as_ref().is_none_or(|model| !model.reports_only)
    }
}

#[cfg(test)]
mod tests {
    use super::Outcome::{self, *};

    #[test]
    fn the_strongest_outcome_decides() {
        assert_eq!(Outcome::of_all([Pass, Fail, CannotJudge]), Fail);
        assert_eq!(Outcome::of_all([Pass, CannotJudge]), CannotJudge);
        assert_eq!(Outcome::of_all([Pass, JudgeError, CannotJudge]), JudgeError);
        assert_eq!(Outcome::of_all([Pass, NotApplicable]), Pass);
        assert_eq!(Outcome::of_all([NotApplicable]), NotApplicable);
        assert_eq!(Outcome::of_all([Fail, TargetError]), TargetError);
    }

    #[test]
    fn no_verdict_is_never_a_pass() {
        assert_eq!(Outcome::of_all([]), CannotJudge);
    }
}
