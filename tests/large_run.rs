//! A run of more cases than are held in memory: every output says the same of it as of a small one.

#[expect(dead_code, reason = "other test files use the rest")]
mod project;

use project::{App, Project};
use serde_json::{Value, json};

const CASES: usize = 2_300;

/// Every hundredth answer is wrong.
fn app() -> App {
    App::start(|text| {
        let number: usize = text.rsplit(' ').next().and_then(|of| of.parse().ok()).unwrap_or(0);
        json!({ "message": if number % 100 == 7 { "no" } else { "yes" } })
    })
}

fn large(port: u16) -> Project {
    let rows: Vec<String> = (0..CASES).map(|n| format!("row-{n},please answer number {n}\n")).collect();
    let suite = format!(
        r#"feature = "Answers"
[run]
concurrency = 32
[target]
http = "http://127.0.0.1:{port}/ask"
body = {{ text = "{{{{ input }}}}" }}
reply = {{ output = "/message" }}
[[scenario]]
name = "says yes"
inputs = {{ file = "rows.csv", input = "text", id = "id" }}
expect = {{ contains = "yes" }}
"#
    );
    Project::new(&[("suites/yes.toml", &suite), ("suites/rows.csv", &format!("id,text\n{}", rows.concat()))])
}

fn record(project: &Project) -> Value {
    serde_json::from_str(&project.read("report.json")).unwrap()
}

#[test]
fn every_case_is_counted_written_and_found_again() {
    let app = app();
    let project = large(app.port);
    let ran =
        project.holdline(&["run", "--json", "report.json", "--junit", "junit.xml", "--markdown", "r.md"]);
    ran.expect(0).says(&["Graded 2300 of 2,300 cases", "23 cases fail as it is", "2,300 cases in"]);
    assert_eq!(app.asked(), CASES);
    let cases = record(&project)["suites"][0]["cases"].as_array().unwrap().clone();
    assert_eq!(cases.len(), CASES);
    let names: Vec<&str> = cases.iter().map(|case| case["name"].as_str().unwrap()).collect();
    assert!(
        names[0].starts_with("row-0-") && names[2_299].starts_with("row-2299-"),
        "in the order of the file"
    );
    let junit = project.read("junit.xml");
    assert_eq!(junit.matches("classname=\"yes::says-yes\"").count(), CASES);
    // A case that passes is not held, and can be shown all the same.
    let passes = cases[1_999]["id"].as_str().unwrap();
    project.holdline(&["show", passes]).expect(0).says(&["please answer number 1999"]);
}

#[test]
fn what_broke_is_named_among_many_and_the_baseline_has_every_case() {
    let good = App::start(|_| json!({ "message": "yes" }));
    let project = large(good.port);
    project.accept_everything();
    let accepted = project.read("baselines/yes.snap");
    assert_eq!(accepted.lines().filter(|line| line.starts_with("case\t")).count(), CASES);
    let bad = app();
    let suite = project.read("suites/yes.toml").replace(&good.port.to_string(), &bad.port.to_string());
    project.write("suites/yes.toml", &suite);
    let ran = project.holdline_in_ci(&["run", "--no-confirm", "--json", "report.json"]);
    ran.says(&["23 cases broke", "expected output containing `yes`, got `no`"]);
    let cases = record(&project)["suites"][0]["cases"].as_array().unwrap().clone();
    let broke = cases.iter().filter(|case| case["flip"] == "broke");
    assert_eq!(broke.count(), 23);
    assert!(cases.iter().filter(|case| case["flip"] == "broke").all(|case| case["accepted_answer"] == "yes"));
}

#[test]
fn what_is_copied_into_the_record_reads_and_stands_as_if_it_were_written_anew() {
    let app = app();
    let project = large(app.port);
    let suite = project.read("suites/yes.toml")
        + r#"tags = ["many"]
[[scenario]]
name = "says it again"
inputs = ["please answer number 1"]
expect = { label = "yes", excludes = "no" }
expand = ["typing"]
repeats = 2
must_pass = true
"#;
    let suite = suite.replace("feature = \"Answers\"", "feature = \"Answers\"\nlabels = [\"yes\", \"no\"]");
    let suite = suite.replace("output = \"/message\"", "output = \"/message\", label = \"/message\"");
    project.write("suites/yes.toml", &suite);
    project.holdline(&["run", "--json", "report.json"]);
    let text = project.read("report.json");
    let lines = text.lines().filter(|line| line.starts_with("        {\"id\""));
    let mut seen = [0_usize; 3];
    for line in lines {
        let line = line.trim().trim_end_matches(',');
        let case: holdline::report::CaseRecord = serde_json::from_str(line).unwrap();
        assert_eq!(serde_json::to_string(&case).unwrap(), line);
        seen[0] += 1;
        seen[1] += usize::from(case.repeats.len() == 2);
        seen[2] += usize::from(case.provenance.lineage.is_some());
    }
    assert!(seen[0] > CASES && seen[1] > 1 && seen[2] > 0, "{seen:?}");
}
