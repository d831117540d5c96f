//! What became of all that generators were asked for: requested, delivered, rejected by reason; by generator and
//! by model, so that they can be compared.

use crate::expand::Reason;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Counts of one generator, of one model, or of all.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Yield {
    /// Drafts that were asked for.
    pub requested: usize,
    /// Drafts that came.
    pub drafted: usize,
    /// Drafts that were let in.
    pub delivered: usize,
    /// Drafts that were not, by reason.
    pub rejected: BTreeMap<Reason, usize>,
}

impl Yield {
    /// Drafts that were rejected, for whatever reason.
    pub fn rejections(&self) -> usize {
        self.rejected.values().sum()
    }

    /// Drafts that were asked for and did not come: the reply had fewer, or there was none.
    pub fn missing(&self) -> usize {
        self.requested.saturating_sub(self.drafted)
    }

    /// Drafts let in over drafts asked for; `None` where none was asked for. More than 1 where more came.
    pub fn share(&self) -> Option<f64> {
        (self.requested > 0).then(|| self.delivered as f64 / self.requested as f64)
    }

    /// Whether every draft is accounted for: what came was delivered or rejected.
    pub fn is_whole(&self) -> bool {
        self.drafted == self.delivered + self.rejections()
    }
}

/// The counts of everything that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Yields {
    /// All of it.
    pub all: Yield,
    /// By generator.
    pub by_generator: BTreeMap<String, Yield>,
    /// By model, as the project calls them.
    pub by_model: BTreeMap<String, Yield>,
}

impl Yields {
    /// Counts a request for so many drafts.
    pub fn request(&mut self, generator: &str, model: &str, count: usize) {
        self.each(generator, model, |of| of.requested += count);
    }

    /// Counts a draft that came, and what became of it.
    pub fn count(&mut self, generator: &str, model: &str, became: Result<(), Reason>) {
        self.each(generator, model, |of| {
            of.drafted += 1;
            match became {
                Ok(()) => of.delivered += 1,
                Err(reason) => *of.rejected.entry(reason).or_default() += 1,
            }
        });
    }

    /// Takes back a draft that was delivered, for a reason that was found later: its score, a vote, a program.
    pub fn take_back(&mut self, generator: &str, model: &str, reason: Reason) {
        self.each(generator, model, |of| {
            of.delivered = of.delivered.saturating_sub(1);
            *of.rejected.entry(reason).or_default() += 1;
        });
    }

    /// Takes back a draft that was delivered and that nobody could look at any more, as if it had not come.
    pub fn lose(&mut self, generator: &str, model: &str) {
        self.each(generator, model, |of| {
            of.delivered = of.delivered.saturating_sub(1);
            of.drafted = of.drafted.saturating_sub(1);
        });
    }

    fn each(&mut self, generator: &str, model: &str, change: impl Fn(&mut Yield)) {
        change(&mut self.all);
        change(self.by_generator.entry(generator.to_owned()).or_default());
        change(self.by_model.entry(model.to_owned()).or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_draft_is_accounted_for() {
        let mut yields = Yields::default();
        yields.request("queries", "a", 5);
        yields.request("edge_cases", "b", 2);
        for became in [Ok(()), Ok(()), Err(Reason::Duplicate), Err(Reason::Duplicate)] {
            yields.count("queries", "a", became);
        }
        yields.count("edge_cases", "b", Err(Reason::Schema));
        yields.take_back("queries", "a", Reason::LowScore);
        assert!(yields.all.is_whole() && yields.by_generator["queries"].is_whole());
        let queries = &yields.by_model["a"];
        assert_eq!((queries.requested, queries.drafted, queries.delivered, queries.missing()), (5, 4, 1, 1));
        assert_eq!(queries.rejected, BTreeMap::from([(Reason::Duplicate, 2), (Reason::LowScore, 1)]));
        assert_eq!((yields.all.requested, yields.all.delivered, yields.all.rejections()), (7, 1, 4));
        assert_eq!(queries.share(), Some(0.2));
        assert_eq!(Yield::default().share(), None);
    }
}
