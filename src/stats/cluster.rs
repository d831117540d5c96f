//! The interval and the test of a mean difference whose cases come in clusters.

use super::special::{is_level, t_cdf, t_quantile};

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
    /// The centre of the interval: the mean difference; of [`cluster_diff_adj`], the sum of the differences
    /// over two more cases than there are.
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

/// The mean difference with its cluster-robust t interval and test, nothing added.
///
/// The mean is Σ of the sums over n cases; its standard error √(G/(G−1) · Σ Sc²) / n, where Sc is the sum of
/// a cluster's differences less its cases times the mean; t with G − 1 degrees of freedom, G the number of
/// clusters. The second value is the one-sided p-value of "the mean is below 0": where the error is 0 (all
/// clusters have one and the same mean), 0 for a mean below 0 and 1 for any other.
///
/// `None` where it is not defined: fewer than two clusters, no cases, or `confidence` not strictly between 0
/// and 1. With few clusters, or with none that differ, [`cluster_diff_adj`] is the one to use.
///
/// Source: K.-Y. Liang and S. L. Zeger, "Longitudinal data analysis using generalized linear models",
/// Biometrika 73 (1986), for a mean, with the usual correction for the number of clusters.
pub fn cluster_diff(clusters: &[ClusterTotal], confidence: f64) -> Option<(ClusterDiff, f64)> {
    let cases: usize = clusters.iter().map(|cluster| cluster.cases).sum();
    if clusters.len() < 2 || cases == 0 || !is_level(confidence) {
        return None;
    }
    let (g, n) = (clusters.len() as f64, cases as f64);
    let centre = clusters.iter().map(|cluster| cluster.sum).sum::<f64>() / n;
    let squares: f64 =
        clusters.iter().map(|cluster| (cluster.sum - cluster.cases as f64 * centre).powi(2)).sum();
    let se = (g / (g - 1.0) * squares).sqrt() / n;
    let p_worse = if se > 0.0 {
        t_cdf(centre / se, g - 1.0)
    } else if centre < 0.0 {
        0.0
    } else {
        1.0
    };
    let half = t_quantile(f64::midpoint(1.0, confidence), g - 1.0) * se;
    let freedom = clusters.len() - 1;
    Some((ClusterDiff { centre, se, freedom, low: centre - half, high: centre + half }, p_worse))
}

/// The standard error that a mean would have were its values independent: their standard deviation (divisor
/// n − 1) over √n. Beside the clustered error it shows what clustering costs. `None` with fewer than two
/// values.
pub fn standard_error(values: &[f64]) -> Option<f64> {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (values.len() > 1).then(|| (squares / (n - 1.0) / n).sqrt())
}

/// Cluster-robust t interval with two added clusters of one case each, with differences +1 and −1.
///
/// The added two keep the width from being zero where no case differs; with single cases and a normal
/// quantile this is the interval of Bonett and Price (2012) for paired proportions. `confidence` is that of
/// the two-sided interval, 0 to 1. Every number is finite for any list of finite sums, the empty one too.
pub fn cluster_diff_adj(clusters: &[ClusterTotal], confidence: f64) -> ClusterDiff {
    let mut mean = AdjustedMean::default();
    for cluster in clusters {
        mean.add(*cluster);
    }
    let mut spread = mean.spread();
    for cluster in clusters {
        spread.add(*cluster);
    }
    spread.interval(confidence)
}

/// [`cluster_diff_adj`] for clusters that are not kept: the first time that they are gone through.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct AdjustedMean {
    clusters: usize,
    cases: usize,
    sum: f64,
}

/// [`cluster_diff_adj`] for clusters that are not kept: the second time that they are gone through.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AdjustedSpread {
    clusters: usize,
    cases: f64,
    centre: f64,
    squares: f64,
}

impl AdjustedMean {
    /// Adds a cluster.
    pub fn add(&mut self, cluster: ClusterTotal) {
        self.clusters += 1;
        self.cases += cluster.cases;
        self.sum += cluster.sum;
    }

    /// What is known once every cluster is added.
    pub fn spread(self) -> AdjustedSpread {
        let cases = self.cases as f64 + 2.0;
        AdjustedSpread { clusters: self.clusters, cases, centre: self.sum / cases, squares: 0.0 }
    }
}

impl AdjustedSpread {
    /// Adds a cluster again.
    pub fn add(&mut self, cluster: ClusterTotal) {
        self.squares += (cluster.sum - cluster.cases as f64 * self.centre).powi(2);
    }

    /// The interval once every cluster is added again.
    pub fn interval(self, confidence: f64) -> ClusterDiff {
        let Self { clusters, cases, centre, squares } = self;
        let squares = squares + ((1.0 - centre).powi(2) + (-1.0 - centre).powi(2));
        let g = clusters as f64;
        let se = ((g + 2.0) / (g + 1.0) * squares).sqrt() / cases;
        let half = t_quantile(f64::midpoint(1.0, confidence), g + 1.0) * se;
        ClusterDiff { centre, se, freedom: clusters + 1, low: centre - half, high: centre + half }
    }
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

    /// Clusters of two cases with the sums −2 and 0: mean −½, deviations ∓1, SE² = 2/1 · 2 / 4² = ¼; t = −1
    /// with one degree of freedom is the lower quarter.
    #[test]
    fn two_clusters_by_hand() {
        let two = [ClusterTotal { sum: -2.0, cases: 2 }, ClusterTotal { sum: 0.0, cases: 2 }];
        let (found, p_worse) = cluster_diff(&two, 0.9).unwrap();
        assert!((found.centre + 0.5).abs() < 1e-15 && (found.se - 0.5).abs() < 1e-15 && found.freedom == 1);
        assert!((found.high - (0.5 * 6.313_751_514_675_04 - 0.5)).abs() < 1e-9);
        assert!((p_worse - 0.25).abs() < 1e-9, "{p_worse}");
    }

    #[test]
    fn clusters_of_one_mean_leave_no_doubt() {
        let p_of = |sum| cluster_diff(&[ClusterTotal { sum, cases: 1 }; 3], 0.9).map(|(_, p)| p);
        assert_eq!([p_of(-1.0), p_of(0.0), p_of(1.0)], [Some(0.0), Some(1.0), Some(1.0)]);
    }

    #[test]
    fn one_cluster_has_no_error() {
        assert_eq!(cluster_diff(&[ClusterTotal { sum: -2.0, cases: 9 }], 0.9), None);
        assert_eq!(cluster_diff(&[ClusterTotal::default(); 4], 0.9), None);
        assert_eq!(cluster_diff(&[ClusterTotal { sum: 1.0, cases: 1 }; 4], 1.0), None);
        assert_eq!([standard_error(&[]), standard_error(&[1.0])], [None; 2]);
    }

    #[test]
    fn single_cases_have_the_error_of_a_mean() {
        let values = [0.5, -1.0, 0.25, 0.0, 0.125];
        let single = values.map(|sum| ClusterTotal { sum, cases: 1 });
        let (clustered, _) = cluster_diff(&single, 0.9).unwrap();
        assert!((clustered.se - standard_error(&values).unwrap()).abs() < 1e-15);
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
