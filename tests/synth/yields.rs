//! Everything that was asked for is accounted for.

use crate::model::{Model, text};
use crate::world::{UNLIKE, candidates, project, queries, report, synth, texts, wanted, well};
use serde_json::json;

/// One scenario, so that what comes is compared with all that came.
const ONE: [&str; 2] = ["--scenario", "finds-parcels"];

#[test]
fn a_generator_that_repeats_itself_24_times_for_6_is_told_as_6_of_24_by_reason() {
    // Every request gets the same six, whatever it asks for.
    let model = Model::start(|_, _| text(&queries(&UNLIKE[..6])));
    let project = project(&model, "");
    let arguments = [ONE.as_slice(), &["--count", "24", "--batch", "6", "--json", "out.json"]].concat();
    let ran = synth(&project, &arguments).expect(0);
    insta::assert_snapshot!(ran.out);
    ran.says(&["warning: nothing says how 24 of `queries` for scenario `finds-parcels` are to differ, so they come out much alike"]);
    assert_eq!(model.sent().len(), 4);
    assert_eq!(texts(&project), UNLIKE[..6]);
    let report = report(&project, "out.json");
    assert_eq!(report["wanted"], 24);
    assert_eq!(
        report["yields"]["all"],
        json!({ "requested": 24, "drafted": 24, "delivered": 6, "rejected": { "duplicate": 18 } })
    );
    assert_eq!(report["yields"]["by_generator"]["queries"], report["yields"]["all"]);
    assert_eq!(report["yields"]["by_model"]["writer"], report["yields"]["all"]);
    assert_eq!(report["end"], json!({ "end": "rounds" }));
}

#[test]
fn candidates_say_who_wrote_them_and_what_they_passed() {
    let model = Model::start(well);
    let project = project(&model, "temperature = 0.7");
    synth(&project, &[&ONE[..], &["--count", "2", "--knob", "style=terse"]].concat()).expect(0);
    let candidates = candidates(&project);
    assert_eq!(candidates.len(), 2);
    let variant = &candidates[0]["variant"];
    assert_eq!(variant["scenario"], "finds-parcels");
    assert_eq!(variant["input"], UNLIKE[0]);
    assert_eq!(variant["knobs"], json!({ "style": "terse" }));
    assert_eq!(variant["truth"], "model");
    assert_eq!(variant.get("review"), None);
    let made = &variant["made"];
    assert_eq!((made["by"].as_str(), made["origin"].as_str()), (Some("model"), Some("model")));
    assert_eq!(made["generator"]["name"], "queries");
    assert_eq!(made["model"]["model"], "writer");
    assert_eq!(made["model"]["answered"], "judge-model-1");
    assert_eq!(
        made["model"]["sampling"],
        json!({ "model": "m-writer", "temperature": 0.7, "max_tokens": null, "sample": 0 })
    );
    for hash in ["prompt", "reply"] {
        let hash = made["model"][hash].as_str().unwrap();
        assert!(hash.len() == 16 && hash.bytes().all(|b| b.is_ascii_hexdigit()), "{hash}");
    }
    let passed: Vec<&str> =
        made["passed"].as_array().unwrap().iter().map(|code| code.as_str().unwrap()).collect();
    for code in ["schema", "language", "personal_data", "duplicate", "near_duplicate", "collapse"] {
        assert!(passed.contains(&code), "{code}: {passed:?}");
    }
}

#[test]
fn every_pair_of_knob_values_is_asked_for_and_what_nothing_came_of_is_told() {
    // Whoever is angry gets nothing but what a seed says.
    let model = Model::start(|number, body| {
        let system = body["messages"][0]["content"].as_str().unwrap();
        if system.contains("persona: angry") {
            return text(&queries(&vec!["Where is my parcel?"; wanted(body)]));
        }
        well(number, body)
    });
    let project = project(&model, "concurrency = 1");
    let arguments = [
        &ONE[..],
        &[
            "--count",
            "6",
            "--knob",
            "persona=angry,calm",
            "--knob",
            "clarity=clear,vague,mixed",
            "--json",
            "o.json",
        ],
    ]
    .concat();
    let ran = synth(&project, &arguments).expect(0);
    ran.says(&[
        "3 of 6 delivered",
        "finds-parcels: 3 of 6 (pairs of values)",
        "none with clarity=",
        "Nothing came of 3 things asked about",
        "persona=angry",
        "1 asked for: 1 duplicate",
    ])
    .keeps_quiet(&["warning"]);
    let report = report(&project, "o.json");
    assert_eq!(report["coverage"][0]["coverage"]["required"], 6);
    assert_eq!(report["coverage"][0]["coverage"]["covered"], 3);
    assert_eq!(report["nothing_came_of"].as_array().unwrap().len(), 3);
    for one in report["nothing_came_of"].as_array().unwrap() {
        assert_eq!(one["knobs"]["persona"], "angry");
        assert_eq!(one["rejected"], json!({ "duplicate": 1 }));
    }
}

#[test]
fn further_rounds_ask_for_what_is_missing_and_say_what_is_there() {
    // The first reply says the same five times; later ones go on from there.
    let model = Model::start(|number, body| {
        let count = wanted(body);
        if number == 0 {
            return text(&queries(&vec![UNLIKE[0]; count]));
        }
        text(&queries(&UNLIKE[number..][..count]))
    });
    let project = project(&model, "");
    let arguments = [&ONE[..], &["--count", "5", "--rounds", "3"]].concat();
    synth(&project, &arguments).expect(0).says(&[
        "5 of 5 delivered, all new",
        "round 1: 1 of 5 delivered",
        "round 2: 4 of 4 delivered",
        "Ended after 2 rounds: all that was wanted is there.",
        "5 candidates wait for review: holdline review --variants shop",
    ]);
    let sent = model.sent();
    assert_eq!((sent.len(), wanted(&sent[1])), (2, 4));
    let told = |at: usize| sent[at]["messages"][1]["content"].as_str().unwrap().to_owned();
    assert!(!told(0).contains(UNLIKE[0]) && told(1).contains(UNLIKE[0]));
}

#[test]
fn what_stops_rising_ends_before_its_rounds() {
    let model = Model::start(|_, body| text(&queries(&vec![UNLIKE[0]; wanted(body)])));
    let project = project(&model, "");
    let arguments = [&ONE[..], &["--count", "3", "--rounds", "9"]].concat();
    synth(&project, &arguments)
        .expect(0)
        .says(&["1 of 3 delivered", "Ended after 3 rounds, with 2 missing: further rounds brought no more."]);
    assert_eq!(model.sent().len(), 3);
}

#[test]
fn replies_that_are_short_are_counted_as_such() {
    let model = Model::start(|_, _| text(&queries(&UNLIKE[..2])));
    let project = project(&model, "");
    let arguments = [&ONE[..], &["--count", "5", "--json", "o.json"]].concat();
    synth(&project, &arguments).expect(0).says(&["2 of 5 delivered", "too_few", "replies had fewer"]);
    assert_eq!(report(&project, "o.json")["too_few"], 3);
}
