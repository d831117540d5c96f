//! A target that is asked only while a budget has room.

use super::budget::{Budget, Charge};
use super::budget_hold::NO_ROOM;
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
}

impl Target for Budgeted {
    fn ask<'a>(&'a self, request: &'a Request) -> Asking<'a> {
        Box::pin(async move {
            let Some(hold) = self.budget.hold(&self.suite).await else {
                return Err(TargetError::new(TargetErrorKind::NotAsked, NO_ROOM));
            };
            let asked = self.target.ask(request).await;
            hold.settle(Charge::of(&asked, &self.project, self.model.as_deref()));
            asked
        })
    }
}
