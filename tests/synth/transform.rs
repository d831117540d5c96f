//! `holdline synth transform`: by rule and by a model, with the provenance of what comes, and run as cases once they
//! are accepted.

use crate::model::{KEY, Model, text};
use crate::project::{Project, Ran};
use crate::world::{candidates, described};
use serde_json::json;

const SUITE: &str = r#"
feature = "Answers customers of a shop for bird feeders"
labels = ["answer"]

[target]
recorded = "answers.jsonl"

[[scenario]]
name = "finds parcels"
inputs = [
    "Could you please find my parcel 1182 for me, thanks",
    "I don't know where it's gone",
    "Where is it?",
    "First, look for my parcel, then tell me when it comes.",
]
expect = { label = "answer" }
"#;

fn project(settings: &str) -> Project {
    Project::new(&[
        ("holdline.toml", settings),
        ("suites/shop.toml", SUITE),
        ("suites/answers.jsonl", "{\"input\": \"x\", \"output\": \"y\"}\n"),
    ])
}

fn transform(project: &Project, arguments: &[&str]) -> Ran {
    let all: Vec<&str> = ["synth", "transform", "shop"].iter().chain(arguments).copied().collect();
    Ran::of(project.command(&all).env("WRITER_KEY", KEY).output().unwrap())
}

#[test]
fn rules_need_no_model_and_say_what_they_did() {
    let project = project("");
    let arguments = ["--to", "shorter", "--to", "tone=formal", "--to", "steps"];
    let ran = transform(&project, &arguments);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    insta::assert_snapshot!("transform_by_rule", ran.out);
    let kept = candidates(&project);
    let said: Vec<&str> = kept.iter().map(|of| of["variant"]["input"].as_str().unwrap()).collect();
    assert_eq!(
        said,
        [
            "Find my parcel 1182 for me",
            "I do not know where it's gone",
            "1. Look for my parcel\n2. Tell me when it comes.",
        ]
    );
    let first = &kept[0]["variant"];
    assert_eq!((&first["promise"], &first["truth"]), (&json!("same"), &json!("rule")));
    assert_eq!(first["of"], json!({ "input": "Could you please find my parcel 1182 for me, thanks" }));
    let made = &first["made"];
    assert_eq!((&made["by"], &made["origin"]), (&json!("rule"), &json!("operator")));
    assert_eq!(made["chain"][0]["op"], "fragment");
    assert!(made["from"].as_str().unwrap().starts_with("case "));
    // Again: nothing new, and nothing is lost.
    let again = transform(&project, &arguments);
    assert!(again.out.contains("3 delivered, 0 of them new"), "{}", again.out);
    assert_eq!(candidates(&project).len(), 3);
}

#[test]
fn a_model_that_changes_the_meaning_is_rejected_by_reason() {
    let model = Model::start(|_, body| {
        let user = body["messages"][1]["content"].as_str().unwrap();
        let said = if user.contains("1182") {
            "Arr, where be me parcel 1183?"
        } else if user.contains("gone") {
            "Arr, I do know where it be!"
        } else if user.contains("First") {
            "Arr, seek me parcel and say when she sails in!"
        } else {
            "Arr, where be it hidin', matey?"
        };
        text(&json!({ "approach": "as a pirate", "text": said }).to_string())
    });
    let project = project(&described("writer", model.port, ""));
    let arguments = ["--to", "tone=like a pirate", "--model", "writer"];
    let ran = transform(&project, &arguments);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("4 texts made of 4, 2 delivered, 2 of them new"), "{}", ran.out);
    assert!(
        ran.out.contains("protected         1") && ran.out.contains("meaning           1"),
        "{}",
        ran.out
    );
    let made = &candidates(&project)[0]["variant"]["made"];
    assert_eq!((&made["by"], &made["generator"]["name"]), (&json!("model"), &json!("tone")));
    assert_eq!(
        (&made["model"]["model"], &made["model"]["answered"]),
        (&json!("writer"), &json!("judge-model-1"))
    );
    transform(&project, &arguments);
    assert_eq!(model.sent().len(), 4, "nothing is asked twice");
}

#[test]
fn what_cannot_be_done_is_refused_with_the_mend() {
    let project = project("");
    for (arguments, wanted) in [
        (&["--to", "tone=pirate"][..], "no rule can do `tone`: name a model that does with `--model`"),
        (&["--to", "extract=xml:a", "--model", "writer"], "`extract` is done by rule, and never by a model"),
        (&["--to", "longer"], "`longer` is no transformation"),
        (&["--to", "shorter", "--scenario", "nothing"], "has no scenario `nothing`"),
    ] {
        let ran = transform(&project, arguments);
        assert_eq!(ran.code, Some(2), "{arguments:?} {}", ran.err);
        assert!(ran.err.contains(wanted), "{}", ran.err);
    }
    let nothing = transform(&project, &["--to", "extract=xml:answer"]);
    assert_eq!(nothing.code, Some(3));
    assert!(nothing.out.contains("4  there is no element <answer>"), "{}", nothing.out);
    let in_ci = project.holdline_in_ci(&["synth", "transform", "shop", "--to", "shorter"]);
    assert_eq!(in_ci.code, Some(2), "{}", in_ci.out);
}
