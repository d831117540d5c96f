//! Counts of independent events that are equally likely: how many of them chance alone hardly brings.

use statrs::function::beta::checked_beta_reg;

/// P(X ≥ `k`) for the number of events among `n` that happen with probability `p` each, independently.
///
/// 1 for `k` = 0, 0 for `k` > `n`; NaN for `p` outside of 0 to 1.
///
/// By the regularised incomplete beta function with the shapes `k` and `n` − `k` + 1, at `p`.
pub fn at_least(k: usize, n: usize, p: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    if k == 0 {
        return 1.0;
    }
    if k > n {
        return 0.0;
    }
    // Both shapes are at least 1 here, so the function is defined.
    checked_beta_reg(k as f64, (n - k) as f64 + 1.0, p).unwrap_or(f64::NAN)
}

/// The smallest `k` with P(X ≥ k) ≤ `level`: so many events are not put down to chance. From 0 to `n` + 1, the
/// latter where even `n` of `n` are nothing unusual. `None` for `p` outside of 0 to 1 and for a negative
/// `level` or one that is NaN.
pub fn too_many(n: usize, p: f64, level: f64) -> Option<usize> {
    if level.is_nan() || level < 0.0 || !(0.0..=1.0).contains(&p) {
        return None;
    }
    // P(X ≥ k) falls with k, down to 0 for n + 1.
    (0..=n + 1).find(|k| at_least(*k, n, p) <= level)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
    }

    #[test]
    fn throws_of_dice_are_counted() {
        // Four throws of a fair coin: 11 of 16 have two heads or more.
        near(at_least(2, 4, 0.5), 11.0 / 16.0);
        // Three sixes in three throws.
        near(at_least(3, 3, 1.0 / 6.0), 1.0 / 216.0);
        // No event among fifty: 0.995⁵⁰.
        near(at_least(1, 50, 0.005), 1.0 - 0.995_f64.powi(50));
        near(at_least(0, 3, 0.2), 1.0);
        near(at_least(4, 3, 0.2), 0.0);
        near(at_least(1, 3, 0.0), 0.0);
        near(at_least(3, 3, 1.0), 1.0);
        assert!(at_least(1, 3, 1.5).is_nan() && at_least(1, 3, f64::NAN).is_nan());
    }

    #[test]
    fn what_is_too_many_is_summed_up_by_hand() {
        // The shares of none, one and two events among fifty at 0.5 %.
        let [q, p] = [0.995_f64, 0.005];
        let [none, one, two] =
            [q.powi(50), 50.0 * p * q.powi(49), 50.0 * 49.0 / 2.0 * p.powi(2) * q.powi(48)];
        // 2.6 % for two or more, 0.2 % for three or more.
        near(at_least(2, 50, 0.005), 1.0 - none - one);
        near(at_least(3, 50, 0.005), 1.0 - none - one - two);
        assert!(1.0 - none - one > 0.01 && 1.0 - none - one - two < 0.01);
        assert_eq!(too_many(50, 0.005, 0.01), Some(3));
        // The same among a hundred at 2 %: each share is the one before, times (n − k)/(k + 1) · p/(1 − p).
        let mut share = 0.98_f64.powi(100);
        let mut left = 1.0 - share;
        let mut tails = Vec::new();
        for k in 0..7 {
            tails.push(left);
            share *= f64::from(100 - k) / f64::from(k + 1) * 0.02 / 0.98;
            left -= share;
        }
        // 1.5 % for six or more, 0.4 % for seven or more.
        assert!(tails[5] > 0.01 && tails[6] < 0.01, "{tails:?}");
        assert_eq!(too_many(100, 0.02, 0.01), Some(7));
    }

    #[test]
    fn the_ends_of_the_scale_and_impossible_arguments() {
        assert_eq!(too_many(3, 1.0, 0.01), Some(4));
        assert_eq!(too_many(3, 0.0, 0.01), Some(1));
        assert_eq!(too_many(3, 0.5, 1.0), Some(0));
        assert_eq!(too_many(0, 0.5, 0.01), Some(1));
        assert_eq!(too_many(3, 1.5, 0.01), None);
        assert_eq!(too_many(3, 0.5, -0.1), None);
        assert_eq!(too_many(3, 0.5, f64::NAN), None);
    }
}
