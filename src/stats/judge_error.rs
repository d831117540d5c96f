//! Rates as a judge sees them, corrected for the judge's errors on cases that people have labelled.

use super::special::two_sided_z;

/// What a judge said on cases that people have labelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Calibration {
    /// Cases that are positive, and that the judge called so.
    pub true_positives: usize,
    /// Cases that are positive.
    pub positives: usize,
    /// Cases that are negative, and that the judge called so.
    pub true_negatives: usize,
    /// Cases that are negative.
    pub negatives: usize,
}

impl Calibration {
    /// Sensitivity (TPR) and specificity (TNR), 0 to 1 each. `None` where a class has no cases, or fewer than
    /// were got right.
    pub fn rates(&self) -> Option<(f64, f64)> {
        let share = |part: usize, all: usize| (all > 0 && part <= all).then(|| part as f64 / all as f64);
        Some((share(self.true_positives, self.positives)?, share(self.true_negatives, self.negatives)?))
    }

    /// Youden's J = sensitivity + specificity − 1, −1 to 1: by how much the judge shrinks a true difference.
    /// 0 is a judge that says nothing. `None` as for [`Calibration::rates`].
    pub fn youden(&self) -> Option<f64> {
        self.rates().map(|(sensitivity, specificity)| sensitivity + specificity - 1.0)
    }
}

/// A rate corrected for a judge's errors.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CorrectedRate {
    /// The estimate, clipped to 0 to 1.
    pub rate: f64,
    /// The estimate as the formula has it; beyond 0 to 1 where the judge said less, or more, than its errors
    /// alone would make it say.
    pub raw: f64,
    /// Standard error of `raw`, from the cases judged and from the cases labelled.
    pub se: f64,
}

/// Rogan and Gladen's estimate of the true rate, of which a judge called `called` of `n` cases positive.
///
/// (p + specificity − 1) / J, with the error by the delta method:
/// SE² = (p(1−p)/n + raw²·Se(1−Se)/positives + (1−raw)²·Sp(1−Sp)/negatives) / J².
///
/// `None` where it is not defined: `n` is 0 or below `called`, a class has no labelled case, or J ≤ 0: a judge
/// no better than chance cannot be corrected.
///
/// Source: W. J. Rogan and B. Gladen, "Estimating prevalence from the results of a screening test", American
/// Journal of Epidemiology 107 (1978).
pub fn rogan_gladen(called: usize, n: usize, calibration: Calibration) -> Option<CorrectedRate> {
    let (sensitivity, specificity) = calibration.rates()?;
    let youden = calibration.youden()?;
    if n == 0 || called > n || youden <= 0.0 {
        return None;
    }
    let seen = called as f64 / n as f64;
    let raw = (seen + specificity - 1.0) / youden;
    let spread = |share: f64, count: usize| share * (1.0 - share) / count as f64;
    let variance = spread(seen, n)
        + raw * raw * spread(sensitivity, calibration.positives)
        + (1.0 - raw).powi(2) * spread(specificity, calibration.negatives);
    Some(CorrectedRate { rate: raw.clamp(0.0, 1.0), raw, se: variance.sqrt() / youden })
}

/// How much of the predictions [`ppi_mean`] uses.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Weight {
    /// This much: 1 is prediction-powered inference as first published, 0 the labelled cases alone.
    Fixed(f64),
    /// As much as makes the error smallest, 0 to 1 (PPI++).
    Tuned,
}

/// A mean from few labels and many predictions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PpiMean {
    /// The weight of the predictions.
    pub weight: f64,
    /// The estimate. Not clipped.
    pub mean: f64,
    /// Its standard error.
    pub se: f64,
    /// Lower bound. Not clipped.
    pub low: f64,
    /// Upper bound. Not clipped.
    pub high: f64,
}

/// Prediction-powered mean: `labels` and the judge's `predicted` of the same cases in the same order, and its
/// predictions on `unlabelled` cases; a normal interval, two-sided at `confidence`.
///
/// mean(labels) + λ·(mean(unlabelled) − mean(predicted)), with
/// SE² = λ²·var(unlabelled)/N + var(labels − λ·predicted)/n. Tuned,
/// λ = cov(labels, predicted) / ((1 + n/N)·var(all predictions)), clipped to 0 to 1, and 0 where the
/// predictions do not vary. All variances have the divisor n. The mean is unbiased whatever the judge's
/// errors are, if labelled and unlabelled cases are drawn alike.
///
/// `None` where it is not defined: no labels, no unlabelled cases, `predicted` of another length than
/// `labels`, `confidence` not strictly between 0 and 1, or a fixed weight that is not finite.
///
/// Source: A. N. Angelopoulos et al., "Prediction-powered inference", Science 382 (2023); A. N. Angelopoulos,
/// J. C. Duchi and T. Zrnic, "PPI++: Efficient Prediction-Powered Inference" (2023).
pub fn ppi_mean(
    labels: &[f64],
    predicted: &[f64],
    unlabelled: &[f64],
    weight: Weight,
    confidence: f64,
) -> Option<PpiMean> {
    let z = two_sided_z(confidence)?;
    if labels.is_empty() || unlabelled.is_empty() || labels.len() != predicted.len() {
        return None;
    }
    let (few, many) = (labels.len() as f64, unlabelled.len() as f64);
    let weight = match weight {
        Weight::Fixed(weight) if weight.is_finite() => weight,
        Weight::Fixed(_) => return None,
        Weight::Tuned => tuned(labels, predicted, unlabelled),
    };
    let mean = mean(labels) + weight * (self::mean(unlabelled) - self::mean(predicted));
    let rest: Vec<f64> = labels.iter().zip(predicted).map(|(label, guess)| label - weight * guess).collect();
    let se = (weight * weight * variance(unlabelled) / many + variance(&rest) / few).sqrt();
    Some(PpiMean { weight, mean, se, low: mean - z * se, high: mean + z * se })
}

/// The weight with the smallest error.
fn tuned(labels: &[f64], predicted: &[f64], unlabelled: &[f64]) -> f64 {
    let (label_mean, guess_mean) = (mean(labels), mean(predicted));
    let products: f64 =
        labels.iter().zip(predicted).map(|(label, guess)| (label - label_mean) * (guess - guess_mean)).sum();
    let covariance = products / labels.len() as f64;
    let spread = variance(&[predicted, unlabelled].concat());
    if spread > 0.0 {
        let ratio = labels.len() as f64 / unlabelled.len() as f64;
        (covariance / ((1.0 + ratio) * spread)).clamp(0.0, 1.0)
    } else {
        0.0
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// With the divisor n.
fn variance(values: &[f64]) -> f64 {
    let mean = mean(values);
    values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / values.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn calibration(tp: usize, positives: usize, tn: usize, negatives: usize) -> Calibration {
        Calibration { true_positives: tp, positives, true_negatives: tn, negatives }
    }

    /// Sensitivity 0.8, specificity 0.6, 60 of 100 called positive: (0.6 + 0.6 − 1) / 0.4 = ½.
    #[test]
    fn a_published_matrix_by_hand() {
        let found = rogan_gladen(60, 100, calibration(4, 5, 6, 10)).unwrap();
        assert!((found.rate - 0.5).abs() < 1e-12);
        // (0.6·0.4/100 + ¼·0.8·0.2/5 + ¼·0.6·0.4/10) / 0.4²
        assert!((found.se - ((0.0024 + 0.008 + 0.006) / 0.16_f64).sqrt()).abs() < 1e-12, "{found:?}");
    }

    #[test]
    fn a_judge_without_errors_needs_no_correction() {
        let found = rogan_gladen(30, 40, calibration(9, 9, 7, 7)).unwrap();
        assert!((found.rate - 0.75).abs() < 1e-15);
        assert!((found.se - (0.75 * 0.25 / 40.0_f64).sqrt()).abs() < 1e-15);
    }

    #[test]
    fn a_judge_that_says_nothing_cannot_be_corrected() {
        assert_eq!(rogan_gladen(5, 10, calibration(5, 10, 5, 10)), None);
        assert_eq!(rogan_gladen(5, 10, calibration(1, 10, 2, 10)), None);
        assert_eq!(rogan_gladen(0, 0, calibration(9, 10, 9, 10)), None);
        assert_eq!(rogan_gladen(3, 2, calibration(9, 10, 9, 10)), None);
        assert_eq!(rogan_gladen(1, 2, calibration(0, 0, 9, 10)), None);
        assert_eq!(calibration(0, 0, 1, 1).youden(), None);
        assert_eq!(calibration(2, 1, 1, 1).rates(), None);
    }

    /// Labels 1 0, called 1 1; unlabelled 1 1 1 0: ½ + ¾ − 1 = ¼; SE² = 3/16/4 + ¼/2.
    #[test]
    fn two_labels_by_hand() {
        let found =
            ppi_mean(&[1.0, 0.0], &[1.0, 1.0], &[1.0, 1.0, 1.0, 0.0], Weight::Fixed(1.0), 0.9).unwrap();
        assert!((found.mean - 0.25).abs() < 1e-15, "{found:?}");
        assert!((found.se - (3.0 / 64.0 + 1.0 / 8.0_f64).sqrt()).abs() < 1e-15);
    }

    #[test]
    fn what_is_not_defined_has_no_value() {
        let one = [1.0];
        assert_eq!(ppi_mean(&[], &[], &one, Weight::Tuned, 0.9), None);
        assert_eq!(ppi_mean(&one, &[], &one, Weight::Tuned, 0.9), None);
        assert_eq!(ppi_mean(&one, &one, &[], Weight::Tuned, 0.9), None);
        assert_eq!(ppi_mean(&one, &one, &one, Weight::Tuned, 1.0), None);
        assert_eq!(ppi_mean(&one, &one, &one, Weight::Fixed(f64::NAN), 0.9), None);
        // Predictions that do not vary say nothing.
        assert_eq!(ppi_mean(&one, &one, &one, Weight::Tuned, 0.9).map(|found| found.weight), Some(0.0));
    }

    proptest! {
        #[test]
        fn tuning_never_costs_much_and_no_weight_is_the_plain_mean(
            pairs in prop::collection::vec((0_u8..2, 0_u8..2), 2..40),
            unlabelled in prop::collection::vec(0_u8..2, 1..80),
        ) {
            let labels: Vec<f64> = pairs.iter().map(|(label, _)| f64::from(*label)).collect();
            let predicted: Vec<f64> = pairs.iter().map(|(_, guess)| f64::from(*guess)).collect();
            let unlabelled: Vec<f64> = unlabelled.into_iter().map(f64::from).collect();
            let of = |weight| ppi_mean(&labels, &predicted, &unlabelled, weight, 0.9).unwrap();
            let plain = of(Weight::Fixed(0.0));
            prop_assert!((plain.mean - mean(&labels)).abs() < 1e-12);
            let tuned = of(Weight::Tuned);
            prop_assert!((0.0..=1.0).contains(&tuned.weight));
            prop_assert_eq!(tuned, of(Weight::Fixed(tuned.weight)));
        }
    }
}
