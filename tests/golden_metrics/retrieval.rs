//! Rankings, by `trec_eval`, ranx and scikit-learn.

use crate::{close, metrics, within};
use holdline::metric::{
    Gain, average_precision, hit_at_k, ndcg_at_k, precision_at_k, ranked, recall_at_k, reciprocal_rank,
};
use serde_json::Value;

/// The tolerance that the file states for values of `trec_eval`.
const TREC_TOLERANCE: f64 = 1e-6;

/// The grades of a query: of what was retrieved, best first, and of everything judged.
struct Query {
    ranked: Vec<f64>,
    judged: Vec<f64>,
}

impl Query {
    fn of(run: &Value, qrels: &Value) -> Self {
        let scores = run.as_object().unwrap().iter().map(|(id, score)| (id.as_str(), score.as_f64()));
        let grade = |id| qrels.get(id).map_or(0.0, |grade| grade.as_f64().unwrap());
        Self {
            ranked: ranked(scores).into_iter().map(grade).collect(),
            judged: qrels.as_object().unwrap().values().map(|grade| grade.as_f64().unwrap()).collect(),
        }
    }

    fn first(&self, k: usize) -> &[f64] {
        &self.ranked[..k.min(self.ranked.len())]
    }

    fn relevant(&self) -> usize {
        self.judged.iter().filter(|grade| **grade > 0.0).count()
    }

    /// The value of a measure by the name that `trec_eval` or ranx has for it.
    fn value(&self, measure: &str) -> f64 {
        let (name, k) = match measure.rsplit_once(['_', '@']) {
            Some((name, k)) if k.bytes().all(|digit| digit.is_ascii_digit()) => (name, k.parse().unwrap()),
            _ => (measure, self.ranked.len()),
        };
        let Self { ranked, judged } = self;
        let ndcg = |k, gain| ndcg_at_k(ranked, judged, k, gain);
        match name {
            "num_ret" => ranked.len() as f64,
            "num_rel" => self.relevant() as f64,
            "num_rel_ret" => ranked.iter().filter(|grade| **grade > 0.0).count() as f64,
            "map" | "map_cut" => average_precision(self.first(k), judged),
            "Rprec" | "r-precision" => precision_at_k(ranked, self.relevant()),
            "recip_rank" | "mrr" => reciprocal_rank(self.first(k)),
            "P" | "precision" => precision_at_k(ranked, k),
            "recall" => recall_at_k(ranked, judged, k),
            "success" | "hit_rate" => hit_at_k(ranked, k),
            "hits" => precision_at_k(ranked, k) * k as f64,
            // What was judged may be more than what was retrieved, and the best order is not cut.
            "ndcg" if name == measure => ndcg(ranked.len().max(judged.len()), Gain::Linear),
            "ndcg" | "ndcg_cut" => ndcg(k, Gain::Linear),
            "ndcg_burges" => ndcg(k, Gain::Exponential),
            "f1" => {
                let (precision, recall) = (self.value(&format!("P_{k}")), self.value(&format!("recall_{k}")));
                if precision + recall > 0.0 { 2.0 * precision * recall / (precision + recall) } else { 0.0 }
            }
            other => panic!("no measure {other}"),
        }
    }
}

#[test]
fn rankings_are_trec_evals() {
    for case in metrics("retrieval_trec") {
        let (id, input) = (&case["id"], &case["input"]);
        // Only queries that are in the run and in the judgements have values there.
        for (query, expected) in case["expected"]["per_query"].as_object().unwrap() {
            let found = Query::of(&input["run"][query], &input["qrels"][query]);
            for (measure, value) in expected.as_object().unwrap() {
                let what = format!("{query} {measure}");
                within(TREC_TOLERANCE, id, &what, Some(found.value(measure)), value);
            }
        }
    }
}

#[test]
fn rankings_are_ranxs() {
    for case in metrics("retrieval_ranx") {
        let (id, input) = (&case["id"], &case["input"]);
        let queries: Vec<(&String, Query)> = input["qrels"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(query, qrels)| (query, Query::of(&input["run"][query], qrels)))
            .collect();
        for measure in input["metrics"].as_array().unwrap() {
            let measure = measure.as_str().unwrap();
            let mut sum = 0.0;
            for (query, found) in &queries {
                let value = found.value(measure);
                sum += value;
                let expected = &case["expected"]["per_query"][query.as_str()][measure];
                close(id, &format!("{query} {measure}"), Some(value), expected);
            }
            let mean = sum / queries.len() as f64;
            close(id, measure, Some(mean), &case["expected"]["mean"][measure]);
        }
    }
}

/// Not of `ndcg_2`, whose scores tie: scikit-learn averages over all orders of what ties or, told not to, has
/// them in the order that its sort happens to leave.
#[test]
fn gains_are_scikit_learns() {
    for case in metrics("retrieval_sklearn").iter().filter(|case| case["name"] != "ndcg_2") {
        let numbers =
            |key: &str| -> Vec<f64> { serde_json::from_value(case["input"][key][0].clone()).unwrap() };
        let (judged, scores) = (numbers("y_true"), numbers("y_score"));
        let ids: Vec<String> = (0..scores.len()).map(|at| at.to_string()).collect();
        let ranking = ids.iter().map(String::as_str).zip(scores.into_iter().map(Some));
        let grades: Vec<f64> =
            ranked(ranking).into_iter().map(|id| judged[id.parse::<usize>().unwrap()]).collect();
        let found = ndcg_at_k(&grades, &judged, 4, Gain::Linear);
        close(&case["id"], "ndcg@4", Some(found), &case["expected"]["ndcg@4"]);
        close(&case["id"], "ndcg@4", Some(found), &case["expected"]["ndcg@4_ignore_ties"]);
    }
}
