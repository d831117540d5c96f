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

/// The indices in ascending order of the values; equal values keep their order.
fn ascending(p_values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_tests_need_no_correction() {
        assert!(holm(&[]).is_empty() && holm_thresholds(&[], 0.04).is_empty());
    }

    #[test]
    fn the_smallest_of_three_is_held_to_a_third() {
        let thresholds = holm_thresholds(&[0.5, 0.001, 0.02], 0.03);
        for (found, expected) in thresholds.iter().zip([0.03, 0.01, 0.015]) {
            assert!((found - expected).abs() < 1e-15, "{thresholds:?}");
        }
    }
}
