//! What people read: the page and the Markdown, with hostile text in every place.

use crate::log::{SUITE, file, project};
use serde_json::{Value, json};

const HOSTILE: &str =
    "\u{1b}[31mred\u{1b}[0m ::error::x ##[error]y @ada #1 <b> [a](http://x.test) `code` |\u{202e}turned";

fn log() -> Vec<Value> {
    let key = ["AKIA", "IOSFODNN7EXAMPLE"].concat();
    let mut all = vec![
        json!({ "input": "Where is my order?", "output": "It left.", "label": "order", "feedback": "up", "time": "2026-03-02T10:00:00Z" }),
        json!({ "input": "Where is my order?", "output": HOSTILE, "label": HOSTILE, "feedback": "down", "human": "fail", "time": "2026-03-02T11:30:00Z" }),
        json!({ "input": "where is my order now", "output": "I have no idea", "label": "order", "human": "fail" }),
        json!({ "input": "I want my money back", "error": format!("the key {key} of jo.smith@gmail.com is not good") }),
        json!({ "input": "How do I return the bird feeder?", "output": "I'm sorry, I can't help with that.", "label": "refund" }),
        json!({ "scenario": HOSTILE, "input": "cancel my subscription", "output": "ok", "label": "other" }),
        json!({ "input": HOSTILE, "output": "ok" }),
    ];
    for tail in ["now", "today", "jo.smith@gmail.com"] {
        all.push(json!({ "input": format!("please cancel my subscription {tail}"), "output": "ok", "label": "other" }));
    }
    all
}

#[test]
fn the_page_of_a_small_log() {
    let project = project();
    project.write("now.jsonl", &(file(&log()) + "{\"input\": \"\u{1b}[2J\n"));
    project.write("before.jsonl", &file(&log()[..5]));
    let done = project
        .holdline(&[
            "monitor",
            "now.jsonl",
            "--against",
            "before.jsonl",
            "--markdown",
            "report.md",
            "--json",
            "report.json",
        ])
        .expect(0)
        .keeps_quiet(&["\u{1b}", "\u{202e}", "jo.smith", "IOSFODNN7EXAMPLE"]);
    insta::assert_snapshot!("page", done.out);
    let markdown = project.read("report.md");
    for bad in ["\u{1b}", "\u{202e}", "jo.smith", "IOSFODNN7EXAMPLE", "@ada", "](http"] {
        assert!(!markdown.contains(bad), "{bad:?} is in:\n{markdown}");
    }
    insta::assert_snapshot!("markdown", markdown);
    let json = project.read("report.json");
    assert!(!json.contains("jo.smith") && !json.contains("IOSFODNN7EXAMPLE"), "{json}");
}

#[test]
fn a_narrow_terminal_and_a_log_of_ci_are_safe() {
    let project = project();
    project.write("now.jsonl", &file(&log()));
    let mut command = project.command(&["monitor", "now.jsonl", "--no-drift"]);
    let done =
        crate::project::Ran::of(command.env("COLUMNS", "40").env("GITHUB_ACTIONS", "true").output().unwrap());
    let done = done.expect(0);
    for line in done.out.lines() {
        assert!(!line.trim_start().starts_with("::") && !line.contains("##["), "{line}");
    }
}

#[test]
fn a_group_that_is_pasted_loads_once_somebody_says_what_is_expected() {
    let project = project();
    project.write("now.jsonl", &file(&log()));
    let report = crate::log::report(&project, &["now.jsonl", "--no-drift"], 0);
    let group = &report["unlike"]["groups"][0];
    assert_eq!((&group["answers"], &group["different"]), (&json!(4), &json!(4)));
    let toml = group["toml"].as_str().unwrap();
    project.write("suites/support.toml", &format!("{SUITE}\n{toml}"));
    project.holdline(&["check"]).expect(2);
    project.write("suites/support.toml", &format!("{SUITE}\n{toml}expect = {{ label = \"other\" }}\n"));
    project.holdline(&["check"]).expect(0);
    // What production asks is known now.
    let report = crate::log::report(&project, &["now.jsonl", "--no-drift"], 0);
    assert_eq!(report["unlike"]["share"]["count"], 1);
}
