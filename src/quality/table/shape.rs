//! How near two columns' distributions are; functions on numbers alone.

use super::figure::Figure;

/// Bins of [`histogram_similarity`].
const BINS: usize = 20;

/// Why a comparison of two columns has no number.
const NOTHING: &str = "one of the tables has no value in this column";

/// One minus the largest distance between two empirical distribution functions (the two-sample
/// Kolmogorov–Smirnov statistic), from 0 to 1; 1 means equal. Both samples are in ascending order.
pub(super) fn ks_complement(real: &[f64], synth: &[f64]) -> Figure {
    if real.is_empty() || synth.is_empty() {
        return Figure::none(NOTHING);
    }
    let (mut i, mut j, mut largest) = (0, 0, 0.0_f64);
    while i < real.len() && j < synth.len() {
        // Both functions step at a value before they are compared, so that ties count once.
        let value = real[i].min(synth[j]);
        i += real[i..].iter().take_while(|x| **x <= value).count();
        j += synth[j..].iter().take_while(|x| **x <= value).count();
        largest = largest.max((i as f64 / real.len() as f64 - j as f64 / synth.len() as f64).abs());
    }
    Figure::of(1.0 - largest)
}

/// One minus the total variation distance of two sets of counts over the same places: one minus half
/// the sum of the differences of shares, from 0 to 1; 1 means equal.
pub(super) fn tv_complement(real: &[usize], synth: &[usize]) -> Figure {
    let (n, m) = (real.iter().sum::<usize>(), synth.iter().sum::<usize>());
    if n == 0 || m == 0 {
        return Figure::none(NOTHING);
    }
    let apart: f64 =
        real.iter().zip(synth).map(|(a, b)| (*a as f64 / n as f64 - *b as f64 / m as f64).abs()).sum();
    Figure::of((1.0 - 0.5 * apart).max(0.0))
}

/// The overlap of two histograms: the total variation complement over 20 bins of equal width from the
/// lowest to the highest value of REAL, the outer ones open. Both samples are in ascending order.
pub(super) fn histogram_similarity(real: &[f64], synth: &[f64]) -> Figure {
    let edges = edges(real, BINS);
    let count = |sample: &[f64]| {
        let mut counts = vec![0; BINS + 1];
        for value in sample {
            counts[bin(&edges, *value)] += 1;
        }
        counts
    };
    tv_complement(&count(real), &count(synth))
}

/// The inner edges of bins of equal width over a sample, as `numpy.histogram_bin_edges` has them.
pub(super) fn edges(sample: &[f64], bins: usize) -> Vec<f64> {
    let (mut low, mut high) =
        sample.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(*v), b.max(*v)));
    if low > high {
        return Vec::new();
    }
    if low == high {
        (low, high) = (low - 0.5, high + 0.5);
    }
    let range = high - low;
    let edge = |at: f64| {
        // The range of two finite numbers may not be finite.
        if range.is_finite() {
            at * (range / bins as f64) + low
        } else {
            low * (1.0 - at / bins as f64) + high * (at / bins as f64)
        }
    };
    (1..bins).map(|at| edge(at as f64)).collect()
}

/// The bin of a value: how many edges are at or below it. What is missing has a bin of its own, the
/// last.
pub(super) fn bin(edges: &[f64], value: f64) -> usize {
    if value.is_nan() { edges.len() + 1 } else { edges.partition_point(|edge| *edge <= value) }
}

/// Share of the range of REAL that SYNTH reaches, from 0 to 1. Both samples are in ascending order.
pub(super) fn range_coverage(real: &[f64], synth: &[f64]) -> Figure {
    let (Some(low), Some(high)) = (real.first(), real.last()) else { return Figure::none(NOTHING) };
    let (Some(lowest), Some(highest)) = (synth.first(), synth.last()) else { return Figure::none(NOTHING) };
    let range = high - low;
    if range == 0.0 {
        return Figure::none("the column is constant in the real table");
    }
    let (below, above) = (((lowest - low) / range).max(0.0), ((high - highest) / range).max(0.0));
    Figure::of((1.0 - (below + above)).max(0.0))
}

/// Mean; none of no values.
pub(super) fn mean(values: &[f64]) -> Figure {
    if values.is_empty() {
        return Figure::none("the column has no values");
    }
    Figure::of(values.iter().sum::<f64>() / values.len() as f64)
}

/// Median of values in ascending order: the middle one, or the mean of the middle two.
pub(super) fn median(sorted: &[f64]) -> Figure {
    quantile(sorted, 0.5)
}

/// A quantile of values in ascending order, from 0 to 1, with linear interpolation (numpy's default).
pub(super) fn quantile(sorted: &[f64], share: f64) -> Figure {
    if sorted.is_empty() {
        return Figure::none("the column has no values");
    }
    let at = share * (sorted.len() - 1) as f64;
    let (below, above) = (super::data::place(at.floor()), super::data::place(at.ceil()));
    let part = at - at.floor();
    Figure::of(sorted[below] * (1.0 - part) + sorted[above] * part)
}

/// Standard deviation of a sample (by n − 1); none of fewer than two values.
pub(super) fn deviation(values: &[f64]) -> Figure {
    if values.len() < 2 {
        return Figure::none("a spread needs two values");
    }
    mean(values).map(|mean| {
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        (squares / (values.len() - 1) as f64).sqrt()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn close(found: &Figure, expected: f64) {
        let value = found.value.unwrap_or_else(|| panic!("{found:?}"));
        assert!((value - expected).abs() < 1e-12, "{value}, not {expected}");
    }

    #[test]
    fn ks_of_two_small_samples() {
        // At 1: 1/2 against 0; at 2: 1 against 1/3; after that REAL stays at 1. Largest: 2/3.
        close(&ks_complement(&[1.0, 2.0], &[2.0, 3.0, 4.0]), 1.0 / 3.0);
        // Ties: at 1, 2/4 against 1/4; at 2, 1 against 1.
        close(&ks_complement(&[1.0, 1.0, 2.0, 2.0], &[1.0, 2.0, 2.0, 2.0]), 0.75);
        close(&ks_complement(&[1.0], &[5.0]), 0.0);
        assert_eq!(ks_complement(&[], &[1.0]).value, None);
    }

    #[test]
    fn tv_of_two_small_samples() {
        // Shares 1/2, 1/2, 0 against 1/4, 1/4, 1/2: half of 1/4 + 1/4 + 1/2.
        close(&tv_complement(&[2, 2, 0], &[1, 1, 2]), 0.5);
        close(&tv_complement(&[3], &[7]), 1.0);
        assert_eq!(tv_complement(&[0], &[7]).value, None);
    }

    #[test]
    fn histograms_overlap_where_the_bins_are_shared() {
        // REAL spans 0 to 20, so that bins are one wide; half of SYNTH lies beyond it, in the last bin.
        close(&histogram_similarity(&[0.0, 20.0], &[0.5, 99.0]), 1.0);
        close(&histogram_similarity(&[0.0, 20.0], &[10.0, 99.0]), 0.5);
        close(&histogram_similarity(&[3.0, 3.0], &[3.0]), 1.0);
    }

    #[test]
    fn edges_are_those_of_numpy() {
        assert_eq!(edges(&[0.0, 4.0], 4), [1.0, 2.0, 3.0]);
        assert_eq!(edges(&[7.0], 2), [7.0]);
        assert_eq!((bin(&[1.0, 2.0], 0.0), bin(&[1.0, 2.0], 1.0), bin(&[1.0, 2.0], f64::NAN)), (0, 1, 3));
        assert!(edges(&[-f64::MAX, f64::MAX], 10).iter().all(|edge| edge.is_finite()));
    }

    #[test]
    fn coverage_is_the_part_of_the_range_that_is_reached() {
        close(&range_coverage(&[0.0, 10.0], &[2.0, 9.0]), 0.7);
        close(&range_coverage(&[0.0, 10.0], &[-5.0, 50.0]), 1.0);
        assert_eq!(range_coverage(&[1.0, 1.0], &[1.0]).value, None);
    }

    #[test]
    fn moments_by_hand() {
        let sample = [1.0, 2.0, 4.0, 9.0];
        close(&mean(&sample), 4.0);
        close(&median(&sample), 3.0);
        close(&quantile(&sample, 0.9), 4.0 + 0.7 * 5.0);
        // Squares of −3, −2, 0, 5 sum to 38.
        close(&deviation(&sample), (38.0_f64 / 3.0).sqrt());
        assert_eq!(deviation(&[1.0]).value, None);
        assert!(mean(&[f64::MAX, f64::MAX]).reason.is_some(), "a sum that overflows is no number");
    }
}
