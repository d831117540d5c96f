//! A target that is asked only while a budget has room.

use super::budget::{Budget, Charge, Reserve, Taken};
use crate::suite::project::Project;
use crate::target::{Asking, Request, Target, TargetError, TargetErrorKind};
use std::sync::Arc;

/// A target whose calls are paid from a budget. When there is no more room, what is asked comes to
/// [`TargetErrorKind::NotAsked`] without asking anybody.
pub struct Budgeted {
    target: Arc<dyn Target>,
    budget: Arc<Budget>,
    suite: String,
    project: Arc<Project>,
    model: Option<String>,
}

impl Budgeted {
    /// The target of a suite. `model` is the one asked for, where answers do not name theirs.
    pub fn new(
        target: Arc<dyn Target>,
        budget: Arc<Budget>,
        suite: &str,
        project: Arc<Project>,
        model: Option<String>,
    ) -> Self {
        Self { target, budget, suite: suite.to_owned(), project, model }
    }

    /// Waits until there is room for a call.
    async fn reserve(&self) -> Result<Hold<'_>, TargetError> {
        loop {
            // Listens before it looks, so that no settlement falls in between.
            let mut settled = std::pin::pin!(self.budget.settled());
            settled.as_mut().enable();
            match self.budget.try_reserve(&self.suite) {
                Reserve::Granted => return Ok(Hold { of: self, charge: None }),
                Reserve::Over => {
                    return Err(TargetError::new(TargetErrorKind::NotAsked, "the budget has no room for it"));
                }
                Reserve::Later => settled.await,
            }
        }
    }
}

impl Target for Budgeted {
    fn ask<'a>(&'a self, request: &'a Request) -> Asking<'a> {
        Box::pin(async move {
            let mut hold = self.reserve().await?;
            let asked = self.target.ask(request).await;
            hold.charge = Some(Charge::of(&asked, &self.project, self.model.as_deref()));
            asked
        })
    }
}

/// What is put by for a call. A call that is given up may have been answered.
struct Hold<'a> {
    of: &'a Budgeted,
    charge: Option<Charge>,
}

impl Drop for Hold<'_> {
    fn drop(&mut self) {
        let charge = self.charge.take().unwrap_or(Charge { answer: Taken::Nothing, lost: 1 });
        self.of.budget.settle(&self.of.suite, &charge);
    }
}
