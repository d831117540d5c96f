//! Cases that stand beside a suite, in `suites/<suite>.variants.jsonl`: read, run, shown, and held to.

#[expect(dead_code, reason = "other test files use the rest")]
mod project;

use project::{App, Project};
use serde_json::{Value, json};

/// Answers "refund" where the input speaks of money, and echoes what else was said.
fn desk() -> App {
    App::start(|text| {
        let label = if text.contains("money") { "refund" } else { "other" };
        json!({ "message": format!("you said: {text}"), "label": label })
    })
}

fn suite(port: u16) -> String {
    format!(
        r#"
feature = "answers customers"
labels = ["refund", "other"]
[target]
http = "http://127.0.0.1:{port}/ask"
body = {{ text = "{{{{ input }}}}" }}
reply = {{ output = "/message", label = "/label" }}
[[scenario]]
name = "gives money back"
inputs = ["I want my money back", "my money, please"]
expect = {{ label = "refund" }}
[[scenario]]
name = "small talk"
inputs = ["hello"]
expect = {{ label = "other" }}
"#
    )
}

fn variant(change: impl FnOnce(&mut Value)) -> String {
    let mut line = json!({
        "scenario": "gives-money-back",
        "input": "could the money come back to me?",
        "of": { "input": "I want my money back" },
        "promise": "same",
        "made": {
            "by": "model", "origin": "model", "generator": { "name": "paraphrase", "version": 1 },
            "model": { "model": "small", "prompt": "0011223344556677", "reply": "8899aabbccddeeff" }
        },
        "truth": "rule",
        "review": { "by": "Ada", "date": "2026-11-20", "approved": "evaluation", "note": "reads well" }
    });
    change(&mut line);
    format!("{line}\n")
}

fn project(app: &App, variants: &[String]) -> Project {
    Project::new(&[
        ("suites/desk.toml", &suite(app.port)),
        ("suites/desk.variants.jsonl", &variants.concat()),
    ])
}

fn cases(project: &Project) -> Vec<Value> {
    let record: Value = serde_json::from_str(&project.read("record.json")).unwrap();
    record["suites"][0]["cases"].as_array().unwrap().clone()
}

#[test]
fn a_reviewed_variant_is_a_case_in_the_family_of_its_seed() {
    let app = desk();
    let own = variant(|line| {
        line["input"] = json!("is anybody there?");
        line["scenario"] = json!("small-talk");
        line["promise"] = json!("own");
        line["expect"] = json!({ "contains": "anybody" });
        line.as_object_mut().unwrap().remove("of");
    });
    let project = project(&app, &[variant(|_| {}), own]);
    project.holdline(&["run", "--json", "record.json"]).expect(0);
    let cases = cases(&project);
    let inputs: Vec<&str> = cases.iter().map(|case| case["input"].as_str().unwrap()).collect();
    assert_eq!(
        inputs,
        [
            "I want my money back",
            "could the money come back to me?",
            "my money, please",
            "hello",
            "is anybody there?"
        ]
    );
    assert_eq!(cases[1]["family"], cases[0]["id"]);
    assert_eq!(cases[1]["truth"], "refund");
    assert_eq!(cases[1]["provenance"]["lineage"]["family"], "model");
    assert_eq!(cases[1]["provenance"]["place"], json!({ "file": "suites/desk.variants.jsonl", "line": 1 }));
    assert_eq!(cases[4]["family"], cases[4]["id"]);
    assert!(cases.iter().all(|case| case["graded"]["outcome"] == "pass"));
    let shown = project.holdline(&["show", "could the money"]).expect(0).out;
    assert!(shown.contains("the model small, prompt 0011223344556677, reply 8899aabbccddeeff"), "{shown}");
    assert!(shown.contains("Ada on 2026-11-20 for evaluation: reads well"), "{shown}");
}

#[test]
fn what_is_approved_for_training_alone_is_never_asked() {
    let app = desk();
    let training = variant(|line| line["review"]["approved"] = json!("training"));
    let both = variant(|line| {
        line["input"] = json!("send the money back");
        line["review"]["approved"] = json!("both");
    });
    let project = project(&app, &[training, both]);
    project.holdline(&["run", "--json", "record.json"]).expect(0);
    assert_eq!(app.asked(), 4);
    assert!(cases(&project).iter().all(|case| case["input"] != "could the money come back to me?"));
}

#[test]
fn the_same_project_elsewhere_has_the_same_cases_and_nobody_gates_on_who_reviewed_them() {
    let app = desk();
    let one = project(&app, &[variant(|_| {})]);
    let two = project(&app, &[variant(|line| line["review"]["by"] = json!("Bert"))]);
    let list = |project: &Project| project.holdline(&["list"]).expect(0).out;
    assert_eq!(list(&one), list(&two));
}

#[test]
fn turns_are_said_one_after_the_other_as_data() {
    let app = desk();
    let project = project(
        &app,
        &[variant(|line| {
            line["input"] = json!("hello?");
            line["turns"] = json!(["{{ input }} again", "the money"]);
        })],
    );
    project.holdline(&["run", "--json", "record.json"]).expect(0);
    let cases = cases(&project);
    let turns = cases[1]["graded"]["transcript"]["turns"].as_array().unwrap();
    let said: Vec<&str> = turns.iter().map(|turn| turn["user"].as_str().unwrap()).collect();
    assert_eq!(said, ["hello?", "{{ input }} again", "the money"]);
    assert_eq!(cases[1]["graded"]["outcome"], "pass");
}

#[test]
fn every_mistake_is_told_with_its_line() {
    let app = desk();
    let lines = [
        variant(|line| line["scenario"] = json!("gives-money-bakc")),
        variant(|line| {
            line.as_object_mut().unwrap().remove("review");
        }),
        variant(|line| line["promise"] = json!("own")),
        variant(|line| line["kolor"] = json!(1)),
        "no JSON\n".to_owned(),
        variant(|line| line["truth"] = json!("model")),
    ];
    let project = project(&app, &lines);
    let told = project.holdline(&["check"]).expect(2).err;
    for text in [
        "the suite has no scenario `gives-money-bakc`",
        "did you mean `gives-money-back`?",
        "nobody reviewed this variant",
        "states no `expect`",
        "unknown field `kolor`",
        "this is no variant",
        "line 2 asks and expects the same",
        "suites/desk.variants.jsonl:6",
    ] {
        assert!(told.contains(text), "{text}\n{told}");
    }
    project.write("suites/desk.variants.jsonl", &variant(|line| line["of"] = json!({ "input": "gone" })));
    let told = project.holdline(&["run"]).expect(2).err;
    assert!(
        told.contains("this variant is of a seed that scenario `gives-money-back` does not have"),
        "{told}"
    );
}

#[test]
fn a_variant_that_breaks_fails_the_build() {
    let app = desk();
    let project = project(&app, &[variant(|_| {})]);
    project.accept_everything();
    // The same suite, of which the application now hears the word no more.
    let mended = suite(app.port).replace("{{ input }}", "{{ input | replace('could the money', 'x') }}");
    project.write("suites/desk.toml", &mended.replace("name = \"gives", "must_pass = true\nname = \"gives"));
    let ran = project.holdline_in_ci(&["run"]).expect(1);
    assert!(ran.out.contains("could the money come back to me?"), "{}", ran.out);
}
