//! What a comparison could have seen, and how many cases it would take to see more.

use super::special::{is_level, normal_cdf, normal_quantile};

/// What [`more_needed`] finds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MoreNeeded {
    /// Smallest true drop that these cases show with the power asked for.
    pub detectable: f64,
    /// Cases needed to see the drop asked about; a fraction, since it is derived from a standard error.
    pub required: f64,
    /// Whole cases to add; 0 where there are enough.
    pub more: usize,
}

/// Smallest true difference that a one-sided test at `alpha` finds with the given `power`, when the
/// difference has the standard error `se`: (z of 1 − `alpha` + z of `power`) · `se`.
pub fn detectable(se: f64, alpha: f64, power: f64) -> f64 {
    (normal_quantile(1.0 - alpha) + normal_quantile(power)) * se
}

/// Probability, 0 to 1, that a one-sided test at `alpha` finds a true difference of `delta` whose estimate
/// has the standard error `se`: Φ(`delta` / `se` − z of 1 − `alpha`).
///
/// `delta` is counted in the direction tested, so that a negative one is found with less than `alpha`.
/// `None` where it is not defined: `se` is not a number above 0, `delta` is not finite, or `alpha` is not
/// strictly between 0 and 1. The normal approximation: with few cases it flatters.
pub fn power(delta: f64, se: f64, alpha: f64) -> Option<f64> {
    let defined = se > 0.0 && delta.is_finite() && is_level(alpha);
    defined.then(|| normal_cdf(delta / se - normal_quantile(1.0 - alpha)))
}

/// How many cases it takes to see a difference of `delta` > 0, from the standard error `se` that `n` cases
/// gave: n · (detectable / delta)², as the error falls with the square root of the number of cases.
pub fn more_needed(se: f64, n: usize, delta: f64, alpha: f64, power: f64) -> MoreNeeded {
    let detectable = detectable(se, alpha, power);
    let required = n as f64 * (detectable / delta).powi(2);
    // Less a billionth, so that a whole number with its last bit wrong does not cost a case.
    MoreNeeded { detectable, required, more: whole(required - n as f64 - 1e-9) }
}

/// The next whole number; 0 for what is below it, the largest there is for what is beyond.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast of a float saturates, which is what is wanted"
)]
pub fn whole(value: f64) -> usize {
    value.ceil() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_the_error_of_four_times_the_cases_sees_half_the_drop() {
        let found = more_needed(0.02, 100, 0.02 * 2.486_474_860_524_387 / 2.0, 0.05, 0.8);
        assert!((found.required - 400.0).abs() < 1e-9 && found.more == 300, "{found:?}");
    }

    #[test]
    fn what_is_detectable_is_found_with_the_power_asked_for() {
        for (alpha, wanted) in [(0.05, 0.8), (0.01, 0.9), (0.04, 0.5)] {
            let found = power(detectable(0.02, alpha, wanted), 0.02, alpha).unwrap();
            assert!((found - wanted).abs() < 1e-9, "{found}");
        }
        // No difference is found as often as the size of the test says.
        assert!((power(0.0, 0.3, 0.05).unwrap() - 0.05).abs() < 1e-9);
        assert_eq!([power(0.1, 0.0, 0.05), power(0.1, f64::NAN, 0.05), power(0.1, 0.1, 1.0)], [None; 3]);
    }

    #[test]
    fn a_drop_of_nothing_is_out_of_reach_and_no_panic() {
        assert_eq!(more_needed(0.02, 100, 0.0, 0.05, 0.8).more, usize::MAX);
    }
}
