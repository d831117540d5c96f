//! Where examples come from: variants, labels, baselines and failures of runs.

use crate::project::Project;
use crate::{DESK, answered, manifest, project, recorded, rows, variant};
use serde_json::{Value, json};

const JUDGE: &str = r#"
kind = "rubric"
question = "Is the customer's problem resolved?"
pass_when = "the answer solves it"
fail_when = "it does not"
words = { pass = "resolved", fail = "unresolved" }
positive = "unresolved"
"#;

fn label(id: &str, input: &str, output: &str, word: &str, change: impl FnOnce(&mut Value)) -> String {
    let mut line = json!({
        "id": id, "input": input, "output": output, "label": word, "labeller": "Ana", "date": "2026-03-02",
        "approved": "training"
    });
    change(&mut line);
    format!("{line}\n")
}

/// A project in which a variant for both was asked twice a case: it fails once, and what passes is accepted.
fn ran() -> Project {
    let both = |input: &str| variant("parcels", input, "both", |_| {});
    let project = project(&[both("when does my order come?"), both("is the courier late again?")]);
    let answers = [
        recorded("where is my parcel?", "track it"),
        recorded("when does my order come?", "You can track it."),
        recorded("is the courier late again?", "We do not know."),
        recorded("can I send it back?", "Never."),
    ];
    project.write("suites/desk.answers.jsonl", &answers.concat());
    project.holdline(&["run", "desk"]).expect(0);
    project.holdline(&["accept", "desk", "--reason", "first"]).expect(0);
    project
}

fn export(project: &Project, arguments: &[&str]) -> Vec<Value> {
    let all = ["export", "--format", "trl", "--task", "unpaired", "--out", "set.jsonl"];
    project.holdline(&[&all[..], arguments].concat()).expect(0);
    rows(project, "set.jsonl")
}

fn told(row: &Value) -> (&str, &str, bool) {
    let text = |pointer: &str| row.pointer(pointer).and_then(Value::as_str).unwrap();
    (text("/prompt/0/content"), text("/completion/0/content"), row["label"].as_bool().unwrap())
}

#[test]
fn accepted_answers_that_passed_are_good_and_failures_of_runs_are_bad() {
    let project = ran();
    let rows = export(&project, &[]);
    let mut told: Vec<_> = rows.iter().map(told).collect();
    told.sort_unstable();
    assert_eq!(
        told,
        [
            ("is the courier late again?", "We do not know.", false),
            ("when does my order come?", "You can track it.", true)
        ]
    );
    let manifest = manifest(&project, "set.manifest.json");
    assert_eq!(manifest["counts"]["sources"], json!({ "baseline": 1, "failure": 1 }));
    assert_eq!(manifest["difficulty"], json!({ "easy": [1, 1], "impossible": [1, 1] }));
    // The seeds of the suite, one of which passed and one failed.
    assert_eq!(manifest["left_out"], json!({ "not_approved": 2 }));
    assert_eq!(export(&project, &["--from", "failures"]).len(), 1);
    assert_eq!(export(&project, &["--from", "baselines", "--from", "variants"]).len(), 1);
}

#[test]
fn a_failure_and_a_right_answer_to_the_same_question_are_a_pair() {
    let project = ran();
    let mut lines: Vec<String> =
        project.read("suites/desk.variants.jsonl").lines().map(|line| format!("{line}\n")).collect();
    // For training alone, with the words of the case that failed: an answer a person wrote.
    lines.push(answered("parcels", "is the courier late again?", "training", "Please track it."));
    project.write("suites/desk.variants.jsonl", &lines.concat());
    project.holdline(&["export", "--format", "preference", "--out", "set.jsonl"]).expect(0);
    assert_eq!(
        rows(&project, "set.jsonl"),
        [json!({
            "prompt": "is the courier late again?", "chosen": "Please track it.", "rejected": "We do not know."
        })]
    );
}

#[test]
fn failures_are_those_of_the_newest_run_or_of_those_that_are_named() {
    let project = ran();
    let first =
        crate::project::runs(project.folder.path())[0].file_name().unwrap().to_string_lossy().into_owned();
    let answers = project.read("suites/desk.answers.jsonl").replace("We do not know.", "Ask somebody else.");
    project.write("suites/desk.answers.jsonl", &answers);
    project.holdline(&["run", "desk"]).expect(0);
    let of = |arguments: &[&str]| {
        let rows = export(&project, &[&["--from", "failures"], arguments].concat());
        rows.iter().map(|row| told(row).1.to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(of(&[]), ["Ask somebody else."]);
    assert_eq!(of(&["--run", &first]), ["We do not know."]);
    project
        .holdline(&["export", "--format", "chat", "--run", "nobody"])
        .expect(2)
        .says(&["there is no run `nobody`"]);
}

#[test]
fn a_scenario_may_say_that_its_cases_are_approved() {
    let project = ran();
    let tagged = DESK.replace("name = \"returns\"", "name = \"returns\"\ntags = [\"approved:training\"]");
    project.write("suites/desk.toml", &tagged);
    let rows = export(&project, &["--from", "failures"]);
    let mut inputs: Vec<&str> = rows.iter().map(|row| told(row).0).collect();
    inputs.sort_unstable();
    assert_eq!(inputs, ["can I send it back?", "is the courier late again?"]);
}

#[test]
fn labelled_answers_are_good_or_bad_as_people_said_and_only_where_they_approved() {
    let project = project(&[]);
    project.write("suites/judges/resolved.toml", JUDGE);
    let nothing = |_: &mut Value| {};
    let labels = [
        label("l1", "do you deliver to Norway?", "Yes.", "resolved", nothing),
        label("l2", "what does express cost?", "Ask the courier.", "unresolved", |line| {
            line["reference"] = json!("12.90 euros.");
            line["reason"] = json!("it does not say");
        }),
        label("l3", "may I pay later?", "No.", "resolved", |line| {
            drop(line.as_object_mut().unwrap().remove("approved"));
        }),
        label("l4", "are you open on Sundays?", "Perhaps.", "resolved", nothing),
        label("l4", "are you open on Sundays?", "Perhaps.", "unresolved", |line| {
            line["labeller"] = json!("Bo");
        }),
        label("l5", "is it new?", "", "resolved", nothing),
    ];
    project.write("suites/judges/resolved.labels.jsonl", &labels.concat());
    let rows = export(&project, &[]);
    let mut told: Vec<_> = rows.iter().map(told).collect();
    told.sort_unstable();
    assert_eq!(
        told,
        [
            ("do you deliver to Norway?", "Yes.", true),
            ("what does express cost?", "12.90 euros.", true),
            ("what does express cost?", "Ask the courier.", false),
        ]
    );
    let manifest = manifest(&project, "set.manifest.json");
    assert_eq!(manifest["left_out"], json!({ "not_approved": 1, "no_answer": 1, "disagreed": 1 }));
    assert!(manifest["notes"][0].as_str().unwrap().contains("do not train that judge on this set"));
    project
        .holdline(&["judge", "label", "desk", "--judge", "resolved", "--help"])
        .expect(0)
        .says(&["--approve"]);
}

#[test]
fn a_label_about_a_case_that_gates_is_refused() {
    let project = project(&[]);
    let listed = project.holdline(&["list", "gate", "--json"]).expect(0);
    let case: Value = serde_json::from_str(listed.out.lines().next().unwrap()).unwrap();
    project.write("suites/judges/resolved.toml", JUDGE);
    // Other words, the same case: its id says what it is.
    let line =
        label(case["id"].as_str().unwrap(), "something else entirely", "Two years.", "resolved", |_| {});
    project.write("suites/judges/resolved.labels.jsonl", &line);
    project.holdline(&["export", "--format", "chat"]).expect(2).says(&[
        "suites/judges/resolved.labels.jsonl",
        "is of the family of case",
        "of gate::warranty",
    ]);
}

#[test]
fn secrets_are_in_no_set() {
    const KEY: &str = "open-sesame-4711";
    let project =
        project(&[answered("parcels", "when does my order come?", "training", &format!("Use {KEY} today."))]);
    let suite = DESK.replace(
        "recorded = \"desk.answers.jsonl\"",
        "http = \"http://127.0.0.1:9/ask\"\nheaders = { authorization = \"${env:DESK_KEY}\" }\nbody = { text = \"{{ input }}\" }\nreply = { output = \"/message\" }",
    );
    project.write("suites/desk.toml", &suite);
    let mut command = project.command(&["export", "--format", "chat", "--out", "set.jsonl"]);
    let ran = crate::project::Ran::of(command.env("DESK_KEY", KEY).output().unwrap()).expect(0);
    let text = project.read("set.jsonl");
    assert!(text.contains("Use [redacted:DESK_KEY] today."), "{text}");
    for told in [text, project.read("set.manifest.json"), ran.out, ran.err] {
        assert!(!told.contains(KEY));
    }
}
