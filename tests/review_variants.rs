//! `holdline review --variants`: candidates are gone through by answers on standard input and by flags, and what is
//! accepted runs as cases from then on.

#[expect(dead_code, reason = "other test files use the rest")]
mod project;

use holdline::expand::{CaseId, Promise};
use holdline::suite::schema::Origin;
use holdline::suite::variants::{GeneratorRef, Made, MadeBy, ModelMade, SeedRef, Truth, Variant};
use holdline::synth::candidate::{Candidate, Nearest, Queue};
use holdline::synth::decision::advice;
use project::{Project, Ran};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write;
use std::process::Stdio;

const SUITE: &str = r#"
feature = "answers customers"
kind = "KIND"
labels = ["refund", "other"]
[target]
command = ["cat"]
[[scenario]]
name = "gives money back"
inputs = ["I want my money back", "my money, please"]
expect = { label = "refund" }
[[scenario]]
name = "small talk"
inputs = ["hello"]
"#;

fn suite(kind: &str) -> String {
    // A scenario without an expectation has none for what is written for it.
    SUITE.replace("KIND", kind).replace(
        "inputs = [\"hello\"]\n",
        "inputs = [{ text = \"hello\", expect = { label = \"other\" } }]\n",
    )
}

fn variant(scenario: &str, input: &str, of: Option<&str>, promise: Promise) -> Variant {
    let made = Made {
        generator: Some(GeneratorRef { name: "paraphrase".into(), version: 1 }),
        model: Some(ModelMade {
            model: "small".into(),
            answered: Some("small-2026".into()),
            prompt: "0011223344556677".into(),
            sampling: json!({ "temperature": 0.7 }),
            reply: "8899aabbccddeeff".into(),
        }),
        scores: BTreeMap::from([("clarity".into(), 0.75), ("realism".into(), 0.5)]),
        ..Made::new(MadeBy::Model, Origin::Model)
    };
    Variant {
        scenario: scenario.into(),
        input: json!(input),
        turns: Vec::new(),
        of: of.map(|seed| SeedRef::Input(json!(seed))),
        promise,
        expect: None,
        row: BTreeMap::new(),
        knobs: BTreeMap::new(),
        tags: Vec::new(),
        made,
        truth: Truth::Rule,
        review: None,
    }
}

fn same(input: &str) -> Variant {
    variant("gives-money-back", input, Some("I want my money back"), Promise::Same)
}

fn own(input: &str) -> Variant {
    variant("small-talk", input, None, Promise::Own)
}

/// A project with these candidates, and their ids.
fn project(kind: &str, variants: Vec<Variant>) -> (Project, Vec<CaseId>) {
    let project = Project::new(&[("suites/desk.toml", &suite(kind))]);
    let ids = add(&project, variants);
    (project, ids)
}

fn add(project: &Project, variants: Vec<Variant>) -> Vec<CaseId> {
    let mut queue = Queue::open(project.folder.path(), "desk").unwrap();
    let candidates: Vec<Candidate> =
        variants.into_iter().map(|variant| Candidate::new("desk", variant)).collect();
    let ids = candidates.iter().map(|candidate| candidate.id).collect();
    queue.add(candidates).unwrap();
    ids
}

/// Reviews with these answers on standard input.
fn answer(project: &Project, answers: &str) -> Ran {
    let mut command = project.command(&["review", "--variants", "desk"]);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(answers.as_bytes()).unwrap();
    Ran::of(child.wait_with_output().unwrap())
}

fn review(project: &Project, arguments: &[&str]) -> Ran {
    project.holdline(&[&["review", "--variants", "desk"], arguments].concat())
}

/// The lines of the suite's variants.
fn accepted(project: &Project) -> Vec<Value> {
    let path = project.path("suites/desk.variants.jsonl");
    if !path.exists() {
        return Vec::new();
    }
    project
        .read("suites/desk.variants.jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn listed(project: &Project) -> Vec<Value> {
    let ran = project.holdline(&["list", "--json"]).expect(0);
    ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn accepted_candidates_are_cases_from_then_on_the_same_in_every_copy_of_the_project() {
    let of = || vec![same("could the money come back to me?"), same("give it back, the money I mean")];
    let (one, ids) = project("regression", of());
    let (other, _) = project("regression", of());
    for project in [&one, &other] {
        let before = listed(project).len();
        answer(project, "a reads well\na\n").expect(0).says(&["2 decided now", "0 of 2 candidates wait"]);
        assert_eq!(listed(project).len(), before + 2);
        project.holdline(&["check"]).expect(0);
    }
    let lines = accepted(&one);
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["review"]["by"], "Ada");
    assert_eq!(lines[0]["review"]["approved"], "evaluation");
    assert_eq!(lines[0]["review"]["note"], "reads well");
    assert_eq!(lines[0]["made"]["model"]["reply"], "8899aabbccddeeff");
    assert_eq!(lines[0]["truth"], "rule");
    assert!(lines[0]["review"].get("edited_from").is_none());
    let (out, out_of_other) =
        (one.holdline(&["list", "--json"]).out, other.holdline(&["list", "--json"]).out);
    assert_eq!(out, out_of_other);
    // What waited has no place in the file that was accepted.
    assert!(!one.read("suites/desk.variants.jsonl").contains(&ids[0].to_string()));
}

#[test]
fn a_recorded_plan_is_still_true_once_it_is_written_anew_and_does_not_pass_before() {
    let (project, _) = project("regression", vec![same("could the money come back to me?")]);
    project.holdline(&["expand", "--write"]).expect(0);
    answer(&project, "a\n").expect(0);
    project.holdline(&["expand", "--check"]).expect(1);
    project.holdline(&["expand", "--write"]).expect(0);
    project.holdline(&["expand", "--check"]).expect(0);
}

#[test]
fn a_candidate_is_shown_with_all_that_speaks_for_and_against_it() {
    let (project, _) = project("regression", Vec::new());
    let mut queue = Queue::open(project.folder.path(), "desk").unwrap();
    let mut candidate = Candidate::new("desk", same("I want all my \u{1b}[31mmoney"));
    candidate.variant.made.from = Some("a::warning:: log\u{202e}".into());
    candidate.nearest =
        Some(Nearest { text: "my money, please".into(), similarity: 0.25, what: "seed".into() });
    candidate.reasons = BTreeMap::from([("realism".into(), "nobody speaks so".into())]);
    queue.add(vec![candidate]).unwrap();
    let ran = answer(&project, "?\nq\n").expect(0);
    insta::assert_snapshot!(ran.out);
}

#[test]
fn nobody_there_is_told_what_waits_and_how_to_decide() {
    let (project, _) = project("regression", vec![same("could the money come back to me?"), own("good day")]);
    let ran = review(&project, &[]).expect(0);
    insta::assert_snapshot!(ran.out);
    assert!(accepted(&project).is_empty());
}

#[test]
fn what_is_quit_is_taken_up_where_it_was_left_and_what_was_skipped_comes_again() {
    let (project, ids) =
        project("regression", vec![same("one please"), same("two please"), same("three please")]);
    answer(&project, "a\ns\nq\n").expect(0).says(&["1 decided now, 1 skipped", "2 of 3 candidates wait"]);
    let ran = answer(&project, "r 1\n").expect(0);
    ran.says(&["2 candidates to be reviewed", &ids[1].to_string(), "1 accepted and 1 rejected in all"]);
}

#[test]
fn undo_reaches_back_over_sessions_and_takes_the_line_out_of_the_file() {
    let (project, ids) = project("regression", vec![same("one please"), same("two please")]);
    answer(&project, "a\nr 2 too short\n").expect(0);
    let whole = project.read("suites/desk.variants.jsonl");
    review(&project, &["--undo"]).expect(0).says(&[&ids[1].to_string(), "was rejected and waits again"]);
    assert_eq!(project.read("suites/desk.variants.jsonl"), whole);
    review(&project, &["--undo"]).expect(0).says(&[&ids[0].to_string(), "was accepted and waits again"]);
    assert_eq!(project.read("suites/desk.variants.jsonl"), "");
    review(&project, &["--undo"]).expect(2).says(&["nothing was decided about suite `desk` yet"]);
    answer(&project, "a\nu\nt\ns\n").expect(0).says(&["waits again", "1 decided now"]);
    assert_eq!(accepted(&project).len(), 1);
    assert_eq!(accepted(&project)[0]["review"]["approved"], "training");
}

#[test]
fn what_is_no_longer_last_in_the_file_is_not_taken_back() {
    let (project, ids) = project("regression", vec![same("one please")]);
    review(&project, &["--accept", "all", "--approve", "evaluation"]).expect(0);
    let mut text = project.read("suites/desk.variants.jsonl");
    text.push_str(&text.replace("one please", "by hand, this one"));
    project.write("suites/desk.variants.jsonl", &text);
    let ran = review(&project, &["--undo"]).expect(2);
    ran.says(&[&ids[0].to_string(), "its line is not the last one of suites/desk.variants.jsonl any more"]);
    assert_eq!(project.read("suites/desk.variants.jsonl"), text);
    let ran = answer(&project, "u\nq\n").expect(0);
    ran.says(&["desk: 0 candidates to be reviewed"]);
}

#[test]
fn an_edited_candidate_says_so_and_goes_through_the_checks_again() {
    let (project, ids) =
        project("regression", vec![same("could the money come back to me?"), same("two please")]);
    let answers = "e I want my money  BACK\na\n\
                   e I do not want my money back at all\na\n\
                   e please send the money on to my account\na\n\
                   e Please send  the money on to my account\na\ns\n";
    let ran = answer(&project, answers).expect(0);
    ran.says(&[
        "not accepted: the filter keeps it out (duplicate)",
        "not accepted: the filter keeps it out (meaning)",
        // What was accepted a moment ago is known as well.
        "not accepted: the filter keeps it out (duplicate)",
        "variant in line 1 of suites/desk.variants.jsonl",
        "1 decided now",
    ]);
    let lines = accepted(&project);
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["input"], "please send the money on to my account");
    assert_eq!(lines[0]["review"]["edited_from"], ids[0].to_string());
}

#[test]
fn without_a_terminal_no_editor_is_started_and_a_line_is_asked_for() {
    use holdline::suite::variants::VariantFile;
    let (project, _) = project("regression", vec![same("could the money come back to me?")]);
    let ran = answer(&project, "e\nplease send the money on to my account\na\n").expect(0);
    ran.says(&["what it asks instead", "1 decided now"]);
    let file = VariantFile::open(project.folder.path(), "suites/desk.toml").unwrap();
    assert_eq!(file.variants[0].variant.input, "please send the money on to my account");
}

#[test]
fn a_candidate_without_an_expectation_needs_one_from_the_person() {
    let changed =
        variant("gives-money-back", "keep my money", Some("I want my money back"), Promise::Changed);
    let (project, ids) = project("regression", vec![changed, own("good day")]);
    let id = ids[0].to_string();
    review(&project, &["--accept", &id, "--approve", "evaluation"])
        .expect(2)
        .says(&["0 of 1 candidate accepted", "nobody says what must hold of the answer"]);
    assert!(accepted(&project).is_empty());
    review(&project, &["--accept", &id, "--approve", "evaluation", "--expect", "refnd"])
        .expect(2)
        .says(&["--expect: `refnd` is no label of the suite (refund, other)"]);
    let answers = "a\nrefnd\nother\na\n{ contains = \"day\" }\n";
    answer(&project, answers).expect(0).says(&["`refnd` is no label", "2 decided now"]);
    let lines = accepted(&project);
    assert_eq!((&lines[0]["expect"]["label"], &lines[0]["truth"]), (&json!("other"), &json!("person")));
    assert_eq!((&lines[1]["expect"]["contains"], &lines[1]["truth"]), (&json!("day"), &json!("person")));
    project.holdline(&["check"]).expect(0);
    let labels: Vec<Value> =
        listed(&project).into_iter().map(|case| case["expected_label"].clone()).collect();
    assert!(labels.contains(&json!("other")));
}

#[test]
fn an_expectation_that_cannot_be_checked_is_not_accepted() {
    let (project, _) = project("regression", vec![own("good day")]);
    let answers = "x { matches = \"(\" }\na\nx { judge = \"nobody\" }\na\nx { contains = \"{{ row.missing }}\" }\na\nq\n";
    answer(&project, answers).expect(0).says(&[
        "its expectation cannot be checked",
        "nobody",
        "it would be no case",
        "0 decided now",
    ]);
    assert!(accepted(&project).is_empty());
}

#[test]
fn reasons_are_counted_and_can_feed_the_next_prompt() {
    let (project, _) =
        project("regression", vec![same("one please"), same("two please"), same("three please")]);
    let answers = "r\n1 too stiff\nr unrealistic\nr nonsense\nr wrong_fact\n";
    answer(&project, answers).expect(0).says(&["write one of the numbers", "3 rejected in all"]);
    let ran = review(&project, &["--reasons"]).expect(0);
    insta::assert_snapshot!(ran.out);
    let advice = advice(project.folder.path(), "desk").unwrap();
    assert_eq!(advice.len(), 1);
    assert!(advice[0].contains("rejected 2 of 3") && advice[0].contains("too stiff"), "{advice:?}");
}

#[test]
fn what_people_said_of_rejected_candidates_is_in_the_next_prompt() {
    let (project, _) = project("regression", vec![same("one please"), same("two please")]);
    project.write("holdline.toml", "[models.writer]\nbase_url = \"http://127.0.0.1:9/v1\"\nmodel = \"m\"\n");
    let arguments = ["synth", "desk", "--dry-run", "--generator", "queries", "--count", "2"];
    project.holdline(&arguments).expect(0).keeps_quiet(&["Reviewers rejected"]);
    answer(&project, "r 1 nobody is that polite\nr 1\n").expect(0);
    let ran = project.holdline(&arguments).expect(0);
    ran.says(&["Reviewers rejected 2 of 2 because nobody would say it", "nobody is that polite"]);
}

#[test]
fn flags_decide_about_many_and_name_what_they_cannot() {
    let (project, ids) = project("capability", vec![same("one please"), same("two please"), own("good day")]);
    let [one, two, three] = [0, 1, 2].map(|at| ids[at].to_string());
    review(&project, &["--accept", &one[..8], &three, "--approve", "both", "--note", "batch"])
        .expect(2)
        .says(&["1 of 2 candidates accepted", &three]);
    assert_eq!(accepted(&project)[0]["review"]["note"], "batch");
    review(&project, &["--accept", &one, "--approve", "both"]).expect(2).says(&["was decided about already"]);
    review(&project, &["--reject", &two, "--reason", "boring"])
        .expect(2)
        .says(&["`boring` is no reason", "too_easy"]);
    review(&project, &["--reject", &two]).expect(2).says(&["--reason"]);
    review(&project, &["--reject", &two, "--reason", "too_easy"]).expect(0).says(&["rejected"]);
    review(&project, &["--accept", "ffff", "--approve", "both"])
        .expect(2)
        .says(&["no candidate of suite `desk` has the id `ffff`"]);
    review(&project, &["--accept", &three]).expect(2).says(&["--approve evaluation"]);
}

#[test]
fn approval_for_training_that_export_would_refuse_is_told_at_once() {
    let (project, _) = project("regression", vec![same("one please"), same("two please")]);
    answer(&project, "b\nt\n").expect(0).says(&[
        "suite desk gates, so that it will gate and `holdline export` will refuse to train on it",
        "its seed gates in suite desk",
    ]);
}

#[test]
fn what_is_approved_for_training_alone_is_no_case() {
    let (project, _) = project("capability", vec![same("one please")]);
    let before = listed(&project).len();
    answer(&project, "t\n").expect(0).keeps_quiet(&["note:"]);
    assert_eq!((accepted(&project).len(), listed(&project).len()), (1, before));
}

#[test]
fn what_is_for_training_alone_may_say_what_a_case_says() {
    let mut twin = same("one please");
    twin.row = BTreeMap::from([("reference".into(), json!("Here it is."))]);
    let (project, _) = project("capability", vec![same("one please"), twin]);
    answer(&project, "b\nt\n").expect(0).says(&["2 decided now"]);
    project.holdline(&["check"]).expect(0);
    assert_eq!(accepted(&project).len(), 2);
}

#[test]
fn ci_reviews_nothing() {
    let (project, _) = project("regression", vec![same("one please")]);
    project
        .holdline_in_ci(&["review", "--variants", "desk", "--accept", "all", "--approve", "evaluation"])
        .expect(2)
        .says(&["CI reads what was reviewed"]);
    assert!(accepted(&project).is_empty());
    project.holdline_in_ci(&["review", "--variants", "desk", "--reasons"]).expect(0);
}

/// What a process leaves that was killed between the decision and the suite's file.
#[test]
fn what_a_killed_review_left_half_done_is_finished_by_the_next() {
    let (project, ids) = project("regression", vec![same("one please"), same("two please")]);
    review(&project, &["--accept", &ids[0].to_string(), "--approve", "evaluation"]).expect(0);
    let log = ".holdline/candidates/desk.decisions.jsonl";
    let whole = project.read(log);
    let accept = whole.lines().next().unwrap().to_owned() + "\n";
    // Decided, and not in the file.
    project.write(log, &accept);
    std::fs::remove_file(project.path("suites/desk.variants.jsonl")).unwrap();
    review(&project, &[]).expect(0).says(&["1 of 2 candidates wait"]);
    assert_eq!(accepted(&project).len(), 1);
    assert_eq!(project.read(log), whole);
    // Decided, in the file, and not known to be.
    project.write(log, &accept);
    review(&project, &[]).expect(0);
    assert_eq!((accepted(&project).len(), project.read(log)), (1, whole.clone()));
    // Taken back, and still in the file.
    let undo =
        format!("{{\"did\":\"undo\",\"candidate\":\"{}\",\"by\":\"Ada\",\"date\":\"2026-11-20\"}}\n", ids[0]);
    project.write(log, &(whole.clone() + &undo));
    review(&project, &[]).expect(0).says(&["2 of 2 candidates wait"]);
    assert!(accepted(&project).is_empty());
    // What people take out of the file by hand later stays out.
    project.write(log, &whole);
    review(&project, &[]).expect(0).says(&["1 of 2 candidates wait"]);
    assert!(accepted(&project).is_empty());
}

const JUDGE: &str = r#"
kind = "rubric"
question = "Is the customer's problem resolved?"
pass_when = "the answer solves it"
fail_when = "it does not"
positive = "fail"
"#;

/// An answer that a model wrote to a seed.
fn answer_to(seed: &str, output: &str, verdict: &str) -> Variant {
    let columns = [("output", output), ("verdict", verdict), ("kind", "partial")];
    Variant {
        row: columns.map(|(name, text)| (name.to_owned(), json!(text))).into(),
        tags: vec!["answer".into()],
        ..variant("gives-money-back", seed, Some(seed), Promise::Same)
    }
}

#[test]
fn an_answer_to_a_seed_is_no_case_and_is_labelled_without_what_the_model_meant_it_to_be() {
    let seed = "I want my money back";
    let (project, ids) = project("regression", vec![answer_to(seed, "It will come some day.", "fail")]);
    project.write("suites/judges/resolved.toml", JUDGE);
    let label = ["judge", "label", "desk", "--judge", "resolved", "--written"];
    project.holdline(&label).expect(2).says(&["no answer that a model wrote was accepted for suite `desk`"]);
    let id = ids[0].to_string();
    let accept =
        |what: &str| project.holdline(&["review", "--variants", "desk", "--accept", &id, "--approve", what]);
    accept("evaluation").expect(2).says(&["it asks what its seed asks", "--written"]);
    accept("training").expect(0);
    let before = project.holdline(&["list"]).expect(0).out;
    assert_eq!(before.lines().count(), 3, "{before}");

    let mut child = project.command(&label).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"f\n").unwrap();
    let ran = Ran::of(child.wait_with_output().unwrap()).expect(0);
    assert!(ran.out.contains("answer: It will come some day."), "{}", ran.out);
    assert!(!ran.out.contains("meant"), "{}", ran.out);
    let line: Value = serde_json::from_str(&project.read("suites/judges/resolved.labels.jsonl")).unwrap();
    assert_eq!((&line["label"], &line["labeller"]), (&json!("fail"), &json!("Ada")));
    assert_eq!(line["note"], "written by a model as `partial`, meant to fail");
}
