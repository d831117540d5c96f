//! Answers measured beside references: over a real application, from the suite to the gate.

#[expect(dead_code, reason = "other test files use the rest")]
mod project;

use project::{App, Project, Ran};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Questions in a suite that is to be large enough for a test.
const QUESTIONS: usize = 30;

/// A suite whose questions have a relevant document each, and a check that always holds.
fn retrieval_suite(port: u16, gate: &str) -> String {
    let inputs: Vec<String> = (0..QUESTIONS)
        .map(|n| format!("  {{ text = \"question {n}\", ids = [\"d{n}\"], answer = \"answer {n}\" }},\n"))
        .collect();
    format!(
        r#"feature = "Finds what answers"

[target]
http = "http://127.0.0.1:{port}/ask"
body = {{ text = "{{{{ input }}}}" }}
reply = {{ output = "/message", retrieved = "/sources" }}

[[scenario]]
name = "finds"
inputs = [
{}]
expect = {{ relevant = "{{{{ row.ids }}}}", reference = "{{{{ row.answer }}}}", contains = "answer" }}

[gate.metrics]
{gate}
"#,
        inputs.concat()
    )
}

/// The number in a question.
fn number(text: &str) -> usize {
    text.rsplit(' ').next().unwrap().parse().unwrap()
}

/// An application that finds everything, until it is told to forget every second document.
fn forgetful() -> (App, Arc<AtomicBool>) {
    let forgets = Arc::new(AtomicBool::new(false));
    let told = forgets.clone();
    let app = App::start(move |text| {
        let n = number(text);
        let found = if told.load(Ordering::SeqCst) && n.is_multiple_of(2) {
            "nothing".into()
        } else {
            format!("d{n}")
        };
        json!({ "message": format!("The answer {n}."), "sources": ["other", found] })
    });
    (app, forgets)
}

/// The measurements of the newest run's only suite.
fn measured(project: &Project) -> Vec<Value> {
    let ran = project.holdline(&["run", "--json", "report.json"]);
    drop(ran);
    let record: Value = serde_json::from_str(&project.read("report.json")).unwrap();
    record["suites"][0]["measurements"].as_array().unwrap().clone()
}

#[track_caller]
fn metric<'m>(all: &'m [Value], name: &str, scenario: Option<&str>) -> &'m Value {
    let slice = scenario.map_or(json!("suite"), |id| json!({ "scenario": id }));
    all.iter()
        .find(|one| one["metric"] == name && one["slice"] == slice)
        .unwrap_or_else(|| panic!("no {name} over {slice}"))
}

#[track_caller]
fn is(all: &[Value], name: &str, expected: f64, n: u64) {
    let found = metric(all, name, None);
    let value = found["value"].as_f64().unwrap_or_else(|| panic!("{found}"));
    assert!((value - expected).abs() < 1e-12, "{name}: {value}, not {expected}");
    assert_eq!(found["n"], n, "{name}");
}

/// By hand. The first question: `b` and `d` are relevant, `b` with grade 1 and `d` with 3, and `a b` is
/// retrieved: recall 0, 1/2, precision 0, 1/3, 1/5, 1/10, reciprocal rank 1/2, average precision (1/2)/2. The
/// second finds its only document first. Nothing is relevant to the third.
#[test]
fn values_are_means_over_the_cases_with_a_reference() {
    let app = App::start(|text| match text {
        "one" => {
            json!({ "message": "the red cat", "sources": [{ "id": "b", "score": 0.5 }, { "id": "a", "score": 0.9 }] })
        }
        "two" => json!({ "message": "Blue!", "sources": ["x", "y"] }),
        _ => json!({ "message": "nothing", "sources": ["z"] }),
    });
    let suite = format!(
        r#"feature = "Finds what answers"

[target]
http = "http://127.0.0.1:{}/ask"
body = {{ text = "{{{{ input }}}}" }}
reply = {{ output = "/message", retrieved = "/sources" }}

[[scenario]]
name = "finds"
inputs = [
  {{ text = "one", expect = {{ reference = ["a red dog", "birds"], relevant = {{ b = 1, d = 3 }}, contains = "red" }} }},
  {{ text = "two", expect = {{ reference = "blue", relevant = ["x"] }} }},
  {{ text = "three", expect = {{ relevant = [], contains = "nothing" }} }},
]
"#,
        app.port
    );
    let project = Project::new(&[("suites/finder.toml", &suite)]);
    let all = measured(&project);
    is(&all, "recall_at_1", f64::midpoint(0.0, 1.0), 2);
    is(&all, "recall_at_5", f64::midpoint(0.5, 1.0), 2);
    is(&all, "precision_at_1", 0.5, 2);
    is(&all, "precision_at_5", 0.2, 2);
    is(&all, "hit_at_1", 0.5, 2);
    is(&all, "hit_at_3", 1.0, 2);
    is(&all, "mrr", f64::midpoint(0.5, 1.0), 2);
    is(&all, "map", f64::midpoint(0.25, 1.0), 2);
    let log = 3.0_f64.log2();
    is(&all, "ndcg_at_3", f64::midpoint((1.0 / log) / (3.0 + 1.0 / log), 1.0), 2);
    let recall = metric(&all, "recall_at_5", Some("finds"));
    assert_eq!((&recall["excluded"], &recall["unit"]), (&json!(1), &json!("share")));
    assert_eq!(recall["reason"], "1 to which nothing is relevant (no_relevant)");
    // `red cat` beside `red dog`: one word of two; with the articles two words of three differ for ROUGE: `red`.
    is(&all, "exact_match", 0.5, 2);
    is(&all, "token_f1", f64::midpoint(0.5, 1.0), 2);
    is(&all, "rouge_l", f64::midpoint(1.0 / 3.0, 1.0), 2);
    // The second is measured and not judged: two cases of three are graded.
    is(&all, "pass_rate", 1.0, 2);
    let passes = metric(&all, "pass_rate", None);
    assert_eq!(passes["reason"], "1 not applicable");
}

#[test]
fn where_nothing_is_relevant_there_is_no_value() {
    let app = App::start(|_| json!({ "message": "m", "sources": ["a"] }));
    let suite = retrieval_suite(app.port, "pass_rate = {}").replace("ids = [", "ids = [], was = [");
    let project =
        Project::new(&[("suites/finder.toml", &suite.replace("contains = \"answer\"", "contains = \"m\""))]);
    let all = measured(&project);
    for name in ["recall_at_5", "mrr", "ndcg_at_10", "hit_at_1"] {
        let found = metric(&all, name, None);
        assert!(found["value"].is_null(), "{found}");
        assert_eq!(found["n"], 0, "{found}");
        assert_eq!(found["reason"], "no case counts: 30 to which nothing is relevant (no_relevant)");
    }
}

/// Half of the documents are not found any more, which no verdict notices.
#[test]
fn a_drop_in_recall_fails_the_gate_while_every_case_passes() {
    let (app, forgets) = forgetful();
    let suite = retrieval_suite(app.port, "pass_rate = {}\nrecall_at_5 = {}");
    let project = Project::new(&[("suites/finder.toml", &suite)]);
    project.accept_everything();
    let baseline = project.read("baselines/finder.snap");
    assert!(baseline.contains("format\t4\n"), "{baseline}");
    assert_eq!(baseline.lines().filter(|line| line.starts_with("scores\t")).count(), QUESTIONS);
    assert!(baseline.lines().any(|line| line.ends_with("\trecall_at_5\t1.0")), "{baseline}");
    project.holdline(&["run"]).expect(0).says(&["recall_at_5"]);
    forgets.store(true, Ordering::SeqCst);
    let ran: Ran = project.holdline(&["run", "--json", "report.json"]).expect(1);
    ran.says(&["recall_at_5", "15 cases score"]);
    let record: Value = serde_json::from_str(&project.read("report.json")).unwrap();
    let findings = record["suites"][0]["findings"].as_array().unwrap();
    let kind = |name: &str| {
        let found = findings.iter().find(|finding| finding["metric"] == name);
        found.unwrap_or_else(|| panic!("no finding of {name}"))["kind"].clone()
    };
    assert_eq!((kind("recall_at_5"), kind("pass_rate")), (json!("regressed"), json!("unchanged")));
    let all = record["suites"][0]["measurements"].as_array().unwrap();
    is(all, "recall_at_5", 0.5, 30);
    is(all, "pass_rate", 1.0, 30);
}

/// Every case is asked three times, and one answer of three loses what it found: recall 2/3, case by case.
#[test]
fn repeats_weigh_alike_and_their_scores_are_kept_apart() {
    let asked = Arc::new(std::sync::Mutex::new(vec![0_usize; QUESTIONS]));
    let forgets = Arc::new(AtomicBool::new(false));
    let told = forgets.clone();
    let app = App::start(move |text| {
        let n = number(text);
        let mut asked = asked.lock().unwrap();
        asked[n] += 1;
        let lost = told.load(Ordering::SeqCst) && asked[n].is_multiple_of(3);
        json!({ "message": "answer", "sources": [if lost { "nothing".into() } else { format!("d{n}") }] })
    });
    let suite = retrieval_suite(app.port, "pass_rate = {}\nrecall_at_5 = {}") + "\n[run]\nrepeats = 3\n";
    let project = Project::new(&[("suites/finder.toml", &suite)]);
    project.accept_everything();
    forgets.store(true, Ordering::SeqCst);
    project.holdline(&["run", "--json", "report.json"]).expect(1).says(&["30 cases score"]);
    let record: Value = serde_json::from_str(&project.read("report.json")).unwrap();
    is(record["suites"][0]["measurements"].as_array().unwrap(), "recall_at_5", 2.0 / 3.0, 30);
    project.holdline(&["accept", "--reason", "meant"]).expect(0);
    let baseline = project.read("baselines/finder.snap");
    let scores = baseline.lines().filter(|line| line.starts_with("scores\t"));
    assert_eq!(
        scores.filter(|line| line.matches("\t1.0").count() == 2 && line.contains("\t0.0")).count(),
        30
    );
}

/// A case that ends in a target error found nothing; a text that is not there is compared with nothing.
#[test]
fn a_target_error_finds_nothing_and_has_no_text() {
    let app = App::start(|text| match number(text) % 2 {
        0 => json!({ "message": "answer", "sources": [format!("d{}", number(text))] }),
        _ => json!({ "sources": ["d1"] }),
    });
    let suite = retrieval_suite(app.port, "pass_rate = {}");
    let project = Project::new(&[("suites/finder.toml", &suite)]);
    let all = measured(&project);
    is(&all, "recall_at_1", 0.5, 30);
    is(&all, "exact_match", 0.0, 15);
    assert_eq!(metric(&all, "exact_match", None)["reason"], "15 with a target error");
}

#[test]
fn a_metric_that_the_baseline_keeps_no_scores_of_cannot_be_decided() {
    let (app, _) = forgetful();
    let project = Project::new(&[("suites/finder.toml", &retrieval_suite(app.port, "pass_rate = {}"))]);
    project.accept_everything();
    let baseline = project.read("baselines/finder.snap");
    assert!(baseline.contains("format\t3\n") && !baseline.contains("scores\t"), "{baseline}");
    project.write("suites/finder.toml", &retrieval_suite(app.port, "pass_rate = {}\nmrr = {}"));
    project.holdline(&["run"]).expect(3).says(&["the baseline keeps no scores of it to compare with"]);
}

#[test]
fn references_that_cannot_be_read_are_told_with_their_place_and_mend() {
    let suite = retrieval_suite(1, "pass_rate = {}")
        .replace("expect = {", "expect = { not = { reference = \"x\" }, relevant = \"d1, d2\" }\n#");
    let project = Project::new(&[("suites/finder.toml", &suite)]);
    project.holdline(&["check"]).expect(2).says(&[
        "suites/finder.toml:42:50",
        "`relevant` must be a list of ids, or a table of ids with their grades",
        "write `relevant = [\"id\", …]`",
        "`reference` is measured and no condition, so it has no meaning here",
    ]);
    let cell = retrieval_suite(1, "pass_rate = {}").replace("ids = [\"d7\"]", "ids = \"d7, d8\"");
    project.write("suites/finder.toml", &cell);
    project.holdline(&["check"]).expect(2).says(&["suites/finder.toml:18:", "`d7, d8` is no list of ids"]);
    let none = retrieval_suite(1, "recall_at_5 = {}").replace("relevant = \"{{ row.ids }}\", ", "");
    project.write("suites/finder.toml", &none);
    project
        .holdline(&["check"])
        .expect(2)
        .says(&["`recall_at_5` is taken over cases that have a `relevant`"]);
}
