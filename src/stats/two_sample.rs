//! Two samples of numbers: whether they come from one distribution, and how often the one is above the other.

use super::special::{normal_cdf, two_sided_z};

/// The test of Kolmogorov and Smirnov that two samples come from one distribution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kolmogorov {
    /// The largest distance of the two distribution functions, 0 to 1.
    pub distance: f64,
    /// How likely a distance as large is where nothing differs, two-sided.
    pub p: f64,
}

/// Compares two samples, each sorted in ascending order.
///
/// The p-value is the asymptotic one with Stephens' correction for small samples. Where values are tied it is too
/// large, never too small. `None` where a sample is empty or holds what is not a number.
///
/// Source: N. Smirnov, Ann. Math. Stat. 19 (1948); M. A. Stephens, "Use of the Kolmogorov–Smirnov, Cramér–von Mises
/// and related statistics without extensive tables", JRSS B 32 (1970).
pub fn kolmogorov(before: &[f64], after: &[f64]) -> Option<Kolmogorov> {
    if before.is_empty() || after.is_empty() || before.iter().chain(after).any(|value| value.is_nan()) {
        return None;
    }
    let (n, m) = (before.len() as f64, after.len() as f64);
    let (mut at, mut other, mut distance) = (0, 0, 0.0_f64);
    while at < before.len() && other < after.len() {
        let value = before[at].min(after[other]);
        // All that are tied step at once.
        at += before[at..].iter().take_while(|of| **of <= value).count();
        other += after[other..].iter().take_while(|of| **of <= value).count();
        distance = distance.max((at as f64 / n - other as f64 / m).abs());
    }
    let size = (n * m / (n + m)).sqrt();
    let p = kolmogorov_tail((size + 0.12 + 0.11 / size) * distance);
    Some(Kolmogorov { distance, p })
}

/// P(K > x) of Kolmogorov's distribution: 2 Σ (−1)^(k−1) exp(−2k²x²).
fn kolmogorov_tail(x: f64) -> f64 {
    // Below this the sum converges slowly and is 1 to twelve digits.
    if x < 0.2 {
        return 1.0;
    }
    let mut sum = 0.0;
    for k in 1..=100_u32 {
        let term = (-2.0 * f64::from(k * k) * x * x).exp();
        sum += if k % 2 == 1 { term } else { -term };
        if term < 1e-17 {
            break;
        }
    }
    (2.0 * sum).clamp(0.0, 1.0)
}

/// How often a value of the second sample is above one of the first, ties counted half: the area under the ROC curve
/// of the value as a score of the second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Superiority {
    /// 0 to 1; 0.5 where neither is above the other.
    pub area: f64,
    /// Its standard error, whatever the truth is (`DeLong`).
    pub error: f64,
    /// Its standard error where nothing differs (the rank-sum test's, corrected for ties).
    pub null_error: f64,
}

impl Superiority {
    /// The two-sided interval at `confidence`, within 0 to 1; `None` unless that is strictly between 0 and 1.
    pub fn interval(&self, confidence: f64) -> Option<(f64, f64)> {
        let z = two_sided_z(confidence)?;
        Some(((self.area - z * self.error).max(0.0), (self.area + z * self.error).min(1.0)))
    }

    /// How likely an area as large is where nothing differs, one-sided; 1 where all values are tied.
    pub fn p_above(&self) -> f64 {
        if self.null_error > 0.0 { 1.0 - normal_cdf((self.area - 0.5) / self.null_error) } else { 1.0 }
    }
}

/// Compares two samples, in any order. `None` where one has fewer than two values or holds what is not a number.
///
/// Source: H. B. Mann and D. R. Whitney, Ann. Math. Stat. 18 (1947); E. R. `DeLong`, D. M. `DeLong` and D. L.
/// Clarke-Pearson, "Comparing the areas under two or more correlated receiver operating characteristic curves",
/// Biometrics 44 (1988).
pub fn superiority(before: &[f64], after: &[f64]) -> Option<Superiority> {
    let (n, m) = (before.len(), after.len());
    if n < 2 || m < 2 || before.iter().chain(after).any(|value| value.is_nan()) {
        return None;
    }
    let mut all: Vec<(f64, bool)> = before.iter().map(|value| (*value, false)).collect();
    all.extend(after.iter().map(|value| (*value, true)));
    all.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    // Of each value the share of the other sample that is below it, ties counted half.
    let (mut below_before, mut below_after) = (0_usize, 0_usize);
    let (mut first, mut second) = (Moments::default(), Moments::default());
    let mut ties = 0.0;
    for group in all.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
        let later = group.iter().filter(|(_, is_after)| *is_after).count();
        let earlier = group.len() - later;
        let placed_after = (below_before as f64 + earlier as f64 / 2.0) / n as f64;
        let placed_before = 1.0 - (below_after as f64 + later as f64 / 2.0) / m as f64;
        second.add(placed_after, later);
        first.add(placed_before, earlier);
        below_before += earlier;
        below_after += later;
        let size = group.len() as f64;
        ties += size * size * size - size;
    }
    let (n, m) = (n as f64, m as f64);
    let whole = n + m;
    let null = (whole + 1.0 - ties / (whole * (whole - 1.0))) / (12.0 * n * m);
    Some(Superiority {
        area: second.mean(),
        error: (first.variance() / n + second.variance() / m).max(0.0).sqrt(),
        null_error: null.max(0.0).sqrt(),
    })
}

/// A mean and a variance being summed up.
#[derive(Debug, Default)]
struct Moments {
    count: f64,
    sum: f64,
    squares: f64,
}

impl Moments {
    fn add(&mut self, value: f64, times: usize) {
        let times = times as f64;
        self.count += times;
        self.sum += times * value;
        self.squares += times * value * value;
    }

    fn mean(&self) -> f64 {
        self.sum / self.count
    }

    fn variance(&self) -> f64 {
        ((self.squares - self.sum * self.sum / self.count) / (self.count - 1.0)).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// {1, 2, 3} against {2, 3, 4, 5}: the functions are farthest apart from 1 to 2 (1/3 against 0), from 2 to 3
    /// (2/3 against 1/4), from 3 to 4 (1 against 1/2).
    #[test]
    fn the_largest_distance_by_hand() {
        let found = kolmogorov(&[1.0, 2.0, 3.0], &[2.0, 3.0, 4.0, 5.0]).unwrap();
        assert!((found.distance - 0.5).abs() < 1e-15);
        assert!((kolmogorov(&[1.0], &[1.0]).unwrap().distance).abs() < 1e-15);
    }

    /// Critical values of Kolmogorov's distribution as they are tabled: 1.224 (10 %), 1.358 (5 %), 1.628 (1 %).
    #[test]
    fn the_distribution_is_the_tabled_one() {
        for (x, p) in [(1.2238, 0.10), (1.3581, 0.05), (1.6276, 0.01)] {
            assert!((kolmogorov_tail(x) - p).abs() < 1e-4, "{x}");
        }
        assert!((kolmogorov_tail(0.1) - 1.0).abs() < 1e-15);
    }

    /// {1, 3} and {2, 4}: 2 > 1, 4 > 1, 4 > 3 of four pairs. Placements: ½ and 1 of the second, 1 and ½ of the first.
    #[test]
    fn pairs_by_hand() {
        let found = superiority(&[3.0, 1.0], &[4.0, 2.0]).unwrap();
        assert!((found.area - 0.75).abs() < 1e-15);
        // The variance of (½, 1) is 1/8: √(1/8/2 + 1/8/2).
        assert!((found.error - 0.125_f64.sqrt()).abs() < 1e-12);
        // (4 + 1) / (12 · 4).
        assert!((found.null_error - (5.0_f64 / 48.0).sqrt()).abs() < 1e-12);
    }

    #[test]
    fn ties_count_half_and_all_of_them_say_nothing() {
        let found = superiority(&[1.0, 1.0], &[1.0, 2.0]).unwrap();
        assert!((found.area - 0.75).abs() < 1e-15, "two ties and two above");
        let same = superiority(&[1.0; 5], &[1.0; 7]).unwrap();
        assert!((same.area - 0.5).abs() < 1e-15);
        assert!((same.p_above() - 1.0).abs() < 1e-15);
        assert!(superiority(&[1.0], &[1.0, 2.0]).is_none());
    }

    #[test]
    fn an_interval_stays_within_0_and_1() {
        let apart = superiority(&[1.0, 2.0, 3.0], &[4.0, 5.0, 6.0]).unwrap();
        assert_eq!(apart.interval(0.95), Some((1.0, 1.0)));
        let near = superiority(&[1.0, 3.0], &[2.0, 4.0]).unwrap();
        assert_eq!(near.interval(0.95).unwrap().1.to_bits(), 1.0_f64.to_bits());
        assert_eq!(near.interval(1.0), None);
    }
}
