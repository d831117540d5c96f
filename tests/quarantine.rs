//! Quarantine through the real command: what is out of the gate while it holds, and what is said of it
//! then, after it, and where it matches nothing.
#![cfg(feature = "cli")]

#[expect(dead_code, reason = "other test files use the rest")]
mod project;

use project::{App, Project, broken, suite, well};
use serde_json::Value;

/// A project whose application can be broken by what the suite says of quarantine, accepted while it
/// works.
fn accepted() -> (App, Project) {
    let app = App::start(well);
    let project = Project::new(&[("suites/talk.toml", &suite(app.port))]);
    project.accept_everything();
    (app, project)
}

/// An entry for the scenario that breaks.
fn entry(what: &str, until: &str) -> String {
    format!("\n[[quarantine]]\n{what}\nowner = \"Ana\"\nreason = \"waits for #41\"\nuntil = {until}\n")
}

const PARTS: &str = "scenario = \"parts-from-people\"";

/// The id of the first case of a scenario.
fn first_case(record: &Value, scenario: u64) -> String {
    let cases = record["suites"][0]["cases"].as_array().unwrap();
    let case = cases.iter().find(|case| case["scenario"] == scenario).unwrap();
    case["id"].as_str().unwrap().to_owned()
}

fn record(project: &Project) -> Value {
    project.holdline(&["run", "--json", "out.json"]);
    serde_json::from_str(&project.read("out.json")).unwrap()
}

#[test]
fn a_quarantine_is_shown_wherever_the_run_is() {
    let (app, project) = accepted();
    project.write("suites/talk.toml", &(suite(app.port) + &entry(PARTS, "2999-12-31")));
    let told = "scenario `parts-from-people` (12 cases) until 2999-12-31 (Ana): waits for #41";
    project
        .holdline(&["run", "--markdown", "out.md", "--junit", "out.xml"])
        .expect(0)
        .says(&["quarantined", told])
        .keeps_quiet(&["ended on", "matches nothing"]);
    let markdown = project.read("out.md");
    assert!(markdown.contains("**Quarantined**") && markdown.contains("until 2999-12-31"), "{markdown}");
    let junit = project.read("out.xml");
    let property = format!("<property name=\"quarantine\" value=\"{told}\"");
    assert_eq!(junit.matches(&property).count(), 1, "{junit}");
    let record = record(&project);
    let quarantined = &record["suites"][0]["quarantined"][0];
    assert_eq!(quarantined["cases"].as_array().unwrap().len(), 12);
    assert_eq!(quarantined["until"], "2999-12-31");
}

#[test]
fn a_quarantine_changes_neither_the_plan_nor_the_ids() {
    let (app, project) = accepted();
    let before = record(&project);
    project.write("suites/talk.toml", &(suite(app.port) + &entry(PARTS, "\"2999-12-31\"")));
    let after = record(&project);
    assert_eq!(before["suites"][0]["plan"], after["suites"][0]["plan"]);
    assert_eq!(first_case(&before, 1), first_case(&after, 1));
    assert_ne!(before["suites"][0]["fingerprint"], after["suites"][0]["fingerprint"]);
}

#[test]
fn what_is_in_quarantine_blocks_no_build_and_says_why() {
    let (_app, project) = accepted();
    let app = App::start(broken);
    project.write("suites/talk.toml", &suite(app.port));
    project.holdline(&["run"]).expect(1);
    project.write("suites/talk.toml", &(suite(app.port) + &entry(PARTS, "2999-12-31")));
    project.holdline(&["run", "--junit", "out.xml"]).expect(0);
    let junit = project.read("out.xml");
    let why = "in quarantine until 2999-12-31 (Ana): waits for #41";
    assert_eq!(junit.matches(why).count(), 12, "{junit}");
    assert_eq!(junit.matches("<failure").count(), 0, "{junit}");
    // Accepting meanwhile forgives nothing: when the quarantine is over, the build fails again.
    project.holdline(&["accept", "--reason", "the rest is right"]).expect(0);
    project.write("suites/talk.toml", &suite(app.port));
    project.holdline(&["run"]).expect(1);
}

#[test]
fn after_its_last_day_it_gates_again_and_a_note_says_so() {
    let (_app, project) = accepted();
    let app = App::start(broken);
    project.write("suites/talk.toml", &(suite(app.port) + &entry(PARTS, "2020-02-29")));
    let note = "the quarantine of scenario `parts-from-people` (Ana, waits for #41) ended on 2020-02-29: it gates \
                again; remove the entry";
    let ran = project.command(&["run"]).env("COLUMNS", "400").output().unwrap();
    project::Ran::of(ran).expect(1).says(&[note]).keeps_quiet(&["quarantined"]);
}

#[test]
fn a_case_is_named_by_its_id_and_one_that_is_not_there_is_told() {
    let (app, project) = accepted();
    let id = first_case(&record(&project), 0);
    let case = |id: &str| entry(&format!("case = \"{id}\""), "2999-12-31");
    project.write("suites/talk.toml", &(suite(app.port) + &case(&id) + &case("0123456789abcdef")));
    project.holdline(&["run"]).expect(0).says(&[
        &format!("case {id} (1 case) until 2999-12-31"),
        "the quarantine of case 0123456789abcdef matches nothing: remove it",
    ]);
}

#[test]
fn a_scenario_that_is_not_there_is_a_mistake_of_the_suite() {
    let (app, project) = accepted();
    project.write(
        "suites/talk.toml",
        &(suite(app.port) + &entry("scenario = \"parts-of-people\"", "2999-12-31")),
    );
    project.holdline(&["run"]).expect(2).says(&["there is no scenario", "did you mean `parts-from-people`?"]);
}

#[test]
fn what_an_entry_says_steers_no_terminal() {
    let (app, project) = accepted();
    let hostile = entry(PARTS, "2999-12-31").replace("waits for #41", "\\u202e<b>]]>&amp; | `x`");
    project.write("suites/talk.toml", &(suite(app.port) + &hostile));
    let ran = project.holdline(&["run", "--markdown", "out.md", "--junit", "out.xml"]).expect(0);
    assert!(!ran.out.contains('\u{202e}'), "{}", ran.out);
    for name in ["out.md", "out.xml"] {
        let text = project.read(name);
        assert!(!text.contains('\u{202e}') && !text.contains("<b>"), "{name}: {text}");
    }
}
