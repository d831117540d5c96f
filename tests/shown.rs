//! `holdline::check`: whether one output is good enough to show.

#[expect(dead_code, reason = "other test files use the rest")]
mod model;
#[expect(dead_code, reason = "other test files use the rest")]
mod project;

use holdline::Answer;
use holdline::check::{Checker, Good, Shown};
use model::{JUDGE, Model, calibrate, text, verdict};
use project::Project;

const SUITE: &str = r#"
feature = "Answers customers"
labels = ["order", "other"]

[target]
recorded = "answers.jsonl"

[[scenario]]
name = "tells where an order is"
id = "orders"
inputs = ["Where is my order?"]
expect = { label = "order", excludes = "no idea" }

[[scenario]]
name = "solves what was asked"
id = "solves"
inputs = ["Can I send it back?"]
expect = [{ excludes = "no idea" }, { judge = "resolved" }]

[[scenario]]
name = "is kind"
id = "kind"
inputs = ["You are slow"]
expect = { judge = "resolved" }
"#;

/// A project whose model needs no key.
fn project(model: &Model) -> Project {
    let described = format!(
        "[models.judge]\nbase_url = \"http://127.0.0.1:{}/v1\"\nmodel = \"m\"\nretries = 0\n",
        model.port
    );
    let project = Project::new(&[
        ("holdline.toml", &described),
        ("suites/judges/resolved.toml", JUDGE),
        ("suites/support.toml", SUITE),
        ("suites/answers.jsonl", "{\"input\":\"Where is my order?\",\"output\":\"In Bremen\"}\n"),
    ]);
    calibrate(&project, "resolved");
    project
}

fn ask(checker: &Checker, scenario: Option<&str>, input: &str, output: &str, label: Option<&str>) -> Shown {
    let answer = Answer { output: output.to_owned(), label: label.map(str::to_owned), ..Answer::default() };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(checker.check(scenario, input, &answer))
}

#[test]
fn checks_say_yes_and_no_and_why() {
    let model = Model::start(|_, _| verdict("resolved"));
    let project = project(&model);
    let checker = Checker::load(project.folder.path(), "support").unwrap();
    let good = ask(&checker, Some("orders"), "where did it go", "It left.", Some("order"));
    assert_eq!((good.good, good.may_show(), good.reasons.len()), (Good::Yes, true, 0));
    let bad = ask(&checker, None, "Where is my order?", "I have no idea", Some("order"));
    assert_eq!((bad.good, bad.scenario.as_deref()), (Good::No, Some("orders")));
    assert!(bad.reasons[0].starts_with("excludes: "), "{:?}", bad.reasons);
    let wrong = ask(&checker, Some("tells where an order is"), "x", "It left.", Some("other"));
    assert_eq!(wrong.good, Good::No);
    assert_eq!(model.sent().len(), 0);
}

#[test]
fn what_cannot_be_told_is_never_good() {
    let model = Model::start(|_, _| verdict("resolved"));
    let project = project(&model);
    let checker = Checker::load(project.folder.path(), "support").unwrap();
    for (scenario, input, why) in [
        (None, "play some jazz", "like no scenario"),
        (Some("gone"), "Where is my order?", "there is no scenario `gone`"),
        (Some("kind"), "You are slow", "nothing that is expected could be checked"),
    ] {
        let shown = ask(&checker, scenario, input, "ok", None);
        assert_eq!((shown.good, shown.may_show()), (Good::CannotTell, false));
        assert!(shown.reasons[0].contains(why), "{:?}", shown.reasons);
    }
    assert!(Checker::load(project.folder.path(), "nothing").is_err());
}

#[test]
fn a_judge_is_asked_only_where_it_may_be() {
    let model = Model::start(|_, body| {
        let asked = body["messages"][1]["content"].as_str().unwrap();
        verdict(if asked.contains("until the tenth") { "resolved" } else { "unresolved" })
    });
    let project = project(&model);
    let without = Checker::load(project.folder.path(), "support").unwrap();
    let shown = ask(&without, Some("solves"), "Can I send it back?", "Yes", None);
    assert_eq!((shown.good, model.sent().len()), (Good::Yes, 0));
    assert_eq!(shown.reasons, ["no judge and no program was asked"]);
    let with = without.with_judges().unwrap();
    assert_eq!(
        ask(&with, Some("solves"), "Can I send it back?", "Yes, until the tenth", None).good,
        Good::Yes
    );
    assert_eq!(ask(&with, Some("solves"), "Can I send it back?", "Maybe", None).good, Good::No);
    assert_eq!(model.sent().len(), 2);
    let spared = ask(&with, Some("solves"), "Can I send it back?", "no idea", None);
    assert_eq!((spared.good, model.sent().len()), (Good::No, 2), "a check fails already");
    assert_eq!(ask(&with, Some("kind"), "You are slow", "Sorry", None).good, Good::No);
}

#[test]
fn a_judge_that_says_nothing_is_no_yes() {
    let model = Model::start(|_, _| text("hm"));
    let project = project(&model);
    let checker = Checker::load(project.folder.path(), "support").unwrap().with_judges().unwrap();
    let shown = ask(&checker, Some("solves"), "Can I send it back?", "Yes, until the tenth", None);
    assert_eq!((shown.good, shown.may_show()), (Good::CannotTell, false));
    project.write("holdline.toml", "");
    let error = Checker::load(project.folder.path(), "support").unwrap().with_judges().unwrap_err();
    assert!(error.to_string().contains("models.judge"), "{error}");
}
