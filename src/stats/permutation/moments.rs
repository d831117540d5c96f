//! The cumulants of the candidate's total, and its law as they approximate it.

use super::{PValue, RunLabel};
use crate::stats::special::{normal_cdf, normal_density};

/// The candidate's total in steps of the lattice, and its cumulants under no change, summed over blocks.
#[derive(Default)]
pub(super) struct Moments {
    pub(super) total: f64,
    pub(super) mean: f64,
    pub(super) variance: f64,
    pub(super) third: f64,
}

impl Moments {
    /// Adds a block: the cumulants of the sum of `chosen` of its scores drawn without replacement. The first
    /// `chosen` are the candidate's.
    pub(super) fn add(&mut self, scores: &[f64], chosen: usize) {
        if scores.is_empty() {
            return;
        }
        let n = scores.len() as f64;
        self.total += scores[..chosen].iter().sum::<f64>();
        let mean = scores.iter().sum::<f64>() / n;
        let (mut square, mut cube) = (0.0, 0.0);
        for score in scores {
            let off = score - mean;
            square += off * off;
            cube += off * off * off;
        }
        self.add_draw(n, chosen as f64, [mean, square / n, cube / n], 1.0);
    }

    /// Adds the cumulants of so many like blocks of `n` scores, `chosen` of them drawn: `central` are the mean
    /// of the scores and their second and third central moments with the divisor `n`.
    pub(super) fn add_draw(&mut self, n: f64, chosen: f64, central: [f64; 3], blocks: f64) {
        let [mean, second, third] = central;
        let left = n - chosen;
        self.mean += blocks * chosen * mean;
        if n > 1.0 {
            self.variance += blocks * chosen * left * second / (n - 1.0);
        }
        if n > 2.0 {
            self.third += blocks * chosen * left * (left - chosen) * third / ((n - 1.0) * (n - 2.0));
        }
    }

    /// What is found where no block is informative.
    pub(super) fn found(&self, total: f64, step: f64) -> RunLabel {
        let certain = PValue { exact: 1.0, mid: 1.0 };
        RunLabel {
            total,
            mean: self.mean * step,
            variance: self.variance * step * step,
            informative: 0,
            lower: certain,
            higher: certain,
            least_mid: 1.0,
            approximated: false,
        }
    }

    /// The two tails by Edgeworth's expansion to the third cumulant, in steps of the lattice.
    pub(super) fn tails(&self) -> (PValue, PValue) {
        let deviation = self.variance.sqrt();
        let skew = self.third / deviation.powi(3);
        let below = |total: f64| {
            let z = (total - self.mean) / deviation;
            (normal_cdf(z) - skew / 6.0 * (z * z - 1.0) * normal_density(z)).clamp(0.0, 1.0)
        };
        let mid = below(self.total);
        (
            PValue { exact: below(self.total + 0.5), mid },
            PValue { exact: 1.0 - below(self.total - 0.5), mid: 1.0 - mid },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::Moments;

    #[test]
    fn the_third_cumulant_of_one_run_in_six_is_that_of_a_draw() {
        // One of {0, 1, 1, 1, 1, 1}: third central moment p(1−p)(1−2p) with p = 5/6.
        let mut moments = Moments::default();
        moments.add(&[1.0, 1.0, 1.0, 1.0, 1.0, 0.0], 1);
        assert!((moments.third - 5.0 / 6.0 / 6.0 * (1.0 - 10.0 / 6.0)).abs() < 1e-12);
        assert!((moments.variance - 5.0 / 36.0).abs() < 1e-12);
    }
}
