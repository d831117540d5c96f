//! What each kind is sent, and what it makes of the replies.

use crate::model::{text, verdict};
use crate::world::*;
use holdline::judge::Outcome::{CannotJudge, Fail, JudgeError, NotApplicable, Pass};
use holdline::target::Usage;
use serde_json::{Value, json};

#[test]
fn claims_are_held_against_the_passages() {
    let reply = claims(&[
        ("It ships on Monday", "ship on Monday", "supported"),
        ("It is blue", "The feeder is red", "contradicted"),
        ("It is cheap", "", "unsupported"),
    ]);
    let (found, sent) = asked(CLAIMS, move |_, _| text(&reply));
    assert_eq!(parts(&found), [("It ships on Monday", Pass), ("It is blue", Fail), ("It is cheap", Fail)]);
    assert_eq!((found.outcome, found.word.as_deref(), found.verified), (Fail, Some("fail"), Some(true)));
    assert!((found.score.unwrap() - 1.0 / 3.0).abs() < 1e-12);
    assert_eq!((found.requests, found.models.as_slice()), (1, &["judge-model-1".to_owned()][..]));
    assert_eq!(found.usage, Some(Usage { input_tokens: 10, output_tokens: 5 }));
    let schema = &sent[0]["response_format"]["json_schema"]["schema"];
    assert_eq!(
        schema["properties"]["claims"]["items"]["properties"]["verdict"]["enum"],
        json!(["supported", "contradicted", "unsupported"])
    );
    assert_eq!(
        data(&sent[0]),
        json!({ "input": "Where is it?", "output": "It ships on Monday and is red.", "contexts": CONTEXTS })
    );

    let quoted = |quote: &str| {
        let reply = claims(&[("It ships", quote, "supported")]);
        let (found, _) = asked(CLAIMS, move |_, _| text(&reply));
        (found.outcome, found.verified)
    };
    assert_eq!(quoted("Orders ship on\nMonday"), (Pass, Some(true)));
    assert_eq!(quoted("Orders ship on Friday"), (Pass, Some(false)));
    assert_eq!(quoted(""), (Pass, Some(false)));
}

#[test]
fn claims_need_passages_and_an_answer_that_makes_some() {
    let (found, sent) = asked(CLAIMS, |_, _| text(r#"{"claims": []}"#));
    assert_eq!((found.outcome, found.score, sent.len()), (NotApplicable, None, 1));
    let bare = Given { contexts: Vec::new(), ..Given::default() };
    let (found, sent) = asked_of(&[("j", CLAIMS)], &bare, |_, _| text(r#"{"claims": []}"#));
    assert_eq!((found.outcome, found.requests, sent.len()), (CannotJudge, 0, 0));
    let two = claims(&[("a", "red", "supported"), ("b", "red", "supported")]);
    let (found, sent) = asked(&format!("{CLAIMS}most_claims = 1\n"), move |_, _| text(&two));
    assert_eq!((found.outcome, found.parts.len(), found.cut), (CannotJudge, 1, true));
    assert!(sent[0]["messages"][0]["content"].as_str().unwrap().contains("holds at most 2"));
}

#[test]
fn every_principle_has_its_verdict() {
    for (verdicts, outcome, score) in [
        ([("kind", "held"), ("honest", "held")], Pass, Some(1.0)),
        ([("kind", "held"), ("honest", "broken")], Fail, Some(0.5)),
        ([("kind", "cannot_judge"), ("honest", "broken")], Fail, Some(0.0)),
        ([("kind", "cannot_judge"), ("honest", "held")], CannotJudge, Some(1.0)),
    ] {
        let reply = principles(&verdicts);
        let (found, sent) = asked(PRINCIPLES, move |_, _| text(&reply));
        assert_eq!((found.outcome, found.score, sent.len()), (outcome, score, 1), "{verdicts:?}");
        let names: Vec<&str> = found.parts.iter().map(|part| part.name.as_str()).collect();
        assert_eq!(names, ["honest", "kind"], "in the order of the file");
        let system = sent[0]["messages"][0]["content"].as_str().unwrap();
        assert!(system.contains("- `honest`: It promises nothing that is not so"), "{system}");
    }
}

#[test]
fn a_list_that_is_not_as_asked_is_sent_back_once_and_then_an_error() {
    let good = claims(&[("It ships", "ship", "supported")]);
    let held = principles(&[("honest", "held"), ("kind", "held")]);
    for (file, good, bad) in [
        (CLAIMS, &good, good.replace(r#""reasoning":"r","#, "")),
        (CLAIMS, &good, good.replace("\"supported\"", "\"true\"")),
        (CLAIMS, &good, good.replace("\"supported\"", "NaN")),
        (CLAIMS, &good, format!("{good}{good}")),
        (CLAIMS, &good, r#"{"claims": [["It ships", "r", "ship", "supported"]]}"#.into()),
        (CLAIMS, &good, r#"{"reasoning": "r", "evidence": "", "verdict": "supported"}"#.into()),
        (PRINCIPLES, &held, principles(&[("honest", "held")])),
        (PRINCIPLES, &held, principles(&[("honest", "held"), ("kind", "held"), ("kind", "held")])),
        (PRINCIPLES, &held, principles(&[("honest", "held"), ("kind", "held"), ("brief", "held")])),
        (PRINCIPLES, &held, principles(&[("honest", "held"), ("kind", "pass")])),
        (PRINCIPLES, &held, held.replace("\"held\"", "NaN")),
    ] {
        let (first, then) = (bad.clone(), good.clone());
        let (found, sent) = asked(file, move |number, _| text(if number == 0 { &first } else { &then }));
        assert_eq!((found.outcome, found.requests, sent.len()), (Pass, 2, 2), "{bad}");
        assert_eq!(found.usage, Some(Usage { input_tokens: 20, output_tokens: 10 }), "of both requests");
        let again = bad.clone();
        let (found, sent) = asked(file, move |_, _| text(&again));
        assert_eq!((found.outcome, sent.len()), (JudgeError, 2), "never a pass: {bad}");
        assert!(found.reason.starts_with("unreadable reply: "), "{}", found.reason);
        assert_eq!(found.requests, 2);
    }
}

#[test]
fn two_answers_are_shown_in_both_orders() {
    // A judge that likes the longer answer, wherever it stands.
    let likes_longer = |_, body: &Value| {
        let data = data(body);
        let length = |name: &str| data[name].as_str().unwrap().len();
        verdict(if length("first") > length("second") { "first" } else { "second" })
    };
    let (found, sent) = asked(COMPARE, likes_longer);
    assert_eq!((found.outcome, found.word.as_deref(), found.requests), (Pass, Some("better"), 2));
    let (answer, accepted) = ("It ships on Monday and is red.", "It ships.");
    let input = "Where is it?";
    assert_eq!(data(&sent[0]), json!({ "input": input, "first": answer, "second": accepted }));
    assert_eq!(data(&sent[1]), json!({ "input": input, "first": accepted, "second": answer }));
    assert_eq!(parts(&found), [("shown first", Pass), ("shown second", Pass)]);
    let longer =
        Given { accepted: Some("It ships on Monday, it is red, and it is free."), ..Given::default() };
    let (found, _) = asked_of(&[("j", COMPARE)], &longer, likes_longer);
    assert_eq!((found.outcome, found.word.as_deref()), (Fail, Some("worse")));
    let (found, _) = asked(COMPARE, in_turn(&["tie", "tie"]));
    assert_eq!((found.outcome, found.word.as_deref()), (Pass, Some("tie")));
}

#[test]
fn a_judge_that_likes_the_first_answer_cannot_tell() {
    for (words, outcome) in [
        (&["first", "first"], CannotJudge),
        (&["second", "second"], CannotJudge),
        (&["tie", "second"], CannotJudge),
        (&["cannot_judge", "second"], CannotJudge),
        (&["first", "!"], JudgeError),
    ] {
        let (found, sent) = asked(COMPARE, in_turn(words));
        let requests = if words[1] == "!" { 4 } else { 2 };
        assert_eq!((found.outcome, sent.len()), (outcome, requests), "{words:?}");
    }
    let (found, _) = asked(&format!("{COMPARE}inconsistent = \"pass\"\n"), in_turn(&["first", "first"]));
    assert_eq!((found.outcome, found.word.as_deref()), (Pass, Some("inconsistent")));
    assert_eq!(found.reason, "inconsistent: better and worse in the two orders");
    // An endpoint that refuses the first order is not asked for the second.
    let (found, sent) = asked(COMPARE, in_turn(&["!", "!", "!", "tie"]));
    assert_eq!((found.outcome, sent.len()), (JudgeError, 3), "three ways to ask for JSON");
}

#[test]
fn what_needs_no_comparing_is_not_asked() {
    let same = Given { accepted: Some(" It ships on Monday\nand is red."), ..Given::default() };
    let (found, sent) = asked_of(&[("j", COMPARE)], &same, in_turn(&[]));
    assert_eq!((found.outcome, found.word.as_deref(), sent.len()), (Pass, Some("tie"), 0));
    let new = Given { accepted: None, ..Given::default() };
    let (found, sent) = asked_of(&[("j", COMPARE)], &new, in_turn(&[]));
    assert_eq!((found.outcome, sent.len()), (NotApplicable, 0));
    assert_eq!(found.reason, "no answer was accepted for this case yet");
    let empty = Given { output: "...", ..Given::default() };
    // Neither is what says nothing, however often a judge is to be asked.
    for file in [COMPARE, &format!("{RUBRIC}confirm = 3\nsamples = 3\nstrong = \"large\"\n")] {
        let (found, sent) = asked_of(&[("j", file)], &empty, in_turn(&[]));
        assert_eq!((found.outcome, sent.len()), (Fail, 0));
    }
}
