//! The golden `gate` family: all nine cases, by the procedure on bare numbers and through the whole decision.

use super::*;
use holdline::gate::procedure::{
    Correction, Groups, Layout, Limits, Scores, Values, correct, is_flagged, is_held, kind, scenario_tests,
    suite_test,
};
use serde_json::Value;
use std::collections::BTreeMap;

const TOLERANCE: f64 = 1e-9;
const LIMITS: Limits = Limits { alpha: 0.04, min_effect: 0.01, tolerance: 0.05 };
const SCENARIO: Limits = Limits { alpha: 0.01, min_effect: 0.10, tolerance: 0.05 };

fn golden() -> Vec<Value> {
    let golden: Value = serde_json::from_str(include_str!("../golden/statistics.json")).expect("JSON");
    let cases = golden["cases"].as_array().expect("cases").iter();
    let cases: Vec<Value> = cases.filter(|case| case["fn"] == "gate").cloned().collect();
    assert_eq!(cases.len(), 9);
    cases
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

/// Clusters are compared as texts.
fn clusters(case: &Value) -> (Vec<String>, Vec<u32>) {
    let mut numbers: BTreeMap<String, u32> = BTreeMap::new();
    let names: Vec<String> = list(&case["input"]["cluster"])
        .iter()
        .map(|name| name.as_str().expect("a text").to_owned())
        .collect();
    for name in &names {
        let next = u32::try_from(numbers.len()).expect("few");
        numbers.entry(name.clone()).or_insert(next);
    }
    let of = names.iter().map(|name| numbers[name]).collect();
    let mut by_number = vec![String::new(); numbers.len()];
    for (name, number) in numbers {
        by_number[number as usize] = name;
    }
    (by_number, of)
}

fn runs(case: &Value, side: &str, at: usize) -> Vec<Outcome> {
    list(&case["input"][side][at]).iter().map(|run| if *run == 1 { Pass } else { Fail }).collect()
}

fn scores(case: &Value) -> Scores {
    let (base, cand) = (runs(case, "base", 0).len(), runs(case, "cand", 0).len());
    let flags = (0..list(&case["input"]["base"]).len()).map(|at| {
        let all = runs(case, "base", at).into_iter().chain(runs(case, "cand", at));
        all.enumerate().fold(0, |bits, (run, outcome)| bits | u32::from(outcome == Pass) << run)
    });
    Scores { base, cand, values: Values::Flags(flags.collect()), graded: Vec::new() }
}

#[track_caller]
fn same(case: &Value, what: &str, found: Option<f64>) {
    let expected = case["expected"][what].as_f64();
    let near = match (found, expected) {
        (Some(found), Some(expected)) => (found - expected).abs() <= TOLERANCE,
        (found, expected) => found == expected,
    };
    assert!(near, "{}: {what} is {found:?}, not {expected:?}", case["id"]);
}

#[test]
fn the_procedure_is_that_of_the_golden_file() {
    for case in golden() {
        let (names, of) = clusters(&case);
        let groups = Groups::new(&of, names.len());
        let layout = Layout { clusters: groups.clone(), scenarios: groups };
        let scores = scores(&case);
        let test = suite_test(&scores, &layout, 1.0, 0.8);
        same(&case, "n", Some(test.cases as f64));
        same(&case, "clusters", Some(test.clusters as f64));
        same(&case, "delta", Some(test.delta));
        same(&case, "p_suite_exact", Some(test.worse.exact));
        same(&case, "p_suite_mid", Some(test.worse.mid));
        same(&case, "lo", Some(test.interval.low));
        same(&case, "hi", Some(test.interval.high));
        same(&case, "se", Some(test.interval.se));
        same(&case, "mde80", Some(test.detectable));
        same(&case, "run_dispersion_p", test.guard.dispersion);
        same(&case, "run_t_p", test.guard.worse);
        let more = holdline::stats::power::more_needed(test.interval.se, test.cases, 0.05, 0.05, 0.8);
        same(&case, "more_cases_for_tol", Some(more.more as f64));

        let tests = scenario_tests(&scores, &layout.scenarios);
        let tests: Vec<_> = tests.into_iter().filter(|test| test.cases >= 2).collect();
        let worse: Vec<f64> = tests.iter().map(|test| test.worse.exact).collect();
        let better: Vec<f64> = tests.iter().map(|test| test.better.exact).collect();
        let corrected = correct(Correction { worse: &worse, better: &better, alpha: SCENARIO.alpha });
        let flagged: BTreeMap<&str, _> = tests
            .iter()
            .zip(corrected)
            .filter(|(test, corrected)| is_flagged(test.delta, *corrected, SCENARIO))
            .map(|(test, corrected)| (names[test.scenario].as_str(), (test, corrected)))
            .collect();
        let expected = case["expected"]["scenarios"].as_object().expect("scenarios");
        assert_eq!(flagged.len(), expected.len(), "{}", case["id"]);
        for (name, expected) in expected {
            let (test, corrected) = flagged[name.as_str()];
            let near = |what: &str, found: f64| {
                let expected = expected[what].as_f64().expect("a number");
                assert!((found - expected).abs() <= TOLERANCE, "{}: {what} of {name}", case["id"]);
            };
            near("p_holm", corrected.worse);
            near("delta", test.delta);
            near("n", test.cases as f64);
        }

        let own = correct(Correction { worse: &[test.worse.mid], better: &[test.better.mid], alpha: 0.04 });
        let verdict = match kind(&test, own[0], LIMITS) {
            FindingKind::Regressed => "REGRESSED",
            _ if !flagged.is_empty() => "REGRESSED-SCENARIO",
            _ if is_held(&test, LIMITS.tolerance) => "PASS",
            _ => "INCONCLUSIVE",
        };
        assert_eq!(case["expected"]["verdict"], verdict, "{}", case["id"]);
    }
}

#[test]
fn the_whole_decision_is_that_of_the_golden_file() {
    for case in golden() {
        let (names, of) = clusters(&case);
        let mut world = World::new();
        for (at, scenario) in of.iter().enumerate() {
            world.case_of_runs(*scenario as usize, &runs(&case, "base", at), &runs(&case, "cand", at));
            world.family_of_scenario();
        }
        let output = world.decide();
        let rate = finding(&output, "pass_rate");
        let evidence = rate.evidence.as_deref().expect("numbers");
        same(&case, "n", Some(rate.paired as f64));
        same(&case, "clusters", Some(evidence.clusters as f64));
        same(&case, "delta", rate.delta);
        same(&case, "p_suite_mid", rate.p_worse);
        same(&case, "p_suite_exact", Some(evidence.worse.0));
        same(&case, "lo", Some(evidence.bounds.0));
        same(&case, "hi", Some(evidence.bounds.1));
        same(&case, "mde80", rate.detectable);
        let guard = evidence.guard.expect("a guard");
        same(&case, "run_dispersion_p", guard.dispersion);
        same(&case, "run_t_p", guard.worse);
        let expected = case["expected"]["verdict"].as_str().expect("a verdict");
        let flagged: Vec<&Finding> = output
            .findings
            .iter()
            .filter(|of| of.gates && of.kind == FindingKind::Regressed && of.key() != "pass_rate")
            .collect();
        assert_eq!(flagged.is_empty(), expected != "REGRESSED-SCENARIO", "{names:?} {flagged:?}");
        let blocks = expected.starts_with("REGRESSED");
        assert_eq!(output.decision == Decision::Regressed, blocks, "{}", case["id"]);
        // What differs nowhere is *unchanged*, which the reference does not know.
        let kind = match expected {
            "REGRESSED" => FindingKind::Regressed,
            "PASS" if evidence.informative > 0 => FindingKind::Held,
            _ if evidence.informative == 0 => FindingKind::Unchanged,
            _ => FindingKind::Inconclusive,
        };
        assert_eq!(rate.kind, kind, "{}", case["id"]);
    }
}
