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
