//! Numbers from the suite to the exit code: measured, kept with the baseline, and compared with it.
#![cfg(feature = "cli")]

#[expect(dead_code, reason = "other test files use the rest")]
mod project;

use project::Project;
use serde_json::{Value, json};
use std::fmt::Write;

/// Sixty sales whose amounts are 1, 2, … 60; a forecast within 2.50 of them passes.
fn project() -> Project {
    let suite = r#"feature = "Forecasts amounts"
[target]
recorded = "answers.jsonl"
[[scenario]]
name = "forecasts amounts"
inputs = { file = "sales.csv", input = "sale" }
expect = { number = { value = "{{ row.amount }}", tolerance = 2.5 } }
[gate.metrics]
pass_rate = {}
mae = { tolerance = "10%" }
"#;
    let rows: String = (1..=60).fold("sale,amount\n".to_owned(), |mut rows, n| {
        let _ = writeln!(rows, "sale {n},{n}.00");
        rows
    });
    Project::new(&[("suites/sales.toml", suite), ("suites/sales.csv", &rows)])
}

/// Lets the application answer each sale with so much more than was paid.
fn answer(project: &Project, off_by: impl Fn(u32) -> Option<f64>) {
    let line = |n: u32| {
        let output =
            off_by(n).map_or_else(|| "no idea".to_owned(), |off| format!("about {} EUR", f64::from(n) + off));
        json!({ "input": format!("sale {n}"), "output": output }).to_string() + "\n"
    };
    project.write("suites/answers.jsonl", &(1..=60).map(line).collect::<String>());
}

/// What is said of a metric of the suite.
fn reason(project: &Project, name: &str) -> String {
    let report: Value = serde_json::from_str(&project.read("report.json")).unwrap();
    let all = report["suites"][0]["findings"].as_array().unwrap();
    let found = all.iter().find(|one| one["metric"] == name && one["slice"] == "suite").unwrap();
    found["reason"].as_str().unwrap().to_owned()
}

/// A metric of the suite.
fn metric(project: &Project, name: &str) -> Value {
    let report: Value = serde_json::from_str(&project.read("report.json")).unwrap();
    let all = report["suites"][0]["measurements"].as_array().unwrap();
    all.iter().find(|one| one["metric"] == name && one["slice"] == "suite").cloned().unwrap_or_default()
}

#[test]
fn errors_that_grow_within_the_tolerance_of_the_verdicts_are_caught_by_their_mean() {
    let project = project();
    answer(&project, |_| Some(1.0));
    project.holdline(&["run", "--json", "report.json"]).expect(0).says(&["mae", "1.000"]);
    assert_eq!(metric(&project, "mae")["value"], 1.0);
    assert_eq!(metric(&project, "mae")["unit"], "number");
    // Σ(n − 30.5)² for n from 1 to 60 is (60³ − 60) / 12 = 17995.
    let r2 = metric(&project, "r2")["value"].as_f64().unwrap();
    assert!((r2 - (1.0 - 60.0 / 17_995.0)).abs() < 1e-12, "{r2}");
    project.holdline(&["accept", "--reason", "first"]).expect(0);
    let snap = project.read("baselines/sales.snap");
    assert!(snap.contains("\nformat\t3\n") && snap.contains("\nmetric\tmae\t1.000000\t60\n"), "{snap}");
    assert_eq!(
        snap.lines().filter(|line| line.starts_with("case\t") && line.ends_with("\tP\t-\t-\t2.0")).count(),
        1
    );
    project.holdline_in_ci(&["run"]).expect(0).says(&["unchanged"]);

    answer(&project, |_| Some(2.0));
    let ran = project.holdline_in_ci(&["run", "--json", "report.json"]).expect(1);
    ran.says(&["sales: regressed: mae 1.000 → 2.000 (+1.00)", "unchanged     pass_rate"]);
    let reason = reason(&project, "mae");
    assert!(reason.ends_with("p < 0.0001; 60 answers are farther off, none is nearer"), "{reason}");
    answer(&project, |n| Some(if n <= 3 { 1.2 } else { 1.0 }));
    project.holdline_in_ci(&["run"]).expect(0).says(&["held"]);
}

#[test]
fn an_application_that_answers_with_fewer_numbers_cannot_be_decided() {
    let project = project();
    // Without the test of the verdicts, in which nothing changes here: what failed still fails.
    let suite = project.read("suites/sales.toml").replace("pass_rate = {}\n", "");
    project.write("suites/sales.toml", &suite);
    answer(&project, |n| (n > 20).then_some(1.0).or(Some(100.0)));
    project.accept_everything();
    answer(&project, |n| (n > 20).then_some(1.0));
    project.holdline_in_ci(&["run", "--json", "report.json"]).expect(3);
    assert_eq!(
        reason(&project, "mae"),
        "no value: only 40 of the 60 cases that have a number in the baseline have one now (80 % are needed)"
    );
    assert_eq!(metric(&project, "mae")["reason"], "20 without a number to read in the answer");
}

#[test]
fn a_suite_without_numbers_keeps_none() {
    let project = project();
    let suite = project.read("suites/sales.toml");
    let plain = suite
        .replace("number = { value = \"{{ row.amount }}\", tolerance = 2.5 }", "contains = \"EUR\"")
        .replace("mae = { tolerance = \"10%\" }\n", "");
    project.write("suites/sales.toml", &plain);
    answer(&project, |_| Some(1.0));
    project.accept_everything();
    let snap = project.read("baselines/sales.snap");
    let is_plain = |line: &str| line.ends_with("\tP\t-\t-") || !line.starts_with("case\t");
    assert!(snap.lines().all(is_plain) && !snap.contains("mae"), "{snap}");
}
