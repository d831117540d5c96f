//! What each model of a rotation was asked and what came of it.

use super::ask::JsonReply;
use crate::model::{Spent, Unanswered, UnansweredKind};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// What a model was asked and what came of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ModelTally {
    /// Replies that could be used, those from the disk among them.
    pub replies: usize,
    /// Those of them that came from the disk and took nothing.
    pub kept: usize,
    /// Requests without a reply that could be used, by what went wrong.
    pub errors: BTreeMap<UnansweredKind, usize>,
    /// The first of what went wrong of each kind, in words. Untrusted.
    pub first: BTreeMap<UnansweredKind, String>,
    /// What its requests took, those sent again and sent back among them.
    pub spent: Spent,
    /// Money in the project's currency; none where one of its requests has no price.
    pub cost: Option<f64>,
    /// Names under which it answered, with how often; untrusted.
    pub answered: BTreeMap<String, usize>,
}

/// Counts of all models, by the names that the project knows them by. Shared by all that ask.
#[derive(Debug, Default)]
pub struct Tally(Mutex<BTreeMap<String, ModelTally>>);

impl Tally {
    /// Counts what came of a request, with what it cost where that is known.
    pub fn count(&self, model: &str, asked: &Result<JsonReply, Unanswered>, cost: Option<f64>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let tally = all.entry(model.to_owned()).or_default();
        let spent = match asked {
            Ok(reply) => {
                tally.replies += 1;
                tally.kept += usize::from(reply.kept);
                if let Some(answered) = &reply.answered {
                    *tally.answered.entry(answered.clone()).or_default() += 1;
                }
                reply.spent
            }
            Err(unanswered) => {
                *tally.errors.entry(unanswered.kind).or_default() += 1;
                tally.first.entry(unanswered.kind).or_insert_with(|| unanswered.message.clone());
                unanswered.spent
            }
        };
        if spent.requests > 0 {
            let before = if tally.spent.requests == 0 { Some(0.0) } else { tally.cost };
            tally.cost = before.zip(cost).map(|(before, cost)| before + cost);
        }
        tally.spent = tally.spent.and(spent);
    }

    /// The counts so far.
    pub fn all(&self) -> BTreeMap<String, ModelTally> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
