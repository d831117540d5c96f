//! A judge of a suite that is a model: whether it may gate, and the way to ask it about a case.

use super::{Evidence, Judgement, ModelJudge, ModelVerdict, Part, Standing};
use crate::expand::{Case, CaseId};
use crate::judge::reason::bounded;
use crate::judge::{Outcome, References};
use crate::suite::project::Project;
use crate::target::Turn;
use std::collections::HashMap;
use std::sync::Arc;

/// A judge of a suite.
#[derive(Debug)]
pub struct Seat {
    name: String,
    /// Nothing where expectations are only checked.
    chair: Option<Chair>,
}

/// What a judge is asked with.
#[derive(Debug)]
pub struct Chair {
    /// The judge.
    pub judge: ModelJudge,
    /// Whether its verdicts count.
    pub standing: Standing,
    /// Prices of models.
    pub project: Arc<Project>,
    /// The accepted answers, for a judge that compares.
    pub accepted: Arc<HashMap<CaseId, String>>,
}

/// What a judge said of a case.
#[derive(Debug, Clone, PartialEq)]
pub struct Ruled {
    /// What it came to.
    pub outcome: Outcome,
    /// Why, in words. Untrusted.
    pub reason: String,
    /// The rest.
    pub model: ModelVerdict,
}

impl Seat {
    /// A judge that is known and cannot be asked: enough to check expectations.
    pub fn known(name: impl Into<String>) -> Self {
        Self { name: name.into(), chair: None }
    }

    /// A judge that can be asked.
    pub fn taken(name: impl Into<String>, chair: Chair) -> Self {
        Self { name: name.into(), chair: Some(chair) }
    }

    /// The judge's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    fn model(&self) -> ModelVerdict {
        let standing = self.chair.as_ref().map(|chair| &chair.standing);
        let reports_only = standing.is_some_and(|standing| *standing != Standing::Gates);
        ModelVerdict { judge: self.name.clone(), reports_only, ..ModelVerdict::default() }
    }

    /// What is said where a check failed already, named `failed`.
    pub fn spared(&self, failed: &str) -> Ruled {
        let reason = format!("not asked: `{failed}` fails already");
        Ruled { outcome: Outcome::Skipped, reason, model: self.model() }
    }

    /// Asks about the last of some turns in one repeat of a case: equal answers of two repeats are two questions,
    /// since a judge may say another thing the second time. Nothing where no budget was left to ask with.
    pub async fn ask(&self, case: &Case, turns: &[Turn], repeat: u32) -> Option<Ruled> {
        let error = |reason: &str| {
            Some(Ruled { outcome: Outcome::JudgeError, reason: reason.to_owned(), model: self.model() })
        };
        let Some(chair) = &self.chair else { return error("this judge is not there to be asked") };
        let references = References::of(&case.expect).unwrap_or_default().texts;
        let Some(evidence) = Evidence::of(turns, &references) else {
            return error("there is no answer to judge");
        };
        let evidence = Evidence { accepted: chair.accepted.get(&case.id).map(String::as_str), ..evidence };
        let judgement = chair.judge.again(&evidence, repeat).await;
        (!judgement.not_asked).then(|| self.ruled(chair, judgement))
    }

    fn ruled(&self, chair: &Chair, judgement: Judgement) -> Ruled {
        let Judgement { outcome, word, mut reason, quote, verified, score, parts, earlier, .. } = judgement;
        let Judgement { cut, requests, usage, confidence, models, .. } = judgement;
        if verified == Some(false) && outcome == Outcome::Fail {
            reason.push_str(" (what it quotes is not in the answer)");
        }
        let price = |usage| models.first().and_then(|model| chair.project.price(model, usage));
        let cost = usage.filter(|_| models.len() == 1).and_then(price);
        // What a model said without being asked was kept.
        let cached = u32::from(requests == 0 && !models.is_empty());
        let model = ModelVerdict {
            word,
            quote: bounded(quote),
            verified,
            score,
            parts: short(parts),
            earlier: short(earlier),
            confidence,
            cut,
            models,
            requests,
            cached,
            usage,
            cost,
            ..self.model()
        };
        Ruled { outcome, reason, model }
    }
}

/// Parts with texts of a sensible length.
fn short(parts: Vec<Part>) -> Vec<Part> {
    let part = |part: Part| Part {
        name: bounded(part.name),
        reason: bounded(part.reason),
        quote: bounded(part.quote),
        ..part
    };
    parts.into_iter().map(part).collect()
}
