//! The shipped sales forecast under its shipped suite: version 1 holds, version 2, which forgot the seasons,
//! is caught by its errors.
#![cfg(feature = "cli")]

use serde_json::Value;
use std::path::Path;
use std::process::{Command, Stdio};

/// A run of the suite, as in CI: nothing below `baselines/` is written.
struct Ran {
    code: Option<i32>,
    text: String,
    suite: Value,
}

fn run(version: &str) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("report.json");
    let output = Command::new(env!("CARGO_BIN_EXE_holdline"))
        .args(["run", "sales-forecast", "--quiet", "--json"])
        .arg(&report)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .env_remove("HOLDLINE_UPDATE")
        .env_remove("GITHUB_ACTIONS")
        .env_remove("GITHUB_STEP_SUMMARY")
        .env("CI", "true")
        .env("APP_VERSION", version)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let text = format!("{}\n{}", said(&output.stdout), said(&output.stderr));
    let report = std::fs::read_to_string(&report).unwrap_or_else(|error| panic!("{error}: {text}"));
    let mut report: Value = serde_json::from_str(&report).unwrap();
    Ran { code: output.status.code(), text, suite: report["suites"][0].take() }
}

impl Ran {
    /// The finding of a metric of the whole suite.
    fn finding(&self, metric: &str) -> &Value {
        let findings = self.suite["findings"].as_array().unwrap();
        let of_suite = |finding: &&Value| finding["metric"] == metric && finding["slice"] == "suite";
        findings.iter().find(of_suite).unwrap_or_else(|| panic!("nothing is said of {metric}: {}", self.text))
    }
}

#[test]
fn version_1_holds_and_version_2_is_caught_by_its_errors() {
    let first = run("1");
    assert_eq!(first.code, Some(0), "{}", first.text);
    assert_eq!(first.suite["decision"], "held", "{}", first.text);
    let cases = first.suite["cases"].as_array().unwrap();
    assert!(cases.len() >= 400, "{}", cases.len());
    assert!(cases.iter().all(|case| case["truth"].is_null()), "there are numbers and no labels");
    for metric in ["mae", "rmse", "r2", "pass_rate"] {
        let finding = first.finding(metric);
        assert_eq!(finding["kind"], "unchanged", "{metric}: {finding}");
        assert_eq!(finding["gates"], true, "{metric}");
    }

    let second = run("2");
    assert_eq!(second.code, Some(1), "{}", second.text);
    for metric in ["mae", "rmse", "r2"] {
        let finding = second.finding(metric);
        assert_eq!((&finding["kind"], &finding["gates"]), (&Value::from("regressed"), &Value::from(true)));
        assert_eq!(finding["paired"], cases.len(), "{metric}");
        assert!(finding["p_adjusted"].as_f64().unwrap() < 1e-6, "{metric}: {finding}");
        assert!(second.text.contains(&format!("regressed     {metric}\n")), "{}", second.text);
    }
    // Noise that nothing explains is 0.12 of it; the evenings alone are off by fifteen per cent.
    let (before, now) =
        (second.finding("mae")["baseline"].as_f64(), second.finding("mae")["candidate"].as_f64());
    assert!(before.unwrap() < 0.16 && now.unwrap() > 1.5 * before.unwrap(), "{before:?} {now:?}");
}
