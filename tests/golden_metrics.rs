//! The metrics' pure functions against values from scikit-learn (`tests/golden/metrics.json`). What they pin,
//! and what they do not, is in `tests/golden/CONVENTIONS.md`.

use holdline::metric::{Averages, Confusion};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const TOLERANCE: f64 = 1e-9;

/// Families of `metrics.json` that are checked here, with their number of cases.
const CHECKED: [(&str, usize); 1] = [("classification", 15)];

/// Families that are not checked here: they pin statistics, which have a test of their own
/// (`golden_statistics`), or metrics that the crate does not have. A metric that is built moves its family up.
const ELSEWHERE: [&str; 15] = [
    "agreement",
    "binomial_ci",
    "fisher_exact",
    "judge_alignment",
    "judge_corrected_rate",
    "mcnemar_exact",
    "pass_k",
    "percentile",
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
