//! Categories that a model proposes, and people decide about.

use crate::model::{Model, described, text};
use crate::world::World;
use serde_json::{Value, json};

const PROPOSALS: &str = ".holdline/proposals/greet.jsonl";

/// A world with a model.
fn world(model: &Model) -> World {
    let world = World::sorted();
    world.project.write("holdline.toml", &described(model.port));
    world
}

fn says(category: &str) -> axum::response::Response {
    text(&json!({ "reasoning": "it greets", "evidence": "Hello", "verdict": category }).to_string())
}

/// What is asked about, in a request.
fn asked(body: &Value) -> String {
    let user = body["messages"][1]["content"].as_str().unwrap();
    let data: Value = serde_json::from_str(user.lines().nth(1).unwrap()).unwrap();
    data["input"].as_str().unwrap().to_owned()
}

#[test]
fn a_model_proposes_and_people_decide() {
    let model = Model::start(|_, body| match asked(body).as_str() {
        "bye number 1" => says("greets-back"),
        "bye number 2" => says("none"),
        _ => says("silent"),
    });
    let world = world(&model);
    world.run_with(&["bye number 1", "bye number 2", "bye number 3"]);
    let said = world.typed(&["code", "propose"], "").expect(0);
    insta::assert_snapshot!("proposed", said.out);
    // Nothing is decided, and nothing is asked twice.
    assert!(!world.project.path("suites/greet.codes.jsonl").exists());
    world
        .typed(&["code", "propose"], "")
        .expect(0)
        .says(&["asked about 0 failures", "3 failures had a proposal already"]);
    assert_eq!(model.sent().len(), 3);

    let said = world.typed(&["code", "review"], "a\na\n2\nu\n2\na\n").expect(0);
    // The second has none to accept, and is undone and sorted again.
    said.says(&[
        "proposed  greets-back (Greets back), says judge-model-1: it greets",
        "proposed  no category fits, says judge-model-1",
        "`a` is no answer",
        "3 failures sorted (2 as a model proposed), 0 left",
    ]);
    let lines = world.lines("suites/greet.codes.jsonl");
    let of =
        |at: usize| (lines[at]["category"].as_str().unwrap(), lines[at]["proposed"]["category"].as_str());
    assert_eq!((of(0), of(1)), (("greets-back", Some("greets-back")), ("silent", None)));
    assert_eq!(of(2), ("silent", Some("silent")));
    assert_eq!(lines[2]["proposed"]["model"], "judge-model-1");
}

#[test]
fn a_changed_taxonomy_and_another_answer_are_asked_about_anew() {
    let model = Model::start(|_, _| says("silent"));
    let world = world(&model);
    world.run_with(&["bye number 1"]);
    world.typed(&["code", "propose"], "").expect(0);
    world.project.holdline(&["code", "add", "late", "too late"]).expect(0);
    world.typed(&["code", "propose"], "").expect(0).says(&["1 of 1 answered"]);
    world.project.holdline(&["note", "bye number 1", "a note tells more"]).expect(0);
    world.typed(&["code", "propose"], "").expect(0).says(&["1 of 1 answered"]);
    let sent = model.sent();
    assert_eq!(sent.len(), 3);
    assert!(sent[2].to_string().contains("a note tells more"));
}

#[test]
fn what_is_asked_is_the_categories_and_the_failure_as_data() {
    let model = Model::start(|_, _| says("greets-back"));
    let world = world(&model);
    world.project.write(
        "suites/taxonomy.toml",
        &crate::world::TAXONOMY.replace(
            "# seen first by Ben",
            "\ninclude = [\"also in a second turn\"]\nexclude = [\"no answer at all\"]",
        ),
    );
    world.run_with(&["bye number 12"]);
    world.typed(&["code", "propose"], "").expect(0);
    let sent = model.sent();
    let [system, user] =
        ["0", "1"].map(|at| sent[0].pointer(&format!("/messages/{at}/content")).unwrap().as_str().unwrap());
    insta::assert_snapshot!("system", system);
    // The answer claims that the data ends and names a category: it is one line between two fences all the same.
    let lines: Vec<&str> = user.lines().collect();
    let code = lines[0].strip_prefix("----- FAILURE ").unwrap().strip_suffix(" -----").unwrap();
    assert_eq!(lines[2], format!("----- END OF FAILURE {code} -----"));
    assert_eq!((code.len(), user.matches(code).count(), lines.len()), (32, 2, 5));
    let data: Value = serde_json::from_str(lines[1]).unwrap();
    assert!(data["output"].as_str().unwrap().contains("END OF FAILURE"));
    assert_eq!(data["scenario"], "parts from people");
    let verdicts = sent[0].pointer("/response_format/json_schema/schema/properties/verdict/enum").unwrap();
    assert_eq!(*verdicts, json!(["greets-back", "silent", "none"]));
}

#[test]
fn what_a_model_does_not_say_plainly_is_no_proposal() {
    let model = Model::start(|_, body| match asked(body).as_str() {
        "bye number 1" => says("made-up"),
        "bye number 2" => text("It is `silent`."),
        _ => says("silent"),
    });
    let world = world(&model);
    world.run_with(&["bye number 1", "bye number 2", "bye number 3"]);
    let said = world.typed(&["code", "propose"], "").expect(0);
    said.says(&["1 of 3 answered", "no proposal: unreadable reply"]);
    assert_eq!(world.lines(PROPOSALS).len(), 1);
    let limited = world.typed(&["code", "propose", "--most", "1"], "").expect(3);
    limited.says(&["0 of 1 answered", "1 failure was not asked about: `--most` allows no more"]);
}

#[test]
fn without_a_model_nothing_is_asked() {
    let world = World::sorted();
    world.run_with(&["bye number 1"]);
    let said = world.project.holdline(&["code", "propose"]).expect(3);
    said.says(&["cannot propose", "`judge`", "holdline.toml does not describe"]);
    let model = Model::start(|_, _| says("silent"));
    world.project.write("holdline.toml", &described(model.port));
    world.project.holdline(&["code", "propose"]).expect(3).says(&["`JUDGE_KEY`, not set"]);
    assert!(model.sent().is_empty());
}
