//! What a run may spend: looked at before each call, never overrun by an answer as large as those before, and
//! what was done is kept.

#[expect(dead_code, reason = "other test files use the rest")]
mod project;

use project::{App, Project, Ran, suite, well};
use serde_json::{Value, json};
use std::time::Duration;

/// The application, with 60 tokens read and 40 written for every answer.
fn told(input: &str) -> Value {
    let mut answer = well(input);
    answer["usage"] = json!({ "input_tokens": 60, "output_tokens": 40 });
    answer["model"] = json!("small");
    answer
}

/// The suite of 25 cases, whose answers tell usage and model, with more under `[run]`.
fn over(port: u16, run: &str) -> String {
    let reply = "reply = { usage = \"/usage\", model = \"/model\", ";
    suite(port).replace("reply = { ", reply) + "\n[run]\nconcurrency = 4\n" + run
}

/// 100 tokens at 100 a million are 0.01.
const PRICES: &str = "currency = \"EUR\"\n[prices.small]\ninput = 100\noutput = 100\n";

/// Runs the command; what it prints is one line, so that it does not matter where its lines are broken.
fn holdline(project: &Project, arguments: &[&str]) -> Ran {
    let Ran { code, out, err } = project.holdline(arguments);
    Ran { code, out: out.split_whitespace().collect::<Vec<_>>().join(" "), err }
}

fn kept(project: &Project, suite: usize) -> usize {
    let report: Value = serde_json::from_str(&project.read("report.json")).unwrap();
    let cases = report["suites"][suite]["cases"].as_array().unwrap();
    cases.iter().filter(|case| case["graded"]["outcome"] == "pass").count()
}

#[test]
fn a_run_ends_before_it_spends_more_and_goes_on_where_there_is_more() {
    let app = App::slow(Duration::from_millis(5), told);
    let project = Project::new(&[("suites/talk.toml", &over(app.port, "max_tokens = 1050\n"))]);
    // Ten answers of 100 tokens fit in 1050, and an eleventh does not, whatever is in flight.
    holdline(&project, &["run", "--json", "report.json"]).expect(4).says(&[
        "`max_tokens` of suite `talk` is used up: 1000 of 1050 tokens used, and a call takes up to 100 tokens",
        "10 of 25 cases were asked; `holdline run --resume` goes on",
    ]);
    assert_eq!((app.asked(), kept(&project, 0)), (10, 10));
    assert!(!project.path("baselines/talk.snap.new").exists());
    // What was spent before counts.
    holdline(&project, &["run", "--resume"]).expect(4).says(&["10 of 25 cases were asked"]);
    assert_eq!(app.asked(), 10);
    let again = holdline(&project, &["run", "--resume", "--max-tokens", "2000", "--json", "report.json"]);
    again.expect(4).says(&["`max_tokens` of the run is used up: 2000 of 2000 tokens used"]);
    assert_eq!((app.asked(), kept(&project, 0)), (20, 20));
    let ran = holdline(&project, &["run", "--resume", "--max-tokens", "2500"]).expect(0);
    ran.says(&["budget: 2500 of 2500 tokens used by the run"]);
    assert_eq!(app.asked(), 25);
}

#[test]
fn suites_share_what_the_project_allows() {
    let app = App::start(told);
    let text = over(app.port, "");
    let project = Project::new(&[
        ("holdline.toml", &format!("{PRICES}\n[budget]\nmax_cost = 0.305\n")),
        ("suites/a.toml", &text),
        ("suites/b.toml", &text),
        ("suites/c.toml", &text),
    ]);
    holdline(&project, &["run", "--json", "report.json"]).expect(4).says(&[
        "`max_cost` of the run is used up: 0.3000 of 0.3050 EUR spent, and a call takes up to 0.0100 EUR",
        "5 of 25 cases were asked",
        "0 of 25 cases were asked",
    ]);
    assert_eq!(app.asked(), 30);
    assert_eq!([0, 1, 2].map(|suite| kept(&project, suite)), [25, 5, 0]);
    // A whole run has room, and the numbers are in its notes.
    let ran = holdline(&project, &["run", "--max-cost", "1"]).expect(0);
    ran.says(&[
        "budget: 0.2500 of 1.0000 EUR spent by the run",
        "budget: 0.7500 of 1.0000 EUR spent by the run",
    ]);
}

#[test]
fn a_conversation_that_the_budget_cuts_off_is_not_kept() {
    let app = App::start(told);
    let text = format!(
        "feature = \"x\"\n[target]\nhttp = \"http://127.0.0.1:{}/ask\"\nbody = {{ text = \"{{{{ input }}}}\" }}\n\
         reply = {{ output = \"/message\", usage = \"/usage\" }}\n[run]\nconcurrency = 1\nmax_tokens = 300\n\
         [[scenario]]\nname = \"a\"\ninputs = [\"hello\", \"hello you\"]\nconversation = [{{ user = \"bye\" }}]\n\
         expect = {{ contains = \"Good\" }}\n",
        app.port
    );
    let project = Project::new(&[("suites/talk.toml", &text)]);
    let ran = holdline(&project, &["run", "--json", "report.json"]).expect(4);
    ran.says(&["1 of 2 cases were asked"]);
    // Two turns, and the first of the other case.
    assert_eq!((app.asked(), kept(&project, 0)), (3, 1));
}

#[test]
fn limits_that_cannot_be_kept_are_told_before_anything_is_asked_where_that_can_be_known() {
    let app = App::start(told);
    let silent = suite(app.port) + "\n[run]\nmax_tokens = 1000\n";
    let project = Project::new(&[("suites/talk.toml", &silent)]);
    holdline(&project, &["run"])
        .expect(2)
        .says(&["suite `talk`: `max_tokens` cannot be kept", "`reply.usage`"]);
    project.write("suites/talk.toml", &over(app.port, "max_cost = 1\n"));
    holdline(&project, &["run"]).expect(2).says(&["`max_cost` cannot be kept", "no [prices]"]);
    project.write("holdline.toml", "[budget]\nmax_tokens = 0\n");
    holdline(&project, &["run"]).expect(2).says(&["`max_tokens` cannot be 0", "holdline.toml:2"]);
    project.write("holdline.toml", PRICES);
    project.write("suites/talk.toml", &over(app.port, "max_cost = -1\n"));
    holdline(&project, &["run"]).expect(2).says(&["`max_cost` cannot be -1", "suites/talk.toml"]);
    holdline(&project, &["run", "--max-tokens", "0"]).expect(2);
    assert_eq!(app.asked(), 0);
}

#[test]
fn the_first_answer_that_does_not_tell_ends_a_run_that_cannot_decide() {
    let app = App::start(well);
    let project = Project::new(&[("suites/talk.toml", &over(app.port, "max_tokens = 1000\n"))]);
    holdline(&project, &["run"]).expect(3).says(&[
        "`max_tokens` of suite `talk` cannot be kept: an answer does not tell its usage: 1 of 25 cases were asked",
    ]);
    assert_eq!(app.asked(), 1);

    let app = App::start(told);
    let prices = PRICES.replace("prices.small", "prices.large");
    let text = over(app.port, "max_cost = 1\n");
    let project = Project::new(&[("suites/talk.toml", &text), ("holdline.toml", &prices)]);
    holdline(&project, &["run"]).expect(3).says(&["holdline.toml has no [prices.\"small\"]"]);
    assert_eq!(app.asked(), 1);
}

#[test]
fn the_time_of_a_whole_run_is_a_limit_as_well() {
    let app = App::slow(Duration::from_millis(300), well);
    let text = suite(app.port) + "\n[run]\nconcurrency = 1\n";
    let project = Project::new(&[
        ("holdline.toml", "[budget]\nmax_time = \"500ms\"\n"),
        ("suites/a.toml", &text),
        ("suites/b.toml", &text),
    ]);
    holdline(&project, &["run"])
        .expect(4)
        .says(&["the time of the run is used up", "0 of 25 cases were asked"]);
    assert!(app.asked() < 25, "{}", app.asked());
}

#[test]
fn a_dry_run_shows_what_may_be_spent() {
    let project = Project::new(&[
        ("holdline.toml", &format!("{PRICES}\n[budget]\nmax_cost = 2\nmax_time = \"10m\"\n")),
        ("suites/talk.toml", &over(9, "max_tokens = 1000\nmax_time = \"1m\"\n")),
    ]);
    holdline(&project, &["run", "--dry-run"])
        .expect(0)
        .says(&["budget: at most 1000 tokens, 60s", "budget of the run: at most 2.0000 EUR, 600s"]);
    holdline(&project, &["run", "--dry-run", "--max-tokens", "50"])
        .expect(0)
        .says(&["budget: at most 60s", "budget of the run: at most 2.0000 EUR, 50 tokens, 600s"]);
}
