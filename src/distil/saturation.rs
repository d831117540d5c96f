//! Whether the kinds of failures that were seen are all there are: how likely the next failure is of a new kind.
//!
//! Counted over seeds: variants of one seed mostly fail alike and tell nothing new.

use serde::{Deserialize, Serialize};

/// How near the kinds seen are to being all.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Saturation {
    /// Kinds seen.
    pub seen: usize,
    /// Seeds that failed, one that fails in several ways once for each.
    pub seeds: usize,
    /// Kinds that one seed alone showed.
    pub once: usize,
    /// Kinds that two seeds showed.
    pub twice: usize,
    /// The chance that the next failing seed fails in a new way, 0 to 1 (Good and Turing): kinds seen once by seeds.
    /// `None` without failures.
    pub next_is_new: Option<f64>,
    /// Its upper bound: two standard errors above, at most 1. `None` without failures.
    pub at_most: Option<f64>,
    /// How many kinds there are at least (Chao 1984, corrected for bias): a lower bound, and no estimate of all.
    pub at_least: f64,
}

/// Saturation from how many seeds failed in each way; 0 stands for a way that was not seen.
///
/// With `n` seeds, `f1` ways seen once and `f2` twice: `f1 / n` (Good, "The population frequencies of species and the
/// estimation of population parameters", 1953), its bound `f1 / n + 2 √(f1 + 2 f2) / n`, and
/// `seen + f1 (f1 - 1) / (2 (f2 + 1))` (Chao, "Estimating the population size for capture-recapture data with unequal
/// catchability", 1987).
pub fn saturation(counts: &[usize]) -> Saturation {
    let number = |of: usize| counts.iter().filter(|count| **count == of).count();
    let (seen, seeds) = (counts.len() - number(0), counts.iter().sum::<usize>());
    let (once, twice) = (number(1), number(2));
    let (f1, f2, n) = (once as f64, twice as f64, seeds as f64);
    let share = |of: f64| (seeds > 0).then(|| (of / n).min(1.0));
    Saturation {
        seen,
        seeds,
        once,
        twice,
        next_is_new: share(f1),
        at_most: share(f1 + 2.0 * (f1 + 2.0 * f2).sqrt()),
        at_least: seen as f64 + f1 * (f1 - 1.0).max(0.0) / (2.0 * (f2 + 1.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_failures_nothing_is_said_of_the_next() {
        let none = saturation(&[]);
        assert_eq!((none.seen, none.next_is_new, none.at_most, none.at_least), (0, None, None, 0.0));
        assert_eq!(saturation(&[0, 0]), none);
    }

    /// By hand: 23 seeds, 3 ways seen once and 1 twice: 3/23, and (3 + 2 √5) / 23.
    #[test]
    fn the_bound_is_two_standard_errors_above() {
        let found = saturation(&[12, 6, 2, 1, 1, 1]);
        assert!((found.next_is_new.unwrap() - 0.130_434_782_608_695_65).abs() < 1e-15);
        assert!((found.at_most.unwrap() - 0.324_875_476_304_329_9).abs() < 1e-12, "{found:?}");
        assert_eq!(saturation(&[1, 1, 1, 1]).at_most, Some(1.0));
    }
}
