//! Room put by in a budget for one call, and given back with what the call took.

use super::budget::{Budget, Charge, Reserve, Taken};

/// What is said where there is none.
pub(crate) const NO_ROOM: &str = "the budget has no room for it";

/// What is put by for a call. A call that is given up may have been answered.
#[derive(Debug)]
pub struct Hold<'a> {
    budget: &'a Budget,
    suite: &'a str,
    charge: Option<Charge>,
}

impl Budget {
    /// Waits until there is room for a call of a suite; nothing where there will be none.
    pub async fn hold<'a>(&'a self, suite: &'a str) -> Option<Hold<'a>> {
        loop {
            // Listens before it looks, so that no settlement falls in between.
            let mut settled = std::pin::pin!(self.settled());
            settled.as_mut().enable();
            match self.try_reserve(suite) {
                Reserve::Granted => return Some(Hold { budget: self, suite, charge: None }),
                Reserve::Over => return None,
                Reserve::Later => settled.await,
            }
        }
    }
}

impl Hold<'_> {
    /// Tells what the call took.
    pub fn settle(mut self, charge: Charge) {
        self.charge = Some(charge);
    }
}

impl Drop for Hold<'_> {
    fn drop(&mut self) {
        let charge = self.charge.take().unwrap_or(Charge { answer: Taken::Nothing, lost: 1 });
        self.budget.settle(self.suite, &charge);
    }
}
