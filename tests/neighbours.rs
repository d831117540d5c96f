//! `holdline neighbours`: a failing case is reduced, its neighbourhood is asked beside the suite, and a scenario
//! is probed.
#![cfg(feature = "cli")]

#[expect(dead_code, reason = "other test files use the rest")]
mod project;

use holdline::synth::candidate::{Candidate, Queue};
use project::{App, Project, runs};
use serde_json::{Value, json};
use std::path::Path;

/// Says hello to whoever says hello, unless a text is in capitals or says `umm`.
fn shy(input: &str) -> Value {
    let loud = input.chars().any(char::is_alphabetic) && !input.chars().any(char::is_lowercase);
    let label = if loud || input.contains("umm") { "other" } else { "hello" };
    json!({ "message": format!("you said {input}"), "label": label })
}

/// A suite with one scenario over the application at `port`.
fn suite(port: u16, scenario: &str) -> String {
    format!(
        r#"feature = "Greets"
labels = ["hello", "other"]

[target]
http = "http://127.0.0.1:{port}/ask"
body = {{ text = "{{{{ input }}}}" }}
reply = {{ output = "/message", label = "/label" }}

[expand]
max_edit = 1.0

[[scenario]]
name = "greets people"
expect = {{ label = "hello" }}
{scenario}
"#
    )
}

const INPUTS: &str = r#"inputs = [
  "hello there, my dear friend", "hello to the whole team", "hello from the second floor", "hello again my old friend",
  "hello and good morning", "hello on this fine day",
]
"#;

fn cases(project: &Project) -> Vec<Value> {
    let out = project.holdline(&["list", "--json"]).expect(0).out;
    out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn printed(project: &Project, arguments: &[&str]) -> Value {
    serde_json::from_str(&project.holdline(arguments).expect(0).out).unwrap()
}

/// The id of a case that these operators made.
fn by_operators(project: &Project, operators: &str) -> String {
    let fits =
        |case: &Value| case["name"].as_str().is_some_and(|name| name.contains(&format!("-{operators}-")));
    let found = cases(project).into_iter().find(fits).unwrap_or_else(|| panic!("no case by {operators}"));
    found["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_variant_is_reduced_to_the_operator_that_breaks_it() {
    let app = App::start(shy);
    let expand = r#"expand = [{ chain = ["time_pressure", { op = "case", forms = ["upper"] }, "emoji"] }]"#;
    let project = Project::new(&[("suites/greet.toml", &suite(app.port, &format!("{INPUTS}{expand}")))]);
    let list = cases(&project);
    let case = list.iter().find(|case| {
        let text = case["input"].as_str().unwrap_or_default();
        text.chars().any(char::is_alphabetic) && !text.chars().any(char::is_lowercase)
    });
    let id = case.expect("the chain makes a loud variant")["id"].as_str().unwrap().to_owned();
    let found = printed(&project, &["neighbours", &id, "--json", "-q", "--max", "40"]);
    assert_eq!(found["outcome"], "fail");
    assert_eq!(found["reduced"]["is_minimal"], true);
    let steps = found["reduced"]["left"]["changes"].as_array().unwrap();
    let kept: Vec<(&str, bool)> =
        steps.iter().map(|step| (step["op"].as_str().unwrap(), step["kept"] != 0)).collect();
    assert_eq!(kept, [("time_pressure", false), ("case", true), ("emoji", false)]);
    // What is left is the seed in capitals, and nothing else of the chain.
    let left = found["reduced"]["input"].as_str().unwrap();
    assert_eq!(left, left.to_uppercase());
    let is_seed = |case: &&Value| case["input"].as_str().map(str::to_uppercase).as_deref() == Some(left);
    assert!(list.iter().any(|case| is_seed(&case)), "{left}");
}

#[test]
fn the_words_of_a_seed_are_reduced_and_what_is_protected_stays() {
    let app = App::start(|input| {
        let label = if input.contains("refund") && input.contains("gift") { "other" } else { "hello" };
        json!({ "message": "no", "label": label })
    });
    let text = "Good morning. I bought order PL-204518 as a gift, and would like a refund for it. Thank you!";
    let project = Project::new(&[("suites/greet.toml", &suite(app.port, &format!("inputs = [\"{text}\"]")))]);
    let id = cases(&project)[0]["id"].as_str().unwrap().to_owned();
    let found =
        printed(&project, &["neighbours", &id, "--json", "-q", "--max", "60", "--operators", "emoji"]);
    assert_eq!(found["reduced"]["is_minimal"], true);
    let left = found["reduced"]["input"].as_str().unwrap();
    assert_eq!(left, "PL-204518 gift, refund");
    let words = &found["reduced"]["left"]["words"];
    assert_eq!((&words["kept"], &words["of"], &words["protected"]), (&json!(3), &json!(18), &json!(1)));
}

#[test]
fn the_neighbourhood_shows_what_triggers_a_failure_and_what_the_suite_does_not_have() {
    let app = App::start(shy);
    let expand = r#"expand = [{ op = "case", forms = ["upper"] }, "white_space", "emoji"]"#;
    let suite = suite(app.port, &format!("{INPUTS}{expand}"));
    let project = Project::new(&[("suites/greet.toml", &suite)]);
    project.holdline(&["run"]).expect(0);
    let before = (runs(project.folder.path()).len(), project.read("suites/greet.toml"));
    let id = by_operators(&project, "case");
    let found = printed(&project, &["neighbours", &id, "--json", "-q", "--max", "200"]);
    let rows = found["neighbours"].as_array().unwrap();
    let failed: Vec<&Value> = rows.iter().filter(|row| row["outcome"] == "fail").collect();
    assert!(!failed.is_empty());
    // Every failure is loud or hesitates, as the application has it.
    for row in &failed {
        let text = row["text"].as_str().unwrap();
        assert_eq!(shy(text)["label"], "other", "{row}");
    }
    // Of every other seed the suite has one variant in capitals; nothing else triggers so surely.
    let triggers = found["triggers"].as_array().unwrap();
    assert_eq!(
        (&triggers[0]["group"]["by"], &triggers[0]["group"]["value"]),
        (&json!("operator"), &json!("case"))
    );
    assert_eq!(triggers[0]["tested"], true);
    assert!(triggers[0]["group"]["p"].as_f64().unwrap() < 0.05, "{}", triggers[0]);
    // What fails beyond the suite waits for review, each once, with its chain and where it was found.
    let further = failed.iter().filter(|row| row["in_suite"] == false).count();
    let candidates = candidates(project.folder.path());
    assert_eq!(found["offered"]["new"], candidates.len());
    assert!(candidates.len() <= further);
    for candidate in &candidates {
        assert_eq!(candidate["variant"]["made"]["origin"], "failure");
        assert!(candidate["variant"]["made"]["from"].as_str().unwrap().contains(&id), "{candidate}");
        assert!(candidate["variant"].get("review").is_none());
    }
    // Beside the suite: no run, no baseline, nothing that waits for acceptance, and the suite as it was.
    assert_eq!((runs(project.folder.path()).len(), project.read("suites/greet.toml")), before);
    let kept = found["kept"].as_str().unwrap();
    let record: Value = serde_json::from_str(&project.read(kept)).unwrap();
    assert!(record["suites"][0]["cases"].as_array().unwrap().len() >= rows.len());
    // The same again is the same, and offers nothing anew.
    let again = printed(&project, &["neighbours", &id, "--json", "-q", "--max", "200"]);
    assert_eq!(again["neighbours"], found["neighbours"]);
    assert_eq!(again["triggers"], found["triggers"]);
    assert_eq!(again["offered"]["new"], 0);
    assert_eq!(again["offered"]["waiting"], found["offered"]["new"]);
}

fn candidates(root: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(root.join(".holdline/candidates/greet.jsonl")).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn adjacent_knob_values_keep_the_constraints() {
    let app = App::start(|input| {
        let label = if input.contains("angry") { "other" } else { "hello" };
        json!({ "message": "no", "label": label })
    });
    let scenario = r#"template = "hello, I am {{ tone }} about {{ topic }} as {{ who }}"
[scenario.knobs]
tone = ["angry", "calm", "sad"]
topic = ["rain", "snow", "wind"]
who = ["a guest", "an owner"]
[scenario.cover]
constraints = ["not (topic = \"snow\" and who = \"an owner\")"]
"#;
    let project = Project::new(&[("suites/greet.toml", &suite(app.port, scenario))]);
    let angry = |case: &Value| {
        case["input"].as_str().is_some_and(|text| text.contains("angry about rain as an owner"))
    };
    let list = cases(&project);
    let case = list.iter().find(|case| angry(case)).or_else(|| {
        list.iter().find(|case| case["input"].as_str().is_some_and(|text| text.contains("angry")))
    });
    let case = case.expect("every value occurs");
    let id = case["id"].as_str().unwrap();
    let found = printed(&project, &["neighbours", id, "--json", "-q", "--no-reduce", "--operators", "emoji"]);
    let knobs: Vec<&Value> = found["neighbours"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["relation"].get("knob").is_some())
        .collect();
    assert!(!knobs.is_empty());
    let asked = case["input"].as_str().unwrap();
    for row in &knobs {
        let text = row["text"].as_str().unwrap();
        assert!(!(text.contains("snow") && text.contains("an owner")), "{text}");
        // One knob differs, and only one.
        let parts = |text: &str| {
            let (tone, rest) = text.trim_start_matches("hello, I am ").split_once(" about ").unwrap();
            let (topic, who) = rest.split_once(" as ").unwrap();
            [tone.to_owned(), topic.to_owned(), who.to_owned()]
        };
        let different = parts(text).iter().zip(parts(asked)).filter(|(a, b)| **a != *b).count();
        assert_eq!(different, 1, "{asked} → {text}");
    }
    assert!(knobs.iter().any(|row| row["relation"]["knob"] == "tone" && row["outcome"] == "pass"));
}

#[test]
fn a_budget_ends_it_and_is_told() {
    let app = App::start(shy);
    let expand = r#"expand = [{ op = "case", forms = ["upper"] }]"#;
    let project = Project::new(&[("suites/greet.toml", &suite(app.port, &format!("{INPUTS}{expand}")))]);
    let id = by_operators(&project, "case");
    let before = app.asked();
    let found = printed(&project, &["neighbours", &id, "--json", "-q", "--max", "10", "--no-reduce"]);
    assert!(app.asked() - before <= 20);
    assert!(found["neighbours"].as_array().unwrap().len() <= 10);
    let available: u64 =
        found["available"].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum();
    assert!(available > 10, "{available}");
    // An application that is not there: nothing is decided, and the exit code says so.
    drop(app);
    let ran = project.holdline(&["neighbours", &id, "-q", "--max-time", "1ms"]);
    assert!(matches!(ran.code, Some(3 | 4)), "{ran:?}");
}

#[test]
fn what_is_named_must_be_there() {
    let app = App::start(shy);
    let project = Project::new(&[("suites/greet.toml", &suite(app.port, INPUTS))]);
    project
        .holdline(&["neighbours", "ffff"])
        .expect(2)
        .says(&["no case of the suites has `ffff`", "holdline list"]);
    project.holdline(&["neighbours", "hello"]).expect(2).says(&["6 cases fit `hello`"]);
    project
        .holdline(&["neighbours", "second floor", "--operators", "emojy"])
        .expect(2)
        .says(&["`emojy`", "did you mean `emoji`?"]);
    assert_eq!(app.asked(), 0);
}

#[test]
fn a_probe_finds_the_shortest_chain_that_breaks() {
    // Only a text that is loud and hesitates breaks it: no operator alone does.
    let app = App::start(|input| {
        let letters: Vec<char> = input.chars().filter(|c| c.is_alphabetic()).collect();
        let loud = letters.iter().all(|c| c.is_uppercase());
        let long = input.matches('!').count() + input.matches('?').count() + input.matches('.').count() >= 3;
        let label = if loud && long { "other" } else { "hello" };
        json!({ "message": "no", "label": label })
    });
    let inputs = r#"inputs = ["hello there, my dear friend!", "hello to the whole team!", "hello from the second floor!"]
expand = [{ op = "case", forms = ["upper"] }]"#;
    let project = Project::new(&[("suites/greet.toml", &suite(app.port, inputs))]);
    let arguments = [
        "neighbours",
        "greets-people",
        "--probe",
        "--json",
        "-q",
        "--max-cases",
        "150",
        "--operators",
        "case,punctuation_repeated,emoji,white_space",
    ];
    let found = printed(&project, &arguments);
    assert_eq!(found["by_length"][0]["failed"], 0);
    let chains = found["chains"].as_array().unwrap();
    let mut shortest: Vec<&str> =
        chains[0]["chain"].as_array().unwrap().iter().map(|op| op.as_str().unwrap()).collect();
    shortest.sort_unstable();
    assert_eq!(shortest, ["case", "punctuation_repeated"]);
    assert_eq!(chains[0]["is_minimal"], true);
    // Where nothing broke there is a bound: 1 − 0.05^(1/3) for three seeds.
    let operators = found["operators"].as_array().unwrap();
    let emoji = operators.iter().find(|of| of["operator"] == "emoji").unwrap();
    assert_eq!((&emoji["alone"]["failed"], &emoji["alone"]["of"]), (&json!(0), &json!(3)));
    let bound = emoji["alone_at_most"].as_f64().unwrap();
    assert!((bound - (1.0 - 0.05_f64.powf(1.0 / 3.0))).abs() < 1e-9, "{bound}");
    // Deterministic: the same again finds the same.
    let again = printed(&project, &arguments);
    assert_eq!(again["chains"], found["chains"]);
    assert_eq!(again["operators"], found["operators"]);
}

/// The page, with what is never the same taken out.
fn page(text: &str) -> String {
    let folder = regex::Regex::new(r"\.holdline/neighbours/[0-9T-]+").unwrap();
    folder.replace_all(text, ".holdline/neighbours/[id]").into_owned()
}

#[test]
fn the_pages_read_well() {
    let app = App::start(shy);
    let expand = r#"expand = [{ op = "case", forms = ["upper"] }]"#;
    let project = Project::new(&[(
        "suites/greet.toml",
        &suite(app.port, &format!("{INPUTS}{expand}")).replace("127.0.0.1", "localhost"),
    )]);
    let id = by_operators(&project, "case");
    let ran = project
        .holdline(&["neighbours", &id, "-q", "--operators", "case,emoji,filler,white_space"])
        .expect(0);
    insta::assert_snapshot!("neighbours", page(&ran.out));
    let ran = project
        .holdline(&[
            "neighbours",
            "greet::greets-people",
            "--probe",
            "-q",
            "--operators",
            "case,emoji,white_space",
            "--max",
            "30",
        ])
        .expect(0);
    insta::assert_snapshot!("probe", page(&ran.out));
}

/// A candidate that a model wrote for the first seed.
fn by_a_model(text: &str) -> Candidate {
    let variant = json!({
        "scenario": "greets-people", "input": text, "of": { "input": "hello there, my dear friend" },
        "promise": "same", "made": { "by": "model", "origin": "model" }, "truth": "model",
    });
    Candidate::new("greet", serde_json::from_value(variant).unwrap())
}

#[test]
fn what_models_wrote_and_nobody_reviewed_yet_is_asked_as_well() {
    let app = App::start(shy);
    let project = Project::new(&[("suites/greet.toml", &suite(app.port, INPUTS))]);
    let case = cases(&project)[0]["id"].as_str().unwrap().to_owned();
    let around = ["neighbours", &case, "--synth", "--json", "-q", "--no-reduce"];
    project.holdline(&around).expect(2).says(&["holdline synth greet --generator paraphrase"]);
    let mut queue = Queue::open(project.folder.path(), "greet").unwrap();
    let texts = ["umm, greetings to you, friend", "a very good day to you, friend", "hi, friend of mine"];
    let candidates: Vec<Candidate> = texts.into_iter().map(by_a_model).collect();
    let rejected = candidates[2].id.to_string();
    queue.add(candidates).unwrap();
    let reject = ["review", "--variants", "greet", "--reject", &rejected, "--reason", "unclear"];
    project.holdline(&reject).expect(0);

    let found = printed(&project, &around);
    let neighbours = found["neighbours"].as_array().unwrap();
    let of = |text: &str| neighbours.iter().find(|of| of["text"] == text);
    assert_eq!(of(texts[0]).unwrap()["outcome"], "fail", "{found}");
    assert_eq!(of(texts[1]).unwrap()["outcome"], "pass");
    assert!(of(texts[2]).is_none(), "what was rejected is not asked");
    // It waits for review as it was written, and is not offered a second time.
    let waiting = project.read(".holdline/candidates/greet.jsonl");
    assert_eq!(waiting.matches("umm, greetings").count(), 1);
}
