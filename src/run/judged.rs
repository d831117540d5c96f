//! What the judges that are models came to over a suite, counted.

use super::Graded;
use crate::judge::Outcome;
use crate::target::Usage;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What one judge came to: a count for each outcome, and what it took.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct JudgeCounts {
    /// Verdicts that pass.
    pub pass: u64,
    /// Verdicts that fail.
    pub fail: u64,
    /// Answers that the question does not apply to.
    pub not_applicable: u64,
    /// Answers of which the judge could not tell.
    pub cannot_judge: u64,
    /// Answers of which there is no verdict.
    pub judge_error: u64,
    /// Answers that it was not asked about, since a check failed already.
    pub spared: u64,
    /// Requests sent.
    pub requests: u64,
    /// Replies that were in the cache.
    pub cached: u64,
    /// Verdicts on what was too long to be shown whole.
    pub cut: u64,
    /// Failing verdicts whose quote is not in the answer.
    pub unverified: u64,
    /// Tokens read and written, of the replies that tell.
    pub usage: Usage,
    /// Cost by the price table, as far as usage and prices are known.
    pub cost: f64,
    /// The models that answered, as they call themselves.
    pub models: BTreeSet<String>,
}

impl JudgeCounts {
    /// Verdicts that pass or fail.
    pub const fn graded(&self) -> u64 {
        self.pass + self.fail
    }

    /// Answers that it was asked about.
    pub const fn asked(&self) -> u64 {
        self.graded() + self.not_applicable + self.cannot_judge + self.judge_error
    }
}

/// What all judges of a suite came to, by name.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Judged(BTreeMap<String, JudgeCounts>);

impl Judged {
    /// Counts an answer.
    pub fn add(&mut self, graded: &Graded) {
        for verdict in &graded.verdicts {
            let Some(model) = &verdict.model else { continue };
            let counts = self.0.entry(model.judge.clone()).or_default();
            *match verdict.outcome {
                Outcome::Pass => &mut counts.pass,
                Outcome::Fail => &mut counts.fail,
                Outcome::NotApplicable => &mut counts.not_applicable,
                Outcome::CannotJudge => &mut counts.cannot_judge,
                Outcome::JudgeError | Outcome::TargetError => &mut counts.judge_error,
                Outcome::Skipped => &mut counts.spared,
            } += 1;
            counts.requests += u64::from(model.requests);
            counts.cached += u64::from(model.cached);
            counts.cut += u64::from(model.cut);
            counts.unverified += u64::from(verdict.outcome == Outcome::Fail && model.verified == Some(false));
            if let Some(usage) = model.usage {
                counts.usage.input_tokens += usage.input_tokens;
                counts.usage.output_tokens += usage.output_tokens;
            }
            counts.cost += model.cost.unwrap_or_default();
            counts.models.extend(model.models.iter().cloned());
        }
    }

    /// What a judge came to.
    pub fn of(&self, judge: &str) -> JudgeCounts {
        self.0.get(judge).cloned().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expand::CaseId;
    use crate::judge::Verdict;
    use crate::judge::model::ModelVerdict;
    use crate::run::answered::not_asked;

    #[test]
    fn verdicts_are_counted_by_judge_and_those_of_checks_are_not() {
        let verdict = |judge: &str, outcome, requests| Verdict {
            model: Some(Box::new(ModelVerdict {
                judge: judge.to_owned(),
                requests,
                usage: Some(Usage { input_tokens: 10, output_tokens: 1 }),
                models: vec!["m-1".to_owned()],
                ..ModelVerdict::default()
            })),
            ..Verdict::of_check(format!("{judge}[1]"), outcome, "")
        };
        let mut graded = not_asked(CaseId::of(&[b"case"]), 0);
        graded.verdicts = vec![
            Verdict::of_check("contains", Outcome::Fail, ""),
            verdict("a", Outcome::Pass, 1),
            verdict("a", Outcome::JudgeError, 2),
            verdict("b", Outcome::Skipped, 0),
        ];
        let mut judged = Judged::default();
        judged.add(&graded);
        judged.add(&graded);
        let a = judged.of("a");
        assert_eq!((a.pass, a.judge_error, a.graded(), a.asked(), a.requests), (2, 2, 2, 4, 6));
        assert_eq!((a.usage.input_tokens, a.usage.output_tokens), (40, 4));
        assert_eq!(a.models, BTreeSet::from(["m-1".to_owned()]));
        assert_eq!((judged.of("b").spared, judged.of("b").asked()), (2, 0));
        assert_eq!(judged.of("contains"), JudgeCounts::default());
    }
}
