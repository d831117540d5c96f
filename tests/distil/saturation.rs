//! Saturation against the values of scikit-bio (`tests/golden/metrics.json`).

use holdline::distil::saturation;
use serde_json::Value;

#[test]
fn saturation_is_that_of_the_golden_values() {
    let golden: Value = serde_json::from_str(include_str!("../golden/metrics.json")).unwrap();
    let tolerance = golden["tolerance"].as_f64().unwrap();
    let cases = golden["cases"].as_array().unwrap().iter().filter(|case| case["family"] == "saturation");
    let mut checked = 0;
    for case in cases {
        let counts: Vec<usize> = serde_json::from_value(case["input"]["counts"].clone()).unwrap();
        let (found, expected) = (saturation(&counts), &case["expected"]);
        let whole = |what: &str| usize::try_from(expected[what].as_u64().unwrap()).unwrap();
        assert_eq!(
            (found.seen, found.once, found.twice),
            (whole("observed"), whole("f1"), whole("f2")),
            "{case}"
        );
        for (value, what) in [
            (found.next_is_new.unwrap(), "p_next_is_new_good_turing"),
            (found.at_least, "chao1_bias_corrected"),
        ] {
            assert!(
                (value - expected[what].as_f64().unwrap()).abs() <= tolerance,
                "{what}: {found:?}, {case}"
            );
        }
        assert!(found.at_most.unwrap() >= found.next_is_new.unwrap() && found.at_most.unwrap() <= 1.0);
        checked += 1;
    }
    assert_eq!(checked, 6);
}
