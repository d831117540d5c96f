//! What is done with what passed the filter: scores, the best of several, programs, votes, and what people said.

use crate::model::{Model, text};
use crate::project::Ran;
use crate::world::{UNLIKE, candidates, project, queries, report, synth, texts, wanted};
use serde_json::{Value, json};

const FOUR: [&str; 8] = ["--scenario", "finds-parcels", "--count", "4", "--batch", "20", "--json", "o.json"];

/// What a request asks for, by the name of its schema.
fn asks_for(body: &Value) -> &str {
    body["response_format"]["json_schema"]["name"].as_str().unwrap()
}

/// The place of the message that a request is about.
fn place(body: &Value) -> usize {
    let data = body["messages"][1]["content"].as_str().unwrap();
    UNLIKE.iter().position(|text| data.contains(text)).unwrap()
}

/// A model that writes the first ones of [`UNLIKE`], and scores each by its place: `levels` are for realism,
/// clarity, difficulty and scope.
fn scoring(levels: impl Fn(usize) -> [u8; 4] + Send + Sync + 'static) -> Model {
    Model::start(move |_, body| {
        if asks_for(body) == "queries" {
            text(&queries(&UNLIKE[..wanted(body)]))
        } else {
            let levels = levels(place(body));
            let said = |n: usize| json!({ "reasoning": format!("because {n}"), "score": levels[n] });
            let reply =
                json!({ "realism": said(0), "clarity": said(1), "difficulty": said(2), "in_scope": said(3) });
            text(&reply.to_string())
        }
    })
}

#[test]
fn what_scores_too_low_is_rejected_and_scores_stay_with_what_is_kept() {
    // Of the four the second is unreal, the third about something else.
    let model = scoring(|at| [[5, 4, 1, 5], [1, 5, 5, 5], [5, 5, 5, 2], [3, 1, 2, 3]][at]);
    let project = project(&model, "concurrency = 1");
    let ran = synth(&project, &[&FOUR[..], &["--score"]].concat()).expect(0);
    insta::assert_snapshot!(ran.out);
    assert_eq!(texts(&project), [UNLIKE[0], UNLIKE[3]]);
    assert_eq!(model.sent().len(), 5);
    let all = report(&project, "o.json")["yields"]["all"].clone();
    assert_eq!(all["rejected"], json!({ "low_score": 1, "out_of_scope": 1 }));
    let first = &candidates(&project)[0];
    assert_eq!(
        first["variant"]["made"]["scores"],
        json!({ "realism": 1.0, "clarity": 0.75, "difficulty": 0.0, "in_scope": 1.0 })
    );
    assert_eq!(first["reasons"]["clarity"], "because 1");
    let passed = first["variant"]["made"]["passed"].as_array().unwrap();
    assert!(passed.contains(&json!("low_score")) && passed.contains(&json!("out_of_scope")), "{passed:?}");
    // The same again asks nothing, and adds nothing.
    synth(&project, &[&FOUR[..], &["--score"]].concat()).expect(0).says(&["none of them new"]);
    assert_eq!((model.sent().len(), candidates(&project).len()), (5, 2));
}

#[test]
fn of_several_the_best_are_kept() {
    // Eight are asked for; their sums fall and rise: 3, 2.25, 1.5, 0.75, and again from 3.5.
    let model = scoring(|at| {
        [
            [4, 4, 4, 4],
            [4, 4, 3, 4],
            [4, 3, 2, 4],
            [3, 1, 1, 3],
            [5, 5, 5, 5],
            [3, 5, 1, 5],
            [5, 4, 5, 4],
            [3, 3, 3, 3],
        ][at]
    });
    let project = project(&model, "");
    synth(&project, &[&FOUR[..], &["--best-of", "2"]].concat()).expect(0).says(&[
        "4 of 4 delivered",
        "low_score",
        "2 were asked for each that is wanted: others are better",
    ]);
    // Sums: 3, 2.75, 2.25, 1, 4, 2.5, 3.5, 2; the four largest are of 4, 6, 0 and 1.
    assert_eq!(texts(&project), [UNLIKE[0], UNLIKE[1], UNLIKE[4], UNLIKE[6]]);
    let all = report(&project, "o.json")["yields"]["all"].clone();
    assert_eq!((all["requested"].as_u64(), all["delivered"].as_u64()), (Some(8), Some(4)));
}

#[test]
fn the_worst_go_until_the_mean_is_reached_and_are_asked_for_again() {
    // Quality is the mean of realism, clarity and scope: 1, ¾, ½ and 5/12 for the first four, 1 for the rest.
    let model = Model::start(|number, body| {
        if asks_for(body) == "queries" {
            return text(&queries(&UNLIKE[if number == 0 { 0 } else { 4 }..][..wanted(body)]));
        }
        let [realism, clarity, scope] =
            [[5; 3], [4; 3], [3; 3], [3, 2, 3]].get(place(body)).copied().unwrap_or([5; 3]);
        let said = |level: u8| json!({ "reasoning": "so", "score": level });
        let (realism, clarity, scope) = (said(realism), said(clarity), said(scope));
        let reply =
            json!({ "realism": realism, "clarity": clarity, "difficulty": said(3), "in_scope": scope });
        text(&reply.to_string())
    });
    let project = project(&model, "");
    // The mean of the four is 2/3; without the last 3/4, which is what is asked for.
    synth(&project, &[&FOUR[..], &["--quality", "0.75", "--rounds", "3"]].concat()).expect(0).says(&[
        "4 of 4 delivered",
        "round 1: 3 of 4 delivered",
        "round 2: 1 of 1 delivered",
        "its quality is 0.42, the mean 0.67, and 0.75 is asked for",
    ]);
    assert_eq!(texts(&project), [UNLIKE[0], UNLIKE[1], UNLIKE[2], UNLIKE[4]]);
}

#[test]
fn what_there_was_no_budget_to_score_waits_for_more_and_is_not_asked_for_twice() {
    let model = scoring(|_| [5; 4]);
    let project = project(&model, "concurrency = 1");
    // 15 tokens a request: one for the four, and two scores.
    synth(&project, &[&FOUR[..], &["--score", "--max-tokens", "50"]].concat())
        .expect(4)
        .says(&["2 of 4 delivered", "not_asked"]);
    assert_eq!((model.sent().len(), texts(&project).len()), (3, 2));
    synth(&project, &[&FOUR[..], &["--score"]].concat()).expect(0).says(&["4 of 4 delivered, 2 of them new"]);
    assert_eq!((model.sent().len(), texts(&project).len()), (5, 4));
}

#[test]
fn another_model_can_score_and_who_gets_no_score_is_not_let_in() {
    let writer = scoring(|_| [5; 4]);
    let scorer = Model::start(|number, _| {
        let level = json!({ "reasoning": "so", "score": 5 });
        let reply = json!({ "realism": level, "in_scope": level });
        if number == 0 { text("no idea") } else { text(&reply.to_string()) }
    });
    let settings = crate::world::described("writer", writer.port, "")
        + &crate::world::described("critic", scorer.port, "concurrency = 1");
    let project = crate::world::of(&settings);
    let arguments =
        [&FOUR[..], &["--model", "writer", "--scorer", "critic", "--score=realism,in_scope"]].concat();
    synth(&project, &arguments).expect(0).says(&["4 of 4 delivered", "critic: 4 replies, 5 requests in all"]);
    assert_eq!(writer.sent().len(), 1);
    let deaf = Model::start(|_, _| text("no idea"));
    project.write(
        "holdline.toml",
        &(crate::world::described("writer", writer.port, "")
            + &crate::world::described("critic", deaf.port, "")),
    );
    synth(&project, &[&arguments[..], &["--fresh"]].concat())
        .expect(3)
        .says(&["0 of 4 delivered", "nobody said how good it is: unreadable reply"]);
}

#[cfg(unix)]
#[test]
fn a_program_verifies_and_principles_are_held() {
    let model = Model::start(|_, body| {
        if asks_for(body) == "queries" {
            text(&queries(&UNLIKE[..wanted(body)]))
        } else {
            let verdict = if place(body) == 0 { "broken" } else { "held" };
            let one = json!({ "principle": "polite", "reasoning": "it is not", "verdict": verdict });
            text(&json!({ "principles": [one] }).to_string())
        }
    });
    let project = project(&model, "");
    project.write("principles.toml", "principles = [{ id = \"polite\", text = \"It is polite\" }]\n");
    let program = "read -r said; case \"$said\" in *carrier*) echo '{\"pass\": false, \"reason\": \"no carriers\"}' ;; *) echo '{\"pass\": true}' ;; esac";
    let arguments = [
        &FOUR[..],
        &["--constitution", "principles.toml", "--verify", "sh", "--verify", "-c", "--verify", program],
    ]
    .concat();
    synth(&project, &arguments).expect(0).says(&[
        "2 of 4 delivered",
        "unverified           1",
        "no carriers",
        "low_score            1",
        "0 of 1 principles that apply are held; `polite`: it is not",
    ]);
    assert_eq!(texts(&project), UNLIKE[2..4]);
    assert_eq!(candidates(&project)[0]["variant"]["made"]["scores"], json!({ "constitution": 1.0 }));
}

#[test]
fn questions_are_solved_again_and_those_without_a_majority_are_rejected() {
    let model = Model::start(|number, body| {
        if asks_for(body) == "queries" {
            text(&queries(&UNLIKE[..wanted(body)]))
        } else {
            // Nobody agrees on the first; all others have one answer.
            let solution = if place(body) == 0 { format!("answer {number}") } else { "in 3 days".to_owned() };
            text(&json!({ "reasoning": "so", "solution": solution, "status": "solved" }).to_string())
        }
    });
    let project = project(&model, "");
    let arguments = [&FOUR[..], &["--solve", "3"]].concat();
    synth(&project, &arguments).expect(0).says(&["3 of 4 delivered", "disagreed"]);
    assert_eq!(model.sent().len(), 1 + 4 * 3);
    for candidate in candidates(&project) {
        assert_eq!(candidate["variant"]["row"]["reference"], "in 3 days");
    }
    synth(&project, &arguments).expect(0).says(&["3 of 4 delivered, none of them new"]);
    assert_eq!((model.sent().len(), candidates(&project).len()), (13, 3));
}

#[test]
fn what_people_rejected_is_not_offered_again_and_why_is_told_to_generators() {
    let model = Model::start(|_, body| text(&queries(&UNLIKE[..wanted(body)])));
    let project = project(&model, "");
    synth(&project, &FOUR).expect(0);
    let id = |at: usize| candidates(&project)[at]["id"].as_str().unwrap().to_owned();
    let reject = |at: usize| {
        let id = id(at);
        let arguments = ["review", "--variants", "shop", "--reject", &id, "--reason", "unrealistic"];
        Ran::of(project.command(&arguments).output().unwrap()).expect(0);
    };
    reject(0);
    synth(&project, &FOUR).expect(0).says(&[
        "3 of 4 delivered, none of them new",
        "human",
        "rejected by a person before",
    ]);
    assert_eq!(model.sent().len(), 1, "one rejection without words is no advice");
    reject(1);
    synth(&project, &FOUR).expect(0).says(&["2 of 4 delivered", "human                2"]);
    let sent = model.sent();
    let told = |at: usize| sent[at]["messages"][1]["content"].as_str().unwrap().to_owned();
    assert!(!told(0).contains("advice") && told(1).contains("Reviewers rejected 2 of 2"), "{}", told(1));
    synth(&project, &[&FOUR[..], &["--no-advice"]].concat()).expect(0).says(&["1 from the disk"]);
    assert_eq!(model.sent().len(), 2);
}
