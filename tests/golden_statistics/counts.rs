//! Metrics that the file of statistics has beside them: classification and rankings; and percentiles.

use crate::golden::{all_close, close, labels, list, metrics, numbers, same, statistics, whole};
use holdline::metric::{
    Averages, Confusion, Gain, average_precision, hit_at_k, ndcg_at_k, precision_at_k, recall_at_k,
    reciprocal_rank,
};
use holdline::stats::percentile::nearest_rank;

#[test]
fn classification_is_that_of_the_golden_files() {
    for case in statistics("classification") {
        let (input, expected) = (&case["input"], &case["expected"]);
        let [given, truth, answers] = ["labels", "truth", "pred"].map(|key| labels(&input[key]));
        assert_eq!(truth.len(), answers.len());
        let pairs = truth.iter().zip(&answers).map(|(truth, answer)| (truth.as_str(), Some(answer.as_str())));
        let confusion = Confusion::count(&given, pairs);
        let matrix: Vec<Vec<usize>> = serde_json::from_value(expected["confusion"].clone()).unwrap();
        let square: Vec<Vec<usize>> =
            confusion.matrix.iter().map(|row| row[..given.len()].to_vec()).collect();
        assert_eq!(square, matrix, "{}", case["id"]);
        for (at, counts) in confusion.by_label().into_iter().enumerate() {
            close(&case, "precision", Some(counts.precision()), &expected["precision"][at]);
            close(&case, "recall", Some(counts.recall()), &expected["recall"][at]);
            close(&case, "f1", Some(counts.f1()), &expected["f1"][at]);
            assert_eq!(counts.support(), whole(&expected["support"][at]), "{}", case["id"]);
        }
        close(&case, "accuracy", confusion.accuracy(), &expected["accuracy"]);
        for (name, averages) in [
            ("macro", confusion.macro_averages()),
            ("micro", confusion.micro_averages()),
            ("weighted", confusion.weighted_averages()),
        ] {
            let Averages { precision, recall, f1 } = averages.unwrap();
            all_close(&case, &[precision, recall, f1], &expected[name]);
        }
    }
}

#[test]
fn rankings_are_those_of_the_golden_files() {
    for case in statistics("ranking") {
        let [ranked, judged] = ["ranked", "all"].map(|key| numbers(&case["input"][key]));
        let k = whole(&case["input"]["k"]);
        same(&case, "rr", reciprocal_rank(&ranked));
        same(&case, "ndcg_linear", ndcg_at_k(&ranked, &judged, k, Gain::Linear));
        same(&case, "ndcg_exp", ndcg_at_k(&ranked, &judged, k, Gain::Exponential));
        same(&case, "recall_at_k", recall_at_k(&ranked, &judged, k));
        same(&case, "precision_at_k", precision_at_k(&ranked, k));
        same(&case, "ap", average_precision(&ranked, &judged));
        same(&case, "hit_at_k", hit_at_k(&ranked, k));
    }
}

#[test]
fn percentiles_are_numpys_inverted_cdf() {
    for case in metrics("percentile") {
        let mut values = numbers(&case["input"]["values"]);
        values.sort_by(f64::total_cmp);
        let expected = case["expected"]["inverted_cdf"].as_object().unwrap();
        assert_eq!(expected.len(), 4, "{}", case["id"]);
        for (percent, value) in expected {
            close(&case, percent, nearest_rank(&values, percent.parse().unwrap()), value);
        }
        assert_eq!(list(&case["input"]["values"]).len(), values.len());
    }
}
