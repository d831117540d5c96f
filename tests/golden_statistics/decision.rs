//! The numbers that the gate decides by, from the functions they are made of: all but the guard against drift.

use crate::comparison::run_label_of;
use crate::golden::{close, list, number, rows, same, statistics, whole};
use holdline::stats::cluster::{ClusterTotal, cluster_diff_adj};
use holdline::stats::multiple::holm;
use holdline::stats::power::more_needed;
use serde_json::Value;
use std::collections::BTreeMap;

/// Sums of the rows of cases by cluster, and the rows of each cluster.
fn by_cluster(case: &Value) -> BTreeMap<String, Vec<Vec<f64>>> {
    let input = &case["input"];
    let mut clusters: BTreeMap<String, Vec<Vec<f64>>> = BTreeMap::new();
    let names = list(&input["cluster"]);
    for ((mut base, cand), name) in rows(&input["base"]).into_iter().zip(rows(&input["cand"])).zip(names) {
        base.extend(cand);
        clusters.entry(name.as_str().expect("a text").to_owned()).or_default().push(base);
    }
    clusters
}

/// Candidate's mean less baseline's, of a row that has so many baseline runs.
fn difference(row: &[f64], base: usize) -> f64 {
    let mean = |scores: &[f64]| scores.iter().sum::<f64>() / scores.len() as f64;
    mean(&row[base..]) - mean(&row[..base])
}

#[test]
fn the_numbers_of_the_gate_are_those_of_the_golden_files() {
    for case in statistics("gate") {
        let base = case["input"]["base"][0].as_array().expect("runs").len();
        let clusters = by_cluster(&case);
        let n: usize = clusters.values().map(Vec::len).sum();
        same(&case, "n", n as f64);
        same(&case, "clusters", clusters.len() as f64);

        let sum = |rows: &Vec<Vec<f64>>| {
            (0..rows[0].len()).map(|run| rows.iter().map(|row| row[run]).sum()).collect::<Vec<f64>>()
        };
        let suite = run_label_of(&clusters.values().map(sum).collect::<Vec<_>>(), base);
        same(&case, "p_suite_exact", suite.lower.exact);
        same(&case, "p_suite_mid", suite.lower.mid);

        let total = |rows: &Vec<Vec<f64>>| ClusterTotal {
            sum: rows.iter().map(|row| difference(row, base)).sum(),
            cases: rows.len(),
        };
        let totals: Vec<ClusterTotal> = clusters.values().map(total).collect();
        same(&case, "delta", totals.iter().map(|total| total.sum).sum::<f64>() / n as f64);
        let interval = cluster_diff_adj(&totals, 0.9);
        same(&case, "lo", interval.low);
        same(&case, "hi", interval.high);
        same(&case, "se", interval.se);
        let tolerance = case["input"].get("tol").map_or(0.05, number);
        let needed = more_needed(interval.se, n, tolerance, 0.05, 0.8);
        same(&case, "mde80", needed.detectable);
        same(&case, "more_cases_for_tol", needed.more as f64);
        scenarios_agree(&case, &clusters, base);
    }
}

/// Scenarios are those clusters that have two cases; flagged are those that are surely worse by 10 points.
fn scenarios_agree(case: &Value, clusters: &BTreeMap<String, Vec<Vec<f64>>>, base: usize) {
    let tested: Vec<(&String, &Vec<Vec<f64>>)> =
        clusters.iter().filter(|(_, rows)| rows.len() >= 2).collect();
    let p_values: Vec<f64> = tested.iter().map(|(_, rows)| run_label_of(rows, base).lower.exact).collect();
    let expected = case["expected"]["scenarios"].as_object().expect("an object");
    let mut flagged = 0;
    for ((name, rows), p) in tested.iter().zip(holm(&p_values)) {
        let delta = rows.iter().map(|row| difference(row, base)).sum::<f64>() / rows.len() as f64;
        if p <= 0.01 && delta <= -0.1 + 1e-12 {
            let expected = &expected[*name];
            close(case, name, Some(p), &expected["p_holm"]);
            close(case, name, Some(delta), &expected["delta"]);
            assert_eq!(rows.len(), whole(&expected["n"]));
            flagged += 1;
        }
    }
    assert_eq!(flagged, expected.len(), "{}", case["id"]);
}
