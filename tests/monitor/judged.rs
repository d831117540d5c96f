//! Judges asked about a sample, by a model on loopback.

use crate::log::file;
use crate::model::{JUDGE, Model, calibrate, described, run, text, verdict};
use crate::project::Project;
use serde_json::{Value, json};

const SUITE: &str = r#"
feature = "Answers customers"

[target]
recorded = "answers.jsonl"

[[scenario]]
name = "solves what was asked"
id = "solves"
inputs = ["Where is my order?", "When does it come?"]
expect = [{ not = { contains = "no idea" } }, { judge = "resolved" }]
"#;

fn project(model: &Model) -> Project {
    let project = Project::new(&[
        ("holdline.toml", &described(model.port)),
        ("suites/judges/resolved.toml", JUDGE),
        ("suites/support.toml", SUITE),
        ("suites/answers.jsonl", "{\"input\":\"Where is my order?\",\"output\":\"In Bremen\"}\n"),
    ]);
    calibrate(&project, "resolved");
    project
}

fn lines(count: usize) -> Vec<Value> {
    (0..count)
        .map(|n| {
            let output = match n % 4 {
                0 => "I have no idea.".to_owned(),
                1 => format!("It is in Bremen {n}, ask jo.smith@gmail.com"),
                _ => format!("It will come, number {n}"),
            };
            json!({ "scenario": "solves", "input": format!("Where is order {n}?"), "output": output,
                "feedback": if n % 4 == 1 { "up" } else { "down" } })
        })
        .collect()
}

/// Passes what says Bremen.
fn bremen() -> Model {
    Model::start(|_, body| {
        let asked = body["messages"][1]["content"].as_str().unwrap();
        verdict(if asked.contains("Bremen") { "resolved" } else { "unresolved" })
    })
}

fn report(project: &Project) -> Value {
    serde_json::from_str(&project.read("report.json")).unwrap()
}

#[test]
fn no_judge_is_asked_unless_it_is_said_how_often() {
    let model = bremen();
    let project = project(&model);
    project.write("now.jsonl", &file(&lines(40)));
    let (code, said) = run(&project, &["monitor", "now.jsonl", "--no-drift"]);
    assert_eq!((code, model.sent().len()), (0, 0), "{said}");
    assert!(said.contains("nobody asked resolved") && said.contains("--sample N"), "{said}");
}

#[test]
fn a_sample_is_the_same_whatever_the_order_and_tells_how_sure_it_is() {
    let model = bremen();
    let project = project(&model);
    let mut all = lines(40);
    project.write("now.jsonl", &file(&all));
    let arguments = ["monitor", "now.jsonl", "--no-drift", "--sample", "16", "--json", "report.json"];
    let (code, said) = run(&project, &arguments);
    assert_eq!(code, 0, "{said}");
    let first = report(&project)["sampled"].clone();
    assert_eq!((&first["asked"], &first["of"]), (&json!(16), &json!(40)));
    let judge = &first["judges"][0];
    let count = |of: &str| judge["outcomes"].get(of).and_then(Value::as_u64).unwrap_or_default();
    let (pass, fail, skipped) = (count("pass"), count("fail"), count("skipped"));
    assert_eq!(
        (pass + fail + skipped, pass + fail),
        (16, model.sent().len() as u64),
        "one that a check fails is spared"
    );
    assert!(pass > 0 && fail > 0 && skipped > 0, "{judge:#}");
    assert_eq!(judge["pass"]["of"], pass + fail);
    assert!(
        model.sent().iter().all(|sent| !sent.to_string().contains("jo.smith")),
        "what is sent is scrubbed"
    );
    // Feedback calls good what says Bremen: it agrees with the judge on all that both said something of.
    let agreement = report(&project)["agreement"].as_array().unwrap().clone();
    let both = agreement.iter().find(|of| of["one"] == "feedback" && of["other"] == "resolved").unwrap();
    assert_eq!(both["counts"], json!([pass, 0, 0, fail]));
    all.reverse();
    project.write("now.jsonl", &file(&all));
    run(&project, &arguments);
    assert_eq!(report(&project)["sampled"], first);
    assert_eq!(model.sent().len() as u64, pass + fail, "the same were asked about, whose verdicts are kept");
}

#[test]
fn a_judge_that_is_not_there_or_says_nothing_cannot_tell() {
    let model = Model::start(|_, _| text("I would rather not say"));
    let project = project(&model);
    project.write("now.jsonl", &file(&lines(20)));
    let (code, said) = run(&project, &["monitor", "now.jsonl", "--no-drift", "--sample", "8"]);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("judge `judge` gave no verdict") || said.contains("gave no verdict on"), "{said}");
    project.write("holdline.toml", "");
    let (code, said) = run(&project, &["monitor", "now.jsonl", "--no-drift", "--sample", "8"]);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("[models.judge]"), "{said}");
}

#[test]
fn a_budget_that_is_used_up_leaves_a_smaller_sample_and_says_so() {
    let model = bremen();
    let project = project(&model);
    project.write("now.jsonl", &file(&lines(40)));
    // Fifteen tokens a request.
    let (code, said) = run(
        &project,
        &[
            "monitor",
            "now.jsonl",
            "--no-drift",
            "--sample",
            "40",
            "--max-tokens",
            "100",
            "--json",
            "report.json",
        ],
    );
    assert_eq!(code, 0, "{said}");
    let sampled = report(&project)["sampled"].clone();
    assert!(model.sent().len() <= 6, "{}", model.sent().len());
    let (asked, wanted) = (sampled["asked"].as_u64().unwrap(), sampled["wanted"].as_u64().unwrap());
    assert!(asked < wanted && said.contains("were asked about"), "{said}");
    let (code, said) = run(&project, &["monitor", "now.jsonl", "--sample", "4", "--max-cost", "1"]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("has no [prices]"), "{said}");
}
