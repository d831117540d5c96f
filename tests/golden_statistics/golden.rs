//! The golden files: their families and how their values are read.

use serde_json::Value;

pub const STATISTICS_FILE: &str = include_str!("../golden/statistics.json");
pub const METRICS_FILE: &str = include_str!("../golden/metrics.json");

const TOLERANCE: f64 = 1e-9;

/// The families of `statistics.json` with their number of cases. `gate` is the whole procedure: it is checked by
/// the tests of the gate, and here by the numbers it is made of.
pub const STATISTICS: [(&str, usize); 23] = [
    ("bh", 3),
    ("bonett_price", 5),
    ("classification", 3),
    ("clopper_pearson", 3),
    ("cluster_diff", 4),
    ("cluster_diff_adj", 4),
    ("eprocess", 3),
    ("gate", 9),
    ("holm", 3),
    ("kappa", 7),
    ("krippendorff_nominal", 1),
    ("mcnemar", 7),
    ("more_needed", 3),
    ("newcombe_paired", 5),
    ("pass_k", 4),
    ("ppi_mean", 2),
    ("ranking", 5),
    ("rogan_gladen", 3),
    ("runlabel", 5),
    ("signflip", 5),
    ("tango", 3),
    ("variance_components", 1),
    ("wilson", 4),
];

/// The families of `metrics.json` that are statistics, with their number of cases.
pub const METRICS: [(&str, usize); 8] = [
    ("agreement", 3),
    ("binomial_ci", 6),
    ("fisher_exact", 4),
    ("judge_alignment", 6),
    ("judge_corrected_rate", 4),
    ("mcnemar_exact", 5),
    ("pass_k", 6),
    ("percentile", 3),
];

/// The families of `metrics.json` that are none: they pin metrics. Nothing here needs `saturation`.
pub const METRICS_ELSEWHERE: [&str; 8] = [
    "classification",
    "retrieval_ranx",
    "retrieval_sklearn",
    "retrieval_trec",
    "rouge",
    "sacrebleu",
    "saturation",
    "squad",
];

pub fn cases(file: &str) -> Vec<Value> {
    let golden: Value = serde_json::from_str(file).expect("a golden file is JSON");
    golden["cases"].as_array().expect("a golden file has cases").clone()
}

fn family(file: &str, key: &str, known: &[(&str, usize)], name: &str) -> Vec<Value> {
    let (_, count) = known.iter().find(|(known, _)| *known == name).expect("a family of the table");
    let found: Vec<Value> = cases(file).into_iter().filter(|case| case[key] == name).collect();
    assert_eq!(found.len(), *count, "cases of {name}");
    found
}

/// The cases of a family of `statistics.json`.
pub fn statistics(name: &str) -> Vec<Value> {
    family(STATISTICS_FILE, "fn", &STATISTICS, name)
}

/// The cases of a family of `metrics.json`.
pub fn metrics(name: &str) -> Vec<Value> {
    family(METRICS_FILE, "family", &METRICS, name)
}

pub fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

pub fn whole(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap_or_else(|| panic!("{value} is no count"))).expect("fits")
}

pub fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_else(|| panic!("{value} is no list"))
}

pub fn numbers(value: &Value) -> Vec<f64> {
    list(value).iter().map(number).collect()
}

pub fn rows(value: &Value) -> Vec<Vec<f64>> {
    list(value).iter().map(numbers).collect()
}

/// Labels as text, whatever they are in the file.
pub fn labels(value: &Value) -> Vec<String> {
    list(value).iter().map(ToString::to_string).collect()
}

/// That a value of a case is the one expected; what is not defined is null in the file.
#[track_caller]
pub fn close(case: &Value, what: &str, found: Option<f64>, expected: &Value) {
    if expected.is_null() {
        assert_eq!(found, None, "{}: {what}", case["id"]);
        return;
    }
    let (found, expected) = (found.expect("a value"), number(expected));
    assert!((found - expected).abs() <= TOLERANCE, "{}: {what} is {found}, not {expected}", case["id"]);
}

/// The same for a value that is expected under a name.
#[track_caller]
pub fn same(case: &Value, what: &str, found: f64) {
    close(case, what, Some(found), &case["expected"][what]);
}

/// The same for a list of values.
#[track_caller]
pub fn all_close(case: &Value, found: &[f64], expected: &Value) {
    let expected = list(expected);
    assert_eq!(found.len(), expected.len(), "{}", case["id"]);
    for (found, expected) in found.iter().zip(expected) {
        close(case, "a value", Some(*found), expected);
    }
}
