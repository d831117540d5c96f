//! The metrics' pure functions against values from scikit-learn, `trec_eval`, ranx, the `SQuAD` evaluation,
//! rouge-score and sacrebleu (`tests/golden/metrics.json`). What they pin, and what they do not, is in
//! `tests/golden/CONVENTIONS.md`.

mod classification;
mod retrieval;
mod text;

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const TOLERANCE: f64 = 1e-9;

/// Families of `metrics.json` that are checked here, with their number of cases.
const CHECKED: [(&str, usize); 7] = [
    ("classification", 15),
    ("retrieval_ranx", 6),
    ("retrieval_sklearn", 3),
    ("retrieval_trec", 22),
    ("rouge", 13),
    ("sacrebleu", 15),
    ("squad", 14),
];

/// Families that are not checked here: they pin statistics, which have a test of their own
/// (`golden_statistics`), or what the crate does not have.
const ELSEWHERE: [&str; 9] = [
    "agreement",
    "binomial_ci",
    "fisher_exact",
    "judge_alignment",
    "judge_corrected_rate",
    "mcnemar_exact",
    "pass_k",
    "percentile",
    "saturation",
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
    family(include_str!("../golden/metrics.json"), "family", name, count)
}

#[track_caller]
fn close(id: &Value, what: &str, found: Option<f64>, expected: &Value) {
    within(TOLERANCE, id, what, found, expected);
}

#[track_caller]
fn within(tolerance: f64, id: &Value, what: &str, found: Option<f64>, expected: &Value) {
    // Undefined is the text "NaN" in one file and null in the other.
    if expected.is_null() || expected == "NaN" {
        assert_eq!(found, None, "{id} {what}");
        return;
    }
    let expected = expected.as_f64().unwrap();
    let found = found.unwrap_or_else(|| panic!("{id} {what}: no value"));
    assert!((found - expected).abs() <= tolerance, "{id} {what}: {found}, not {expected}");
}

fn count(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

/// Labels as text, whatever they are in the file.
fn labels(list: &Value) -> Vec<String> {
    let text = |label: &Value| label.as_str().map_or_else(|| label.to_string(), str::to_owned);
    list.as_array().unwrap().iter().map(text).collect()
}

#[test]
fn every_family_is_checked_or_known_to_belong_elsewhere() {
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for case in cases(include_str!("../golden/metrics.json")) {
        *found.entry(case["family"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    for (name, count) in CHECKED {
        assert_eq!(found.remove(name), Some(count), "{name}");
    }
    let rest: BTreeSet<&str> = found.keys().map(String::as_str).collect();
    assert_eq!(rest, BTreeSet::from(ELSEWHERE));
}
