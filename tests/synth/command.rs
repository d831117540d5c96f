//! The command: what it refuses, what it warns of, and what it would ask.

use crate::model::{Model, text};
use crate::world::{SUITE, UNLIKE, candidates, of, project, queries, report, synth, wanted, well};

#[test]
fn in_ci_nothing_is_written_or_asked() {
    let model = Model::start(well);
    let project = project(&model, "");
    project
        .holdline_in_ci(&["synth", "shop"])
        .expect(2)
        .says(&["CI reads what was reviewed and never generates"]);
    assert_eq!(model.sent().len(), 0);
}

#[test]
fn without_a_model_it_says_which_lines_to_add() {
    synth(&of(""), &[]).expect(2).says(&[
        "[models.writer]",
        "base_url = ",
        "api_key = \"${env:WRITER_KEY}\"",
    ]);
}

#[test]
fn a_key_that_is_not_set_keeps_it_from_asking() {
    let model = Model::start(well);
    let project = project(&model, "");
    project
        .holdline(&["synth", "shop"])
        .expect(3)
        .says(&["cannot ask: the model `writer` refers to `WRITER_KEY`, not set"]);
    assert_eq!(model.sent().len(), 0);
}

#[test]
fn what_makes_no_sense_is_told_with_the_mend() {
    let model = Model::start(well);
    let project = project(&model, "");
    for (arguments, said) in [
        (&["--scenario", "finds-parcel"][..], "did you mean `finds-parcels`?"),
        (&["--generator", "query"], "there is no generator"),
        (&["--knob", "persona"], "write NAME=VALUE"),
        (&["--knob", "persona=a,,b"], "has an empty value"),
        (&["--knob", "persona=a,a"], "has the value `a` twice"),
        (&["--option", "colour=red"], "has no option `colour`"),
        (&["--coverage", "1.5"], "above 0 and up to 1"),
        (&["--batch", "0"], "from 1 to"),
    ] {
        synth(&project, arguments).expect(2).says(&[said]);
    }
    assert_eq!(model.sent().len(), 0);
}

#[test]
fn a_dry_run_prints_the_requests_and_asks_nothing() {
    let model = Model::start(well);
    let project = project(&model, "");
    let arguments = [
        "--scenario",
        "finds-parcels",
        "--count",
        "4",
        "--knob",
        "clarity=clear,vague",
        "--dry-run",
        "--json",
        "requests.json",
    ];
    let ran = synth(&project, &arguments).expect(0);
    ran.says(&[
        "1. queries@1 by writer: 2 for `finds-parcels`, clarity=",
        "    - The scenario: finds parcels\n",
        "    ----- MATERIAL 00000000000000000000000000000000 -----\n",
        "2. queries@1 by writer: 2 for `finds-parcels`, clarity=",
        "2 requests for 4 candidates, 0 of them on the disk; about ",
        "nothing was asked",
    ]);
    assert_eq!(model.sent().len(), 0);
    assert!(candidates(&project).is_empty());
    let requests = report(&project, "requests.json");
    let requests = requests.as_array().unwrap();
    assert_eq!(requests.len(), 2);
    // What is sent is what was printed, but for the code of the fence.
    synth(&project, &arguments[..6]).expect(0);
    let sent = model.sent();
    for request in requests {
        let said = request["messages"][0]["content"].as_str().unwrap();
        assert!(sent.iter().any(|body| body["messages"][0]["content"] == said));
        let code = "0".repeat(32);
        assert!(request["messages"][1]["content"].as_str().unwrap().contains(&code));
        assert!(!sent.iter().any(|body| body["messages"][1]["content"].as_str().unwrap().contains(&code)));
    }
    synth(&project, &arguments).expect(0).says(&["2 of them on the disk"]);
}

#[test]
fn a_hundred_random_questions_are_met_with_what_to_name() {
    let model = Model::start(|_, _| text("no"));
    let project = project(&model, "");
    let ran = synth(&project, &["--count", "100", "--dry-run"]).expect(0);
    insta::assert_snapshot!(ran.err);
}

#[test]
fn scenarios_share_the_count_and_examples_are_their_own() {
    let model = Model::start(|number, body| text(&queries(&UNLIKE[10 * number..][..wanted(body)])));
    let project = project(&model, "concurrency = 1");
    project.write("suites/shop.toml", &SUITE.replace("[\"The feeder caught fire\"]", "[\"It sparks\"]"));
    synth(&project, &["--count", "5"]).expect(0).says(&["5 of 5 delivered"]);
    let scenarios: Vec<String> = candidates(&project)
        .iter()
        .map(|candidate| candidate["variant"]["scenario"].as_str().unwrap().to_owned())
        .collect();
    let of = |name: &str| scenarios.iter().filter(|of| *of == name).count();
    assert_eq!((of("finds-parcels"), of("hands-over-dangers")), (3, 2));
    let sent = model.sent();
    let data = |at: usize| sent[at]["messages"][1]["content"].as_str().unwrap().to_owned();
    assert!(data(0).contains("Where is my parcel?") && !data(0).contains("It sparks"));
    assert!(data(1).contains("It sparks") && !data(1).contains("Where is my parcel?"));
}
