//! Samples, confirmations, panels and stronger models: who is asked how often, and what counts.

use crate::model::Model;
use crate::world::*;
use holdline::judge::Outcome::{CannotJudge, Fail, JudgeError, Pass};
use holdline::judge::model::{Ask, Asked, Asks, Network};
use holdline::target::Usage;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

#[test]
fn samples_of_one_judge_decide_together() {
    for (more, words, outcome) in [
        ("", &["pass", "fail", "pass"], Pass),
        ("", &["fail", "pass", "fail"], Fail),
        ("", &["pass", "fail", "cannot_judge"], CannotJudge),
        ("decide = \"unanimous\"\n", &["pass", "pass", "pass"], Pass),
        ("decide = \"unanimous\"\n", &["pass", "pass", "fail"], CannotJudge),
        ("decide = \"any_fail\"\n", &["pass", "fail", "pass"], Fail),
    ] {
        let (found, sent) = asked(&format!("{RUBRIC}samples = 3\n{more}"), in_turn(words));
        assert_eq!((found.outcome, sent.len(), found.requests), (outcome, 3, 3), "{more}{words:?}");
        let names: Vec<&str> = found.parts.iter().map(|part| part.name.as_str()).collect();
        assert_eq!(names, ["sample 1", "sample 2", "sample 3"]);
        assert_eq!(found.usage, Some(Usage { input_tokens: 30, output_tokens: 15 }));
    }
}

#[test]
fn a_fail_is_confirmed_by_fresh_verdicts_and_a_pass_is_not() {
    let file = format!("{RUBRIC}confirm = 3\n");
    for (words, outcome) in [
        (&["pass"][..], Pass),
        (&["fail", "fail", "pass", "fail"], Fail),
        (&["fail", "pass", "pass", "fail"], Pass),
        (&["cannot_judge", "pass", "pass", "fail"], Pass),
        (&["fail", "pass", "fail", "cannot_judge"], CannotJudge),
    ] {
        let (found, sent) = asked(&file, in_turn(words));
        assert_eq!((found.outcome, sent.len()), (outcome, words.len()), "{words:?}");
        if words.len() > 1 {
            assert_eq!((found.parts.len(), found.earlier.len()), (3, 1), "{words:?}");
            assert_eq!(found.earlier[0].word.as_deref(), Some(words[0]));
        }
    }
    // An error is no verdict that could be confirmed: three ways of asking, and no more.
    let (found, sent) = asked(&file, in_turn(&["!", "!", "!", "pass"]));
    assert_eq!((found.outcome, sent.len()), (JudgeError, 3));
}

#[test]
fn the_strong_model_is_asked_only_where_there_is_doubt() {
    let file = format!("{RUBRIC}strong = \"large\"\n");
    for (small, outcome, times) in [
        ("pass", Pass, 0),
        ("fail", Pass, 1),
        ("cannot_judge", Pass, 1),
        ("!", Pass, 1),
        ("nonsense", Pass, 1),
    ] {
        let (found, sent) = asked(&file, by_model(small, "pass"));
        assert_eq!((found.outcome, large(&sent)), (outcome, times), "{small}");
        assert_eq!(found.earlier.len(), times, "both are kept");
    }
    let (found, sent) = asked(&file, by_model("fail", "fail"));
    assert_eq!((found.outcome, large(&sent), found.requests), (Fail, 1, 2));
    assert_eq!((found.earlier[0].name.as_str(), found.earlier[0].outcome), ("judge", Fail));
    // What the strong model cannot give is no verdict: the weak one does not come back.
    let (found, sent) = asked(&file, by_model("fail", "!"));
    assert_eq!((found.outcome, large(&sent)), (JudgeError, 3));
    // Samples that disagree are a doubt, also where most of them pass.
    let several = format!("{file}samples = 3\n");
    let flips =
        |number, body: &Value| said(if body["model"] == "large" || number == 1 { "fail" } else { "pass" });
    let (found, sent) = asked(&several, flips);
    assert_eq!((found.outcome, large(&sent), sent.len()), (Fail, 1, 4));
    assert_eq!(found.earlier.len(), 4, "three samples, and what they came to");
    let (found, sent) = asked(&several, by_model("pass", "fail"));
    assert_eq!((found.outcome, large(&sent), sent.len()), (Pass, 0, 3));
    // A fail that fresh verdicts do not confirm is no doubt any more.
    let confirmed = format!("{file}confirm = 3\n");
    let first_fails =
        |number, body: &Value| said(if body["model"] == "large" || number == 0 { "fail" } else { "pass" });
    let (found, sent) = asked(&confirmed, first_fails);
    assert_eq!((found.outcome, large(&sent), sent.len()), (Pass, 0, 4));
    let (found, sent) = asked(&confirmed, by_model("fail", "pass"));
    assert_eq!((found.outcome, large(&sent), sent.len()), (Pass, 1, 5));
}

#[test]
fn the_judges_of_a_panel_decide_together() {
    for (more, words, outcome, word) in [
        ("", &["pass", "fail", "pass"], Pass, Some("good")),
        ("", &["fail", "fail", "pass"], Fail, Some("bad")),
        ("", &["pass", "fail", "cannot_judge"], CannotJudge, None),
        ("decide = \"unanimous\"\n", &["fail", "fail", "fail"], Fail, Some("bad")),
        ("decide = \"unanimous\"\n", &["pass", "fail", "pass"], CannotJudge, None),
        ("decide = \"any_fail\"\n", &["pass", "pass", "fail"], Fail, Some("bad")),
        ("decide = \"any_fail\"\n", &["pass", "pass", "pass"], Pass, Some("good")),
    ] {
        let (found, sent) = asked_panel(&panel(more), in_turn(words));
        assert_eq!((found.outcome, found.word.as_deref()), (outcome, word), "{more}{words:?}");
        let names: Vec<&str> = found.parts.iter().map(|part| part.name.as_str()).collect();
        assert_eq!(names, ["a", "b", "c"]);
        for (body, name) in sent.iter().zip(names) {
            let system = body["messages"][0]["content"].as_str().unwrap();
            assert!(system.contains(&format!("Question {name}?")), "{system}");
        }
    }
}

#[test]
fn a_panel_is_confirmed_as_a_whole_and_its_strong_model_is_asked_each_question_once() {
    // Two of three fail, and on the second and third look all pass.
    let confirm = panel("confirm = 3\n");
    let words =
        ["fail", "fail", "pass", "pass", "pass", "pass", "pass", "pass", "pass", "fail", "fail", "fail"];
    let (found, sent) = asked_panel(&confirm, move |number, _| said(words[number]));
    assert_eq!((found.outcome, sent.len()), (Pass, 12));
    assert_eq!(parts(&found), [("confirmation 1", Pass), ("confirmation 2", Pass), ("confirmation 3", Fail)]);
    assert_eq!(found.earlier.len(), 4, "three judges, and what they came to");
    // Judges of one question: the strong model has one to answer.
    let alike: Vec<_> = panel("strong = \"large\"\n")
        .into_iter()
        .map(|(name, file)| (name, file.replace("Question b?", "Question a?")))
        .collect();
    let split =
        |number, body: &Value| said(if body["model"] == "large" || number == 0 { "fail" } else { "pass" });
    let (found, sent) = asked_panel(&alike, split);
    assert_eq!((found.outcome, large(&sent), sent.len()), (Fail, 2, 5), "two questions, of three judges");
    let (found, sent) = asked_panel(&alike, by_model("pass", "fail"));
    assert_eq!((found.outcome, large(&sent)), (Pass, 0));
}

/// The network, with a list of what would be the key of each request in a cache.
#[derive(Debug, Default)]
struct Listed(Mutex<Vec<String>>);

impl Asks for Listed {
    fn ask<'a>(&'a self, ask: Ask<'a>) -> Asked<'a> {
        let key = format!("{} {} {:?} {}", ask.judge, ask.client.sends(), ask.key, ask.sample);
        self.0.lock().unwrap().push(key);
        Network.ask(ask)
    }
}

#[test]
fn no_two_requests_of_a_judge_share_a_place_in_a_cache() {
    let files: Vec<(&str, String)> = panel("confirm = 2\nstrong = \"large\"\n")
        .into_iter()
        .map(|(name, file)| match name {
            "a" => (name, format!("{file}samples = 3\nconfirm = 2\nstrong = \"large\"\n")),
            // Asks what `a` asks.
            "b" => (name, file.replace("Question b?", "Question a?")),
            _ => (name, file),
        })
        .collect();
    let model = Model::start(by_model("fail", "fail"));
    let files: Vec<(&str, &str)> = files.iter().map(|(name, file)| (*name, file.as_str())).collect();
    let project = project_of(model.port, &files);
    let listed = Arc::new(Listed::default());
    let judge = judge_of(&project, "panel", listed.clone());
    for round in 0..3 {
        judged(&judge, &Given::default(), round);
    }
    let keys = listed.0.lock().unwrap();
    // A round: the panel thrice, of 6 + 1 + 1 requests each, and two questions for the strong model.
    assert_eq!((keys.len(), model.sent().len()), (3 * (3 * 8 + 2), 78));
    assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len());
    // The same round of another process asks the same.
    let again = Arc::new(Listed::default());
    judged(&judge_of(&project, "panel", again.clone()), &Given::default(), 0);
    assert_eq!(again.0.lock().unwrap()[..], keys[..26]);
}
