//! What a judge made of an answer, as a whole and part by part.

use super::ask::Answered;
use super::evidence::Evidence;
use crate::judge::Outcome;
use crate::model::{Spent, Unanswered, UnansweredKind};
use crate::suite::schema::judge::JudgeKind;
use crate::target::Usage;
use serde::{Deserialize, Serialize};

/// What a judge made of an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// What it came to.
    pub outcome: Outcome,
    /// The verdict in the judge's own words; none where there is none.
    pub word: Option<String>,
    /// Why, in the judge's words or ours. Untrusted.
    pub reason: String,
    /// What the judge quotes. Untrusted.
    pub quote: String,
    /// Whether the quote occurs where it is said to be from; nothing where nothing is quoted.
    pub verified: Option<bool>,
    /// A number beside the verdict: the level of a `score`, the share of the claims that are supported, the
    /// share of the principles that hold; of several samples the mean.
    pub score: Option<f64>,
    /// What it is made of, where it is made of several verdicts: one for each claim, principle, order, sample,
    /// confirmation or judge of a panel.
    pub parts: Vec<Part>,
    /// Verdicts that came before and do not count: what was to be confirmed, and what a stronger model was asked
    /// about, each after its own parts.
    pub earlier: Vec<Part>,
    /// Whether something was cut off before it was shown to the judge, or of what it said.
    pub cut: bool,
    /// Whether a request for it was not made, since no budget was left: then it is no judgement.
    pub not_asked: bool,
    /// Requests that were sent for it.
    pub requests: u32,
    /// Tokens of all these requests; none where one of them is not told.
    pub usage: Option<Usage>,
    /// How probable the verdict was to the model, 0 to 1, where it says so; of several verdicts that agree, the
    /// least probable.
    pub confidence: Option<f64>,
    /// The models that answered, as they call themselves: sorted, each once.
    pub models: Vec<String>,
}

/// One verdict of several.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// What it is a verdict on, or whose it is. Untrusted where a judge named it.
    pub name: String,
    /// What it came to.
    pub outcome: Outcome,
    /// The verdict in the judge's own words; none where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub word: Option<String>,
    /// Why. Untrusted.
    pub reason: String,
    /// What is quoted. Untrusted.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub quote: String,
    /// Whether the quote occurs where it is said to be from; nothing where nothing is quoted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified: Option<bool>,
}

impl Part {
    /// A judgement as a part of another one.
    pub(super) fn of(name: impl Into<String>, whole: Judgement) -> Self {
        let Judgement { outcome, word, reason, quote, verified, .. } = whole;
        Self { name: name.into(), outcome, word, reason, quote, verified }
    }
}

impl Judgement {
    /// A judgement for a reason of ours.
    pub(super) fn plain(outcome: Outcome, reason: impl Into<String>) -> Self {
        Self {
            outcome,
            word: None,
            reason: reason.into(),
            quote: String::new(),
            verified: None,
            score: None,
            parts: Vec::new(),
            earlier: Vec::new(),
            cut: false,
            not_asked: false,
            requests: 0,
            usage: None,
            confidence: None,
            models: Vec::new(),
        }
    }

    /// What a judge of this kind makes of an answer without a model being asked; nothing where one must be.
    pub fn without_asking(kind: JudgeKind, evidence: &Evidence<'_>) -> Option<Self> {
        if kind == JudgeKind::Compare {
            let Some(accepted) = evidence.accepted else {
                let why = "no answer was accepted for this case yet";
                return Some(Self::plain(Outcome::NotApplicable, why));
            };
            if accepted.split_whitespace().eq(evidence.output.split_whitespace()) {
                let same = Self::plain(Outcome::Pass, "the answer is the one that was accepted");
                return Some(Self { word: Some("tie".into()), ..same });
            }
        }
        if let Some(why) = evidence.says_nothing() {
            return Some(Self::plain(Outcome::Fail, why));
        }
        let has_none =
            kind == JudgeKind::Claims && evidence.contexts.iter().all(|context| context.trim().is_empty());
        has_none.then(|| Self::plain(Outcome::CannotJudge, "no passages came with the answer"))
    }

    /// The same, made of these parts.
    pub(super) fn with(self, parts: Vec<Part>) -> Self {
        Self { parts, ..self }
    }

    /// What it took.
    pub fn spent(&self) -> Spent {
        Spent { requests: self.requests, usage: self.usage }
    }

    /// Adds what a request took, and who answered it.
    pub(super) fn took(mut self, asked: &Result<Answered, Unanswered>) -> Self {
        match asked {
            Ok(answered) => self.counts(answered.spent, answered.model.as_slice()),
            Err(unanswered) => {
                self.not_asked |= unanswered.kind == UnansweredKind::NotAsked;
                self.counts(unanswered.spent, &[]);
            }
        }
        self
    }

    /// Adds what another judgement took, who answered for it, and whether it saw only a part.
    pub(super) fn adds(&mut self, other: &Self) {
        self.cut |= other.cut;
        self.not_asked |= other.not_asked;
        self.counts(other.spent(), &other.models);
    }

    fn counts(&mut self, spent: Spent, models: &[String]) {
        let spent = self.spent().and(spent);
        (self.requests, self.usage) = (spent.requests, spent.usage);
        self.models.extend_from_slice(models);
        self.models.sort_unstable();
        self.models.dedup();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use JudgeKind::{Claims, Compare, Rubric};
    use Outcome::{CannotJudge, Fail, NotApplicable, Pass};
    use serde_json::json;

    #[test]
    fn what_is_known_is_not_asked() {
        let input = json!("Where is it?");
        let passages = ["It ships on Monday.".to_owned()];
        let evidence = |output, contexts, accepted| Evidence {
            input: &input,
            before: &[],
            output,
            contexts,
            accepted,
            reference: &[],
        };
        let known = |kind, evidence| {
            Judgement::without_asking(kind, &evidence).map(|known| (known.outcome, known.word))
        };
        for (kind, given, expected) in [
            (Rubric, evidence("On its way.", &[][..], None), None),
            (Rubric, evidence("...", &[], None), Some((Fail, None))),
            (Claims, evidence("On its way.", &[], None), Some((CannotJudge, None))),
            (Claims, evidence("On its way.", &[" ".to_owned()], None), Some((CannotJudge, None))),
            (Claims, evidence("...", &passages, None), Some((Fail, None))),
            (Claims, evidence("On its way.", &passages, None), None),
            (Compare, evidence("On its way.", &[], None), Some((NotApplicable, None))),
            (Compare, evidence("On  its\nway.", &[], Some(" On its way.")), Some((Pass, Some("tie".into())))),
            (Compare, evidence("...", &[], Some("On its way.")), Some((Fail, None))),
            (Compare, evidence("On its way!", &[], Some("On its way.")), None),
        ] {
            assert_eq!(known(kind, given), expected, "{kind:?} {given:?}");
        }
    }
}
