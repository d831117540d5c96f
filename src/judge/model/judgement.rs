//! What a judge made of an answer, as a whole and part by part.

use super::ask::{Answered, Spent};
use super::client::Unanswered;
use super::evidence::Evidence;
use crate::judge::Outcome;
use crate::target::Usage;

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
    /// A number beside the verdict; which one, the kind of judge says.
    pub score: Option<f64>,
    /// What it is made of, where it is made of several verdicts.
    pub parts: Vec<Part>,
    /// Whether something was cut off before it was shown to the judge.
    pub cut: bool,
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
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// What it is a verdict on, or whose it is. Untrusted where a judge named it.
    pub name: String,
    /// What it came to.
    pub outcome: Outcome,
    /// The verdict in the judge's own words; none where there is none.
    pub word: Option<String>,
    /// Why. Untrusted.
    pub reason: String,
    /// What is quoted. Untrusted.
    pub quote: String,
    /// Whether the quote occurs where it is said to be from; nothing where nothing is quoted.
    pub verified: Option<bool>,
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
            cut: false,
            requests: 0,
            usage: None,
            confidence: None,
            models: Vec::new(),
        }
    }

    /// What is known without asking a judge; nothing where one must be asked.
    pub fn without_asking(evidence: &Evidence<'_>) -> Option<Self> {
        evidence.says_nothing().map(|why| Self::plain(Outcome::Fail, why))
    }

    /// What it took.
    pub fn spent(&self) -> Spent {
        Spent { requests: self.requests, usage: self.usage }
    }

    /// Adds what a request took, and who answered it.
    pub(super) fn took(mut self, asked: &Result<Answered, Unanswered>) -> Self {
        let (spent, model) = match asked {
            Ok(answered) => (answered.spent, answered.model.as_ref()),
            Err(unanswered) => (unanswered.spent, None),
        };
        let spent = self.spent().and(spent);
        (self.requests, self.usage) = (spent.requests, spent.usage);
        if let Err(at) = model.map_or(Ok(0), |model| self.models.binary_search(model)) {
            self.models.extend(model.cloned());
            self.models[at..].rotate_right(1);
        }
        self
    }
}
