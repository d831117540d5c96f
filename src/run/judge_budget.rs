//! Judges that are asked only while a budget has room.

use super::budget::{Budget, Charge, Reserve, Taken};
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

    /// Waits until there is room for a call.
    async fn reserve(&self) -> Result<Hold<'_>, Unanswered> {
        loop {
            // Listens before it looks, so that no settlement falls in between.
            let mut settled = std::pin::pin!(self.budget.settled());
            settled.as_mut().enable();
            match self.budget.try_reserve(&self.suite) {
                Reserve::Granted => return Ok(Hold { of: self, charge: None }),
                Reserve::Over => {
                    let message = "the budget has no room for it".to_owned();
                    let spent = Spent::default();
                    return Err(Unanswered { kind: UnansweredKind::NotAsked, message, spent });
                }
                Reserve::Later => settled.await,
            }
        }
    }
}

impl Asks for BudgetedJudges {
    fn ask<'a>(&'a self, ask: Ask<'a>) -> Asked<'a> {
        Box::pin(async move {
            let mut hold = self.reserve().await?;
            let asked = self.behind.ask(ask).await;
            let (spent, model) = match &asked {
                Ok(answered) => (answered.spent, answered.model.as_deref()),
                Err(unanswered) => (unanswered.spent, None),
            };
            hold.charge = Some(charge(spent, model, asked.is_ok(), &self.project));
            asked
        })
    }
}

/// What a call came to.
fn charge(spent: Spent, model: Option<&str>, is_answered: bool, project: &Project) -> Charge {
    match spent.usage {
        _ if spent.requests == 0 => Charge { answer: Taken::Nothing, lost: 0 },
        None if is_answered => Charge { answer: Taken::Untold, lost: 0 },
        // It may have been answered.
        None => Charge { answer: Taken::Nothing, lost: 1 },
        Some(usage) => {
            let cost = model.and_then(|model| project.price(model, usage));
            let tokens = usage.input_tokens.saturating_add(usage.output_tokens);
            let cost = if tokens == 0 { Ok(0.0) } else { cost.ok_or_else(|| model.map(str::to_owned)) };
            Charge { answer: Taken::Known { tokens, cost }, lost: 0 }
        }
    }
}

/// What is put by for a call. A call that is given up may have been answered.
struct Hold<'a> {
    of: &'a BudgetedJudges,
    charge: Option<Charge>,
}

impl Drop for Hold<'_> {
    fn drop(&mut self) {
        let charge = self.charge.take().unwrap_or(Charge { answer: Taken::Nothing, lost: 1 });
        self.of.budget.settle(&self.of.suite, &charge);
    }
}
