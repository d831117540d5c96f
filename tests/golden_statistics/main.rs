//! The statistics against the golden files: every case of `golden/statistics.json`, from an independent Python
//! reference, and the statistical families of `golden/metrics.json`, from scipy, scikit-learn, numpy and others.
//! What they pin, and what they do not, is in `golden/CONVENTIONS.md`.

mod agreement;
mod comparison;
mod counts;
mod golden;
mod interval;

use golden::{METRICS, METRICS_ELSEWHERE, STATISTICS, cases};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Whether the values are still those that were computed: nobody changes them to suit the code.
#[test]
fn the_golden_files_are_as_they_were_given() {
    for (text, hash) in [
        (golden::STATISTICS_FILE, "220ef07cf2619f524035172927113b55eb80db69e6067b9f679b30969b7eb4bc"),
        (golden::METRICS_FILE, "5bfab800faebb9c8764b2f9bd1ecda577ea493a3a8b51c7aa393249d0d86571d"),
    ] {
        // A checkout may have turned the ends of lines.
        let text = text.replace("\r\n", "\n");
        assert_eq!(blake3::hash(text.as_bytes()).to_hex().as_str(), hash);
    }
}

fn by_family(cases: Vec<Value>, key: &str) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for case in cases {
        *found.entry(case[key].as_str().expect("a text").to_owned()).or_default() += 1;
    }
    found
}

/// Every test here takes its cases by this table, so that what is in it is checked.
#[test]
fn all_92_cases_are_covered_and_no_family_is_unknown() {
    let known: BTreeMap<String, usize> =
        STATISTICS.into_iter().map(|(name, count)| (name.to_owned(), count)).collect();
    assert_eq!(by_family(cases(golden::STATISTICS_FILE), "fn"), known);
    assert_eq!((known.len(), known.values().sum::<usize>()), (23, 92));
}

#[test]
fn every_statistical_family_of_the_metrics_is_covered() {
    let mut found = by_family(cases(golden::METRICS_FILE), "family");
    for (name, count) in METRICS {
        assert_eq!(found.remove(name), Some(count), "{name}");
    }
    let rest: BTreeSet<&str> = found.keys().map(String::as_str).collect();
    assert_eq!(rest, BTreeSet::from(METRICS_ELSEWHERE));
}
