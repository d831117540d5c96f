//! Canaries graded again: what is chance, what is drift, and what cannot be told.

use crate::world::{Model, judged, number, verdict, verdict_of};
use axum::Json;
use axum::response::{IntoResponse, Response};
use holdline::judge::model::{Network, Regraded, Steadiness, Terms};
use holdline::session::canary::regrade;
use holdline::session::judges::{clients, open, ready};
use holdline::suite::canary::{Canary, CanaryHead, CanaryItem, Frozen};
use holdline::suite::project::Project as ProjectFile;
use serde_json::json;
use std::sync::Arc;

/// A canary of 50 answers, which fail up to the twentieth.
fn canary(judge: &str, flips: usize) -> Canary {
    let item = |n: usize| CanaryItem {
        id: format!("l{n}"),
        input: json!(format!("Question {n}")),
        output: format!("Answer number {n}."),
        contexts: vec![format!("passage {n}")],
        reference: Vec::new(),
        verdict: if n <= 20 { "unresolved" } else { "resolved" }.into(),
        outcome: if n <= 20 { Frozen::Fail } else { Frozen::Pass },
    };
    Canary {
        name: "resolved".into(),
        head: CanaryHead {
            format: 1,
            judge: judge.into(),
            models: vec!["judge-model-1".into()],
            flips,
            again: 100,
            date: "2026-11-20".parse().unwrap(),
        },
        items: (1..=50).map(item).collect(),
    }
}

/// A canary graded again by a judge that replies so to each answer; with how often it was asked.
fn regraded(
    flips: usize,
    is_stale: bool,
    script: impl Fn(usize) -> Response + Send + Sync + 'static,
) -> (Regraded, usize) {
    let model = Model::start(move |_, data| script(number(data)));
    let project = judged(&model, "");
    let root = project.folder.path();
    let file = ProjectFile::load(root).unwrap();
    let judge = open(root, &file, "resolved").unwrap();
    let now = Terms::of(&judge).unwrap().fingerprint;
    let canary = canary(if is_stale { "0123456789abcdef" } else { &now }, flips);
    let clients = clients(&file, &judge, |_| None).unwrap().unwrap();
    let ready = ready(&judge, &clients, Arc::new(Network)).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    (runtime.block_on(regrade(ready, &canary, &now)), model.asked())
}

const fn then(n: usize) -> &'static str {
    if n <= 20 { "unresolved" } else { "resolved" }
}

const fn other(n: usize) -> &'static str {
    if n <= 20 { "resolved" } else { "unresolved" }
}

#[test]
fn a_judge_that_says_what_it_said_is_steady_and_two_changes_of_fifty_are_chance() {
    let (found, asked) = regraded(0, false, |n| verdict(then(n)));
    assert_eq!((asked, found.items, found.flips(), found.limit), (50, 50, 0, 3));
    assert_eq!(found.verdict, Steadiness::Steady);
    assert_eq!(
        (found.models_then, found.models_now),
        (vec!["judge-model-1".into()], vec!["judge-model-1".into()])
    );
    let (found, _) = regraded(0, false, |n| verdict(if n <= 2 { other(n) } else { then(n) }));
    assert_eq!((found.to_pass, found.to_fail, found.verdict), (2, 0, Steadiness::Steady));
}

#[test]
fn a_judge_of_which_more_changed_than_chance_brings_has_drifted_and_the_way_out_is_named() {
    let (found, _) = regraded(0, false, |n| verdict(if (20..=22).contains(&n) { other(n) } else { then(n) }));
    assert_eq!((found.to_pass, found.to_fail), (1, 2));
    let Steadiness::Drifted(why) = found.verdict else { panic!("{:?}", found.verdict) };
    insta::assert_snapshot!(why, @"3 of 50 verdicts of the canary changed (2 from pass to fail, 1 from fail to pass, 0 to neither), and 3 or more are no chance for a judge of which 0.5 % change by themselves; what it says is not comparable with the baseline. If today's judge is the one you want, freeze it (`holdline judge freeze resolved`) and let it judge the accepted answers anew (`holdline rejudge SUITE`)");
}

#[test]
fn six_changes_that_all_go_one_way_are_drift_where_six_both_ways_are_chance() {
    // At ε 4 % among 50, six or more come in 1.4 % of the cases and seven or more in 0.4 %.
    let both = |n: usize| verdict(if (18..=23).contains(&n) { other(n) } else { then(n) });
    let (found, _) = regraded(4, false, both);
    assert_eq!((found.to_pass, found.to_fail, found.limit), (3, 3, 7));
    assert_eq!(found.verdict, Steadiness::Steady);
    let (found, _) = regraded(4, false, |n| verdict(if n <= 6 { other(n) } else { then(n) }));
    let Steadiness::Drifted(why) = found.verdict else { panic!("{:?}", found.verdict) };
    assert!(why.starts_with("6 of 50 verdicts of the canary changed, all one way"), "{why}");
    let (found, _) = regraded(4, false, |n| verdict(if (18..=24).contains(&n) { other(n) } else { then(n) }));
    assert!(matches!(found.verdict, Steadiness::Drifted(_)) && found.flips() == 7);
}

#[test]
fn another_model_is_drift_whatever_it_says() {
    let (found, _) = regraded(0, false, |n| verdict_of("judge-model-2", then(n)));
    assert_eq!((found.flips(), found.models_now), (0, vec!["judge-model-2".to_owned()]));
    let Steadiness::Drifted(why) = found.verdict else { panic!("{:?}", found.verdict) };
    let beginning =
        "the model that answers is `judge-model-2`, and the canary was frozen with `judge-model-1`";
    assert!(why.starts_with(beginning), "{why}");
    // One of two machines behind an address is enough.
    let (found, _) =
        regraded(0, false, |n| verdict_of(if n == 50 { "judge-model-2" } else { "judge-model-1" }, then(n)));
    assert!(matches!(found.verdict, Steadiness::Drifted(_)));
    // So is one that no longer says what it is.
    let (found, _) = regraded(0, false, |n| {
        let content = json!({ "reasoning": "", "evidence": "", "verdict": then(n) }).to_string();
        Json(json!({ "choices": [{ "message": { "content": content }, "finish_reason": "stop" }] }))
            .into_response()
    });
    let Steadiness::Drifted(why) = found.verdict else { panic!("{:?}", found.verdict) };
    assert!(why.starts_with("the model that answers gives no name"), "{why}");
}

#[test]
fn without_verdicts_nobody_can_tell_and_that_is_no_pass() {
    let silent = |most: usize| {
        move |n| {
            if n <= most { axum::http::StatusCode::BAD_GATEWAY.into_response() } else { verdict(then(n)) }
        }
    };
    let (found, _) = regraded(0, false, silent(1));
    assert_eq!((found.ungraded, found.verdict), (1, Steadiness::Steady));
    let (found, _) = regraded(0, false, silent(2));
    assert_eq!(found.ungraded, 2);
    let Steadiness::Untold(why) = found.verdict else { panic!("{:?}", found.verdict) };
    assert!(why.starts_with("2 of 50 answers of the canary got no verdict"), "{why}");
    let (found, _) = regraded(0, false, |_| verdict("cannot_judge"));
    assert!(found.ungraded == 50 && matches!(found.verdict, Steadiness::Untold(_)));
    let (found, _) = regraded(0, false, silent(50));
    assert!(found.ungraded == 50 && matches!(found.verdict, Steadiness::Untold(_)));
}

#[test]
fn a_judge_that_was_changed_or_contradicts_itself_is_not_even_asked() {
    let (found, asked) = regraded(0, true, |n| verdict(then(n)));
    assert_eq!((asked, found.items), (0, 0));
    let why =
        "the judge was changed since its canary was frozen on 2026-11-20: `holdline judge freeze resolved`";
    assert_eq!(found.verdict, Steadiness::Stale(why.into()));
    let (found, asked) = regraded(5, false, |n| verdict(then(n)));
    assert_eq!(asked, 0);
    let why =
        "asked the same again it gave 5 of 100 verdicts otherwise (5.0 %), and 5 % are too many to gate";
    assert_eq!((found.verdict.reason(), &found.verdict), (Some(why), &Steadiness::Unsteady(why.into())));
}
