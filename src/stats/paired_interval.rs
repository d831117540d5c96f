//! Intervals for the difference of two shares of the same cases: what a candidate passes less what its
//! baseline passed.

use super::interval::wilson;
use super::special::two_sided_z;

/// How many cases did what in the baseline and in the candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PairedCounts {
    /// Passed in both.
    pub both: usize,
    /// Passed in the baseline and fails in the candidate.
    pub broke: usize,
    /// Failed in the baseline and passes in the candidate.
    pub fixed: usize,
    /// Failed in both.
    pub neither: usize,
}

/// A difference of two shares with its interval, each −1 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairedDifference {
    /// The candidate's share less the baseline's, as seen.
    pub difference: f64,
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
}

impl PairedCounts {
    /// The number of pairs.
    pub fn pairs(&self) -> usize {
        self.both + self.broke + self.fixed + self.neither
    }

    fn difference(&self) -> f64 {
        (self.fixed as f64 - self.broke as f64) / self.pairs() as f64
    }

    /// The correlation of the two arms, its numerator lowered for continuity where it is above 0; 0 where
    /// an arm is the same throughout.
    fn correlation(&self) -> f64 {
        let [both, broke, fixed, neither] =
            [self.both, self.broke, self.fixed, self.neither].map(|count| count as f64);
        let margins = (both + fixed) * (broke + neither) * (both + broke) * (fixed + neither);
        let raw = both * neither - broke * fixed;
        let numerator = if raw > 0.0 { (raw - self.pairs() as f64 / 2.0).max(0.0) } else { raw };
        if margins > 0.0 { numerator / margins.sqrt() } else { 0.0 }
    }
}

/// Newcombe's hybrid score interval (his method 10) at the two-sided `confidence`: Wilson's intervals of the
/// two shares, put together with the correlation of the arms.
///
/// It has a width where no case differs. `None` where it is not defined: there are no pairs, or `confidence`
/// is not strictly between 0 and 1.
///
/// Source: R. G. Newcombe, "Improved confidence intervals for the difference between binomial proportions
/// based on paired data", Statistics in Medicine 17 (1998).
pub fn newcombe_paired(counts: PairedCounts, confidence: f64) -> Option<PairedDifference> {
    let n = counts.pairs();
    let (candidate, baseline) = (counts.both + counts.fixed, counts.both + counts.broke);
    let arm = |passed: usize| {
        let (low, high) = wilson(passed, n, confidence)?;
        let share = passed as f64 / n as f64;
        Some((share - low, high - share))
    };
    let (candidate_below, candidate_above) = arm(candidate)?;
    let (baseline_below, baseline_above) = arm(baseline)?;
    let correlation = counts.correlation();
    // Not below 0 but for rounding, as the correlation is at most 1.
    let joint =
        |one: f64, other: f64| (one * one - 2.0 * correlation * one * other + other * other).max(0.0).sqrt();
    let difference = counts.difference();
    Some(PairedDifference {
        difference,
        low: difference - joint(candidate_below, baseline_above),
        high: difference + joint(candidate_above, baseline_below),
    })
}

/// Bonett and Price's adjusted Wald interval at the two-sided `confidence`: one pair that broke and one that
/// was fixed are added. The bounds are centred on the difference with those two and clipped to ±1.
///
/// `None` where it is not defined: there are no pairs, or `confidence` is not strictly between 0 and 1.
///
/// Source: D. G. Bonett and R. M. Price, "Adjusted Wald confidence interval for a difference of binomial
/// proportions based on paired data", Journal of Educational and Behavioral Statistics 37 (2012).
pub fn bonett_price(counts: PairedCounts, confidence: f64) -> Option<PairedDifference> {
    let z = two_sided_z(confidence)?;
    if counts.pairs() == 0 {
        return None;
    }
    let n = counts.pairs() as f64 + 2.0;
    let (broke, fixed) = ((counts.broke as f64 + 1.0) / n, (counts.fixed as f64 + 1.0) / n);
    let centre = fixed - broke;
    let half = z * ((broke + fixed - centre * centre) / n).sqrt();
    Some(PairedDifference {
        difference: counts.difference(),
        low: (centre - half).max(-1.0),
        high: (centre + half).min(1.0),
    })
}

/// Tango's score interval at the two-sided `confidence`: the differences that a score test does not reject.
///
/// It keeps its coverage with few pairs. `None` where it is not defined: there are no pairs, or `confidence`
/// is not strictly between 0 and 1.
///
/// Source: T. Tango, "Equivalence test and confidence interval for the difference in proportions for the
/// paired-sample design", Statistics in Medicine 17 (1998).
pub fn tango(counts: PairedCounts, confidence: f64) -> Option<PairedDifference> {
    let z = two_sided_z(confidence)?;
    if counts.pairs() == 0 {
        return None;
    }
    let difference = counts.difference();
    // The score falls from above z to below −z as the difference tested rises from −1 to 1.
    let low = bisect(-1.0, difference, |tested| score(counts, tested) > z);
    let high = bisect(difference, 1.0, |tested| score(counts, tested) > -z);
    Some(PairedDifference { difference, low, high })
}

/// Tango's score statistic of the hypothesis that the difference is `tested`.
fn score(counts: PairedCounts, tested: f64) -> f64 {
    let [n, broke, fixed] = [counts.pairs(), counts.broke, counts.fixed].map(|count| count as f64);
    // The likeliest share of pairs that broke, given the difference: the root of a quadratic.
    let linear = (2.0 * n - fixed + broke) * tested - broke - fixed;
    let constant = -broke * tested * (1.0 - tested);
    let likeliest = ((linear * linear - 8.0 * n * constant).max(0.0).sqrt() - linear) / (4.0 * n);
    let variance = n * (2.0 * likeliest + tested * (1.0 - tested));
    let above = fixed - broke - n * tested;
    if variance > 0.0 {
        above / variance.sqrt()
    } else if above > 0.0 {
        f64::INFINITY
    } else if above < 0.0 {
        f64::NEG_INFINITY
    } else {
        0.0
    }
}

/// Where between `low` and `high` a condition that holds at first ceases to, to the last bits.
fn bisect(mut low: f64, mut high: f64, holds: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..64 {
        let middle = f64::midpoint(low, high);
        if holds(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Method = fn(PairedCounts, f64) -> Option<PairedDifference>;

    const METHODS: [(&str, Method); 3] =
        [("newcombe", newcombe_paired), ("bonett_price", bonett_price), ("tango", tango)];

    fn counts(both: usize, broke: usize, fixed: usize, neither: usize) -> PairedCounts {
        PairedCounts { both, broke, fixed, neither }
    }

    /// Newcombe's own table of 36, 12, 2 and 0: 0.0569 to 0.3404, with the arms the other way round.
    #[test]
    fn the_published_table() {
        let found = newcombe_paired(counts(36, 12, 2, 0), 0.95).unwrap();
        assert!((found.low + 0.3404).abs() < 5e-5 && (found.high + 0.0569).abs() < 5e-5, "{found:?}");
    }

    /// No pair differs: the score is −nδ/√(nδ(1−δ)), which is −z at δ = z²/(n + z²).
    #[test]
    fn tango_without_a_difference_by_hand() {
        let z2 = 1.959_963_984_540_054_f64.powi(2);
        let found = tango(counts(45, 0, 0, 5), 0.95).unwrap();
        assert!((found.high - z2 / (50.0 + z2)).abs() < 1e-12 && (found.low + found.high).abs() < 1e-12);
    }

    #[test]
    fn nothing_has_no_interval() {
        for (name, method) in METHODS {
            assert_eq!(method(PairedCounts::default(), 0.95), None, "{name}");
            for confidence in [0.0, 1.0, -1.0, f64::NAN] {
                assert_eq!(method(counts(3, 1, 1, 3), confidence), None, "{name} {confidence}");
            }
        }
    }

    #[test]
    fn all_broken_is_no_panic() {
        for (name, method) in METHODS {
            let found = method(counts(0, 30, 0, 0), 0.95).unwrap();
            assert!(found.low >= -1.0 - 1e-12 && found.high < -0.7, "{name} {found:?}");
        }
    }

    proptest! {
        #[test]
        fn swapping_the_arms_mirrors_the_interval(
            both in 0_usize..60, broke in 0_usize..30, fixed in 0_usize..30, neither in 0_usize..60,
        ) {
            prop_assume!(both + broke + fixed + neither > 0);
            for (name, method) in METHODS {
                let found = method(counts(both, broke, fixed, neither), 0.95).unwrap();
                let mirror = method(counts(both, fixed, broke, neither), 0.95).unwrap();
                prop_assert!((found.low + mirror.high).abs() < 1e-9, "{name} {found:?} {mirror:?}");
                prop_assert!((found.high + mirror.low).abs() < 1e-9, "{name} {found:?} {mirror:?}");
                prop_assert!(found.low >= -1.0 - 1e-9 && found.low < found.high && found.high <= 1.0 + 1e-9);
                // Successes and failures mirror each other too.
                let other = method(counts(neither, fixed, broke, both), 0.95).unwrap();
                prop_assert!((found.low + other.high).abs() < 1e-9, "{name} {found:?} {other:?}");
            }
        }
    }
}
