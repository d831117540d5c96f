//! The search for the boundary behind which a scenario breaks: which chains of operators are worth to be tried
//! next, and how often each operator broke something.

use super::found::Reduction;
use crate::expand::{Case, CaseId};
use crate::stats::interval::upper_bound;
use serde::Serialize;
use std::collections::BTreeMap;

/// Confidence of upper bounds.
pub const CONFIDENCE: f64 = 0.95;

/// How often something broke.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Broke {
    /// Variants that failed.
    pub failed: usize,
    /// Variants of seeds that pass.
    pub of: usize,
}

impl Broke {
    /// Counts a variant.
    pub fn add(&mut self, failed: bool) {
        self.of += 1;
        self.failed += usize::from(failed);
    }

    /// The highest rate at which so few failures are still likely: one-sided, by Clopper and Pearson, with a
    /// confidence of 95 %; about 3 / n where nothing failed. `None` where nothing was tried.
    pub fn at_most(self) -> Option<f64> {
        upper_bound(self.failed, self.of, CONFIDENCE)
    }

    /// The rate that is reckoned with before much is known (Laplace): between 0 and 1, one half for nothing tried.
    pub fn reckoned(self) -> f64 {
        (self.failed as f64 + 1.0) / (self.of as f64 + 2.0)
    }
}

/// What is known of the operators so far.
#[derive(Debug, Clone, Default)]
pub struct Rates {
    /// Of single operators.
    pub alone: BTreeMap<String, Broke>,
    /// Of chains that hold the operator.
    pub chained: BTreeMap<String, Broke>,
}

impl Rates {
    /// Counts what came of a chain.
    pub fn add(&mut self, chain: &[String], failed: bool) {
        if let [alone] = chain {
            self.alone.entry(alone.clone()).or_default().add(failed);
            return;
        }
        for operator in chain {
            self.chained.entry(operator.clone()).or_default().add(failed);
        }
    }

    /// How promising a chain is: the chance that any of its operators breaks the seed, each reckoned by itself, or
    /// that the answer, which was so near to failing before the last one (0: not at all, 1: all but), does.
    pub fn promise(&self, chain: &[String], nearness: f64) -> f64 {
        let nothing = Broke::default();
        let holds = |operator: &String| 1.0 - self.alone.get(operator).unwrap_or(&nothing).reckoned();
        1.0 - (1.0 - nearness.clamp(0.0, 1.0)) * chain.iter().map(holds).product::<f64>()
    }
}

/// A chain to try on a seed.
#[derive(Debug, Clone, PartialEq)]
pub struct Next {
    /// The seed.
    pub seed: CaseId,
    /// The operators.
    pub chain: Vec<String>,
    /// How promising it is.
    pub promise: f64,
}

/// The chains that lengthen those that passed by one operator, the most promising first; of the same seed none
/// has an operator twice. `passed` are chains with their seed and how near the answer was to failing.
pub fn lengthened(passed: &[(CaseId, Vec<String>, f64)], operators: &[String], rates: &Rates) -> Vec<Next> {
    let mut all: Vec<Next> = passed
        .iter()
        .flat_map(|(seed, chain, nearness)| {
            let free = operators.iter().filter(|operator| !chain.contains(operator));
            free.map(move |operator| {
                let chain: Vec<String> = chain.iter().chain([operator]).cloned().collect();
                let promise = rates.promise(&chain, *nearness);
                Next { seed: *seed, chain, promise }
            })
        })
        .collect();
    all.sort_by(|a, b| b.promise.total_cmp(&a.promise));
    all
}

/// A chain that broke a seed.
#[derive(Debug, Clone)]
pub struct Breaking {
    /// The operators.
    pub chain: Vec<String>,
    /// How often it broke a seed.
    pub broke: Broke,
    /// The first case that it broke.
    pub case: Case,
    /// Why that fails.
    pub reason: String,
    /// What is left of that case, where the chain has several operators.
    pub reduced: Option<Reduction>,
}

/// What came of probing a scenario.
#[derive(Debug, Clone)]
pub struct Probed {
    /// Seeds that were asked.
    pub seeds: usize,
    /// Seeds of the scenario.
    pub of: usize,
    /// Seeds that fail themselves, of which nothing was tried.
    pub failing: usize,
    /// Seeds that pass and on which anything was tried.
    pub tried: usize,
    /// Seeds that some chain broke.
    pub broken: usize,
    /// The longest chains that were tried.
    pub links: usize,
    /// How often anything broke, by the length of the chain, from 1.
    pub by_length: Vec<Broke>,
    /// The operators that were tried.
    pub operators: Vec<String>,
    /// How often each broke something.
    pub rates: Rates,
    /// The chains that broke something, the shortest first, then those that broke most.
    pub breaking: Vec<Breaking>,
    /// What was offered for review.
    pub offers: super::found::Offers,
    /// What was asked.
    pub aside: super::found::Aside,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    /// 1 − 0.05^(1/n): 0.2589 for 10, 0.0295 for 100 (rule of three: 0.3, 0.03).
    #[test]
    fn where_nothing_broke_there_is_an_upper_bound() {
        let of = |failed, of| Broke { failed, of }.at_most();
        assert!((of(0, 10).unwrap() - 0.258_865).abs() < 1e-5);
        assert!((of(0, 100).unwrap() - 0.029_513).abs() < 1e-5);
        assert_eq!(of(0, 0), None);
    }

    #[test]
    fn what_broke_before_is_tried_first() {
        let mut rates = Rates::default();
        for n in 0..4 {
            rates.add(&chain(&["case"]), n < 3);
            rates.add(&chain(&["emoji"]), false);
        }
        let (a, b) = (CaseId::of(&[b"a"]), CaseId::of(&[b"b"]));
        let operators = chain(&["case", "emoji", "filler"]);
        let next =
            lengthened(&[(a, chain(&["emoji"]), 0.0), (b, chain(&["emoji"]), 0.5)], &operators, &rates);
        // case: 4/6, emoji: 1/6, filler: not tried, 1/2.
        let told: Vec<(CaseId, &str)> = next.iter().map(|of| (of.seed, of.chain[1].as_str())).collect();
        assert_eq!(told, [(b, "case"), (b, "filler"), (a, "case"), (a, "filler")]);
        assert!((next[2].promise - (1.0 - 5.0 / 6.0 * 2.0 / 6.0)).abs() < 1e-12);
        assert!((next[0].promise - (1.0 - 0.5 * 5.0 / 6.0 * 2.0 / 6.0)).abs() < 1e-12);
    }
}
