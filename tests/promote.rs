//! `holdline promote`: failures, their neighbours and questions from production become cases that stay, and gate.
#![cfg(feature = "cli")]

#[expect(dead_code, reason = "other test files use the rest")]
mod project;

use project::{App, Project};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// An application that says hello, unless a text is in capitals: until it is mended.
fn app(mended: &Arc<AtomicBool>) -> App {
    let mended = mended.clone();
    App::start(move |input| {
        let loud = input.chars().any(char::is_alphabetic) && !input.chars().any(char::is_lowercase);
        let fails = loud && !mended.load(Ordering::SeqCst);
        let (label, message) = if fails { ("other", "What?") } else { ("hello", "Hello to you") };
        json!({ "message": message, "label": label })
    })
}

fn suite(port: u16) -> String {
    format!(
        r#"feature = "Greets"
labels = ["hello", "other"]

[target]
http = "http://127.0.0.1:{port}/ask"
body = {{ text = "{{{{ input }}}}" }}
reply = {{ output = "/message", label = "/label" }}

[[scenario]]
name = "greets people"
must_pass = true
expect = {{ label = "hello" }}
inputs = [
  "hello there, my dear friend",
  "hello to the whole team", # the last one so far
]

[[scenario]]
name = "greets whoever is loud"
expect = {{ label = "hello" }}
expand = [{{ op = "case", forms = ["upper"] }}]
inputs = ["good morning to everybody here", {{ text = "a good evening to all of you", id = "evening" }}]
"#
    )
}

struct Greeting {
    project: Project,
    mended: Arc<AtomicBool>,
    _app: App,
}

impl Greeting {
    fn new() -> Self {
        let mended = Arc::new(AtomicBool::new(false));
        let app = app(&mended);
        Self { project: Project::new(&[("suites/greet.toml", &suite(app.port))]), mended, _app: app }
    }

    /// The id of the loud variant of a seed.
    fn loud(&self, words: &str) -> String {
        let out = self.project.holdline(&["list", "--json"]).expect(0).out;
        let cases = out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let wanted = words.to_uppercase();
        let case =
            cases.into_iter().find(|case| case["input"].as_str().is_some_and(|text| text.contains(&wanted)));
        case.unwrap_or_else(|| panic!("no {wanted}"))["id"].as_str().unwrap().to_owned()
    }

    fn variants(&self) -> Vec<Value> {
        let text = self.project.read("suites/greet.variants.jsonl");
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

#[test]
fn a_promoted_failure_is_kept_with_who_said_what_must_hold() {
    let greeting = Greeting::new();
    let project = &greeting.project;
    project.holdline(&["run"]).expect(0);
    let id = greeting.loud("good morning");
    let ran = project.holdline(&["promote", &id, "--same", "--reason", "customers shout"]).expect(0).says(&[
        "promoted",
        "suites/greet.variants.jsonl:1",
        "what its seed expects",
        "case 5 of its scenario",
        "by case",
    ]);
    assert!(ran.out.contains("GOOD MORNING TO EVERYBODY HERE"), "{}", ran.out);
    let [variant] = &greeting.variants()[..] else { panic!("one line") };
    assert_eq!(variant["scenario"], "greets-whoever-is-loud");
    assert_eq!(variant["of"], json!({ "input": "good morning to everybody here" }));
    assert_eq!(variant["promise"], "same");
    assert_eq!((&variant["truth"], &variant["made"]["origin"]), (&json!("person"), &json!("failure")));
    assert_eq!(variant["made"]["chain"][0]["op"], "case");
    let run = project::runs(project.folder.path()).pop().unwrap();
    let run = run.file_name().unwrap().to_str().unwrap().to_owned();
    assert_eq!(variant["made"]["from"], format!("run {run}, case {id}"));
    let review = &variant["review"];
    assert_eq!(
        (&review["by"], &review["note"], &review["approved"]),
        (&json!("Ada"), &json!("customers shout"), &json!("evaluation"))
    );
    // It is a case of the suite from now on, and is not promoted twice.
    project.holdline(&["check"]).expect(0);
    let list = project.holdline(&["list"]).expect(0).out;
    assert_eq!(list.lines().count(), 7, "{list}");
    project.holdline(&["promote", &id, "--same"]).expect(2).says(&[
        "not promoted",
        "suites/greet.variants.jsonl:1",
        "asks the same",
    ]);
    assert_eq!(greeting.variants().len(), 1);
}

#[test]
fn promoted_cases_gate_once_the_application_is_mended() {
    let greeting = Greeting::new();
    let project = &greeting.project;
    project.holdline(&["run"]).expect(0);
    let id = greeting.loud("good morning");
    // Into the scenario that must pass, with what must hold said by the person.
    project
        .holdline(&["promote", &id, "--label", "hello", "--scenario", "greets-people"])
        .expect(0)
        .says(&["at once: its scenario must pass"]);
    project.holdline(&["run", "--update", "no"]).expect(1).says(&["GOOD MORNING TO EVERYBODY HERE"]);
    greeting.mended.store(true, Ordering::SeqCst);
    project.holdline(&["run"]).expect(0);
    project.holdline(&["accept", "--reason", "loud people are greeted"]).expect(0);
    project.holdline_in_ci(&["run"]).expect(0);
    // It breaks again: the promoted case fails the build.
    greeting.mended.store(false, Ordering::SeqCst);
    project.holdline_in_ci(&["run"]).expect(1);
    let record = project::runs(project.folder.path()).pop().unwrap().join("report.json");
    let record: Value = serde_json::from_str(&std::fs::read_to_string(record).unwrap()).unwrap();
    let cases = record["suites"][0]["cases"].as_array().unwrap();
    let promoted: Vec<&Value> =
        cases.iter().filter(|case| case["provenance"].get("pedigree").is_some()).collect();
    let [promoted] = promoted[..] else { panic!("one promoted case") };
    assert_eq!((&promoted["graded"]["outcome"], &promoted["must_pass"]), (&json!("fail"), &json!(true)));
    assert_eq!(promoted["standing"]["standing"], "fails");
}

#[test]
fn a_neighbour_that_waits_for_review_is_promoted_by_its_id() {
    let greeting = Greeting::new();
    let project = &greeting.project;
    let arguments = ["neighbours", "hello there", "-q", "--json", "--operators", "case", "--per-seed", "12"];
    let found: Value = serde_json::from_str(&project.holdline(&arguments).expect(0).out).unwrap();
    let rows = found["neighbours"].as_array().unwrap();
    let loud = rows.iter().find(|row| row["text"] == "HELLO THERE, MY DEAR FRIEND").expect("one is loud");
    assert_eq!((&loud["outcome"], &loud["in_suite"]), (&json!("fail"), &json!(false)));
    assert!(found["offered"]["new"].as_u64().unwrap() > 0);
    let id = loud["id"].as_str().unwrap();
    // What was asked beside the runs can be looked into as well.
    project.holdline(&["show", id]).expect(0).says(&["HELLO THERE, MY DEAR FRIEND"]);
    project.holdline(&["promote", id, "--same"]).expect(0).says(&["suites/greet.variants.jsonl:1"]);
    let [variant] = &greeting.variants()[..] else { panic!("one line") };
    assert_eq!(variant["input"], loud["text"]);
    assert_eq!(variant["of"], json!({ "input": "hello there, my dear friend" }));
    assert_eq!((&variant["made"]["by"], &variant["made"]["origin"]), (&json!("operator"), &json!("failure")));
    // It is decided, and done: nobody reviews it again.
    let decisions = project.read(".holdline/candidates/greet.decisions.jsonl");
    let did: Vec<Value> = decisions.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(did.iter().map(|event| &event["did"]).collect::<Vec<_>>(), ["accept", "done"]);
    project.holdline(&["promote", id, "--same"]).expect(2).says(&["not promoted"]);
    // It fails as it did, and fails the build: its scenario must pass.
    project.holdline(&["run", "--update", "no"]).expect(1).says(&["HELLO THERE, MY DEAR FRIEND"]);
}

#[test]
fn a_group_of_failures_is_promoted_by_its_id() {
    let greeting = Greeting::new();
    let project = &greeting.project;
    project.holdline(&["run"]).expect(0);
    project.holdline(&["distil", "--json", "groups.json"]).expect(0);
    let distilled: Value = serde_json::from_str(&project.read("groups.json")).unwrap();
    let group = distilled["groups"][0]["id"].as_str().unwrap();
    project.holdline(&["promote", group, "--same"]).expect(0).says(&["2 cases to commit"]);
    let texts: Vec<Value> = greeting.variants().iter().map(|variant| variant["input"].clone()).collect();
    assert_eq!(texts, ["GOOD MORNING TO EVERYBODY HERE", "A GOOD EVENING TO ALL OF YOU"]);
    assert_eq!(greeting.variants()[1]["of"], json!({ "row": "evening" }));
    project.holdline(&["check"]).expect(0);
}

#[test]
fn questions_from_production_are_scrubbed_before_they_are_written() {
    let greeting = Greeting::new();
    let project = &greeting.project;
    let key = ["AKIA", "IOSFODNN7EXAMPLE"].concat();
    let log = format!(
        "{}\n\n{}\n{}\n",
        json!({ "id": "q1", "input": "Hi, I am jo.smith@gmail.com, my number is +44 20 7123 4567. Do you greet me?", "output": "Hello jo.smith@gmail.com" }),
        json!({ "id": "q2", "input": format!("my key {key} does not open the door, greet me") }),
        json!({ "output": "an answer without a question" }),
    );
    project.write("logs/answers.jsonl", &log);
    let arguments =
        ["promote", "q1", "3", "--from", "logs/answers.jsonl", "--scenario", "greet::greets-people"];
    project
        .holdline(&[&arguments[..], &["--expect", "{ label = 'hello', contains = \"Hello\" }"]].concat())
        .expect(0)
        .says(&["replaced", "1 e-mail address, 1 telephone number", "1 secret", "read what you commit"]);
    let text = project.read("suites/greet.variants.jsonl");
    for secret in ["jo.smith", "7123", key.as_str()] {
        assert!(!text.contains(secret), "{secret} is in {text}");
    }
    let variants = greeting.variants();
    assert_eq!(
        variants[0]["input"],
        "Hi, I am user@example.com, my number is +1 202 555 0100. Do you greet me?"
    );
    assert_eq!(variants[0]["made"]["from"], "logs/answers.jsonl:1");
    assert_eq!(
        (&variants[1]["made"]["from"], &variants[1]["made"]["by"]),
        (&json!("logs/answers.jsonl:3"), &json!("production"))
    );
    assert_eq!(variants[0]["expect"], json!({ "contains": "Hello", "ignore_case": false, "label": "hello" }));
    assert!(variants[0]["review"]["note"].as_str().unwrap().contains("1 e-mail address"));
    project.holdline(&["check"]).expect(0);
    // Nearly the same again, with another number, is refused with its twin.
    project.write(
        "logs/more.jsonl",
        &json!({ "input": "Hi, I am jo.smith@gmail.com, my number is +44 20 7123 9999. Do you greet me??" })
            .to_string(),
    );
    project
        .holdline(&["promote", "1", "--from", "logs/more.jsonl", "--scenario", "greets-people", "--same"])
        .expect(2)
        .says(&["not promoted", "suites/greet.variants.jsonl:1", "nearly the same"]);
    assert_eq!(greeting.variants().len(), 2);
}

#[test]
fn nothing_is_written_without_an_expectation_or_in_ci_or_of_what_is_written_already() {
    let greeting = Greeting::new();
    let project = &greeting.project;
    let id = greeting.loud("good morning");
    let refused = |arguments: &[&str], says: &[&str]| {
        project.holdline(&[&["promote"], arguments].concat()).expect(2).says(says);
    };
    refused(&[&id], &["say what must hold of it", "--same"]);
    refused(&[&id, "--label", "helo"], &["suite `greet` has no label `helo`", "`hello`, `other`"]);
    refused(&[&id, "--expect", "{ contain = 'x' }"], &["--expect", "this is no expectation"]);
    refused(&[&id, "--expect", "{}"], &["every answer would pass"]);
    refused(&[&id, "--expect", "{ matches = '(' }"], &["matches"]);
    refused(&["hello there", "--same"], &["not promoted", "suites/greet.toml:14 already"]);
    refused(&["nobody says this", "--same"], &["no case of the suites"]);
    refused(&[&id, "--same", "--scenario", "greets-peopel"], &["did you mean `greets-people`?"]);
    refused(&["1", "--from", "none.jsonl", "--same"], &["--scenario"]);
    refused(&["1", "--from", "none.jsonl", "--same", "--scenario", "greets-people"], &["none.jsonl"]);
    project
        .holdline_in_ci(&["promote", &id, "--same"])
        .expect(2)
        .says(&["in CI nothing is written below the suites"]);
    // One that cannot be written keeps the others from it.
    refused(&[&id, "hello there", "--same"], &["not promoted"]);
    assert!(!project.path("suites/greet.variants.jsonl").exists());
}

#[test]
fn a_text_can_stand_in_the_suite_file_where_that_leaves_it_as_it_is() {
    let greeting = Greeting::new();
    let project = &greeting.project;
    let before = project.read("suites/greet.toml");
    let ids = |project: &Project| -> Vec<String> {
        let out = project.holdline(&["list", "--json"]).expect(0).out;
        out.lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap()["id"].as_str().unwrap().to_owned())
            .collect()
    };
    let old = ids(project);
    project.write("log.jsonl", &json!({ "input": "well \"met\", stranger" }).to_string());
    project
        .holdline(&[
            "promote",
            "1",
            "--from",
            "log.jsonl",
            "--scenario",
            "greets-people",
            "--same",
            "--as",
            "case",
        ])
        .expect(0)
        .says(&["suites/greet.toml:16"]);
    let after = project.read("suites/greet.toml");
    let added = "  \"hello to the whole team\", # the last one so far\n  \"well \\\"met\\\", stranger\",\n]";
    assert!(after.contains(added), "{after}");
    assert_eq!(after.replace("\n  \"well \\\"met\\\", stranger\",", ""), before);
    let new = ids(project);
    assert!(old.iter().all(|id| new.contains(id)) && new.len() == old.len() + 1);
    // What it expects is its own: it cannot stand there, and the file stays as it is.
    project.write("log.jsonl", &json!({ "input": "who goes there in the night" }).to_string());
    project
        .holdline(&[
            "promote",
            "1",
            "--from",
            "log.jsonl",
            "--scenario",
            "greets-people",
            "--label",
            "other",
            "--as",
            "case",
        ])
        .expect(2)
        .says(&["leave `--as case` out"]);
    assert_eq!(project.read("suites/greet.toml"), after);
}
