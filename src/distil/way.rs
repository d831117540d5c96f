//! In which way a case fails: two failures are the same where the same checks fail and the application answers
//! with the same label.

use crate::judge::Outcome;
use crate::report::CaseRecord;
use crate::target::TargetErrorKind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A way to fail.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Way {
    /// The checks and judges that fail.
    pub failing: BTreeSet<String>,
    /// The label of the last answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Why there is no answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<TargetErrorKind>,
}

impl Way {
    /// The way in which a case fails, by the answer that stands for it; `None` where it does not fail. An answer
    /// that could not be judged is no failure.
    pub fn of(case: &CaseRecord) -> Option<Self> {
        let graded = &case.graded;
        if !matches!(graded.outcome, Outcome::Fail | Outcome::TargetError) {
            return None;
        }
        let failing = graded.verdicts.iter().filter(|verdict| verdict.outcome == Outcome::Fail);
        Some(Self {
            failing: failing.map(|verdict| verdict.judge.clone()).collect(),
            label: graded.transcript.last().and_then(|answer| answer.label.clone()),
            error: graded.transcript.error.as_ref().map(|error| error.kind),
        })
    }
}
