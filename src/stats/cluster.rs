//! The interval of a mean difference whose cases come in clusters.

use super::special::t_quantile;

/// One cluster: its cases and the sum of their differences.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ClusterTotal {
    /// Sum of the differences, candidate less baseline.
    pub sum: f64,
    /// Number of cases.
    pub cases: usize,
}

/// A mean difference with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClusterDiff {
    /// The centre of the interval: the sum of the differences over two more cases than there are.
    pub centre: f64,
    /// Standard error of the centre.
    pub se: f64,
    /// Degrees of freedom.
    pub freedom: usize,
    /// Lower bound. Not clipped.
    pub low: f64,
    /// Upper bound. Not clipped.
    pub high: f64,
}

/// Cluster-robust t interval with two added clusters of one case each, with differences +1 and −1.
///
/// The added two keep the width from being zero where no case differs; with single cases and a normal
/// quantile this is the interval of Bonett and Price (2012) for paired proportions. `confidence` is that of
/// the two-sided interval, 0 to 1. Every number is finite for any list of finite sums, the empty one too.
pub fn cluster_diff_adj(clusters: &[ClusterTotal], confidence: f64) -> ClusterDiff {
    let g = clusters.len();
    let cases = clusters.iter().map(|cluster| cluster.cases).sum::<usize>() as f64 + 2.0;
    let centre = clusters.iter().map(|cluster| cluster.sum).sum::<f64>() / cases;
    let added = (1.0 - centre).powi(2) + (-1.0 - centre).powi(2);
    let squares =
        clusters.iter().map(|cluster| (cluster.sum - cluster.cases as f64 * centre).powi(2)).sum::<f64>()
            + added;
    let se = ((g as f64 + 2.0) / (g as f64 + 1.0) * squares).sqrt() / cases;
    let half = t_quantile(f64::midpoint(1.0, confidence), g as f64 + 1.0) * se;
    ClusterDiff { centre, se, freedom: g + 1, low: centre - half, high: centre + half }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_of_no_clusters_is_finite() {
        // The two added cases alone: centre 0, SE² = 2/1 · (1 + 1) / 2² = 1.
        let none = cluster_diff_adj(&[], 0.9);
        assert!((none.se - 1.0).abs() < 1e-15 && none.freedom == 1);
        assert!((none.high - 6.313_751_514_675_04).abs() < 1e-9, "{none:?}");
    }

    #[test]
    fn one_loss_in_150_is_three_quarters_of_a_point() {
        // By hand: −1/152; SE² = 152/151 · ((−1 + 1/152)² + 149/152² + (1 + 1/152)² + (1 − 1/152)²) / 152².
        let mut clusters = vec![ClusterTotal { sum: 0.0, cases: 1 }; 150];
        clusters[7].sum = -1.0;
        let diff = cluster_diff_adj(&clusters, 0.9);
        assert!((diff.centre + 1.0 / 152.0).abs() < 1e-15);
        assert!((diff.se - 0.011_420_7).abs() < 1e-6, "{diff:?}");
    }
}
