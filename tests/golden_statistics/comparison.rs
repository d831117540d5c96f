//! Tests of a candidate against its baseline, and what they rest on.

use crate::golden::{all_close, close, list, metrics, number, numbers, rows, same, statistics, whole};
use holdline::stats::cluster::{ClusterTotal, cluster_diff, cluster_diff_adj, standard_error};
use holdline::stats::eprocess::{Change, e_path};
use holdline::stats::fisher::{fisher_greater, fisher_two_sided};
use holdline::stats::multiple::{benjamini_hochberg, holm};
use holdline::stats::paired::mcnemar;
use holdline::stats::permutation::{Block, RunLabel, Scores, run_label};
use holdline::stats::power::more_needed;
use serde_json::Value;
use std::collections::BTreeMap;

#[test]
fn mcnemar_is_that_of_the_golden_files() {
    for case in statistics("mcnemar") {
        let [broke, fixed] = ["b", "c"].map(|key| whole(&case["input"][key]) as u64);
        let found = mcnemar(broke, fixed);
        same(&case, "exact_two", found.exact_two_sided);
        same(&case, "midp_two", found.mid_two_sided);
        same(&case, "exact_reg", found.exact_worse);
        same(&case, "midp_reg", found.mid_worse);
    }
    for case in metrics("mcnemar_exact") {
        let [broke, fixed] = ["pass_to_fail", "fail_to_pass"].map(|key| whole(&case["input"][key]) as u64);
        let found = mcnemar(broke, fixed);
        same(&case, "p_two_sided", found.exact_two_sided);
        same(&case, "p_one_sided_worse", found.exact_worse);
    }
}

#[test]
fn fisher_is_scipys() {
    for case in metrics("fisher_exact") {
        let table: [[u64; 2]; 2] = serde_json::from_value(case["input"]["table"].clone()).unwrap();
        let [first, second] = table.map(|[one, other]| (one, other));
        same(&case, "p_greater", fisher_greater(first, second));
        same(&case, "p_two_sided", fisher_two_sided(first, second));
    }
}

/// Sums of differences by cluster; clusters are compared as texts.
fn totals(input: &Value) -> Vec<ClusterTotal> {
    let mut totals: BTreeMap<String, ClusterTotal> = BTreeMap::new();
    for (difference, cluster) in numbers(&input["d"]).iter().zip(list(&input["cluster"])) {
        let total = totals.entry(cluster.to_string()).or_default();
        total.sum += difference;
        total.cases += 1;
    }
    totals.into_values().collect()
}

#[test]
fn the_adjusted_cluster_interval_is_that_of_the_golden_files() {
    for case in statistics("cluster_diff_adj") {
        let found = cluster_diff_adj(&totals(&case["input"]), number(&case["input"]["conf"]));
        same(&case, "mean", found.centre);
        same(&case, "se", found.se);
        same(&case, "df", found.freedom as f64);
        same(&case, "lo", found.low);
        same(&case, "hi", found.high);
    }
}

#[test]
fn the_plain_cluster_test_is_that_of_the_golden_files() {
    for case in statistics("cluster_diff") {
        let totals = totals(&case["input"]);
        let (found, p_worse) = cluster_diff(&totals, number(&case["input"]["conf"])).unwrap();
        same(&case, "n", totals.iter().map(|total| total.cases).sum::<usize>() as f64);
        same(&case, "g", totals.len() as f64);
        same(&case, "mean", found.centre);
        same(&case, "se", found.se);
        same(&case, "df", found.freedom as f64);
        same(&case, "lo", found.low);
        same(&case, "hi", found.high);
        same(&case, "p_reg", p_worse);
        same(&case, "naive_se", standard_error(&numbers(&case["input"]["d"])).unwrap());
    }
}

/// The run-label test over rows of runs, the baseline's `base` first.
pub fn run_label_of(rows: &[Vec<f64>], base: usize) -> RunLabel {
    let blocks: Vec<Block<'_>> =
        rows.iter().map(|row| Block { base: &row[..base], cand: &row[base..] }).collect();
    run_label(&blocks, Scores::Counts)
}

#[test]
fn sign_flips_are_those_of_the_golden_files() {
    for case in statistics("signflip") {
        let rows: Vec<Vec<f64>> = numbers(&case["input"]["D"]).into_iter().map(|d| vec![0.0, d]).collect();
        let found = run_label_of(&rows, 1);
        same(&case, "k", found.informative as f64);
        same(&case, "p_exact", found.lower.exact);
        same(&case, "p_mid", found.lower.mid);
    }
}

#[test]
fn run_labels_are_those_of_the_golden_files() {
    for case in statistics("runlabel") {
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
fn corrections_for_many_tests_are_those_of_the_golden_files() {
    for (family, method) in [("holm", holm as fn(&[f64]) -> Vec<f64>), ("bh", benjamini_hochberg)] {
        for case in statistics(family) {
            all_close(&case, &method(&numbers(&case["input"]["p"])), &case["expected"]);
        }
    }
}

#[test]
fn the_cases_needed_are_those_of_the_golden_files() {
    for case in statistics("more_needed") {
        let input = &case["input"];
        let [se, delta, alpha, power] = ["se", "delta", "alpha", "power"].map(|key| number(&input[key]));
        let found = more_needed(se, whole(&input["n"]), delta, alpha, power);
        same(&case, "mde", found.detectable);
        same(&case, "n_required", found.required);
        same(&case, "more", found.more as f64);
    }
}

#[test]
fn evidence_over_time_is_that_of_the_golden_files() {
    for case in statistics("eprocess") {
        let change = |sign: &Value| if number(sign) < 0.0 { Change::Broke } else { Change::Fixed };
        let changes: Vec<Change> = list(&case["input"]["signs"]).iter().map(change).collect();
        let path = e_path(&changes);
        all_close(&case, &path, &case["expected"]);
        close(&case, "the last", path.last().copied(), list(&case["expected"]).last().unwrap());
    }
}
