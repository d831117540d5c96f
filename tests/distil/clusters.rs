//! Vectors and clusters against those of scikit-learn (`tests/golden/clusters.json`).

use holdline::distil::cluster::cluster;
use holdline::distil::tfidf::vectors;
use serde_json::Value;

fn golden() -> (Value, Vec<String>) {
    let golden: Value = serde_json::from_str(include_str!("../golden/clusters.json")).unwrap();
    let texts = serde_json::from_value(golden["texts"].clone()).unwrap();
    (golden, texts)
}

#[test]
fn distances_are_those_of_the_golden_values() {
    let (golden, texts) = golden();
    let rows = vectors(&texts.iter().map(|text| (text.as_str(), 1)).collect::<Vec<_>>()).rows;
    let product = |a: &[(u32, f64)], b: &[(u32, f64)]| -> f64 {
        let of = |term| b.iter().find(|(other, _)| *other == term).map_or(0.0, |(_, weight)| *weight);
        a.iter().map(|(term, weight)| weight * of(*term)).sum()
    };
    for (a, row) in golden["distances"].as_array().unwrap().iter().enumerate() {
        for (b, expected) in row.as_array().unwrap().iter().enumerate() {
            let found = 1.0 - product(&rows[a], &rows[b]);
            assert!((found - expected.as_f64().unwrap()).abs() < 1e-9, "{a}, {b}: {found}, not {expected}");
        }
    }
}

#[test]
fn a_text_that_stands_for_several_counts_as_often() {
    let texts = ["the handbook does not say", "the handbook says", "timeout"];
    let twice = vectors(&[(texts[0], 1), (texts[1], 1), (texts[2], 1), (texts[2], 1)]).rows;
    assert_eq!(vectors(&[(texts[0], 1), (texts[1], 1), (texts[2], 2)]).rows, twice[..3]);
}

#[test]
fn clusters_are_those_of_the_golden_values_at_any_cut() {
    let (golden, texts) = golden();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    for (cut, labels) in golden["labels"].as_object().unwrap() {
        let expected: Vec<usize> = serde_json::from_value(labels.clone()).unwrap();
        assert_eq!(cluster(&texts, cut.parse().unwrap()).of, expected, "cut {cut}");
    }
}
