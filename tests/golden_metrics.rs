//! The metrics' pure functions against values from scikit-learn, scipy and numpy
//! (`tests/golden/metrics.json`) and from an independent Python reference
//! (`tests/golden/statistics.json`). What they pin, and what they do not, is in
//! `tests/golden/CONVENTIONS.md`.

use holdline::metric::{Averages, Confusion, pass_at_k, pass_hat_k};
use holdline::stats::agreement::cohen_kappa;
use holdline::stats::interval::wilson;
use holdline::stats::percentile::nearest_rank;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const TOLERANCE: f64 = 1e-9;

/// Families of `metrics.json` that are checked here, with their number of cases.
const CHECKED: [(&str, usize); 4] =
    [("binomial_ci", 6), ("classification", 15), ("pass_k", 6), ("percentile", 3)];

/// Families that are not checked here: they pin functions of the gate or of metrics that the crate does
/// not have. A metric that is built moves its family up.
const ELSEWHERE: [&str; 12] = [
    "agreement",
    "fisher_exact",
    "judge_alignment",
    "judge_corrected_rate",
    "mcnemar_exact",
    "retrieval_ranx",
    "retrieval_sklearn",
    "retrieval_trec",
    "rouge",
    "sacrebleu",
    "saturation",
    "squad",
];

fn cases(text: &str) -> Vec<Value> {
    let golden: Value = serde_json::from_str(text).unwrap();
    golden["cases"].as_array().unwrap().clone()
}

/// The cases whose `key` is `family`; the test fails where their number is not the one stated.
fn family(text: &str, key: &str, family: &str, count: usize) -> Vec<Value> {
    let found: Vec<Value> = cases(text).into_iter().filter(|case| case[key] == family).collect();
    assert_eq!(found.len(), count, "cases of {family}");
    found
}

fn metrics(name: &str) -> Vec<Value> {
    let (_, count) = CHECKED.into_iter().find(|(checked, _)| *checked == name).unwrap();
    family(include_str!("golden/metrics.json"), "family", name, count)
}

fn statistics(name: &str, count: usize) -> Vec<Value> {
    family(include_str!("golden/statistics.json"), "fn", name, count)
}

#[track_caller]
fn close(id: &Value, what: &str, found: Option<f64>, expected: &Value) {
    // Undefined is the text "NaN" in one file and null in the other.
    if expected.is_null() || expected == "NaN" {
        assert_eq!(found, None, "{id} {what}");
        return;
    }
    let expected = expected.as_f64().unwrap();
    let found = found.unwrap_or_else(|| panic!("{id} {what}: no value"));
    assert!((found - expected).abs() <= TOLERANCE, "{id} {what}: {found}, not {expected}");
}

fn count(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

/// Labels as text, whatever they are in the file.
fn labels(list: &Value) -> Vec<String> {
    let text = |label: &Value| label.as_str().map_or_else(|| label.to_string(), str::to_owned);
    list.as_array().unwrap().iter().map(text).collect()
}

fn confusion(labels: &[String], pairs: &[(String, String)]) -> Confusion {
    Confusion::count(labels, pairs.iter().map(|(truth, answer)| (truth.as_str(), Some(answer.as_str()))))
}

/// The rows without the column of answers that name no label.
fn square(confusion: &Confusion) -> Vec<Vec<usize>> {
    confusion.matrix.iter().map(|row| row[..confusion.labels.len()].to_vec()).collect()
}

fn pairs(truth: &Value, answers: &Value) -> Vec<(String, String)> {
    let (truth, answers) = (labels(truth), labels(answers));
    assert_eq!(truth.len(), answers.len());
    truth.into_iter().zip(answers).collect()
}

#[test]
fn every_family_is_checked_or_known_to_belong_elsewhere() {
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for case in cases(include_str!("golden/metrics.json")) {
        *found.entry(case["family"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    for (name, count) in CHECKED {
        assert_eq!(found.remove(name), Some(count), "{name}");
    }
    let rest: BTreeSet<&str> = found.keys().map(String::as_str).collect();
    assert_eq!(rest, BTreeSet::from(ELSEWHERE));
}

#[test]
fn classification_is_scikit_learns() {
    for case in metrics("classification") {
        let (id, expected) = (&case["id"], &case["expected"]);
        let given = labels(&case["input"]["labels"]);
        let pairs = pairs(&case["input"]["y_true"], &case["input"]["y_pred"]);

        // Precision, recall and F1 are over the labels given.
        let over_given = confusion(&given, &pairs);
        let scores = &expected["zero_division_0"];
        assert_eq!(scores["per_class"].as_object().unwrap().len(), given.len(), "{id}");
        for (label, counts) in given.iter().zip(over_given.by_label()) {
            let score = &scores["per_class"][label];
            close(id, label, Some(counts.precision()), &score["precision"]);
            close(id, label, Some(counts.recall()), &score["recall"]);
            close(id, label, Some(counts.f1()), &score["f1"]);
            assert_eq!(counts.support(), count(&score["support"]), "{id} {label}");
        }
        for (name, averages) in [
            ("macro", over_given.macro_averages()),
            ("micro", over_given.micro_averages()),
            ("weighted", over_given.weighted_averages()),
        ] {
            let Averages { precision, recall, f1 } = averages.unwrap();
            close(id, name, Some(precision), &scores[name]["precision"]);
            close(id, name, Some(recall), &scores[name]["recall"]);
            close(id, name, Some(f1), &scores[name]["f1"]);
        }

        // Accuracy, balanced accuracy and MCC are over all rows, kappa and the matrix over those of the
        // labels given. It makes a difference in `subset_labels` only.
        let mut all = given.clone();
        for label in pairs.iter().flat_map(|(truth, answer)| [truth, answer]) {
            if !all.contains(label) {
                all.push(label.clone());
            }
        }
        let over_all = confusion(&all, &pairs);
        close(id, "accuracy", over_all.accuracy(), &expected["accuracy"]);
        close(id, "balanced accuracy", over_all.balanced_accuracy(), &expected["balanced_accuracy"]);
        close(id, "mcc", over_all.mcc(), &expected["mcc"]);
        let within: Vec<(String, String)> = pairs
            .into_iter()
            .filter(|(truth, answer)| given.contains(truth) && given.contains(answer))
            .collect();
        let over_within = confusion(&given, &within);
        close(id, "kappa", over_within.kappa(), &expected["cohen_kappa"]);
        let matrix: Vec<Vec<usize>> =
            serde_json::from_value(expected["confusion_matrix_rows_true_cols_pred"].clone()).unwrap();
        assert_eq!(square(&over_within), matrix, "{id}");
    }
}

#[test]
fn classification_is_the_references() {
    for case in statistics("classification", 3) {
        let (id, input, expected) = (&case["id"], &case["input"], &case["expected"]);
        let given = labels(&input["labels"]);
        let confusion = confusion(&given, &pairs(&input["truth"], &input["pred"]));
        let matrix: Vec<Vec<usize>> = serde_json::from_value(expected["confusion"].clone()).unwrap();
        assert_eq!(square(&confusion), matrix, "{id}");
        for (at, counts) in confusion.by_label().into_iter().enumerate() {
            close(id, "precision", Some(counts.precision()), &expected["precision"][at]);
            close(id, "recall", Some(counts.recall()), &expected["recall"][at]);
            close(id, "f1", Some(counts.f1()), &expected["f1"][at]);
            assert_eq!(counts.support(), count(&expected["support"][at]), "{id}");
        }
        close(id, "accuracy", confusion.accuracy(), &expected["accuracy"]);
        for (name, averages) in [
            ("macro", confusion.macro_averages()),
            ("micro", confusion.micro_averages()),
            ("weighted", confusion.weighted_averages()),
        ] {
            let Averages { precision, recall, f1 } = averages.unwrap();
            for (at, found) in [precision, recall, f1].into_iter().enumerate() {
                close(id, name, Some(found), &expected[name][at]);
            }
        }
    }
}

#[test]
fn kappa_is_cohens() {
    // Weights are for judges that score in levels; there are none yet.
    let (unweighted, weighted): (Vec<Value>, Vec<Value>) =
        statistics("kappa", 7).into_iter().partition(|case| case["input"]["weights"].is_null());
    assert_eq!((unweighted.len(), weighted.len()), (3, 4));
    for case in unweighted {
        let input = &case["input"];
        let table = square(&confusion(&labels(&input["labels"]), &pairs(&input["a"], &input["b"])));
        close(&case["id"], "kappa", cohen_kappa(&table), &case["expected"]);
    }
}

#[test]
fn wilson_is_scipys_and_the_references() {
    let scipys = metrics("binomial_ci").into_iter().map(|case| {
        let [x, n, confidence] = ["successes", "n", "confidence"].map(|key| case["input"][key].clone());
        (case["id"].clone(), [x, n, confidence], case["expected"]["wilson"].clone())
    });
    let references = statistics("wilson", 4).into_iter().map(|case| {
        let input = ["x", "n", "conf"].map(|key| case["input"][key].clone());
        (case["id"].clone(), input, case["expected"].clone())
    });
    for (id, [successes, n, confidence], expected) in scipys.chain(references) {
        let interval = wilson(count(&successes), count(&n), confidence.as_f64().unwrap());
        close(&id, "lower", interval.map(|(low, _)| low), &expected[0]);
        close(&id, "upper", interval.map(|(_, high)| high), &expected[1]);
    }
}

#[test]
fn passing_k_times_of_k_is_a_share_of_draws() {
    for case in metrics("pass_k").into_iter().chain(statistics("pass_k", 4)) {
        let (id, expected) = (&case["id"], &case["expected"]);
        let [n, passed, k] = ["n", "c", "k"].map(|key| count(&case["input"][key]));
        close(id, "pass^k", pass_hat_k(passed, n, k), &expected["pass_hat_k"]);
        close(id, "pass@k", pass_at_k(passed, n, k), &expected["pass_at_k"]);
    }
}

#[test]
fn percentiles_are_numpys_inverted_cdf() {
    for case in metrics("percentile") {
        let mut values: Vec<f64> = serde_json::from_value(case["input"]["values"].clone()).unwrap();
        values.sort_by(f64::total_cmp);
        let expected = case["expected"]["inverted_cdf"].as_object().unwrap();
        assert_eq!(expected.len(), 4, "{}", case["id"]);
        for (percent, value) in expected {
            close(&case["id"], percent, nearest_rank(&values, percent.parse().unwrap()), value);
        }
    }
}
