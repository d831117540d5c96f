//! Parameters of suites through the real command: where they reach, what is refused, what becomes of a
//! baseline, and matrices of them.

#[expect(dead_code, reason = "other test files use the rest")]
mod project;

use project::{App, Project, Ran, runs};
use serde_json::{Value, json};

/// A suite of 20 cases over an application that is told its version with every request.
fn suite(port: u16) -> String {
    let inputs: Vec<String> = (1..=20).map(|n| format!("\"case {n}\"")).collect();
    format!(
        r#"feature = "Answers"

[params]
VERSION = 1
TONE = "plain"
STRICT = false

[target]
http = "http://127.0.0.1:{port}/ask"
body = {{ text = "v{{{{ params.VERSION }}}} {{{{ input }}}} {{{{ params.TONE }}}}" }}
reply = {{ output = "/message" }}

[[scenario]]
name = "answers"
inputs = [{}]
expect = {{ contains = "good" }}
"#,
        inputs.join(", ")
    )
}

/// Version 1 fails case 20; version 2 fails cases 1 to 6 and passes case 20; every other version is well.
fn answer(text: &str) -> Value {
    let (version, case) = text.split_once(" case ").unwrap();
    let case: u32 = case.split(' ').next().unwrap().parse().unwrap();
    let fails = match version {
        "v1" => case == 20,
        "v2" => case <= 6,
        _ => false,
    };
    json!({ "message": if fails { "bad" } else { "good" } })
}

fn world() -> (App, Project) {
    let app = App::start(answer);
    let project = Project::new(&[("suites/talk.toml", &suite(app.port))]);
    (app, project)
}

/// The text without its line breaks.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn record(project: &Project, path: &str) -> Value {
    serde_json::from_str(&project.read(path)).unwrap()
}

#[test]
fn a_value_that_is_set_reaches_the_application_and_the_report() {
    let (_app, project) = world();
    let ran = project.holdline(&["run", "--json", "own.json"]).expect(0);
    ran.keeps_quiet(&["With VERSION"]);
    let own = record(&project, "own.json");
    assert_eq!(own["suites"][0]["params"], json!({ "VERSION": 1, "TONE": "plain", "STRICT": false }));
    assert_eq!(own["suites"][0].get("changed_params"), None);
    project
        .holdline(&[
            "run",
            "--set",
            "VERSION=2",
            "--set",
            "TONE=a=b, c",
            "--json",
            "two.json",
            "--markdown",
            "two.md",
        ])
        .expect(0)
        .says(&["With TONE = a=b, c, VERSION = 2"]);
    let two = record(&project, "two.json");
    assert_eq!(two["suites"][0]["params"], json!({ "VERSION": 2, "TONE": "a=b, c", "STRICT": false }));
    let failing = two["suites"][0]["cases"].as_array().unwrap().iter();
    assert_eq!(
        failing.filter(|case| case["graded"]["outcome"] == "fail").count(),
        6,
        "it was version 2 that answered"
    );
    assert!(project.read("two.md").contains("With TONE = a=b, c, VERSION = 2."));
    project.holdline(&["run", "--dry-run", "--set", "VERSION=2"]).expect(0).says(&["20 of 20 cases"]);
    project.holdline(&["check", "--set", "VERSION=2"]).expect(0);
}

#[test]
fn a_setting_that_no_suite_declares_is_refused_with_what_was_meant() {
    let (app, project) = world();
    for (arguments, message) in [
        (
            &["--set", "VERSOIN=2"][..],
            "--set: suite talk declares no parameter `VERSOIN`; did you mean `VERSION`? Declared: `STRICT`, `TONE`, `VERSION`",
        ),
        (
            &["--set", "colour=red"],
            "--set: suite talk declares no parameter `colour`; declared: `STRICT`, `TONE`, `VERSION`",
        ),
        (
            &["--set", "VERSION=two"],
            "--set: `VERSION` is a number (default 1), and `two` is none (suite talk)",
        ),
        (
            &["--set", "STRICT=yes"],
            "--set: `STRICT` is a boolean, true or false (default false), and `yes` is none",
        ),
        (&["--set", "VERSION"], "write NAME=VALUE"),
        (&["--set", "VERSION=1", "--set", "VERSION=2"], "--set: `VERSION` is set twice"),
    ] {
        for command in ["run", "check", "list"] {
            let arguments: Vec<&str> = [command].iter().chain(arguments).copied().collect();
            project.holdline(&arguments).expect(2).says(&[message]);
        }
    }
    assert_eq!(app.asked(), 0);
    let bare = Project::new(&[("suites/talk.toml", &project::suite(app.port))]);
    bare.holdline(&["run", "--set", "A=1"])
        .expect(2)
        .says(&["declared with their defaults under `[params]`"]);
    project.write("suites/other.toml", &project::suite(app.port));
    project.holdline(&["list", "other", "--set", "VERSION=2"]).expect(2);
    project.holdline(&["list", "--set", "VERSION=2"]).expect(0).says(&["45 of 45 cases"]);
}

#[test]
fn names_that_cannot_be_and_variables_that_are_not_there_are_told_together() {
    let text = r#"feature = "x"
[params]
"a-b" = 1
PORT = 2
holdline_ci = true
LIST = [1]
MODEL = "small"
[target]
chat = "{{ params.BASE }}/v1"
model = "{{ params.MODLE }}"
[[scenario]]
name = "one"
inputs = ["a"]
expect = { contains = "{{ params.MODEL }}" }
"#;
    let project = Project::new(&[("suites/x.toml", text)]);
    let ran = project.holdline(&["check"]).expect(2).says(&[
        "`a-b` cannot name a parameter",
        "a parameter `PORT` would overwrite what Holdline itself sets",
        "a parameter `holdline_ci` would overwrite",
        "there is no parameter `BASE`",
        "did you mean `params.MODEL`?",
        "suites/x.toml:4",
    ]);
    assert!(ran.err.contains("LIST") || ran.err.contains("suites/x.toml:6"), "{}", ran.err);
}

#[test]
fn cases_whose_expectation_or_script_depends_on_a_parameter_are_other_cases_with_another_value() {
    let text = r#"feature = "x"
[params]
WORD = "hello"
[target]
command = ["app"]
[[scenario]]
name = "says it"
inputs = ["a"]
expect = { contains = "{{ params.WORD }}" }
[[scenario]]
name = "asks on"
inputs = ["b"]
expect = { contains = "x" }
conversation = [{ user = "and {{ params.WORD }}?" }]
[[scenario]]
name = "is the same"
inputs = ["c"]
expect = { contains = "x" }
"#;
    let project = Project::new(&[("suites/x.toml", text)]);
    let ids = |arguments: &[&str]| -> Vec<String> {
        let all: Vec<&str> = ["list", "--json"].iter().chain(arguments).copied().collect();
        let out = project.holdline(&all).expect(0).out;
        out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["id"].to_string()).collect()
    };
    let (own, bye) = (ids(&[]), ids(&["--set", "WORD=bye"]));
    assert_eq!(own, ids(&["--set", "WORD=hello"]));
    let same: Vec<bool> = own.iter().zip(&bye).map(|(a, b)| a == b).collect();
    assert_eq!(same, [false, false, true]);
}

#[cfg(unix)]
#[test]
fn a_command_is_told_in_its_environment_and_a_default_gives_way_to_what_is_set_outside() {
    let text = r#"feature = "x"
[params]
GREETING = "hello"
[target]
command = ["sh", "-c", "printf %s \"$GREETING\""]
format = "text"
[[scenario]]
name = "greets"
inputs = ["a"]
expect = { equals = "hello" }
"#;
    let project = Project::new(&[("suites/x.toml", text)]);
    let answered = |outer: Option<&str>, arguments: &[&str]| {
        let all: Vec<&str> = ["run", "--json", "r.json"].iter().chain(arguments).copied().collect();
        let mut command = project.command(&all);
        match outer {
            Some(value) => command.env("GREETING", value),
            None => command.env_remove("GREETING"),
        };
        let ran = Ran::of(command.output().unwrap());
        let record = record(&project, "r.json");
        let of = &record["suites"][0]["cases"][0]["graded"]["transcript"]["turns"][0]["answer"]["output"];
        (of.as_str().unwrap().to_owned(), ran)
    };
    assert_eq!(answered(None, &[]).0, "hello");
    let (said, ran) = answered(Some("moin"), &[]);
    assert_eq!(said, "moin", "as before there were parameters");
    ran.says(&["the environment sets GREETING, and the application sees that in place of `hello`"]);
    let (said, ran) = answered(Some("moin"), &["--set", "GREETING=hi {{ input }}"]);
    assert_eq!(said, "hi {{ input }}", "a value is data");
    ran.keeps_quiet(&["the environment sets"]);
    assert_eq!(answered(Some("moin"), &["--set", "GREETING=hello"]).0, "hello", "a default that was set");
}

#[test]
fn another_variant_is_held_against_the_baseline_and_offered_only_where_that_is_asked_for() {
    let (_app, project) = world();
    project.accept_everything();
    let ran = project.holdline(&["run", "--set", "VERSION=2"]);
    let ran = ran.says(&["not offered as a baseline, since VERSION = 2 is set for this run"]);
    assert!(words(&ran.out).contains("6 cases broke, 1 was fixed"), "{}", ran.out);
    assert!(!project.path("baselines/talk.snap.new").exists());
    project.holdline(&["run", "--set", "VERSION=2", "--update", "new"]).keeps_quiet(&["not offered"]);
    assert!(project.path("baselines/talk.snap.new").exists());
}

#[test]
fn a_run_is_taken_up_again_with_the_same_parameters_only() {
    let (_app, project) = world();
    project.holdline(&["run", "--set", "VERSION=2"]).expect(0);
    let journal = runs(project.folder.path()).pop().unwrap().join("journal.jsonl");
    let text = std::fs::read_to_string(&journal).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    // As if it had been killed before its last case.
    std::fs::write(&journal, lines[..lines.len() - 2].join("\n") + "\n").unwrap();
    project
        .holdline(&["run", "--resume"])
        .expect(2)
        .says(&["was begun with VERSION = 2, and not with VERSION = 1; give the same `--set`"]);
    project.holdline(&["run", "--resume", "--set", "VERSION=2"]).expect(0).says(&["with 19 cases done"]);
}

#[test]
fn a_matrix_runs_every_combination_and_shows_them_in_one_table() {
    let (app, project) = world();
    project.accept_everything();
    let asked = app.asked();
    let ran = project
        .holdline(&[
            "run",
            "--matrix",
            "VERSION=1,2,3",
            "--set",
            "TONE=warm",
            "--json",
            "m.json",
            "--markdown",
            "m.md",
        ])
        .expect(1);
    assert_eq!(app.asked() - asked, 60);
    assert_eq!(runs(project.folder.path()).len(), 4);
    assert!(!project.path("baselines/talk.snap.new").exists());
    let ran = ran.says(&[
        "1 of 3: VERSION = 1",
        "p (2 tests)",
        "6 cases worse than in A",
        "pass in A, C; fail in B",
        "fail in A; pass in B, C",
        "3 combinations: regressed: B (60 cases in",
        "nothing of a matrix is offered as a baseline",
    ]);
    assert!(!ran.out.contains("TONE"), "what is the same for all is not told: {}", ran.out);
    let matrix = record(&project, "m.json");
    assert_eq!(matrix["records"].as_array().unwrap().len(), 3);
    let arms = &matrix["table"]["suites"][0]["arms"];
    assert_eq!([&arms[0]["pass_rate"], &arms[1]["pass_rate"], &arms[2]["pass_rate"]], [0.95, 0.7, 1.0]);
    assert_eq!(arms[1]["params"], json!({ "VERSION": 2, "TONE": "warm", "STRICT": false }));
    assert_eq!(arms[1]["against"]["delta"], -0.25);
    // Two-sided mid-p: B of 7 that changed 6 broke, 2·(1 + 7/2)/128; C of 1 that changed 1 was fixed, 2·½·½.
    assert_eq!([&arms[1]["against"]["p"], &arms[2]["against"]["p"]], [0.070_312_5, 0.5]);
    assert_eq!([&arms[1]["against"]["p_corrected"], &arms[2]["against"]["p_corrected"]], [0.140_625, 0.5]);
    let markdown = project.read("m.md");
    assert!(
        markdown.contains("|  | VERSION | graded |") && markdown.contains("| **B** | 2 | 20 of 20 |"),
        "{markdown}"
    );
}

#[test]
fn the_exit_code_of_a_matrix_is_the_strongest() {
    let app = App::start(|text| json!({ "message": if text.starts_with("v3") { "bad" } else { "good" } }));
    let project = Project::new(&[("suites/talk.toml", &suite(app.port))]);
    project.accept_everything();
    project
        .holdline(&["run", "--matrix", "VERSION=1,3,2", "--quiet"])
        .expect(1)
        .says(&["3 combinations: regressed: B", "exit code 1", "holdline compare "])
        .keeps_quiet(&["1 of 3"]);
}

#[test]
fn what_makes_no_sense_in_a_matrix_is_refused_before_anything_is_asked() {
    let (app, project) = world();
    for (arguments, message) in [
        (
            &["VERSION=1,2", "--junit", "j.xml"][..],
            "a matrix is several runs, and a JUnit report tells of one",
        ),
        (&["VERSION=1,two"], "`two` is none"),
        (&["VERSION=1,2", "--set", "VERSION=3"], "`VERSION` is set twice"),
        (&["VERSION=1,1"], "`1` is listed twice"),
        (&["VERSION"], "write NAME=V1,V2,…"),
        (&["VERSION=1,2", "--resume"], "cannot be used with"),
        (&["VERSION=1,2", "--update", "new"], "cannot be used with"),
        (
            &["VERSION=1,2,3,4,5,6,7,8,9", "--matrix", "TONE=a,b,c,d,e,f,g,h"],
            "72 combinations are more than 64",
        ),
        (&["NOPE=1"], "declares no parameter `NOPE`"),
    ] {
        let all: Vec<&str> = ["run", "--matrix"].iter().chain(arguments).copied().collect();
        project.holdline(&all).expect(2).says(&[message]);
    }
    assert_eq!(app.asked(), 0);
}
