//! Canaries frozen: which answers, how many, and when not.

use crate::world::{
    CANARY, JUDGE, Model, canary_of, contrary, judged, label, labels, models, number, people, verdict,
};
use axum::response::IntoResponse;
use serde_json::{Value, json};

#[test]
fn fifty_answers_are_frozen_as_evenly_as_can_be_and_the_same_every_time() {
    let model = Model::start(|_, data| verdict(people(number(data))));
    let project = judged(&model, &(labels(80) + &label(81, "resolved").replace("Answer number 81.", "...")));
    let ran = project.holdline(&["judge", "freeze", "resolved"]).expect(0);
    ran.says(&[
        "50 answers frozen in suites/judges/resolved.canary.jsonl",
        "answered by judge-model-1",
        "it gave 0 of 100 verdicts otherwise (ε 0.0 %)",
        "3 or more changed verdicts, or 6 that all go one way",
    ]);
    assert_eq!(model.asked(), 150);
    let (head, items) = canary_of(&project);
    assert_eq!((&head["format"], &head["flips"], &head["again"]), (&json!(1), &json!(0), &json!(100)));
    assert_eq!(head["models"], json!(["judge-model-1"]));
    assert_eq!(head["judge"].as_str().unwrap().len(), 16);
    let failed = items.iter().filter(|item| item["outcome"] == "fail").count();
    assert_eq!((items.len(), failed), (50, 25));
    for item in &items {
        assert_ne!(item["id"], "l81", "no model need be asked about it");
        let n = item["id"].as_str().unwrap()[1..].parse().unwrap();
        assert_eq!((&item["verdict"], &item["input"]), (&json!(people(n)), &json!(format!("Question {n}"))));
    }
    // Labels that come later change nothing of what is frozen but where there are too few of a word.
    let before = project.read(CANARY);
    project.holdline(&["judge", "freeze", "resolved"]).expect(0);
    assert_eq!(project.read(CANARY), before);
    project.holdline(&["judge", "freeze", "resolved", "--items", "60", "--repeats", "2"]).expect(0);
    let (head, more) = canary_of(&project);
    assert_eq!((more.len(), &head["again"], &more[..50]), (60, &json!(60), &items[..]));
}

#[test]
fn a_judge_that_contradicts_itself_is_frozen_with_a_hundred_answers() {
    // The second verdict on every twentieth answer is another one.
    let model = Model::start(|before, data| {
        let n = number(data);
        let is_other = n.is_multiple_of(20) && before == 1;
        verdict(if is_other { contrary(n) } else { people(n) })
    });
    let project = judged(&model, &labels(180));
    project.holdline(&["judge", "freeze", "resolved"]).expect(0);
    let (head, items) = canary_of(&project);
    let n = |item: &Value| item["id"].as_str().unwrap()[1..].parse::<usize>().unwrap();
    let flip = items.iter().filter(|item| n(item).is_multiple_of(20)).count();
    assert!(flip > 2, "more than 1 % of 200 verdicts");
    assert_eq!((items.len(), &head["again"]), (100, &json!(200)));
    // Which of three requests at a time comes second is chance: where it is the first, both others differ.
    let flips = usize::try_from(head["flips"].as_u64().unwrap()).unwrap();
    assert!((flip..=2 * flip).contains(&flips), "{flips} flips of {flip} answers");
    assert_eq!(model.asked(), 300, "none is asked about twice over");
    // Who says how many gets so many.
    project.holdline(&["judge", "freeze", "resolved", "--items", "50"]).expect(0);
    assert_eq!(canary_of(&project).1.len(), 50);
}

#[test]
fn too_few_answers_a_silent_model_and_ci_freeze_nothing() {
    let model = Model::start(|_, data| verdict(people(number(data))));
    let project = judged(&model, &labels(49));
    project
        .holdline(&["judge", "freeze", "resolved"])
        .expect(2)
        .says(&["49 labelled answers can be frozen for judge `resolved`, and 50 are needed: label 1 more"]);
    project.write("suites/judges/resolved.labels.jsonl", &labels(60));
    project
        .holdline_in_ci(&["judge", "freeze", "resolved"])
        .expect(2)
        .says(&["in CI nothing below suites is written", "commit suites/judges/resolved.canary.jsonl"]);
    project.holdline(&["judge", "freeze", "resolved", "--items", "49"]).expect(2);
    assert_eq!(model.asked(), 0);

    // Of what the judge calls neither, others are taken instead, as far as there are.
    let model = Model::start(|_, data| {
        let n = number(data);
        verdict(if n <= 10 { "not_applicable" } else { people(n) })
    });
    project.write("holdline.toml", &models(model.port));
    project.write("suites/judges/resolved.toml", &format!("{JUDGE}not_applicable_when = \"never\"\n"));
    project.holdline(&["judge", "freeze", "resolved"]).expect(0);
    let (_, items) = canary_of(&project);
    assert!(items.len() == 50 && items.iter().all(|item| number(&item.to_string()) > 10));
    std::fs::remove_file(project.path(CANARY)).unwrap();
    project.write("suites/judges/resolved.labels.jsonl", &labels(59));
    project.holdline(&["judge", "freeze", "resolved"]).expect(2).says(&["49 labelled answers can be frozen"]);

    let model = Model::start(|_, _| axum::http::StatusCode::BAD_GATEWAY.into_response());
    project.write("holdline.toml", &models(model.port));
    project
        .holdline(&["judge", "freeze", "resolved"])
        .expect(3)
        .says(&["the judge gave no verdict 150 of 150 times, and 2 % may be without: no reply"]);
    assert_eq!(model.asked(), 150, "no more than the first fifty are tried");
    assert!(!project.path(CANARY).exists());
}
