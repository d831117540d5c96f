//! Judges that are asked only while a budget has room.

use super::budget::{Budget, Charge, Taken};
use super::budget_hold::NO_ROOM;
use crate::judge::model::{Ask, Asked, Asks, Spent, Unanswered, UnansweredKind};
use crate::suite::project::Project;
use std::sync::Arc;

/// Models whose answers are paid from the budget of a suite.
#[derive(Debug)]
pub struct BudgetedJudges {
    behind: Arc<dyn Asks>,
    budget: Arc<Budget>,
    suite: String,
    project: Arc<Project>,
}

impl BudgetedJudges {
    /// The models behind the budget of a suite.
    pub fn new(behind: Arc<dyn Asks>, budget: Arc<Budget>, suite: &str, project: Arc<Project>) -> Self {
        Self { behind, budget, suite: suite.to_owned(), project }
    }
}

impl Asks for BudgetedJudges {
    fn ask<'a>(&'a self, ask: Ask<'a>) -> Asked<'a> {
        Box::pin(async move {
            let Some(hold) = self.budget.hold(&self.suite).await else {
                let (kind, spent) = (UnansweredKind::NotAsked, Spent::default());
                return Err(Unanswered { kind, message: NO_ROOM.to_owned(), spent });
            };
            let asked = self.behind.ask(ask).await;
            let (spent, model) = match &asked {
                Ok(answered) => (answered.spent, answered.model.as_deref()),
                Err(unanswered) => (unanswered.spent, None),
            };
            hold.settle(Charge::of_reply(spent, model, asked.is_ok(), &self.project));
            asked
        })
    }
}

impl Charge {
    /// What a request to a model came to. `model` is the one that answered.
    pub fn of_reply(spent: Spent, model: Option<&str>, is_answered: bool, project: &Project) -> Self {
        match spent.usage {
            _ if spent.requests == 0 => Self { answer: Taken::Nothing, lost: 0 },
            None if is_answered => Self { answer: Taken::Untold, lost: 0 },
            // It may have been answered.
            None => Self { answer: Taken::Nothing, lost: 1 },
            Some(usage) => {
                let cost = model.and_then(|model| project.price(model, usage));
                let tokens = usage.input_tokens.saturating_add(usage.output_tokens);
                let cost = if tokens == 0 { Ok(0.0) } else { cost.ok_or_else(|| model.map(str::to_owned)) };
                Self { answer: Taken::Known { tokens, cost }, lost: 0 }
            }
        }
    }
}
