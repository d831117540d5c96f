//! `holdline expand`: what it prints.

use super::project::Project;
use super::{HEAD, REQUESTS, scenario};
use holdline::expand::operator::Family;
use holdline::expand::operators;
use serde_json::Value;
use std::collections::BTreeSet;

fn project() -> Project {
    let quoted = [REQUESTS[0], "Say \"hello, you\" to Maria,\nplease, before the meeting starts"];
    let text = format!(
        "{HEAD}{}{}",
        scenario("books", &quoted, "[\"typing\"]"),
        scenario("asks back", &REQUESTS[3..5], "[{ op = \"negation\", label = \"clarify\" }]")
    );
    Project::new(&[("suites/demo.toml", &text)])
}

#[test]
fn variants_are_shown_below_their_seed_with_what_changed_marked() {
    let project = project();
    let exported = project.holdline(&["expand", "--export", "jsonl"]).expect(0).out;
    let exported: Vec<Value> = exported.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for scenario in ["books", "asks-back", "asks back"] {
        let shown = project.holdline(&["expand", "--show", scenario]).expect(0).out;
        let variants: Vec<&str> = shown.lines().filter(|line| line.contains('⟦')).collect();
        let made = exported
            .iter()
            .filter(|of| of["scenario"] == scenario.replace(' ', "-") && !of["lineage"].is_null());
        assert_eq!(variants.len(), made.count(), "{shown}");
        assert!(!variants.is_empty(), "{shown}");
        assert!(variants.iter().all(|line| line.contains('⟧')), "{shown}");
    }
    let shown = project.holdline(&["expand", "--show", "asks-back"]).expect(0).out;
    assert!(shown.contains(REQUESTS[3]) && shown.contains("changed "), "{shown}");
    assert!(shown.contains(r#"expects [{"label":"clarify"}]"#), "{shown}");
    let drawn = project.holdline(&["expand", "--show", "*", "--sample", "3"]).expect(0).out;
    assert_eq!(drawn.lines().filter(|line| line.contains('⟦')).count(), 3, "{drawn}");
}

#[test]
fn a_scenario_that_is_not_there_is_told_with_what_was_meant() {
    let project = project();
    project
        .holdline(&["expand", "--show", "asks-bak"])
        .expect(2)
        .says(&["there is no scenario `asks-bak`; did you mean `asks-back`?"]);
    project.holdline(&["expand", "--show", "zzzzzzzz"]).expect(2).says(&["there are `books`, `asks-back`"]);
}

#[test]
fn a_table_is_read_as_it_was_written() {
    let project = project();
    let out = project.holdline(&["expand", "--export", "csv"]).expect(0).out;
    assert_eq!(
        out.lines().next(),
        Some(
            "id,family,suite,scenario,input,expected_label,origin,parent,operators,operator_family,promise,ordinal,knobs"
        )
    );
    let lines = project.holdline(&["expand", "--export", "jsonl"]).expect(0).out;
    let records: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut reader = csv::Reader::from_reader(out.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), records.len());
    for (row, record) in rows.iter().zip(&records) {
        assert_eq!((&row[0], &row[4]), (record["id"].as_str().unwrap(), record["input"].as_str().unwrap()));
        assert_eq!(&row[5], record["expected_label"].as_str().unwrap());
        let parent = record["lineage"]["parent"].as_str().unwrap_or_default();
        assert_eq!((&row[7], row[6].to_owned()), (parent, record["origin"].as_str().unwrap().to_owned()));
        let promise = record["lineage"]["promise"].as_str().unwrap_or_default();
        assert_eq!((&row[10], row[11].is_empty()), (promise, parent.is_empty()));
    }
    assert!(records.iter().any(|record| record["input"].as_str().unwrap().contains("\"hello, you\"")));
    let changed: BTreeSet<&str> =
        rows.iter().filter(|row| &row[8] == "negation").map(|row| &row[5]).collect();
    assert_eq!(changed, BTreeSet::from(["clarify"]));
}

#[test]
fn every_family_and_operator_is_listed() {
    let project = project();
    let out = project.holdline(&["expand", "--operators"]).expect(0).out;
    let headings: Vec<&str> = out.lines().filter(|line| !line.starts_with(' ')).collect();
    assert_eq!(headings, Family::ALL.map(Family::name));
    let listed: Vec<&str> = out
        .lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert_eq!(listed, operators::all().iter().map(|operator| operator.name).collect::<Vec<_>>());
    assert!(out.contains("limit = 1 to 1000000000 (required)"), "{out}");
}

#[test]
fn the_summary_tells_what_is_short_and_why() {
    let text = format!(
        "{HEAD}{}",
        scenario("books", &["Book a meeting with Maria"], "[\"typing\", \"diacritics\"]")
    );
    let project = Project::new(&[("suites/demo.toml", &text)]);
    project.holdline(&["expand"]).expect(0).says(&[
        "demo: 3 cases, 1 as written and 2 made",
        "diacritics  (of 2 asked for; rejected: 1 no_site)",
    ]);
}
