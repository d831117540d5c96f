//! What the judges of a suite that are models came to, in the record and in words.

use super::number::count;
use crate::run::JudgeCounts;
use serde::{Deserialize, Serialize};

/// A judge that is a model, over a suite.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JudgeRecord {
    /// The judge's name.
    pub name: String,
    /// Fingerprint of what its verdicts depend on.
    pub fingerprint: String,
    /// Why it reports and does not gate; empty where it gates.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reports_only: Vec<String>,
    /// What its verdicts on the canary were, in a line; none where there is no canary or it was not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canary: Option<String>,
    /// What it came to.
    pub counts: JudgeCounts,
}

impl JudgeRecord {
    /// Whether its verdicts count.
    pub const fn gates(&self) -> bool {
        self.reports_only.is_empty()
    }

    /// What it came to and what that took, in a line.
    pub fn told(&self) -> String {
        let counts = &self.counts;
        let of = |n: u64, what: &str| (n > 0).then(|| format!("{n} {what}"));
        let outcomes = [
            Some(format!("{} pass, {} fail", counts.pass, counts.fail)),
            of(counts.not_applicable, "not applicable"),
            of(counts.cannot_judge, "cannot judge"),
            of(counts.judge_error, "without a verdict"),
            of(counts.spared, "not asked, since a check fails"),
            of(counts.cut, "cut to size"),
            of(counts.unverified, "with a quote that is not in the answer"),
        ];
        let outcomes: Vec<String> = outcomes.into_iter().flatten().collect();
        let tokens = counts.usage.input_tokens.saturating_add(counts.usage.output_tokens);
        let took = [
            Some(whole(counts.requests, "request", "requests")),
            of(counts.cached, "from the cache"),
            (tokens > 0).then(|| whole(tokens, "token", "tokens")),
            (counts.cost > 0.0).then(|| format!("cost {:.4}", counts.cost)),
            (!counts.models.is_empty()).then(|| {
                format!("answered by {}", counts.models.iter().cloned().collect::<Vec<_>>().join(", "))
            }),
        ];
        let took: Vec<String> = took.into_iter().flatten().collect();
        format!("{}: {}; {}", self.name, outcomes.join(", "), took.join(", "))
    }

    /// Why it does not gate, in a line; none where it does.
    pub fn standing(&self) -> Option<String> {
        (!self.gates()).then(|| format!("reports and does not gate: {}", self.reports_only.join("; ")))
    }
}

fn whole(n: u64, one: &str, many: &str) -> String {
    count(usize::try_from(n).unwrap_or(usize::MAX), one, many)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::Usage;

    #[test]
    fn a_judge_is_told_in_a_line() {
        let mut judge = JudgeRecord {
            name: "resolved".into(),
            fingerprint: "f".into(),
            reports_only: Vec::new(),
            canary: None,
            counts: JudgeCounts { pass: 24, fail: 6, requests: 30, ..JudgeCounts::default() },
        };
        assert_eq!(judge.told(), "resolved: 24 pass, 6 fail; 30 requests");
        assert_eq!(judge.standing(), None);
        judge.counts.judge_error = 1;
        judge.counts.spared = 2;
        judge.counts.requests = 1;
        judge.counts.cached = 29;
        judge.counts.usage = Usage { input_tokens: 1000, output_tokens: 20 };
        judge.counts.models.insert("m-1".into());
        judge.reports_only.push("it was never checked".into());
        insta::assert_snapshot!(
            format!("{}\n{}", judge.told(), judge.standing().unwrap()),
            @r"
        resolved: 24 pass, 6 fail, 1 without a verdict, 2 not asked, since a check fails; 1 request, 29 from the cache, 1,020 tokens, answered by m-1
        reports and does not gate: it was never checked
        "
        );
    }
}
