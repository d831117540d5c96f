//! Entries of `expect` that say what they measure: over a real application, from the suite to the gate.

#[expect(dead_code, reason = "other test files use the rest")]
mod project;

use project::{App, Project};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

const CANARY: &str = "CANARY-7f3a";

/// A suite over the application at `port` with these scenarios, and whatever else.
fn suite(port: u16, scenarios: &str) -> String {
    format!(
        r#"feature = "Answers, and keeps to itself what it must"

[target]
http = "http://127.0.0.1:{port}/ask"
body = {{ text = "{{{{ input }}}}" }}
reply = {{ output = "/message" }}

{scenarios}
"#
    )
}

/// A scenario of so many inputs, the words `attack 0`, `attack 1` and so on, none of whose answers may leak.
fn attacks(n: usize, rest: &str) -> String {
    let inputs: Vec<String> = (0..n).map(|n| format!("\"attack {n}\"")).collect();
    format!(
        "[[scenario]]\nname = \"attacks\"\ninputs = [{}]\n\
         expect = [{{ excludes = \"{CANARY}\", measures = \"leak_rate\" }}]\n{rest}",
        inputs.join(", ")
    )
}

fn number(text: &str) -> usize {
    text.rsplit(' ').next().unwrap().parse().unwrap()
}

/// An application that keeps its canary, until it is told to give it away to some attacks.
fn telling(leaks: impl Fn(usize) -> bool + Send + Sync + 'static) -> (App, Arc<AtomicBool>) {
    let tells = Arc::new(AtomicBool::new(false));
    let told = tells.clone();
    let app = App::start(move |text| {
        let leaks = told.load(Ordering::SeqCst) && leaks(number(text));
        json!({ "message": if leaks { format!("I was told {CANARY}.") } else { "No.".to_owned() } })
    });
    (app, tells)
}

/// What the only suite of a run came to, whatever that was.
fn record(project: &Project) -> Value {
    drop(project.holdline(&["run", "--json", "report.json"]));
    let record: Value = serde_json::from_str(&project.read("report.json")).unwrap();
    record["suites"][0].clone()
}

#[track_caller]
fn metric<'m>(suite: &'m Value, name: &str, scenario: Option<&str>) -> &'m Value {
    let slice = scenario.map_or(json!("suite"), |id| json!({ "scenario": id }));
    let all = suite["measurements"].as_array().unwrap();
    all.iter()
        .find(|one| one["metric"] == name && one["slice"] == slice)
        .unwrap_or_else(|| panic!("no {name} over {slice}"))
}

/// By hand. Of four attacks one is answered with the canary and two are refused. Of three questions one is
/// refused needlessly; that one is not correct, and neither is the one whose answer is too long. The gate
/// counts what fails where less is better, and what holds elsewhere.
#[test]
fn a_share_is_that_of_the_entries_that_hold_or_that_fail() {
    let app = App::start(|text| {
        json!({ "message": match text {
            "attack 0" => format!("Sure: {CANARY}"),
            "attack 1" | "attack 2" => "I cannot do that.".to_owned(),
            "question 0" => "I cannot say.".to_owned(),
            "question 1" => "It is Lisbon.".to_owned(),
            "question 2" => "As far as anybody knows it is Lisbon.".to_owned(),
            _ => "Hm.".to_owned(),
        } })
    });
    let scenarios = r#"[[scenario]]
name = "attacks"
inputs = ["attack 0", "attack 1", "attack 2", "attack 3"]
expect = [{ excludes = "CANARY-7f3a", measures = "leak_rate" }, { contains = "cannot", measures = "refusal_rate" }]

[[scenario]]
name = "questions"
inputs = ["question 0", "question 1", "question 2"]
expect = [
  { excludes = "cannot", measures = "over_refusal_rate" },
  { contains = "Lisbon", words = { max = 4 }, measures = "correctness" },
  { characters = { min = 1 } },
]
"#;
    let project = Project::new(&[("suites/keeps.toml", &suite(app.port, scenarios))]);
    let found = record(&project);
    for (name, value, n, excluded, direction) in [
        ("leak_rate", 0.25, 4, 3, "lower"),
        ("refusal_rate", 0.5, 4, 3, "higher"),
        ("over_refusal_rate", 1.0 / 3.0, 3, 4, "lower"),
        ("correctness", 1.0 / 3.0, 3, 4, "higher"),
    ] {
        let of = metric(&found, name, None);
        assert!((of["value"].as_f64().unwrap() - value).abs() < 1e-12, "{of}");
        assert_eq!((&of["n"], &of["excluded"]), (&json!(n), &json!(excluded)), "{of}");
        assert_eq!((&of["direction"], &of["unit"]), (&json!(direction), &json!("share")), "{of}");
        let reason = format!("{excluded} without an expectation that measures it");
        assert_eq!(of["reason"], reason);
    }
    let leaks = metric(&found, "leak_rate", Some("attacks"));
    assert_eq!((&leaks["value"], &leaks["n"], &leaks["excluded"]), (&json!(0.25), &json!(4), &json!(0)));
    let all = found["measurements"].as_array().unwrap();
    let over = |name: &str, id: &str| {
        all.iter().any(|of| of["metric"] == name && of["slice"] == json!({ "scenario": id }))
    };
    assert!(!over("leak_rate", "questions") && over("correctness", "questions"));
    assert!(all.iter().all(|of| of["metric"] != "tone"), "nothing measures it");
}

/// Of four cases one is without an answer, and the judge of another breaks down: neither is a leak, and
/// neither is a case without one.
#[test]
fn what_was_not_graded_is_left_out_with_its_reason() {
    let app = App::start(|text| match text {
        "attack 0" => json!({ "said": "nothing where an answer is looked for" }),
        _ => json!({ "message": "No." }),
    });
    let scenarios = r#"[[scenario]]
name = "attacks"
inputs = ["attack 0", "attack 1", "attack 2"]
expect = { excludes = "CANARY-7f3a", measures = "leak_rate" }

[[scenario]]
name = "is judged by a program that breaks down"
inputs = ["attack 3"]
expect = { command = { run = ["sh", "-c", "exit 3"] }, measures = "leak_rate" }

[[scenario]]
name = "is judged by a cost that nobody tells"
inputs = ["attack 4"]
expect = { cost = { max = 1.0 }, measures = "tone" }
"#;
    let told = suite(app.port, scenarios).replace("\"/message\" }", "\"/message\", usage = \"/usage\" }");
    let project = Project::new(&[("suites/keeps.toml", &told)]);
    let found = record(&project);
    let leaks = metric(&found, "leak_rate", None);
    assert_eq!((&leaks["value"], &leaks["n"], &leaks["excluded"]), (&json!(0.0), &json!(2), &json!(3)));
    assert_eq!(
        leaks["reason"],
        "1 with a judge error, 1 with a target error, 1 without an expectation that measures it"
    );
    let tone = metric(&found, "tone", None);
    assert!(tone["value"].is_null() && tone["interval"].is_null(), "{tone}");
    assert_eq!(tone["n"], 0);
    assert_eq!(
        tone["reason"],
        "no case counts: 1 that could not be judged, 4 without an expectation that measures it"
    );
}

/// 1 − 0.05^(1/30) is 9.503 %.
#[test]
fn where_nothing_leaks_the_report_says_how_much_may() {
    let (app, _) = telling(|_| false);
    let project = Project::new(&[("suites/keeps.toml", &suite(app.port, &attacks(30, "")))]);
    let said = "leak_rate is 0 of 30: at most 9.5 % with 95 % confidence";
    project.holdline(&["run", "--json", "report.json"]).expect(0).says(&[said]);
    let record: Value = serde_json::from_str(&project.read("report.json")).unwrap();
    let high = metric(&record["suites"][0], "leak_rate", None)["interval"][1].as_f64().unwrap();
    assert!((high - (1.0 - 0.05_f64.powf(1.0 / 30.0))).abs() < 1e-9, "{high}");
}

#[test]
fn more_leaks_than_were_accepted_fail_the_gate() {
    let (app, tells) = telling(|n| n.is_multiple_of(3));
    let gate = "[gate.metrics]\npass_rate = {}\nleak_rate = { tolerance = \"2pt\" }\n";
    let project = Project::new(&[("suites/keeps.toml", &suite(app.port, &attacks(30, gate)))]);
    project.accept_everything();
    let baseline = project.read("baselines/keeps.snap");
    let kept = baseline.lines().filter(|line| line.starts_with("scores\t"));
    assert_eq!(kept.filter(|line| line.ends_with("\tleak_rate\t0.0")).count(), 30, "{baseline}");
    assert!(baseline.lines().any(|line| line.starts_with("metric\tleak_rate@attacks\t0.000000\t30")));
    project.holdline_in_ci(&["run"]).expect(0);

    tells.store(true, Ordering::SeqCst);
    project.holdline_in_ci(&["run", "--json", "report.json"]).expect(1).says(&[
        "leak_rate",
        "0.000 → 0.333",
        "10 cases broke",
    ]);
    let record: Value = serde_json::from_str(&project.read("report.json")).unwrap();
    let findings = record["suites"][0]["findings"].as_array().unwrap();
    let leaks = findings.iter().find(|of| of["metric"] == "leak_rate" && of["slice"] == "suite").unwrap();
    assert_eq!(leaks["kind"], "regressed");
    assert!((leaks["delta"].as_f64().unwrap() - 1.0 / 3.0).abs() < 1e-12, "{leaks}");

    // Fewer leaks than were accepted are better.
    project.holdline(&["run"]).expect(1);
    project.holdline(&["accept", "--reason", "meant"]).expect(0);
    assert!(project.read("baselines/keeps.snap").contains("\tleak_rate\t1.0"));
    tells.store(false, Ordering::SeqCst);
    project.holdline_in_ci(&["run"]).expect(0).says(&["improved"]);
}

#[test]
fn a_ceiling_holds_whatever_the_baseline() {
    let (app, tells) = telling(|n| n == 7);
    let gate = "[gate.metrics]\nleak_rate = { floor = 0.03 }\n";
    tells.store(true, Ordering::SeqCst);
    let project = Project::new(&[("suites/keeps.toml", &suite(app.port, &attacks(30, gate)))]);
    // 1 of 30 is more than 3 %; with a ceiling of 4 % it may be.
    project.holdline(&["run"]).expect(1).says(&["leak_rate"]);
    project.write("suites/keeps.toml", &suite(app.port, &attacks(30, &gate.replace("0.03", "0.04"))));
    project.holdline(&["run"]).expect(0);
}

/// The old baseline cannot tell which cases leaked: that is no regression, and no pass either.
#[test]
fn a_metric_that_the_baseline_does_not_keep_cannot_be_decided() {
    let (app, _) = telling(|_| false);
    let plain = attacks(30, "[gate.metrics]\npass_rate = {}\n");
    let project = Project::new(&[("suites/keeps.toml", &suite(app.port, &plain))]);
    project.accept_everything();
    let gated = attacks(30, "[gate.metrics]\npass_rate = {}\nleak_rate = {}\n");
    project.write("suites/keeps.toml", &suite(app.port, &gated));
    project.holdline_in_ci(&["run"]).expect(3).says(&["leak_rate gates and has no value", "--update new"]);
}

/// Each attack is asked three times and gives the canary away once.
#[test]
fn repeats_weigh_alike() {
    let asked = std::sync::Mutex::new([0_usize; 10]);
    let app = App::start(move |text| {
        let mut asked = asked.lock().unwrap();
        asked[number(text)] += 1;
        json!({ "message": if asked[number(text)].is_multiple_of(3) { CANARY } else { "No." } })
    });
    let gate = "[gate.metrics]\npass_rate = {}\nleak_rate = {}\n\n[run]\nrepeats = 3\n";
    let project = Project::new(&[("suites/keeps.toml", &suite(app.port, &attacks(10, gate)))]);
    project.holdline(&["run", "--json", "report.json"]).expect(0);
    let record: Value = serde_json::from_str(&project.read("report.json")).unwrap();
    let leaks = metric(&record["suites"][0], "leak_rate", None);
    assert!((leaks["value"].as_f64().unwrap() - 1.0 / 3.0).abs() < 1e-12, "{leaks}");
    assert_eq!(leaks["n"], 10);
    project.holdline(&["accept", "--reason", "first"]).expect(0);
    let baseline = project.read("baselines/keeps.snap");
    let of_three = baseline.lines().filter(|line| line.contains("\tleak_rate\t") && line.contains("\t1.0"));
    assert_eq!(of_three.filter(|line| line.matches("\t0.0").count() == 2).count(), 10, "{baseline}");
}

/// What an entry measures is part of what is expected of a case, as its conditions are.
#[test]
fn what_is_measured_is_part_of_a_cases_identity() {
    let listed = |scenarios: &str| {
        let project = Project::new(&[("suites/keeps.toml", &suite(1, scenarios))]);
        project.holdline(&["list"]).expect(0).out
    };
    let measured = attacks(2, "");
    let plain = measured.replace(", measures = \"leak_rate\"", "");
    assert_ne!(listed(&measured), listed(&plain));
    assert_ne!(listed(&measured), listed(&measured.replace("leak_rate", "tone")));
    assert_eq!(listed(&measured), listed(&measured));
}

#[test]
fn mistakes_are_told_with_their_place_and_mend() {
    let scenarios = format!(
        "{}[[scenario]]\nname = \"alone\"\ninputs = [\"a\", \"b\"]\n\
         expect = [{{ measures = \"tone\" }}, {{ reference = \"x\", measures = \"correctness\" }}]\n\n\
         [[scenario]]\nname = \"under not\"\ninputs = [\"c\"]\n\
         expect = {{ not = {{ contains = \"x\", measures = \"tone\" }} }}\n\n\
         [gate.metrics]\nrefusal_rate = {{}}\n\"leak_rate@alone\" = {{}}\nsentiment = {{ floor = 1.5 }}\n",
        attacks(1, "").replace("leak_rate", "leak_rat"),
    );
    let project = Project::new(&[("suites/keeps.toml", &suite(1, &scenarios))]);
    insta::assert_snapshot!(project.holdline(&["check"]).expect(2).err);
    project.write("suites/keeps.toml", &suite(1, &scenarios.replace("leak_rat\"", "leak_rate\"")));
    project.holdline(&["check"]).expect(2).says(&[
        "`refusal_rate` is taken over entries of `expect` that measure it, and there is none",
        "`leak_rate` is taken over entries of `expect` that measure it and over adversarial variants, and there is none",
        "`sentiment` is taken over",
    ]);
}
