//! The statistics of the gate against the golden files: every case of every family that they cover.

use holdline::stats::cluster::{ClusterTotal, cluster_diff_adj};
use holdline::stats::multiple::holm;
use holdline::stats::paired::mcnemar;
use holdline::stats::permutation::{Block, RunLabel, Scores, run_label};
use holdline::stats::power::more_needed;
use serde_json::Value;
use std::collections::BTreeMap;

const TOLERANCE: f64 = 1e-9;

fn cases_of(file: &str, key: &str, family: &str, count: usize) -> Vec<Value> {
    let golden: Value = serde_json::from_str(file).expect("a golden file is JSON");
    let cases: Vec<Value> = golden["cases"]
        .as_array()
        .expect("a golden file has cases")
        .iter()
        .filter(|case| case[key] == family)
        .cloned()
        .collect();
    assert_eq!(cases.len(), count, "cases of {family}");
    cases
}

fn statistics(family: &str, count: usize) -> Vec<Value> {
    cases_of(include_str!("golden/statistics.json"), "fn", family, count)
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

fn whole(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap_or_else(|| panic!("{value} is no count"))).expect("fits")
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("a list").iter().map(number).collect()
}

fn rows(value: &Value) -> Vec<Vec<f64>> {
    value.as_array().expect("a list").iter().map(numbers).collect()
}

#[track_caller]
fn same(case: &Value, what: &str, found: f64) {
    let expected = number(&case["expected"][what]);
    assert!((found - expected).abs() <= TOLERANCE, "{}: {what} is {found}, not {expected}", case["id"]);
}

#[test]
fn mcnemar_is_that_of_the_golden_files() {
    for case in statistics("mcnemar", 7) {
        let input = &case["input"];
        let found = mcnemar(whole(&input["b"]) as u64, whole(&input["c"]) as u64);
        same(&case, "exact_two", found.exact_two_sided);
        same(&case, "midp_two", found.mid_two_sided);
        same(&case, "exact_reg", found.exact_worse);
        same(&case, "midp_reg", found.mid_worse);
    }
    for case in cases_of(include_str!("golden/metrics.json"), "family", "mcnemar_exact", 5) {
        let input = &case["input"];
        let found = mcnemar(whole(&input["pass_to_fail"]) as u64, whole(&input["fail_to_pass"]) as u64);
        same(&case, "p_two_sided", found.exact_two_sided);
        same(&case, "p_one_sided_worse", found.exact_worse);
    }
}

/// Sums of differences by cluster; clusters are compared as texts.
fn totals<'a>(differences: &[f64], clusters: impl IntoIterator<Item = &'a Value>) -> Vec<ClusterTotal> {
    let mut totals: BTreeMap<String, ClusterTotal> = BTreeMap::new();
    for (difference, cluster) in differences.iter().zip(clusters) {
        let total = totals.entry(cluster.to_string()).or_default();
        total.sum += difference;
        total.cases += 1;
    }
    totals.into_values().collect()
}

#[test]
fn the_cluster_interval_is_that_of_the_golden_files() {
    for case in statistics("cluster_diff_adj", 4) {
        let input = &case["input"];
        let clusters = input["cluster"].as_array().expect("a list");
        let found = cluster_diff_adj(&totals(&numbers(&input["d"]), clusters), number(&input["conf"]));
        same(&case, "mean", found.centre);
        same(&case, "se", found.se);
        same(&case, "df", found.freedom as f64);
        same(&case, "lo", found.low);
        same(&case, "hi", found.high);
    }
}

fn run_label_of(rows: &[Vec<f64>], base: usize) -> RunLabel {
    let blocks: Vec<Block<'_>> =
        rows.iter().map(|row| Block { base: &row[..base], cand: &row[base..] }).collect();
    run_label(&blocks, Scores::Counts)
}

#[test]
fn sign_flips_are_those_of_the_golden_files() {
    for case in statistics("signflip", 5) {
        let rows: Vec<Vec<f64>> = numbers(&case["input"]["D"]).into_iter().map(|d| vec![0.0, d]).collect();
        let found = run_label_of(&rows, 1);
        same(&case, "k", found.informative as f64);
        same(&case, "p_exact", found.lower.exact);
        same(&case, "p_mid", found.lower.mid);
    }
}

#[test]
fn run_labels_are_those_of_the_golden_files() {
    for case in statistics("runlabel", 5) {
        let input = &case["input"];
        let rows = rows(&input["F"]);
        let base = whole(&input["n_base"]);
        assert!(rows.iter().all(|row| row.len() == base + whole(&input["n_cand"])));
        let found = run_label_of(&rows, base);
        same(&case, "T", found.total);
        same(&case, "p_exact", found.lower.exact);
        same(&case, "p_mid", found.lower.mid);
        same(&case, "mean", found.mean);
        same(&case, "var", found.variance);
    }
}

#[test]
fn holm_is_that_of_the_golden_files() {
    for case in statistics("holm", 3) {
        let found = holm(&numbers(&case["input"]["p"]));
        let expected = numbers(&case["expected"]);
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(&expected) {
            assert!((found - expected).abs() <= TOLERANCE, "{}: {found} is not {expected}", case["id"]);
        }
    }
}

#[test]
fn the_cases_needed_are_those_of_the_golden_files() {
    for case in statistics("more_needed", 3) {
        let input = &case["input"];
        let found = more_needed(
            number(&input["se"]),
            whole(&input["n"]),
            number(&input["delta"]),
            number(&input["alpha"]),
            number(&input["power"]),
        );
        same(&case, "mde", found.detectable);
        same(&case, "n_required", found.required);
        same(&case, "more", found.more as f64);
    }
}

/// Sums of the rows of cases by cluster, and the rows of each cluster.
fn by_cluster(case: &Value) -> BTreeMap<String, Vec<Vec<f64>>> {
    let input = &case["input"];
    let mut clusters: BTreeMap<String, Vec<Vec<f64>>> = BTreeMap::new();
    let names = input["cluster"].as_array().expect("a list");
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

/// The parts of the whole procedure that rest on these functions: all but the guard against drift.
#[test]
fn the_numbers_of_the_gate_are_those_of_the_golden_files() {
    for case in statistics("gate", 9) {
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
            assert!((p - number(&expected["p_holm"])).abs() <= TOLERANCE, "{}: {name}", case["id"]);
            assert!((delta - number(&expected["delta"])).abs() <= TOLERANCE, "{}: {name}", case["id"]);
            assert_eq!(rows.len(), whole(&expected["n"]));
            flagged += 1;
        }
    }
    assert_eq!(flagged, expected.len(), "{}", case["id"]);
}
