//! The distributions that the tests and intervals rest on: `statrs`, with every argument allowed.

use statrs::distribution::{ChiSquared, Continuous, ContinuousCDF, Normal, StudentsT};
use statrs::function::beta::checked_beta_reg;
use statrs::function::factorial::ln_binomial;

/// P(Z ≤ z) for the standard normal distribution, to about 10⁻¹¹.
pub fn normal_cdf(z: f64) -> f64 {
    Normal::standard().cdf(z)
}

/// Density of the standard normal distribution.
pub fn normal_density(z: f64) -> f64 {
    Normal::standard().pdf(z)
}

/// The `z` with P(Z ≤ z) = `p`. −∞ at 0, +∞ at 1, NaN outside of 0 to 1.
pub fn normal_quantile(p: f64) -> f64 {
    end_of_quantile(p).unwrap_or_else(|| Normal::standard().inverse_cdf(p))
}

/// P(T ≤ t) for Student's t distribution with `freedom` > 0 degrees of freedom; NaN for others.
pub fn t_cdf(t: f64, freedom: f64) -> f64 {
    StudentsT::new(0.0, 1.0, freedom).map_or(f64::NAN, |student| student.cdf(t))
}

/// The `t` with P(T ≤ t) = `p` for Student's t distribution with `freedom` > 0 degrees of freedom.
/// −∞ at 0, +∞ at 1, NaN for other values of `p` outside of 0 to 1 and of `freedom`.
pub fn t_quantile(p: f64, freedom: f64) -> f64 {
    end_of_quantile(p).unwrap_or_else(|| {
        StudentsT::new(0.0, 1.0, freedom).map_or(f64::NAN, |student| student.inverse_cdf(p))
    })
}

/// P(X ≤ x) for the χ² distribution with `freedom` > 0 degrees of freedom; NaN for others, and for an `x`
/// that is NaN. 0 for `x` ≤ 0.
pub fn chi_square_cdf(x: f64, freedom: f64) -> f64 {
    if x.is_nan() {
        return f64::NAN;
    }
    ChiSquared::new(freedom).map_or(f64::NAN, |chi| chi.cdf(x))
}

/// The `x` ≥ 0 with P(X ≤ x) = `p` for the χ² distribution with `freedom` > 0 degrees of freedom.
/// 0 at 0, +∞ at 1, NaN for other values of `p` outside of 0 to 1 and of `freedom`.
pub fn chi_square_quantile(p: f64, freedom: f64) -> f64 {
    let Ok(chi) = ChiSquared::new(freedom) else { return f64::NAN };
    match end_of_quantile(p) {
        Some(f64::NEG_INFINITY) => 0.0,
        Some(end) => end,
        None => chi_square_root(&chi, p),
    }
}

/// The quantile to the last bits by halving, near 0 too: `statrs` stops at an absolute error, which is more
/// than the whole of a small quantile.
fn chi_square_root(chi: &ChiSquared, p: f64) -> f64 {
    let (mut low, mut high) = (1.0, 1.0);
    while low > 0.0 && chi.cdf(low) > p {
        (low, high) = (low / 2.0, low);
    }
    while high < f64::MAX && chi.cdf(high) < p {
        (low, high) = (high, high * 2.0);
    }
    for _ in 0..f64::MANTISSA_DIGITS {
        let middle = f64::midpoint(low, high);
        if chi.cdf(middle) < p {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

/// P(X = `k`) for the number of heads in `n` throws of a fair coin.
pub fn fair_coin_mass(k: u64, n: u64) -> f64 {
    if k > n { 0.0 } else { (ln_binomial(n, k) - n as f64 * std::f64::consts::LN_2).exp() }
}

/// P(X ≤ `k`) for the number of heads in `n` throws of a fair coin.
pub fn fair_coin_cdf(k: u64, n: u64) -> f64 {
    if k >= n {
        return 1.0;
    }
    // Both shapes are at least 1 here, so the function is defined.
    checked_beta_reg((n - k) as f64, k as f64 + 1.0, 0.5).unwrap_or(f64::NAN)
}

/// Whether a number can be the confidence of an interval: strictly between 0 and 1.
pub(super) fn is_level(confidence: f64) -> bool {
    confidence > 0.0 && confidence < 1.0
}

/// The `z` of a two-sided interval at `confidence`; `None` unless that is strictly between 0 and 1.
pub(crate) fn two_sided_z(confidence: f64) -> Option<f64> {
    is_level(confidence).then(|| normal_quantile(f64::midpoint(1.0, confidence)))
}

/// Where a quantile needs no computing: at the ends of 0 to 1, and outside of them.
fn end_of_quantile(p: f64) -> Option<f64> {
    match p {
        0.0 => Some(f64::NEG_INFINITY),
        1.0 => Some(f64::INFINITY),
        p if p > 0.0 && p < 1.0 => None,
        _ => Some(f64::NAN),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
    }

    #[test]
    fn normal_quantiles_are_those_of_the_tables() {
        near(normal_quantile(0.95), 1.644_853_626_951_472_2);
        near(normal_quantile(0.8), 0.841_621_233_572_914_2);
        near(normal_quantile(0.025), -1.959_963_984_540_054);
        near(normal_cdf(1.959_963_984_540_054), 0.975);
    }

    #[test]
    fn t_quantiles_are_those_of_the_tables() {
        near(t_quantile(0.95, 1.0), 6.313_751_514_675_04);
        near(t_quantile(0.975, 2.0), 4.302_652_729_749_464);
        near(t_quantile(0.05, 1.0), -6.313_751_514_675_04);
        near(t_cdf(1.0, 1.0), 0.75);
    }

    /// Of two degrees of freedom the distribution is the exponential one: P(X ≤ x) = 1 − e^(−x/2).
    #[test]
    fn chi_square_quantiles_are_those_of_the_tables() {
        near(chi_square_quantile(0.95, 1.0), 3.841_458_820_694_124);
        near(chi_square_quantile(0.95, 2.0), -2.0 * 0.05_f64.ln());
        near(chi_square_quantile(0.95, 4.0), 9.487_729_036_781_154);
        near(chi_square_quantile(0.99, 10.0), 23.209_251_158_954_356);
        near(chi_square_cdf(3.0, 2.0), 1.0 - (-1.5_f64).exp());
        near(chi_square_cdf(-1.0, 2.0), 0.0);
        for freedom in [1.0, 2.0, 4.0, 30.0, 500.0] {
            for p in [1e-6, 0.01, 0.5, 0.95, 0.999_999] {
                let back = chi_square_cdf(chi_square_quantile(p, freedom), freedom);
                assert!((back / p - 1.0).abs() < 1e-9, "{freedom} {p}: {back}");
            }
        }
    }

    #[test]
    fn impossible_arguments_are_no_numbers_and_no_panics() {
        assert!(t_quantile(1.0, 3.0).is_infinite() && t_quantile(1.0, 3.0).is_sign_positive());
        assert!(normal_quantile(0.0).is_infinite() && normal_quantile(0.0).is_sign_negative());
        assert!(normal_quantile(1.5).is_nan() && normal_quantile(f64::NAN).is_nan());
        assert!(t_quantile(0.9, 0.0).is_nan() && t_cdf(0.0, -1.0).is_nan());
        near(chi_square_quantile(0.0, 3.0), 0.0);
        assert!(chi_square_quantile(1.0, 3.0).is_infinite() && chi_square_quantile(1.5, 3.0).is_nan());
        assert!(chi_square_quantile(f64::NAN, 3.0).is_nan() && chi_square_quantile(0.5, 0.0).is_nan());
        assert!(chi_square_cdf(f64::NAN, 3.0).is_nan() && chi_square_cdf(1.0, -3.0).is_nan());
    }

    #[test]
    fn coins_are_counted() {
        near(fair_coin_mass(2, 4), 6.0 / 16.0);
        near(fair_coin_cdf(1, 4), 5.0 / 16.0);
        near(fair_coin_cdf(4, 4), 1.0);
        near(fair_coin_mass(5, 4), 0.0);
    }
}
