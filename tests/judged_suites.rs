//! Suites whose cases are judged by models, against a scripted endpoint on loopback.

#[expect(dead_code, reason = "other test files use the rest")]
mod model;
#[expect(dead_code, reason = "other test files use the rest")]
mod project;

use model::{JUDGE, Model, calibrate, described, label, run, text, verdict};
use project::{Project, runs};
use serde_json::{Value, json};

/// Three questions that are judged, the second of which must also say when.
const SUITE: &str = r#"
feature = "Answers customers"

[target]
recorded = "answers.jsonl"

[[scenario]]
name = "solves what was asked"
inputs = ["Where is my order?", "When does it come?", "Can I send it back?"]
expect = [{ not = { contains = "no idea" } }, { judge = "resolved" }]
"#;

fn answers(texts: [&str; 3]) -> String {
    let inputs = ["Where is my order?", "When does it come?", "Can I send it back?"];
    let line = |(input, output)| json!({ "input": input, "output": output }).to_string() + "\n";
    inputs.into_iter().zip(texts).map(line).collect()
}

const ANSWERS: [&str; 3] = ["It is in Bremen.", "I have no idea.", "Yes, until the tenth."];

/// A project with the suite, these answers, and this model.
fn suite(model: &Model, texts: [&str; 3]) -> Project {
    let project = Project::new(&[
        ("holdline.toml", &described(model.port)),
        ("suites/judges/resolved.toml", JUDGE),
        ("suites/support.toml", SUITE),
        ("suites/answers.jsonl", &answers(texts)),
    ]);
    calibrate(&project, "resolved");
    project
}

fn record(project: &Project) -> Value {
    let newest = runs(project.folder.path()).pop().unwrap();
    serde_json::from_str(&std::fs::read_to_string(newest.join("report.json")).unwrap()).unwrap()
}

#[test]
fn a_judge_is_asked_about_what_no_check_fails() {
    let model = Model::start(|_, body| {
        let asked = body["messages"][1]["content"].as_str().unwrap();
        verdict(if asked.contains("Bremen") { "resolved" } else { "unresolved" })
    });
    let project = suite(&model, ANSWERS);
    let (code, said) = run(&project, &["run"]);
    let record = record(&project);
    let cases = record["suites"][0]["cases"].as_array().unwrap();
    let outcomes: Vec<(&str, &str)> = cases
        .iter()
        .map(|case| {
            let graded = &case["graded"];
            let verdict = &graded["verdicts"][1];
            (graded["outcome"].as_str().unwrap(), verdict["outcome"].as_str().unwrap())
        })
        .collect();
    assert_eq!(outcomes, [("pass", "pass"), ("fail", "skipped"), ("fail", "fail")], "{said}");
    assert_eq!(model.sent().len(), 2, "the one that a check fails is not asked about");
    assert_eq!(cases[1]["graded"]["verdicts"][1]["reason"], "not asked: `not contains` fails already");
    assert_eq!(cases[0]["graded"]["verdicts"][1]["judge"], "resolved");
    assert_eq!(cases[0]["graded"]["verdicts"][1]["model"]["models"], json!(["judge-model-1"]));
    assert_eq!(code, 0, "{said}");
}

#[test]
fn a_suite_whose_model_is_not_there_cannot_be_decided() {
    let model = Model::start(|_, _| verdict("resolved"));
    let project = suite(&model, ANSWERS);
    let done = project.command(&["run"]).env_remove("JUDGE_KEY").output().unwrap();
    let said = String::from_utf8(done.stdout).unwrap();
    assert_eq!(done.status.code(), Some(3), "{said}");
    assert!(said.contains("the model `judge` refers to `JUDGE_KEY`, not set"), "{said}");
    project.write("holdline.toml", "");
    let (code, said) = run(&project, &["run"]);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("`[models.judge]`"), "{said}");
    assert_eq!(model.sent().len(), 0);
}

#[test]
fn a_judge_that_is_not_there_is_told_with_its_place() {
    let model = Model::start(|_, _| verdict("resolved"));
    let project = suite(&model, ANSWERS);
    project.write("suites/support.toml", &SUITE.replace("\"resolved\"", "\"resolvd\""));
    let (code, said) = run(&project, &["check"]);
    assert_eq!(code, 2, "{said}");
    for part in ["there is no judge `resolvd`", "suites/support.toml:10:57", "did you mean `resolved`?"] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    // Its own mistakes are told where they stand.
    project.write("suites/support.toml", SUITE);
    project.write("suites/judges/resolved.toml", &JUDGE.replace("pass_when", "#"));
    let (code, said) = run(&project, &["check"]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("suites/judges/resolved.toml"), "{said}");
}

fn counts(project: &Project) -> Value {
    record(project)["suites"][0]["judges"][0]["counts"].clone()
}

#[test]
fn a_verdict_is_kept_and_asked_for_again_only_when_it_is_wanted() {
    let model = Model::start(|_, _| verdict("resolved"));
    let project = suite(&model, ANSWERS);
    assert_eq!(run(&project, &["run"]).0, 0);
    assert_eq!(counts(&project)["requests"], 2);
    let (_, said) = run(&project, &["run"]);
    assert_eq!((model.sent().len(), counts(&project)["requests"].clone()), (2, json!(0)));
    assert_eq!(counts(&project)["cached"], 2);
    assert!(said.contains("2 pass, 0 fail, 1 not asked"), "{said}");
    assert_eq!(run(&project, &["run", "--fresh", "judge"]).0, 0);
    assert_eq!(model.sent().len(), 4);
    // Another prompt is another question.
    project.write("suites/judges/resolved.toml", &JUDGE.replace("resolved?", "resolved now?"));
    assert_eq!(run(&project, &["run"]).0, 0);
    assert_eq!(model.sent().len(), 6);
}

#[test]
fn what_is_no_verdict_is_not_kept_and_too_many_of_them_decide_nothing() {
    let model =
        Model::start(|number, _| if number < 4 { text("fine, I suppose") } else { verdict("resolved") });
    let project = suite(&model, ANSWERS);
    let (code, said) = run(&project, &["run"]);
    assert_eq!(code, 3, "{said}");
    // The one that a check fails is graded.
    assert!(said.contains("2 of 3 judged cases have no verdict (66.7 %; at most 2 % may)"), "{said}");
    assert!(said.contains("unreadable reply"), "{said}");
    assert_eq!(counts(&project)["judge_error"], 2);
    assert_eq!(run(&project, &["run"]).0, 0);
    assert_eq!(counts(&project)["pass"], 2);
}

#[test]
fn judges_are_paid_from_the_budget() {
    let model = Model::start(|_, _| verdict("resolved"));
    let project = suite(&model, [ANSWERS[0], ANSWERS[2], ANSWERS[2]]);
    // Each verdict takes 15 tokens: after one, another fits in 30, and a third does not.
    let (code, said) = run(&project, &["run", "--max-tokens", "30"]);
    assert_eq!(code, 4, "{said}");
    assert!(said.contains("2 of 3 cases were asked"), "{said}");
    assert_eq!(model.sent().len(), 2);
    let (code, said) = run(&project, &["run", "--resume", "--max-tokens", "44"]);
    assert_eq!(code, 4, "what was spent before counts: {said}");
    assert_eq!(model.sent().len(), 2);
    let (code, said) = run(&project, &["run", "--resume", "--max-tokens", "45"]);
    assert_eq!(code, 0, "{said}");
    assert_eq!((model.sent().len(), counts(&project)["pass"].clone()), (3, json!(3)));
}

#[test]
fn a_comparison_is_with_the_accepted_answer_in_both_orders() {
    // Prefers the longer answer, wherever it stands.
    let model = Model::start(|_, body| {
        let asked = body["messages"][1]["content"].as_str().unwrap();
        let data: Value = serde_json::from_str(asked.lines().nth(1).unwrap()).unwrap();
        let length = |which: &str| data[which].as_str().unwrap().len();
        verdict(if length("first") > length("second") { "first" } else { "second" })
    });
    let project = suite(&model, [ANSWERS[0], ANSWERS[2], ANSWERS[2]]);
    project.write("suites/judges/better.toml", "kind = \"compare\"\n");
    project.write("suites/support.toml", &SUITE.replace("\"resolved\"", "\"better\""));
    let (code, said) = run(&project, &["run"]);
    assert_eq!((code, model.sent().len()), (0, 0), "nothing was accepted yet: {said}");
    assert_eq!(counts(&project)["not_applicable"], 3);
    let (code, said) = run(&project, &["accept", "support", "--reason", "first"]);
    assert_eq!(code, 0, "{said}");
    project.write("suites/answers.jsonl", &answers([ANSWERS[0], "Yes, until the tenth of May.", "Yes."]));
    let (_, said) = run(&project, &["run"]);
    // One is as it was; each of the others is asked about in both orders.
    assert_eq!(model.sent().len(), 4, "{said}");
    let counts = counts(&project);
    assert_eq!((&counts["pass"], &counts["fail"]), (&json!(2), &json!(1)), "{said}");
    let case = record(&project)["suites"][0]["cases"][2]["id"].as_str().unwrap().to_owned();
    let (_, shown) = run(&project, &["show", &case]);
    assert!(shown.contains("worse"), "{shown}");
}

#[test]
fn a_judge_that_was_never_checked_blocks_nothing_and_says_so() {
    let model = Model::start(|_, _| verdict("unresolved"));
    let project = suite(&model, [ANSWERS[0], ANSWERS[2], ANSWERS[2]]);
    std::fs::remove_file(project.path("suites/judges/resolved.history.jsonl")).unwrap();
    let (code, said) = run(&project, &["run"]);
    // The checks alone decide, and all of them hold.
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("resolved: 0 pass, 3 fail"), "{said}");
    assert!(said.contains("reports and does not gate: it was never checked"), "{said}");
    assert!(said.contains("pass_rate  1.000"), "{said}");
    // Without any check nothing gates, which no build is failed for, in CI either.
    project.write("suites/support.toml", &SUITE.replace("{ not = { contains = \"no idea\" } }, ", ""));
    for more in [None, Some("1")] {
        let mut command = project.command(&["run"]);
        command.env("JUDGE_KEY", model::KEY);
        if let Some(ci) = more {
            command.env("CI", ci);
        }
        let done = command.output().unwrap();
        let said = String::from_utf8(done.stdout).unwrap();
        assert_eq!(done.status.code(), Some(0), "{said}");
        assert!(said.contains("nothing gates, since none of its judges may yet"), "{said}");
        assert!(!said.contains("held"), "{said}");
        assert_eq!(record(&project)["suites"][0]["decision"], "measured", "{said}");
    }
}

#[test]
fn a_judge_that_gated_and_may_not_any_more_is_no_silent_pass() {
    let model = Model::start(|_, _| verdict("resolved"));
    let project = suite(&model, [ANSWERS[0], ANSWERS[2], ANSWERS[2]]);
    project.write("suites/support.toml", &SUITE.replace("{ not = { contains = \"no idea\" } }, ", ""));
    assert_eq!(run(&project, &["run"]).0, 0);
    assert_eq!(run(&project, &["accept", "support", "--reason", "first"]).0, 0);
    assert_eq!(run(&project, &["run"]).0, 0);
    // Changed and not checked since, or its checks lost: what was accepted meant something else.
    std::fs::remove_file(project.path("suites/judges/resolved.history.jsonl")).unwrap();
    let (code, said) = run(&project, &["run"]);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("none of 3 cases was graded"), "{said}");
    assert!(said.contains("reports and does not gate: it was never checked"), "{said}");
}

#[test]
fn another_model_than_the_one_that_was_checked_is_not_comparable() {
    let model = Model::start(|_, _| verdict("resolved"));
    let project = suite(&model, [ANSWERS[0], ANSWERS[2], ANSWERS[2]]);
    let history = project.read("suites/judges/resolved.history.jsonl");
    project.write("suites/judges/resolved.history.jsonl", &history.replace("judge-model-1", "judge-model-0"));
    let (code, said) = run(&project, &["run"]);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("was checked with `judge-model-0`, and `judge-model-1` answers now"), "{said}");
}

/// Fifty labelled answers, those with an even number resolved.
fn labels() -> String {
    let word = |n: usize| if n.is_multiple_of(2) { "resolved" } else { "unresolved" };
    (1..=50).map(|n| label(n, &format!("Answer number {n}."), word(n))).collect()
}

#[test]
fn a_judge_that_changed_under_its_name_decides_nothing_and_the_way_out_is_told() {
    use std::sync::atomic::{AtomicUsize, Ordering};
    // Goes by the number of the answer, and turns round its verdict on the first few once it has changed.
    let changed = std::sync::Arc::new(AtomicUsize::new(0));
    let limit = changed.clone();
    let model = Model::start(move |_, body| {
        let asked = body["messages"][1]["content"].as_str().unwrap();
        let number = (1..=50).find(|n| asked.contains(&format!("Answer number {n}.")));
        let is_even = number.is_none_or(|n: usize| n.is_multiple_of(2));
        let turns = limit.load(Ordering::SeqCst);
        // An answer of the suite is judged another way, too.
        let turned = number.map_or(turns >= 3 && asked.contains("Bremen"), |n| n <= turns);
        verdict(if is_even == turned { "unresolved" } else { "resolved" })
    });
    let project = suite(&model, [ANSWERS[0], ANSWERS[2], ANSWERS[2]]);
    project.write("suites/judges/resolved.labels.jsonl", &labels());
    let (code, said) = run(&project, &["judge", "freeze", "resolved"]);
    assert_eq!(code, 0, "{said}");
    let (code, said) = run(&project, &["run"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("canary: 0 of 50 verdicts changed"), "{said}");
    let (code, said) = run(&project, &["accept", "support", "--reason", "first"]);
    assert_eq!(code, 0, "{said}");
    // Two of fifty are chance, three are not.
    changed.store(2, Ordering::SeqCst);
    let (code, said) = run(&project, &["run"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("canary: 2 of 50 verdicts changed"), "{said}");
    changed.store(3, Ordering::SeqCst);
    let before = model.sent().len();
    let (code, said) = run(&project, &["run"]);
    assert_eq!((code, model.sent().len() - before), (3, 50), "the canary alone is asked about: {said}");
    let words = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("3 of 50 verdicts of the canary changed"), "{said}");
    assert!(words.contains("`holdline judge freeze resolved`"), "{said}");
    assert!(words.contains("`holdline rejudge SUITE`"), "{said}");
    assert!(!said.contains("regressed"), "{said}");
    // The way out: frozen anew, what was accepted is not comparable until it is judged anew and accepted.
    assert_eq!(run(&project, &["judge", "freeze", "resolved"]).0, 0);
    let (code, said) = run(&project, &["run"]);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("the judges or the definitions of the metrics differ"), "{said}");
    let (code, said) = run(&project, &["rejudge", "support"]);
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("1 verdict flipped: 1 passed before"),
        "today's judge is asked, not the cache: {said}"
    );
    assert_eq!(run(&project, &["accept", "support", "--reason", "today's judge"]).0, 0);
    let (code, said) = run(&project, &["run"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("canary: 0 of 50 verdicts changed"), "{said}");
}

#[test]
fn a_judge_may_stand_in_the_suite_and_is_known_by_its_name_everywhere() {
    let model = Model::start(|_, _| verdict("resolved"));
    let project = suite(&model, [ANSWERS[0], ANSWERS[2], ANSWERS[2]]);
    let inline = |name: &str| {
        let keys: Vec<&str> = JUDGE.lines().filter(|line| !line.is_empty()).collect();
        format!("\n[judges.{name}]\n{}\n", keys.join("\n"))
    };
    project
        .write("suites/support.toml", &(SUITE.replace("\"resolved\"", "\"settled\"") + &inline("settled")));
    calibrate(&project, "settled");
    let (code, said) = run(&project, &["run"]);
    assert_eq!((code, counts(&project)["pass"].clone()), (0, json!(3)), "{said}");
    // Its labels stand with those of the others.
    project.write("suites/judges/settled.labels.jsonl", &label(1, "It is in Bremen.", "resolved"));
    let (code, said) = run(&project, &["judge", "check", "settled"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("1 of 1 labelled answer graded"), "{said}");
    let (code, said) = run(&project, &["check"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("settled"), "{said}");
    // Mistakes are told at their place, once; and a name is one judge.
    let wrong = inline("settled").replace("pass_when", "pas_when");
    project.write("suites/support.toml", &(SUITE.replace("\"resolved\"", "\"settled\"") + &wrong));
    let (code, said) = run(&project, &["check", "support"]);
    assert_eq!((code, said.matches("unknown key `pas_when`").count()), (2, 1), "{said}");
    project
        .write("suites/support.toml", &(SUITE.replace("\"resolved\"", "\"settled\"") + &inline("settled")));
    project.write("suites/other.toml", &(SUITE.to_owned() + &inline("settled")));
    let (code, said) = run(&project, &["judge", "show", "settled"]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("there are two judges `settled`"), "{said}");
}

#[test]
fn a_canary_keeps_to_the_time_of_the_run() {
    use std::sync::atomic::{AtomicBool, Ordering};
    let slow = std::sync::Arc::new(AtomicBool::new(false));
    let is_slow = slow.clone();
    let model = Model::start(move |_, _| {
        if is_slow.load(Ordering::SeqCst) {
            std::thread::sleep(std::time::Duration::from_millis(500));
        }
        verdict("resolved")
    });
    let project = suite(&model, [ANSWERS[0], ANSWERS[2], ANSWERS[2]]);
    project.write("suites/judges/resolved.labels.jsonl", &labels());
    assert_eq!(run(&project, &["judge", "freeze", "resolved"]).0, 0);
    slow.store(true, Ordering::SeqCst);
    let before = model.sent().len();
    let (code, said) = run(&project, &["run", "--max-time", "1s"]);
    assert_eq!(code, 4, "{said}");
    let asked = model.sent().len() - before;
    assert!(asked < 50, "{asked} of 50 were asked about, half a second each");
}
