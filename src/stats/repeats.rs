//! What repeats of the same cases tell: how surely all or any of several would pass, and how much of the
//! spread lies between cases and how much within them.

/// pass^k: the chance that `k` runs drawn without replacement from `n`, of which `passed` passed, all passed:
/// C(passed, k) / C(n, k).
///
/// 0 to 1; 0 where fewer than `k` passed, 1 for `k` = 0. `None` where it is not defined: `passed` or `k`
/// exceeds `n`. Of a suite it is the mean over cases.
///
/// Source: S. Yao et al., "τ-bench: A Benchmark for Tool-Agent-User Interaction in Real-World Domains" (2024).
pub fn pass_hat_k(n: usize, passed: usize, k: usize) -> Option<f64> {
    (passed <= n && k <= n).then(|| all_from(passed, n, k))
}

/// pass@k: the chance that of `k` runs drawn without replacement from `n`, of which `passed` passed, at least
/// one passed: 1 − C(n − passed, k) / C(n, k).
///
/// 0 to 1; 0 for `k` = 0. `None` where it is not defined: `passed` or `k` exceeds `n`. Of a suite it is the
/// mean over cases.
///
/// Source: M. Chen et al., "Evaluating Large Language Models Trained on Code" (2021).
pub fn pass_at_k(n: usize, passed: usize, k: usize) -> Option<f64> {
    (passed <= n && k <= n).then(|| 1.0 - all_from(n - passed, n, k))
}

/// The chance that `k` of `n` all come from `part` of them; a product of `k` shares, so that nothing is too
/// large.
fn all_from(part: usize, n: usize, k: usize) -> f64 {
    if k > part {
        return 0.0;
    }
    (0..k).map(|i| (part - i) as f64 / (n - i) as f64).product()
}

/// Where the spread of scores comes from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VarianceComponents {
    /// Mean of all scores.
    pub mean: f64,
    /// Variance between the runs of a case, on average over cases.
    pub within: f64,
    /// Variance between cases, less what the runs alone would put between them; at least 0.
    pub between: f64,
    /// Standard error of the mean when other cases could have been asked.
    pub se_random_items: f64,
    /// Standard error of the mean when these cases are all that matters, and only the runs could have come out
    /// otherwise.
    pub se_fixed_items: f64,
}

/// Splits the variance of scores, `scores[case][run]`, into that within and that between cases.
///
/// All variances have the divisor n − 1. `None` where it is not defined: fewer than two cases or two runs, or
/// cases with different numbers of runs.
///
/// Source: one-way random-effects analysis of variance, balanced; H. Scheffé, "The Analysis of Variance"
/// (1959), chapter 7.
pub fn variance_components(scores: &[Vec<f64>]) -> Option<VarianceComponents> {
    let runs = scores.first()?.len();
    if scores.len() < 2 || runs < 2 || scores.iter().any(|row| row.len() != runs) {
        return None;
    }
    let (cases, runs) = (scores.len() as f64, runs as f64);
    let within = scores.iter().map(|row| variance(row)).sum::<f64>() / cases;
    let means: Vec<f64> = scores.iter().map(|row| mean(row)).collect();
    let of_means = variance(&means);
    Some(VarianceComponents {
        mean: mean(&means),
        within,
        between: (of_means - within / runs).max(0.0),
        se_random_items: (of_means / cases).sqrt(),
        se_fixed_items: (within / (cases * runs)).sqrt(),
    })
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// With the divisor n − 1.
fn variance(values: &[f64]) -> f64 {
    let mean = mean(values);
    values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (values.len() as f64 - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn draws_are_counted_by_hand() {
        // C(3, 2) / C(5, 2) = 3/10; 1 − C(2, 2) / C(5, 2) = 9/10.
        assert!((pass_hat_k(5, 3, 2).unwrap() - 0.3).abs() < 1e-15);
        assert!((pass_at_k(5, 3, 2).unwrap() - 0.9).abs() < 1e-15);
        assert_eq!((pass_hat_k(5, 3, 0), pass_at_k(5, 3, 0)), (Some(1.0), Some(0.0)));
        assert_eq!((pass_hat_k(0, 0, 0), pass_at_k(0, 0, 0)), (Some(1.0), Some(0.0)));
    }

    #[test]
    fn more_than_there_is_cannot_be_drawn() {
        assert_eq!(
            [pass_hat_k(4, 5, 1), pass_at_k(4, 5, 1), pass_hat_k(4, 2, 5), pass_at_k(4, 2, 5)],
            [None; 4]
        );
    }

    /// Two cases, 1 1 and 0 1: within (0 + ½)/2, of the means ⅛, between ⅛ − ⅛ = 0.
    #[test]
    fn two_cases_by_hand() {
        let found = variance_components(&[vec![1.0, 1.0], vec![0.0, 1.0]]).unwrap();
        assert!((found.mean - 0.75).abs() < 1e-15 && (found.within - 0.25).abs() < 1e-15);
        assert!(found.between.abs() < 1e-15);
        assert!((found.se_random_items - 0.25).abs() < 1e-15 && (found.se_fixed_items - 0.25).abs() < 1e-15);
    }

    #[test]
    fn one_run_says_nothing_about_runs() {
        assert_eq!(variance_components(&[]), None);
        assert_eq!(variance_components(&[vec![1.0], vec![0.0]]), None);
        assert_eq!(variance_components(&[vec![1.0, 0.0]]), None);
        assert_eq!(variance_components(&[vec![1.0, 0.0], vec![1.0]]), None);
    }

    proptest! {
        #[test]
        fn any_is_likelier_than_all_and_failures_mirror(n in 1_usize..60, part in 0_usize..60, k in 1_usize..60) {
            let (passed, k) = (part % (n + 1), 1 + (k - 1) % n);
            let (all, any) = (pass_hat_k(n, passed, k).unwrap(), pass_at_k(n, passed, k).unwrap());
            prop_assert!(0.0 <= all && all <= any + 1e-12 && any <= 1.0);
            prop_assert!((any - (1.0 - pass_hat_k(n, n - passed, k).unwrap())).abs() < 1e-12);
        }
    }
}
