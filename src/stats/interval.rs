//! Intervals for a share of cases.

use super::special::is_level;
use statrs::distribution::{Beta, ContinuousCDF, Normal};

/// Wilson's score interval for `successes` of `n`, two-sided at `confidence`, without continuity
/// correction and clipped to [0, 1].
///
/// Unlike the textbook interval it has a width when nothing, or everything, succeeded.
/// `None` where it is not defined: `n` is 0, `successes` exceeds `n`, or `confidence` is not
/// strictly between 0 and 1.
///
/// Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
/// JASA 22 (1927).
pub fn wilson(successes: usize, n: usize, confidence: f64) -> Option<(f64, f64)> {
    if n == 0 || successes > n || !is_level(confidence) {
        return None;
    }
    let z = Normal::standard().inverse_cdf(f64::midpoint(1.0, confidence));
    let (count, share) = (n as f64, successes as f64 / n as f64);
    let z2_per_n = z * z / count;
    let centre = (share + z2_per_n / 2.0) / (1.0 + z2_per_n);
    let half = z * (share * (1.0 - share) / count + z2_per_n / (4.0 * count)).sqrt() / (1.0 + z2_per_n);
    // At either end the bound is the end itself, which rounding would miss by a bit.
    let low = if successes == 0 { 0.0 } else { (centre - half).max(0.0) };
    let high = if successes == n { 1.0 } else { (centre + half).min(1.0) };
    Some((low, high))
}

/// The exact one-sided upper bound for a share of which `successes` of `n` were seen: the share at which so
/// few would be seen with probability 1 − `confidence` (Clopper and Pearson). Of 0 in 200 it is 1.5 %.
///
/// `None` where it is not defined: `n` is 0, `successes` exceeds `n`, or `confidence` is not strictly
/// between 0 and 1.
///
/// Source: C. J. Clopper and E. S. Pearson, "The use of confidence or fiducial limits illustrated in the
/// case of the binomial", Biometrika 26 (1934).
pub fn upper_bound(successes: usize, n: usize, confidence: f64) -> Option<f64> {
    if n == 0 || successes > n || !is_level(confidence) {
        return None;
    }
    if successes == n {
        return Some(1.0);
    }
    let beta = Beta::new(successes as f64 + 1.0, (n - successes) as f64).ok()?;
    Some(beta.inverse_cdf(confidence))
}

/// The exact two-sided interval of Clopper and Pearson for `successes` of `n` at `confidence`: each bound is
/// the share at which a count as far off, or farther, would be seen with probability (1 − `confidence`) / 2.
///
/// It covers at least as often as it says, and is wider than Wilson's for it. The lower bound is 0 where
/// nothing succeeded, the upper one 1 where everything did. `None` as for [`upper_bound`].
pub fn clopper_pearson(successes: usize, n: usize, confidence: f64) -> Option<(f64, f64)> {
    if successes > n || !is_level(confidence) {
        return None;
    }
    let one_sided = f64::midpoint(1.0, confidence);
    // The failures of a share are the successes of its mirror.
    Some((1.0 - upper_bound(n - successes, n, one_sided)?, upper_bound(successes, n, one_sided)?))
}

#[cfg(test)]
mod tests {
    use super::{clopper_pearson, upper_bound, wilson};
    use proptest::prelude::*;

    /// 1 − 0.05^(1/n) where nothing was seen; the two-sided bound of 96 in 100 at 95 % is the one-sided one
    /// at 97.5 % (scipy, 0.988995505…).
    #[test]
    fn what_was_never_seen_has_an_upper_bound() {
        let bound = upper_bound(0, 200, 0.95).unwrap();
        assert!((bound - (1.0 - 0.05_f64.powf(1.0 / 200.0))).abs() < 1e-9 && bound < 0.015, "{bound}");
        assert!((upper_bound(96, 100, 0.975).unwrap() - 0.988_995_505_994_665_1).abs() < 1e-9);
        assert_eq!(upper_bound(5, 5, 0.95), Some(1.0));
        assert_eq!([upper_bound(0, 0, 0.95), upper_bound(3, 2, 0.95), upper_bound(0, 1, 1.0)], [None; 3]);
    }

    #[test]
    fn nothing_has_no_interval() {
        assert_eq!(wilson(0, 0, 0.95), None);
        assert_eq!(wilson(2, 1, 0.95), None);
        for confidence in [0.0, 1.0, -0.5, 95.0, f64::NAN] {
            assert_eq!(wilson(1, 2, confidence), None, "{confidence}");
        }
    }

    /// 0 of 5 by hand: 1 − 0.025^(1/5). 7 of 10 is a usual textbook case: 0.3475 to 0.9333.
    #[test]
    fn clopper_and_pearson_are_those_of_the_tables() {
        let (low, high) = clopper_pearson(0, 5, 0.95).unwrap();
        assert!(low.abs() < 1e-15 && (high - (1.0 - 0.025_f64.powf(0.2))).abs() < 1e-12, "{high}");
        let (low, high) = clopper_pearson(7, 10, 0.95).unwrap();
        assert!((low - 0.3475).abs() < 5e-5 && (high - 0.9333).abs() < 5e-5, "{low} {high}");
        assert_eq!(clopper_pearson(0, 0, 0.95), None);
        assert_eq!(clopper_pearson(3, 2, 0.95), None);
        assert_eq!(clopper_pearson(1, 2, 1.0), None);
    }

    #[test]
    fn the_ends_are_exact() {
        for n in 1..200 {
            assert_eq!(clopper_pearson(0, n, 0.95).map(|(low, _)| low), Some(0.0));
            assert_eq!(clopper_pearson(n, n, 0.95).map(|(_, high)| high), Some(1.0));
            assert_eq!(wilson(0, n, 0.95).map(|(low, _)| low), Some(0.0));
            assert_eq!(wilson(n, n, 0.95).map(|(_, high)| high), Some(1.0));
        }
    }

    proptest! {
        #[test]
        fn the_share_lies_inside_and_failures_mirror_successes(n in 1_usize..2000, part in 0.0_f64..=1.0) {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most n")]
            let successes = (part * n as f64) as usize;
            let (low, high) = wilson(successes, n, 0.95).unwrap();
            let share = successes as f64 / n as f64;
            prop_assert!(0.0 <= low && low <= share && share <= high && high <= 1.0 && low < high);
            let (mirror_low, mirror_high) = wilson(n - successes, n, 0.95).unwrap();
            prop_assert!((low - (1.0 - mirror_high)).abs() < 1e-12);
            prop_assert!((high - (1.0 - mirror_low)).abs() < 1e-12);
        }
    }
}
