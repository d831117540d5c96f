//! Two shares of two independent samples.

use super::fisher::fisher_two_sided;
use super::interval::wilson;
use super::special::normal_cdf;

/// Fewest expected in a cell of the table for the normal approximation; Fisher's exact test is taken below.
const LEAST_EXPECTED: f64 = 5.0;

/// Two-sided p-value of "the shares differ": `before` and `after` are (successes, of so many).
///
/// The z test with the pooled share, without continuity correction; where fewer than five successes or failures would
/// be expected in either sample, Fisher's exact test. `None` where a sample is empty or has more successes than cases.
///
/// Source: J. L. Fleiss, "Statistical Methods for Rates and Proportions" (1981).
pub fn shares_differ(before: (u64, u64), after: (u64, u64)) -> Option<f64> {
    let ((was, was_of), (is, is_of)) = (before, after);
    if was_of == 0 || is_of == 0 || was > was_of || is > is_of {
        return None;
    }
    let pooled = (was + is) as f64 / (was_of + is_of) as f64;
    let least = was_of.min(is_of) as f64 * pooled.min(1.0 - pooled);
    if least < LEAST_EXPECTED {
        return Some(fisher_two_sided((was, was_of - was), (is, is_of - is)));
    }
    let error = (pooled * (1.0 - pooled) * (1.0 / was_of as f64 + 1.0 / is_of as f64)).sqrt();
    let z = (is as f64 / is_of as f64 - was as f64 / was_of as f64) / error;
    Some((2.0 * normal_cdf(-z.abs())).min(1.0))
}

/// The interval of `after` − `before` at `confidence`, two-sided: Newcombe's hybrid of two Wilson intervals, which has a
/// width also where nothing or everything succeeded. `None` as for [`shares_differ`] and [`wilson`].
///
/// Source: R. G. Newcombe, "Interval estimation for the difference between independent proportions", Statistics in
/// Medicine 17 (1998), method 10.
pub fn difference(before: (usize, usize), after: (usize, usize), confidence: f64) -> Option<(f64, f64)> {
    let wilsons = (wilson(before.0, before.1, confidence)?, wilson(after.0, after.1, confidence)?);
    let ((was_low, was_high), (is_low, is_high)) = wilsons;
    let (was, is) = (before.0 as f64 / before.1 as f64, after.0 as f64 / after.1 as f64);
    let apart = is - was;
    let low = ((is - is_low).powi(2) + (was_high - was).powi(2)).sqrt();
    let high = ((is_high - is).powi(2) + (was - was_low).powi(2)).sqrt();
    Some((apart - low, apart + high))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Newcombe's first example: 56/70 less 48/80 is 0.2, from 0.0524 to 0.3339.
    #[test]
    fn the_interval_is_the_papers() {
        let (low, high) = difference((48, 80), (56, 70), 0.95).unwrap();
        assert!((low - 0.0524).abs() < 5e-5 && (high - 0.3339).abs() < 5e-5, "{low} {high}");
        // His seventh: 0/10 against 0/20, method 10 from −0.1611 to 0.2775.
        let (low, high) = difference((0, 20), (0, 10), 0.95).unwrap();
        assert!((low + 0.1611).abs() < 5e-5 && (high - 0.2775).abs() < 5e-5, "{low} {high}");
    }

    /// 30/100 and 45/100: z = 0.15 / √(0.375 · 0.625 · 0.02) = 2.1909, p = 0.02846.
    #[test]
    fn many_are_approximated_and_few_are_counted() {
        let found = shares_differ((30, 100), (45, 100)).unwrap();
        assert!((found - 0.028_46).abs() < 1e-5, "{found}");
        // All three against none of three: 2 of 20 tables.
        assert!((shares_differ((3, 3), (0, 3)).unwrap() - 0.1).abs() < 1e-12);
        assert!((shares_differ((0, 50), (0, 70)).unwrap() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn nothing_counted_says_nothing() {
        assert_eq!(shares_differ((0, 0), (1, 2)), None);
        assert_eq!(shares_differ((3, 2), (1, 2)), None);
        assert_eq!(difference((0, 0), (1, 2), 0.95), None);
    }
}
