//! How far two distributions over the same bins lie apart.

use super::special::chi_square_cdf;

/// The population stability index of two lists of counts over the same bins, in nats: Σ (qᵢ − pᵢ) ln(qᵢ / pᵢ).
///
/// 0 where the shares are equal, without an upper end; symmetric in the two. By the usual reading below 0.1 is no
/// shift worth acting on, 0.1 to 0.25 is moderate, and more is large. So that an empty bin does not make it infinite,
/// half a count is added to every bin of both. `None` where the lists differ in length, have fewer than two bins, or
/// one of them counts nothing.
///
/// It grows with chance alone: with nothing changed its expectation is about (bins − 1)(1/n + 1/m). A test belongs
/// beside it.
///
/// Source: N. Siddiqi, "Credit Risk Scorecards" (2006); it is the divergence of H. Jeffreys, "An invariant form for
/// the prior probability in estimation problems", Proc. R. Soc. A 186 (1946).
pub fn stability_index(before: &[u64], after: &[u64]) -> Option<f64> {
    let (p, q) = (smoothed(before)?, smoothed(after)?);
    (p.len() == q.len()).then(|| p.iter().zip(&q).map(|(p, q)| (q - p) * (q / p).ln()).sum())
}

/// The Jensen–Shannon divergence of two lists of counts over the same bins, in bits: the mean of the Kullback–Leibler
/// divergences of each from their even mixture.
///
/// 0 where the shares are equal, 1 where no bin has counts of both. Nothing is added to the counts. `None` where the
/// lists differ in length or one of them counts nothing.
///
/// Source: J. Lin, "Divergence measures based on the Shannon entropy", IEEE Trans. Inf. Theory 37 (1991).
pub fn jensen_shannon(before: &[u64], after: &[u64]) -> Option<f64> {
    let (n, m): (u64, u64) = (before.iter().sum(), after.iter().sum());
    if before.len() != after.len() || n == 0 || m == 0 {
        return None;
    }
    let part = |share: f64, mean: f64| if share > 0.0 { share * (share / mean).log2() } else { 0.0 };
    let sum: f64 = before
        .iter()
        .zip(after)
        .map(|(p, q)| {
            let (p, q) = (*p as f64 / n as f64, *q as f64 / m as f64);
            let mean = p.midpoint(q);
            part(p, mean) + part(q, mean)
        })
        .sum();
    Some((sum / 2.0).clamp(0.0, 1.0))
}

/// Pearson's χ² test that two lists of counts over the same bins come from one distribution: the p-value, with the
/// statistic and its degrees of freedom.
///
/// Bins of which fewer than five would be expected in either list are counted together first, the rarest ones, as
/// the approximation asks for (Cochran 1954). `None` where fewer than two bins are left, so that nothing can differ,
/// or where the lists differ in length.
///
/// Source: K. Pearson, Philosophical Magazine 50 (1900); W. G. Cochran, "Some methods for strengthening the common χ²
/// tests", Biometrics 10 (1954).
pub fn homogeneity(before: &[u64], after: &[u64]) -> Option<Homogeneity> {
    let (n, m): (u64, u64) = (before.iter().sum(), after.iter().sum());
    if before.len() != after.len() || n == 0 || m == 0 {
        return None;
    }
    let least = n.min(m) as f64 / (n + m) as f64;
    let mut bins: Vec<(u64, u64)> = before.iter().copied().zip(after.iter().copied()).collect();
    bins.retain(|(a, b)| a + b > 0);
    // Rarest first, so that as few as possible are counted together.
    bins.sort_unstable_by_key(|(a, b)| (a + b, *a));
    let is_rare = |(a, b): (u64, u64)| ((a + b) as f64) * least < 5.0;
    let mut pooled: Vec<(u64, u64)> = Vec::with_capacity(bins.len());
    let mut rare = (0, 0);
    for bin in bins {
        if is_rare(rare) && (rare != (0, 0) || is_rare(bin)) {
            rare = (rare.0 + bin.0, rare.1 + bin.1);
        } else {
            pooled.push(bin);
        }
    }
    if rare != (0, 0) {
        pooled.push(rare);
    }
    if pooled.len() < 2 {
        return None;
    }
    let all = (n + m) as f64;
    let statistic: f64 = pooled
        .iter()
        .map(|(a, b)| {
            let both = (a + b) as f64;
            let (x, y) = (both * n as f64 / all, both * m as f64 / all);
            (*a as f64 - x).powi(2) / x + (*b as f64 - y).powi(2) / y
        })
        .sum();
    let freedom = pooled.len() - 1;
    let p = (1.0 - chi_square_cdf(statistic, freedom as f64)).clamp(0.0, 1.0);
    Some(Homogeneity { statistic, freedom, p })
}

/// What [`homogeneity`] found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Homogeneity {
    /// χ².
    pub statistic: f64,
    /// Degrees of freedom.
    pub freedom: usize,
    /// How likely a statistic as large is where nothing differs.
    pub p: f64,
}

/// Shares with half a count added to every bin.
fn smoothed(counts: &[u64]) -> Option<Vec<f64>> {
    let all: u64 = counts.iter().sum();
    if all == 0 || counts.len() < 2 {
        return None;
    }
    let whole = all as f64 + 0.5 * counts.len() as f64;
    Some(counts.iter().map(|count| (*count as f64 + 0.5) / whole).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shares 0.5/0.5 and 0.75/0.25: (0.25) ln 1.5 + (−0.25) ln 0.5 = 0.25 ln 3. Counts so large that half a count
    /// does not show.
    #[test]
    fn the_stability_index_of_two_bins_by_hand() {
        let found = stability_index(&[50_000_000, 50_000_000], &[75_000_000, 25_000_000]).unwrap();
        assert!((found - 0.25 * 3.0_f64.ln()).abs() < 1e-6, "{found}");
        assert!((stability_index(&[3, 5], &[3, 5]).unwrap()).abs() < 1e-15);
    }

    /// 3 + ½ and 0 + ½ of 4 against 0 + ½ and 3 + ½ of 4: twice 0.75 ln 7.
    #[test]
    fn an_empty_bin_does_not_make_it_infinite() {
        let found = stability_index(&[3, 0], &[0, 3]).unwrap();
        assert!((found - 1.5 * 7.0_f64.ln()).abs() < 1e-12, "{found}");
    }

    /// (1, 0) against (½, ½): the mixture is (¾, ¼); ½ [log₂ 4/3 + ½ log₂ 2/3 + ½ log₂ 2] = ½ [3/2 + log₂ 4/3 −
    /// ½ log₂ 3 …], in numbers 0.311278 (scipy: jensenshannon([1, 0], [.5, .5], 2) ** 2).
    #[test]
    fn the_divergence_is_the_published_one() {
        let found = jensen_shannon(&[10, 0], &[5, 5]).unwrap();
        assert!((found - 0.311_278_124_459_132_8).abs() < 1e-12, "{found}");
        assert!((jensen_shannon(&[4, 0], &[0, 9]).unwrap() - 1.0).abs() < 1e-15);
        assert!(jensen_shannon(&[2, 6], &[1, 3]).unwrap().abs() < 1e-15);
    }

    /// 10 and 20 of 30 against 20 and 10 of 30: 15 expected everywhere, χ² = 4 · 25/15 = 6.667, p = 0.009823.
    #[test]
    fn the_test_by_hand() {
        let found = homogeneity(&[10, 20], &[20, 10]).unwrap();
        assert!((found.statistic - 20.0 / 3.0).abs() < 1e-12);
        assert_eq!(found.freedom, 1);
        assert!((found.p - 0.009_823).abs() < 1e-6, "{}", found.p);
    }

    /// 2 + 3 + 4 of 60: together nine, of which four and a half are expected in each; with the next one 29.
    #[test]
    fn rare_bins_are_counted_together() {
        let found = homogeneity(&[1, 1, 2, 10, 16], &[1, 2, 2, 10, 15]).unwrap();
        assert_eq!(found.freedom, 1, "the three rare ones and the next, and the last");
        assert!(homogeneity(&[1, 1], &[1, 1]).is_none(), "all of them are rare");
    }

    #[test]
    fn nothing_counted_says_nothing() {
        assert_eq!(stability_index(&[0, 0], &[1, 1]), None);
        assert_eq!(stability_index(&[1], &[1]), None);
        assert_eq!(jensen_shannon(&[1, 1], &[1]), None);
        assert_eq!(jensen_shannon(&[0, 0], &[1, 0]), None);
        assert!(homogeneity(&[5, 0], &[9, 0]).is_none());
    }
}
