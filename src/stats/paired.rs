//! McNemar's test of two paired sets of passes and failures.

use super::special::{fair_coin_cdf, fair_coin_mass};

/// The p-values of McNemar's test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct McNemar {
    /// Two-sided, exact.
    pub exact_two_sided: f64,
    /// Two-sided, mid-p.
    pub mid_two_sided: f64,
    /// One-sided for "the candidate is worse", exact.
    pub exact_worse: f64,
    /// One-sided for "the candidate is worse", mid-p.
    pub mid_worse: f64,
}

/// McNemar's test on `broke` pairs that passed and now fail, and `fixed` pairs that failed and now pass.
///
/// Under no change each of these is as likely as the other, so `fixed` is Binomial(broke + fixed, ½).
/// The mid-p counts half of the probability of what was seen (Fagerland, Lydersen and Laake 2013).
/// Where no pair differs, every p-value is 1.
pub fn mcnemar(broke: u64, fixed: u64) -> McNemar {
    let n = broke.saturating_add(fixed);
    if n == 0 {
        return McNemar { exact_two_sided: 1.0, mid_two_sided: 1.0, exact_worse: 1.0, mid_worse: 1.0 };
    }
    let fewer = broke.min(fixed);
    McNemar {
        exact_two_sided: (2.0 * fair_coin_cdf(fewer, n)).min(1.0),
        mid_two_sided: (2.0 * fair_coin_cdf(fewer, n) - fair_coin_mass(fewer, n)).min(1.0),
        exact_worse: fair_coin_cdf(fixed, n),
        mid_worse: fair_coin_cdf(fixed, n) - fair_coin_mass(fixed, n) / 2.0,
    }
}
