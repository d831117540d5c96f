//! The cases of the golden `gate` family with one run on either side, through the whole decision.

use super::*;
use serde_json::Value;

const TOLERANCE: f64 = 1e-9;

#[test]
fn a_decision_with_one_run_on_either_side_is_that_of_the_golden_file() {
    let golden: Value = serde_json::from_str(include_str!("../golden/statistics.json")).expect("JSON");
    let cases = golden["cases"].as_array().expect("cases").iter().filter(|case| case["fn"] == "gate");
    let single = |case: &&Value| {
        let runs = |side: &str| case["input"][side][0].as_array().expect("runs").len();
        runs("base") == 1 && runs("cand") == 1
    };
    let cases: Vec<&Value> = cases.filter(single).collect();
    assert_eq!(cases.len(), 1);
    for case in cases {
        holds(case);
    }
}

fn holds(case: &Value) {
    let input = &case["input"];
    let list = |what: &str| input[what].as_array().expect("a list");
    let outcome = |runs: &Value| if runs[0] == 1 { Pass } else { Fail };
    let mut clusters: Vec<&Value> = Vec::new();
    let mut world = World::new();
    for ((base, cand), cluster) in list("base").iter().zip(list("cand")).zip(list("cluster")) {
        let scenario = clusters.iter().position(|other| *other == cluster).unwrap_or_else(|| {
            clusters.push(cluster);
            clusters.len() - 1
        });
        world.case(scenario, outcome(base), outcome(cand));
        world.family_of_scenario();
    }
    let output = world.decide();
    let rate = finding(&output, "pass_rate");
    let expected = &case["expected"];
    let same = |what: &str, found: f64| {
        let expected = expected[what].as_f64().expect("a number");
        assert!((found - expected).abs() < TOLERANCE, "{}: {what} is {found}, not {expected}", case["id"]);
    };
    let interval = rate.interval.expect("an interval");
    same("n", rate.paired as f64);
    same("clusters", rate.families as f64);
    same("delta", rate.delta.expect("a delta"));
    same("p_suite_mid", rate.p_worse.expect("a p-value"));
    same("lo", interval.0);
    same("hi", interval.1);
    same("mde80", rate.detectable.expect("a detectable drop"));
    assert_eq!(expected["verdict"], "INCONCLUSIVE");
    assert_eq!(rate.kind, FindingKind::Inconclusive);
    assert_eq!(expected["scenarios"], serde_json::json!({}));
    assert!(output.findings.iter().all(|finding| finding.kind != FindingKind::Regressed));
}
