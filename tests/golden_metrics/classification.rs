//! Labels, by scikit-learn.

use crate::{close, count, labels, metrics};
use holdline::metric::{Averages, Confusion};
use serde_json::Value;

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
