//! Corrections for many tests at once.

/// Holm's step-down correction.
///
/// Takes p-values in any order and returns the adjusted ones in the same order, each at most 1. A test whose
/// adjusted value is at most α may be rejected; then the chance of rejecting any true hypothesis is at most
/// α, however the tests depend on each other (Holm 1979).
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut adjusted = vec![0.0; p_values.len()];
    let mut largest = 0.0_f64;
    for (rank, index) in ascending(p_values).into_iter().enumerate() {
        let left = (p_values.len() - rank) as f64;
        largest = largest.max((p_values[index] * left).min(1.0));
        adjusted[index] = largest;
    }
    adjusted
}

/// For each test the largest p-value that Holm's procedure would reject in its place in the order: `alpha`
/// over the number of tests that are left when its turn comes.
pub fn holm_thresholds(p_values: &[f64], alpha: f64) -> Vec<f64> {
    let mut thresholds = vec![0.0; p_values.len()];
    for (rank, index) in ascending(p_values).into_iter().enumerate() {
        thresholds[index] = alpha / (p_values.len() - rank) as f64;
    }
    thresholds
}

/// Benjamini and Hochberg's step-up correction.
///
/// Takes p-values in any order and returns the adjusted ones in the same order, each at most 1. Of the tests
/// whose adjusted value is at most q, a share of at most q is expected to be false, if the tests are
/// independent or depend on each other positively. It says less than [`holm`], whose values are never
/// smaller, and so it is for lists that are looked through and not for what blocks.
///
/// Source: Y. Benjamini and Y. Hochberg, "Controlling the False Discovery Rate", JRSS B 57 (1995).
pub fn benjamini_hochberg(p_values: &[f64]) -> Vec<f64> {
    let mut adjusted = vec![0.0; p_values.len()];
    let mut smallest = 1.0_f64;
    for (rank, index) in ascending(p_values).into_iter().enumerate().rev() {
        let share = p_values.len() as f64 / (rank + 1) as f64;
        smallest = smallest.min(p_values[index] * share);
        adjusted[index] = smallest;
    }
    adjusted
}

/// The indices in ascending order of the values; equal values keep their order.
fn ascending(p_values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn no_tests_need_no_correction() {
        assert!(holm(&[]).is_empty() && holm_thresholds(&[], 0.04).is_empty());
        assert!(benjamini_hochberg(&[]).is_empty());
    }

    /// The paper's own example of 15 p-values: at q = 0.05 the four smallest are rejected, and Holm's
    /// procedure rejects three of them.
    #[test]
    fn the_published_example_rejects_four() {
        let p_values = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719,
            0.6528, 0.7590, 1.0,
        ];
        let adjusted = benjamini_hochberg(&p_values);
        assert_eq!(adjusted.iter().filter(|p| **p <= 0.05).count(), 4);
        assert!((adjusted[3] - 0.0095 * 15.0 / 4.0).abs() < 1e-15);
        assert_eq!(holm(&p_values).iter().filter(|p| **p <= 0.05).count(), 3);
    }

    #[test]
    fn the_smallest_of_three_is_held_to_a_third() {
        let thresholds = holm_thresholds(&[0.5, 0.001, 0.02], 0.03);
        for (found, expected) in thresholds.iter().zip([0.03, 0.01, 0.015]) {
            assert!((found - expected).abs() < 1e-15, "{thresholds:?}");
        }
    }

    proptest! {
        #[test]
        fn a_false_discovery_is_the_weaker_promise(
            p_values in prop::collection::vec(0.0_f64..=1.0, 0..40),
        ) {
            let (discovery, family) = (benjamini_hochberg(&p_values), holm(&p_values));
            for ((discovery, family), p) in discovery.iter().zip(&family).zip(&p_values) {
                prop_assert!(discovery <= family && p <= discovery && *family <= 1.0);
            }
            // A smaller p-value never has a larger adjusted one.
            for a in 0..p_values.len() {
                for b in 0..p_values.len() {
                    prop_assert!(p_values[a] > p_values[b] || discovery[a] <= discovery[b]);
                }
            }
        }
    }
}
