//! What gates is never trained on.

use crate::project::Project;
use crate::{GATE, answered, project};

const EXPORT: [&str; 5] = ["export", "--format", "chat", "--out", "set.jsonl"];

fn wrote_nothing(project: &Project) {
    assert!(!project.path("set.jsonl").exists() && !project.path("set.manifest.json").exists());
}

/// A variant of the suite that gates, for this.
fn of_gate(approved: &str) -> String {
    answered("warranty", "for which years is damage paid?", approved, "Two.").replacen(
        "{\"expect\"",
        "{\"of\":{\"input\":\"how long is the warranty of the feeder?\"},\"expect\"",
        1,
    )
}

#[test]
fn a_variant_of_a_seed_that_gates_is_refused_and_the_case_is_named() {
    let project = project(&[]);
    project.write("suites/gate.variants.jsonl", &of_gate("training"));
    let seed = project
        .holdline(&["list", "gate", "--json", "--filter", "how long is the warranty of the feeder?"])
        .expect(0);
    let seed: serde_json::Value = serde_json::from_str(seed.out.lines().next().unwrap()).unwrap();
    project.holdline(&EXPORT).expect(2).says(&[
        "what gates a build may not be trained on",
        "suites/gate.variants.jsonl:1",
        "is of the family of case",
        seed["id"].as_str().unwrap(),
        "gate::warranty",
    ]);
    wrote_nothing(&project);
}

#[test]
fn what_is_approved_for_both_gates_where_its_suite_does_and_is_refused() {
    let project = project(&[]);
    let own = answered("warranty", "what is a repair after three years?", "both", "35 euros.");
    project.write("suites/gate.variants.jsonl", &own);
    project.holdline(&EXPORT).expect(2).says(&["is of the family of case", "of gate::warranty"]);
    wrote_nothing(&project);
    // The same where the suite measures and does not gate.
    project.write("suites/gate.toml", &GATE.replacen("labels", "kind = \"capability\"\nlabels", 1));
    project.holdline(&EXPORT).expect(0).says(&["1 row of 1 example", "no suite gates"]);
}

#[test]
fn nearly_the_words_of_a_case_that_gates_are_refused_whatever_suite_they_are_of() {
    let project = project(&[
        answered("parcels", "when does my order come?", "training", "Soon."),
        answered("parcels", "How long is the  warranty of the feeder", "training", "Two years."),
    ]);
    project.holdline(&EXPORT).expect(2).says(&[
        "suites/desk.variants.jsonl:2",
        "says nearly the same",
        "of gate::warranty",
    ]);
    wrote_nothing(&project);
    // Whatever is asked for, all suites gate.
    project.holdline(&[&EXPORT[..], &["--suite", "desk"]].concat()).expect(2);
}

#[test]
fn the_variants_that_operators_make_of_a_seed_gate_as_well() {
    let project = project(&[]);
    let listed = project.holdline(&["list", "gate", "--json"]).expect(0);
    let lines: Vec<serde_json::Value> =
        listed.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let typo = lines.iter().find(|line| line["operators"].is_string()).expect("operators made variants");
    let typo = typo["input"].as_str().unwrap();
    project.write("suites/desk.variants.jsonl", &answered("parcels", typo, "training", "Two years."));
    project.holdline(&EXPORT).expect(2).says(&["says nearly the same (1.00)"]);
}

#[test]
fn live_suites_gate_and_so_do_cases_in_quarantine() {
    let project = project(&[answered("parcels", "is the battery covered", "training", "A year.")]);
    let quarantined = format!(
        "{GATE}\n[[quarantine]]\nscenario = \"warranty\"\nowner = \"Ada\"\nreason = \"flaky\"\nuntil = \"2999-01-01\"\n"
    );
    project.write("suites/gate.toml", &quarantined);
    project.holdline(&["check"]).expect(0);
    project.holdline(&EXPORT).expect(2).says(&["of gate::warranty"]);
    std::fs::remove_file(project.path("suites/gate.toml")).unwrap();
    project.holdline(&EXPORT).expect(0);
    project.write("suites/live/gate.toml", GATE);
    project.write("suites/live/gate.answers.jsonl", "");
    project.holdline(&EXPORT).expect(2).says(&["of gate::warranty"]);
}

#[test]
fn what_nobody_approved_is_left_out_and_counted_and_a_set_of_nothing_is_none() {
    let project = project(&[
        answered("parcels", "when does my order come?", "evaluation", "Soon."),
        answered("parcels", "is the courier late again?", "evaluation", "Never."),
    ]);
    project.holdline(&EXPORT).expect(2).says(&["there is nothing to export: 2 not approved for training"]);
    wrote_nothing(&project);
}
