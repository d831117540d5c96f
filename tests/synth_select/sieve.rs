//! The filter, over a suite that is loaded and expanded as it always is.

use crate::draft;
use crate::project::Project;
use holdline::expand::{Promise, Reason, cases_of};
use holdline::suite::schema::{Expect, OneOrMany};
use holdline::suite::variants::{SeedRef, SourceSpan, Variant};
use holdline::synth::draft::Draft;
use holdline::synth::select::{Sieve, Yields};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::path::Path;

const SUITE: &str = r#"
feature = "Routes a request to the agent that can handle it"
labels = ["scheduling", "documents"]

[target]
recorded = "answers.jsonl"

[[scenario]]
name = "books a meeting"
inputs = [
    "Book 30 minutes with Ana on Friday",
    "Please do not cancel the 4 pm call with the works council about the new rooms",
    "Wo kann ich bitte mit dem Team einen Termin für die Woche finden?",
]
expect = { label = "scheduling" }

[[scenario]]
name = "finds a file"
inputs = ["Where is the lease for project Alpha?"]
expect = { label = "documents", contains = "lease.pdf" }
expand = ["typing"]
protect = ["project \\w+"]
"#;

const SEED: &str = "Book 30 minutes with Ana on Friday";
const COUNCIL: &str = "Please do not cancel the 4 pm call with the works council about the new rooms";

fn sieve() -> Sieve {
    let project = Project::new(&[("suites/route.toml", SUITE), ("suites/answers.jsonl", "")]);
    let suite = holdline::suite::load(project.folder.path(), Path::new("suites/route.toml")).unwrap();
    let cases = cases_of(&suite).unwrap();
    let mut sieve = Sieve::new(&suite, &cases);
    sieve.begin("books-a-meeting", "queries");
    sieve
}

fn variant(of: &str, text: &str, promise: Promise) -> Draft {
    Draft { of: Some(SeedRef::Input(json!(of))), promise, ..draft(text) }
}

fn waiting(text: &str) -> Variant {
    let made = json!({ "by": "model", "origin": "model" });
    let line = json!({ "scenario": "books-a-meeting", "input": text, "made": made, "truth": "model" });
    serde_json::from_value(line).unwrap()
}

/// An answer to a question, and what it is meant to be.
fn answer(question: &str, output: &str, verdict: &str) -> Draft {
    let columns = [("output", output), ("verdict", verdict)];
    let row = columns.map(|(name, text)| (name.to_owned(), json!(text))).into();
    Draft { row, ..variant(question, question, Promise::Same) }
}

fn expecting(text: &str, expect: Value) -> Draft {
    let expect: Expect = serde_json::from_value(expect).unwrap();
    Draft { expect: Some(OneOrMany::One(Box::new(expect))), ..draft(text) }
}

/// What became of a draft that is the first: its reason, or the filters it passed.
fn became(draft: &Draft) -> Result<Vec<String>, Reason> {
    sieve().let_in(draft, None).map(|let_in| let_in.passed)
}

#[test]
fn a_generator_that_repeats_itself_is_reported_as_6_of_24() {
    let unique = [
        "can you find an hour with Bo next week",
        "I need the big room on Tuesday morning",
        "move my stand-up half an hour back please",
        "when is everybody in marketing free",
        "set up a weekly catch-up with my manager",
        "who could join a workshop in March",
    ];
    let (mut sieve, mut yields) = (sieve(), Yields::default());
    yields.request("queries", "small", 24);
    for at in 0..24 {
        let text = unique[at % 6];
        // Case and white space make no new text.
        let text = if at >= 12 { format!(" {} ", text.to_uppercase()) } else { text.to_owned() };
        yields.count("queries", "small", sieve.let_in(&draft(&text), None).map(drop));
    }
    let queries = &yields.by_generator["queries"];
    assert_eq!((queries.requested, queries.drafted, queries.delivered), (24, 24, 6));
    assert_eq!(
        queries.rejected.iter().map(|(reason, count)| (reason.code(), *count)).collect::<Vec<_>>(),
        [("duplicate", 18)]
    );
    assert!(yields.all.is_whole());
    assert_eq!(yields.by_model["small"], *queries);
}

#[test]
fn what_was_passed_is_told_in_the_order_of_the_filter() {
    let own = became(&draft("can you find an hour with Bo next week")).unwrap();
    let all =
        ["schema", "language", "personal_data", "secret", "duplicate", "near_duplicate", "collapse", "human"];
    assert_eq!(own, all);
    let same = became(&variant(SEED, "On Friday I want 30 minutes with Ana", Promise::Same)).unwrap();
    assert_eq!(same[..4], ["schema", "no_op", "protected", "meaning"]);
}

#[test]
fn a_paraphrase_keeps_what_its_seed_says() {
    let same = |text: &str| became(&variant(COUNCIL, text, Promise::Same)).map(drop);
    assert_eq!(
        same("The works council call at 4 pm must stay, so don't cancel it, please"),
        Err(Reason::Meaning)
    );
    assert_eq!(same("I want the works council call at 4 pm to stay, don't cancel it"), Ok(()));
    assert_eq!(same("Cancel the 4 pm call with the works council, would you"), Err(Reason::Meaning));
    assert_eq!(
        same("I want to keep the works council call at 5 pm, do not cancel it"),
        Err(Reason::Protected)
    );
    assert_eq!(
        same("please, do NOT cancel the 4 pm call with the works council about the new rooms!"),
        Err(Reason::NoOp)
    );
    // Every word may be another one: there is no edit budget. A copy with one word more is a near duplicate.
    assert_eq!(
        same("Please do not cancel the 4 pm call with the works council about the new rooms now"),
        Err(Reason::NearDuplicate)
    );
    // The suite's own protected words, and what an answer must repeat.
    let mut sieve = sieve();
    sieve.begin("finds-a-file", "paraphrase");
    let of_file = |text: &str| variant("Where is the lease for project Alpha?", text, Promise::Same);
    assert_eq!(
        sieve.let_in(&of_file("I am looking for project Alpha and its lease"), None).map(drop),
        Ok(())
    );
}

#[test]
fn what_changes_the_meaning_may_lie_near_its_seed_and_not_elsewhere() {
    let text = "Please cancel the 4 pm call with the works council about the new rooms";
    assert_eq!(became(&variant(COUNCIL, text, Promise::Changed)).map(drop), Ok(()));
    assert_eq!(became(&variant(COUNCIL, text, Promise::Same)).map(drop), Err(Reason::Meaning));
    assert_eq!(became(&variant(SEED, text, Promise::Changed)).map(drop), Err(Reason::NearDuplicate));
    assert_eq!(became(&draft(text)).map(drop), Err(Reason::NearDuplicate));
    assert_eq!(became(&variant(COUNCIL, COUNCIL, Promise::Changed)).map(drop), Err(Reason::NoOp));
    assert_eq!(became(&draft(COUNCIL)).map(drop), Err(Reason::Duplicate));
}

#[test]
fn what_is_no_case_is_kept_out() {
    for (bad, wanted) in [
        (draft("  "), Reason::Schema),
        (Draft { input: Value::Null, ..draft("") }, Reason::Schema),
        (draft("ring \u{7}"), Reason::Schema),
        (Draft { turns: vec!["ok".into(), " ".into()], ..draft("book it") }, Reason::Schema),
        (draft("Book a room for [Your Name] on Monday"), Reason::Schema),
        (draft("As an AI language model, I cannot book rooms"), Reason::Schema),
        (draft("Sure, here are five questions about rooms"), Reason::Schema),
        (Draft { promise: Promise::Same, ..draft("book it with Ana") }, Reason::Schema),
        (variant("no such seed", "book it with Ana", Promise::Own), Reason::Schema),
        (draft("write to jo.smith@gmail.com about the room"), Reason::PersonalData),
        (draft(&format!("book it with {}", ["AKIA", "IOSFODNN7EXAMPLE"].concat())), Reason::Secret),
        (draft("Est-ce que vous pouvez trouver la salle pour la réunion avec le chef ?"), Reason::Language),
        (draft("room room room room room room room room"), Reason::Collapse),
    ] {
        assert_eq!(became(&bad).map(drop), Err(wanted), "{bad:?}");
    }
    // Examples' addresses, and the second language of the seeds, are fine; so is the language a knob asks for.
    for good in [
        draft("write to jo@example.com about the room"),
        draft("Ich möchte bitte für die Woche und das Team eine Liste von der Planung"),
        Draft {
            knobs: [("language".to_owned(), json!("French"))].into(),
            ..draft("Est-ce que vous pouvez trouver la salle pour la réunion avec le chef ?")
        },
    ] {
        assert!(became(&good).is_ok(), "{good:?}");
    }
}

#[test]
fn an_expectation_that_would_be_run_or_read_as_a_template_is_kept_out() {
    let text = "can you find an hour with Bo next week";
    for bad in [
        json!({ "label": "cooking" }),
        json!({ "contains": "${env:SECRET_KEY}" }),
        json!({ "contains": "{{ row.other }}" }),
        json!({ "contains": "{% for x in y %}" }),
        json!({ "command": { "run": ["rm", "-r", "."] } }),
    ] {
        assert_eq!(became(&expecting(text, bad.clone())).map(drop), Err(Reason::Schema), "{bad}");
    }
    assert!(became(&expecting(text, json!({ "label": "documents" }))).is_ok());
    let mut with_row = expecting(text, json!({ "contains": "{{ row.reference }}" }));
    assert_eq!(became(&with_row).map(drop), Err(Reason::Schema), "it has no such column");
    with_row.row.insert("reference".into(), json!("on Monday"));
    assert!(became(&with_row).is_ok());
}

#[test]
fn sources_are_held_to_the_documents_and_may_hold_the_teams_own_data() {
    let page = "Call +44 20 7123 4567 to cancel. Rooms close at 18:00.";
    let passage = SourceSpan { file: "a.md".into(), start: 10, end: 10 + page.len(), text: page.into() };
    let from = |start: usize, text: &str| SourceSpan {
        file: "a.md".into(),
        start,
        end: start + text.len(),
        text: text.into(),
    };
    let mut sieve = sieve();
    sieve.with_documents(&[passage]);
    let grounded = |text: &str, source: SourceSpan| Draft { sources: vec![source], ..draft(text) };
    let closes = "Rooms close at 18:00.";
    let right = grounded("until when can I use a room", from(10 + 33, closes));
    assert!(sieve.let_in(&right, None).unwrap().passed.contains(&"ungrounded".to_owned()));
    let shifted = grounded("is the room open at night", from(10 + 32, closes));
    assert_eq!(sieve.let_in(&shifted, None).map(drop), Err(Reason::Ungrounded));
    let invented = grounded("what does a room cost a day", from(10, "Rooms cost nothing."));
    let rejection = sieve.examine(&invented, None).unwrap_err();
    assert_eq!(rejection.why, "bytes 10 to 29 of a.md do not say what is quoted from there");
    let number =
        grounded("do I ring +44 20 7123 4567 to give it back", from(10, "Call +44 20 7123 4567 to cancel."));
    assert!(sieve.let_in(&number, None).is_ok(), "the number is the document's");
}

#[test]
fn what_a_person_rejected_or_what_waits_is_not_offered_again() {
    let mut sieve = sieve();
    sieve.reject(&waiting("when is everybody in marketing free"));
    sieve.know(&waiting("who could join a workshop in March"), "candidate");
    let mut said = |text: &str| sieve.let_in(&draft(text), None).map(drop);
    assert_eq!(said("When is everybody in  marketing free"), Err(Reason::Human));
    assert_eq!(said("who could join a workshop in March"), Err(Reason::Duplicate));
    assert_eq!(said("who could join a workshop in March?!"), Err(Reason::NearDuplicate));
}

#[test]
fn of_a_generated_answer_the_answer_is_what_is_new() {
    let mut sieve = sieve();
    let right = "Your half hour with Ana is on Friday at ten in the morning, in the small room upstairs.";
    let wrong = right.replace("Friday", "Monday");
    let mut said = |output: &str, verdict: &str| sieve.let_in(&answer(SEED, output, verdict), None).map(drop);
    assert_eq!(said(right, "pass"), Ok(()), "its question is a seed of the suite");
    assert_eq!(said(&wrong, "fail"), Ok(()), "a wrong answer is near the right one");
    assert_eq!(said(&wrong, "pass"), Err(Reason::Duplicate));
    assert_eq!(said(&right.replace("small", "large"), "pass"), Err(Reason::NearDuplicate));
}

#[test]
fn a_conversation_is_its_turns_too() {
    let mut sieve = sieve();
    let of =
        |turn: &str| Draft { turns: vec![turn.to_owned()], ..draft("I would like a room for the workshop") };
    assert!(sieve.let_in(&of("for twelve people, with a large screen, on the ground floor"), None).is_ok());
    assert!(sieve.let_in(&of("sorry, I mean cancelling it, we are all ill this week"), None).is_ok());
    let again = sieve.let_in(&of("For twelve people, with a large screen, on the ground floor"), None);
    assert_eq!(again.map(drop), Err(Reason::Duplicate));
}

#[test]
fn the_nearest_text_is_told_with_what_it_is() {
    let mut sieve = sieve();
    let first = sieve.let_in(&draft("Book 45 minutes with Ana on Thursday or later"), None).unwrap();
    let nearest = first.nearest.unwrap();
    assert!(nearest.what.starts_with("seed ") && nearest.text == SEED, "{nearest:?}");
    assert!(nearest.similarity > 0.2 && nearest.similarity < 0.8);
    let second = sieve.let_in(&draft("Book 45 minutes with Bo on Thursday, not later"), None).unwrap();
    assert_eq!(second.nearest.unwrap().what, "candidate");
}

#[test]
fn a_template_may_have_half_of_a_batch_of_one_generator() {
    let mut sieve = sieve();
    let things = [
        "lamp", "chair", "desk", "phone", "printer", "window", "heater", "door", "carpet", "clock", "stove",
        "radio",
    ];
    let mut became = |generator: &str, at: usize| {
        sieve.begin("books-a-meeting", generator);
        sieve
            .let_in(
                &draft(&format!("can you fix {} number {} {}", things[at], at, generator.repeat(at))),
                None,
            )
            .map(drop)
    };
    let first: Vec<_> = (0..9).map(|at| became("a", at)).collect();
    assert!(first.iter().all(Result::is_ok), "a few texts say nothing: {first:?}");
    assert_eq!(became("a", 9), Err(Reason::Collapse));
    assert_eq!(became("b", 10), Ok(()), "another generator begins anew");
    assert_eq!(sieve.variety("books-a-meeting", "a").unwrap().opening, Some(("can you fix".to_owned(), 9)));
}

/// Texts of which some are equal, some bad, and all far from each other and from the seeds otherwise.
fn drafts() -> impl Strategy<Value = Vec<String>> {
    let words = [
        "lamp in the cellar",
        "a chair that broke",
        "ten printers",
        "no heating",
        "the stove",
        " ",
        "mail jo@gmail.com",
        "ring \u{7}",
    ];
    prop::collection::vec(prop::sample::select(words.map(str::to_owned).to_vec()), 0..9)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Below the size at which shares count, how many are let in and why others are not does not depend on who
    /// comes first.
    #[test]
    fn the_order_of_a_small_batch_changes_no_count(texts in drafts()) {
        let count = |texts: Vec<&String>| {
            let (mut sieve, mut yields) = (sieve(), Yields::default());
            for text in texts {
                yields.count("q", "m", sieve.let_in(&draft(text), None).map(drop));
            }
            yields.all
        };
        prop_assert_eq!(count(texts.iter().collect()), count(texts.iter().rev().collect()));
    }
}
