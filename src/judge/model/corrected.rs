//! The rate of a class in a run, of which only a judge has seen the answers, corrected by those that people
//! labelled.

use super::calibration::{Agreement, CONFIDENCE, Calibrated};
use crate::stats::interval::wilson;
use crate::stats::judge_error::{Calibration, Weight, ppi_mean, rogan_gladen};
use crate::stats::special::two_sided_z;

/// What a judge said of the answers of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RunVerdicts {
    /// Answers that it calls positive: of the class that is looked for.
    pub positive: usize,
    /// Answers that it calls negative.
    pub negative: usize,
    /// Answers without a verdict, and those to which the question does not apply.
    pub ungraded: usize,
}

/// The rate of the positive class in a run, as the judge sees it and corrected.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Corrected {
    /// The share that the judge calls positive; the interval knows nothing of the judge's errors.
    pub observed: Calibrated,
    /// By prediction-powered inference (PPI++), within 0 to 1; none where people labelled none of a class, from
    /// which no spread can be told.
    pub ppi: Option<Calibrated>,
    /// By Rogan and Gladen, within 0 to 1; none where the judge tells the classes apart no better than chance,
    /// or where people labelled none of a class.
    pub rogan_gladen: Option<Calibrated>,
}

/// Corrects the rate of a run by what people and the judge said of the same answers. None where nothing of the
/// run, or nothing that people labelled, is graded.
///
/// Both corrections take the labelled answers for drawn as those of the run are. Sources: see
/// [`crate::stats::judge_error`].
pub fn corrected(found: &Agreement, run: RunVerdicts) -> Option<Corrected> {
    let graded = run.positive + run.negative;
    let observed = Calibrated {
        value: run.positive as f64 / graded as f64,
        interval: wilson(run.positive, graded, CONFIDENCE)?,
    };
    // What people said and what the judge did, for each labelled answer.
    let cells = [
        (1.0, 1.0, found.true_positives),
        (1.0, 0.0, found.false_negatives),
        (0.0, 1.0, found.false_positives),
        (0.0, 0.0, found.true_negatives),
    ];
    let (labels, predicted): (Vec<f64>, Vec<f64>) = cells
        .into_iter()
        .flat_map(|(people, judge, count)| std::iter::repeat_n((people, judge), count))
        .unzip();
    let mut unlabelled = vec![1.0; run.positive];
    unlabelled.resize(graded, 0.0);
    let ppi = ppi_mean(&labels, &predicted, &unlabelled, Weight::Tuned, CONFIDENCE)?;
    let within = |share: f64| share.clamp(0.0, 1.0);
    let has_both = labels.contains(&1.0) && labels.contains(&0.0);
    let ppi = has_both
        .then(|| Calibrated { value: within(ppi.mean), interval: (within(ppi.low), within(ppi.high)) });
    let calibration = Calibration {
        true_positives: found.true_positives,
        positives: found.true_positives + found.false_negatives,
        true_negatives: found.true_negatives,
        negatives: found.true_negatives + found.false_positives,
    };
    let z = two_sided_z(CONFIDENCE)?;
    let rogan_gladen = rogan_gladen(run.positive, graded, calibration).map(|of| Calibrated {
        value: of.rate,
        interval: (within(of.raw - z * of.se), within(of.raw + z * of.se)),
    });
    Some(Corrected { observed, ppi, rogan_gladen })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 5e-4, "{found} is not {expected}");
    }

    #[test]
    fn the_rate_of_a_run_is_corrected_as_worked_out_by_hand() {
        // The exercise of the lecture: TPR 4/5, TNR 6/10; of the run the judge calls 60 of 100 positive.
        let found = Agreement {
            true_positives: 4,
            false_positives: 4,
            false_negatives: 1,
            true_negatives: 6,
            ungraded: 0,
        };
        let run = RunVerdicts { positive: 60, negative: 40, ungraded: 3 };
        let of = corrected(&found, run).unwrap();
        near(of.observed.value, 0.6);
        // (0.6 + 0.6 − 1)/0.4; √((0.0024 + 0.008 + 0.006)/0.16) = 0.3202, times 1.96 is 0.6275: both ends are
        // beyond the scale.
        let rogan_gladen = of.rogan_gladen.unwrap();
        near(rogan_gladen.value, 0.5);
        assert_eq!(rogan_gladen.interval, (0.0, 1.0));
        // Labels: 5 of 15 positive; called so: 8 of 15; together 4 of 15.
        // Covariance 4/15 − 5/15 · 8/15 = 4/45. All called positive: 68 of 115, variance 68·47/115².
        // λ = (4/45)/((1 + 15/100) · 68·47/115²) = 0.319844.
        // Mean 1/3 + λ·(0.6 − 8/15) = 0.354656.
        // var(labels − λ·called) = 2/9 − 2λ·4/45 + λ²·56/225 = 0.190822;
        // SE² = λ²·0.24/100 + 0.190822/15 = 0.0129670, SE 0.113873; 1.96 of it are 0.223187.
        near(of.ppi.unwrap().value, 0.3547);
        near(of.ppi.unwrap().interval.0, 0.1315);
        near(of.ppi.unwrap().interval.1, 0.5778);
    }

    #[test]
    fn a_judge_without_errors_leaves_the_rate_as_it_is() {
        let found = Agreement { true_positives: 20, true_negatives: 20, ..Agreement::default() };
        let of = corrected(&found, RunVerdicts { positive: 10, negative: 30, ungraded: 0 }).unwrap();
        near(of.rogan_gladen.unwrap().value, 0.25);
        // √(0.25 · 0.75/40) = 0.068465, times 1.96.
        near(of.rogan_gladen.unwrap().interval.0, 0.25 - 0.1342);
    }

    #[test]
    fn labels_of_one_class_alone_correct_nothing() {
        let found = Agreement { true_negatives: 9, false_positives: 1, ..Agreement::default() };
        let of = corrected(&found, RunVerdicts { positive: 2, negative: 8, ungraded: 0 }).unwrap();
        assert_eq!((of.ppi, of.rogan_gladen), (None, None));
        near(of.observed.value, 0.2);
    }

    #[test]
    fn a_judge_that_cannot_tell_and_a_run_without_verdicts_have_no_correction() {
        let blind = Agreement {
            true_positives: 5,
            false_positives: 5,
            false_negatives: 5,
            true_negatives: 5,
            ungraded: 0,
        };
        let run = RunVerdicts { positive: 3, negative: 7, ungraded: 0 };
        let of = corrected(&blind, run).unwrap();
        assert_eq!(of.rogan_gladen, None);
        // The labels alone: 10 of 20.
        near(of.ppi.unwrap().value, 0.5);
        assert_eq!(corrected(&blind, RunVerdicts { ungraded: 9, ..RunVerdicts::default() }), None);
        assert_eq!(corrected(&Agreement::default(), run), None);
    }
}
