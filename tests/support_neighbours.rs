//! The shipped support bot under its shipped suite: around a failing case there are failures that the suite does
//! not have.
#![cfg(feature = "cli")]

#[expect(dead_code, reason = "other test files use the rest")]
mod project;

use project::Project;
use serde_json::{Value, json};
use std::path::Path;

/// A project with the shipped suite over the shipped bot.
fn shipped() -> Project {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let suite = std::fs::read_to_string(root.join("suites/support-bot.toml")).unwrap();
    let start = format!("\"--manifest-path\", {}, \"--example\"", json!(root.join("Cargo.toml")));
    let suite = suite.replace("\"--example\"", &start);
    assert!(suite.contains("--manifest-path"));
    Project::new(&[("suites/support-bot.toml", &suite)])
}

fn printed(project: &Project, arguments: &[&str]) -> Value {
    serde_json::from_str(&project.holdline(arguments).expect(0).out).unwrap()
}

/// The id of the case that asks this.
fn asking(project: &Project, input: &str) -> String {
    let out = project.holdline(&["list", "support-bot", "--json"]).expect(0).out;
    let cases = out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let case = cases.into_iter().find(|case| case["input"] == input);
    case.unwrap_or_else(|| panic!("no case asks {input}"))["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_known_failure_is_reduced_and_has_neighbours_that_the_suite_does_not_have() {
    let project = shipped();
    // Two letters are misread; the seed passes.
    let id = asking(&project, "I paid for the year of Plus two montbs ago and want a refiind");
    let found = printed(&project, &["neighbours", &id, "-q", "--json"]);
    assert_eq!(found["outcome"], "fail");
    assert_eq!(found["reduced"]["is_minimal"], true);
    // One of the two slips is enough: the cue `refund`.
    let left = &found["reduced"]["left"]["changes"];
    assert_eq!(*left, json!([{ "op": "scanning_slip", "kept": 1, "of": 2 }]));
    assert_eq!(found["reduced"]["input"], "I paid for the year of Plus two months ago and want a refiind");
    let further = found["neighbours"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["in_suite"] == false && row["outcome"] == "fail" && row["seed_passes"] == true);
    assert!(further.count() >= 1, "{}", found["neighbours"]);
    assert!(found["offered"]["new"].as_u64().unwrap() >= 1);
}

#[test]
fn what_version_2_breaks_is_broken_around_it_as_well() {
    let project = shipped();
    let seed = "The camera of PL-176540 stopped working, is that still covered?";
    let id = asking(&project, seed);
    let set = ["--set", "APP_VERSION=2"];
    let holds = printed(&project, &["neighbours", &id, "-q", "--json", "--max", "30"]);
    let breaks = printed(&project, &[&["neighbours", &id, "-q", "--json", "--max", "30"], &set[..]].concat());
    assert_eq!((&holds["outcome"], &breaks["outcome"]), (&json!("pass"), &json!("fail")));
    assert!(holds["reduced"].is_null());
    // The warranty is read in months: its order number stays, and little else is needed.
    let left = breaks["reduced"]["input"].as_str().unwrap();
    assert!(left.contains("PL-176540") && left.split_whitespace().count() <= 4, "{left}");
    assert_eq!(breaks["reduced"]["is_minimal"], true);
}
