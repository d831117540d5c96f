//! Agreement of judges with people and with themselves, and rates corrected for a judge's errors.

use crate::golden::{close, labels, list, metrics, number, numbers, rows, same, statistics, whole};
use holdline::metric::Confusion;
use holdline::stats::agreement::{KappaWeights, cohen_kappa, krippendorff_nominal, weighted_kappa};
use holdline::stats::judge_error::{Calibration, Weight, ppi_mean, rogan_gladen};
use holdline::stats::repeats::{pass_at_k, pass_hat_k, variance_components};
use serde_json::Value;

/// How often who gave which label, without the column of answers that name none.
fn table(labels: &[String], first: &[String], second: &[String]) -> Vec<Vec<usize>> {
    let pairs = first.iter().zip(second).map(|(one, other)| (one.as_str(), Some(other.as_str())));
    let confusion = Confusion::count(labels, pairs);
    confusion.matrix.iter().map(|row| row[..labels.len()].to_vec()).collect()
}

#[test]
fn kappa_is_that_of_the_golden_files() {
    for case in statistics("kappa") {
        let input = &case["input"];
        let table = table(&labels(&input["labels"]), &labels(&input["a"]), &labels(&input["b"]));
        let found = match input["weights"].as_str() {
            None => cohen_kappa(&table),
            Some("linear") => weighted_kappa(&table, KappaWeights::Linear),
            Some("quadratic") => weighted_kappa(&table, KappaWeights::Quadratic),
            Some(other) => panic!("{}: weights {other}", case["id"]),
        };
        close(&case, "kappa", found, &case["expected"]);
    }
}

/// The labels of each item, from a row of labels for each who gave them; what was not given is null.
fn items(rows: &Value) -> Vec<Vec<u64>> {
    let rows = list(rows);
    let of_item = |item: usize| rows.iter().filter_map(|row| row[item].as_u64()).collect();
    (0..list(&rows[0]).len()).map(of_item).collect()
}

/// The files have Fleiss's kappa beside some of these; nothing here needs it.
#[test]
fn alpha_is_krippendorffs() {
    for case in metrics("agreement") {
        let found = krippendorff_nominal(&items(&case["input"]["raters"]));
        close(&case, "alpha", found, &case["expected"]["krippendorff_alpha_nominal"]);
    }
    for case in statistics("krippendorff_nominal") {
        close(&case, "alpha", krippendorff_nominal(&items(&case["input"]["rows"])), &case["expected"]);
    }
}

/// The judge's counts against people's labels, 1 for positive.
fn calibration(people: &[String], judge: &[String]) -> Calibration {
    let table = table(&["1".to_owned(), "0".to_owned()], people, judge);
    Calibration {
        true_positives: table[0][0],
        positives: table[0].iter().sum(),
        true_negatives: table[1][1],
        negatives: table[1].iter().sum(),
    }
}

#[test]
fn the_alignment_of_a_judge_is_scikit_learns() {
    for case in metrics("judge_alignment") {
        assert_eq!(case["input"]["positive"], 1);
        let [people, judge] = ["human", "judge"].map(|key| labels(&case["input"][key]));
        let found = calibration(&people, &judge);
        same(&case, "tp", found.true_positives as f64);
        same(&case, "fn", (found.positives - found.true_positives) as f64);
        same(&case, "tn", found.true_negatives as f64);
        same(&case, "fp", (found.negatives - found.true_negatives) as f64);
        let (sensitivity, specificity) = found.rates().unwrap();
        same(&case, "tpr", sensitivity);
        same(&case, "tnr", specificity);
        let agreed = found.true_positives + found.true_negatives;
        same(&case, "accuracy", agreed as f64 / people.len() as f64);
        let table = table(&["1".to_owned(), "0".to_owned()], &people, &judge);
        close(&case, "kappa", cohen_kappa(&table), &case["expected"]["cohen_kappa"]);
    }
}

#[test]
fn corrected_rates_are_judgys_and_a_judge_below_chance_is_refused() {
    let mut refused = 0;
    for case in metrics("judge_corrected_rate") {
        let [people, judge] = ["human", "judge"].map(|key| labels(&case["input"][key]));
        let called = numbers(&case["input"]["unlabeled_judge"]);
        let positive = called.iter().filter(|call| **call > 0.5).count();
        let calibration = calibration(&people, &judge);
        let (sensitivity, specificity) = calibration.rates().unwrap();
        same(&case, "tpr", sensitivity);
        same(&case, "tnr", specificity);
        same(&case, "p_obs", positive as f64 / called.len() as f64);
        let found = rogan_gladen(positive, called.len(), calibration).map(|found| found.rate);
        if case["expected"]["error"].is_string() {
            assert_eq!(found, None);
            refused += 1;
        } else {
            close(&case, "rate", found, &case["expected"]["theta_hat"]);
        }
    }
    assert_eq!(refused, 1);
}

#[test]
fn rogan_and_gladens_estimate_is_that_of_the_golden_files() {
    for case in statistics("rogan_gladen") {
        let [called, n, true_positives, positives, true_negatives, negatives] =
            ["x", "n", "tp", "npos", "tn", "nneg"].map(|key| whole(&case["input"][key]));
        let calibration = Calibration { true_positives, positives, true_negatives, negatives };
        let found = rogan_gladen(called, n, calibration);
        same(&case, "youden", calibration.youden().unwrap());
        close(&case, "est", found.map(|found| found.rate), &case["expected"]["est"]);
        close(&case, "raw", found.map(|found| found.raw), &case["expected"]["raw"]);
        close(&case, "se", found.map(|found| found.se), &case["expected"]["se"]);
    }
}

#[test]
fn prediction_powered_means_are_those_of_the_golden_files() {
    for case in statistics("ppi_mean") {
        let input = &case["input"];
        let [labels, predicted, unlabelled] = ["y", "yhat", "yhat_unlabeled"].map(|key| numbers(&input[key]));
        let weight = input["lam"].as_f64().map_or(Weight::Tuned, Weight::Fixed);
        let found = ppi_mean(&labels, &predicted, &unlabelled, weight, number(&input["conf"])).unwrap();
        same(&case, "lam", found.weight);
        same(&case, "est", found.mean);
        same(&case, "se", found.se);
        same(&case, "lo", found.low);
        same(&case, "hi", found.high);
    }
}

#[test]
fn chances_of_all_and_of_any_are_those_of_the_golden_files() {
    for case in metrics("pass_k").into_iter().chain(statistics("pass_k")) {
        let [n, passed, k] = ["n", "c", "k"].map(|key| whole(&case["input"][key]));
        same(&case, "pass_hat_k", pass_hat_k(n, passed, k).unwrap());
        same(&case, "pass_at_k", pass_at_k(n, passed, k).unwrap());
    }
}

#[test]
fn the_parts_of_the_variance_are_those_of_the_golden_files() {
    for case in statistics("variance_components") {
        let found = variance_components(&rows(&case["input"]["M"])).unwrap();
        same(&case, "mean", found.mean);
        same(&case, "within", found.within);
        same(&case, "between", found.between);
        same(&case, "se_random_items", found.se_random_items);
        same(&case, "se_fixed_items", found.se_fixed_items);
    }
}
