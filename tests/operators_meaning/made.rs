//! Hard negatives, and pairs of an answer and its source.

use crate::{Given, variants};
use holdline::expand::edit::leads_to;
use holdline::expand::operator::{Draft, Settings};
use holdline::suite::schema::{Expect, OneOrMany};
use serde_json::json;

#[test]
fn a_near_miss_is_worded_alike() {
    let all = variants("near_miss_intent", "Book a meeting with Ana tomorrow");
    assert_eq!(
        all,
        ["karaoke room", "table", "tennis court"].map(|thing| format!("Book a {thing} with Ana tomorrow"))
    );
    let own = Given::settings(json!({ "with": ["book a meeting -> book an orchestra", "no arrow"] }));
    let own = own.variants("near_miss_intent", "please book a meeting");
    assert_eq!(own, ["please book an orchestra".to_owned()].into());
    assert_eq!(variants("near_miss_intent", "the report I could not find"), [""; 0]);
}

#[test]
fn part_of_an_answer_is_left() {
    for (text, parts) in [
        ("The fee is 5 euros. It is paid once.", vec!["The fee is 5 euros."]),
        (
            "Summarise the budget call and then book a follow-up.",
            vec!["Book a follow-up.", "Summarise the budget call."],
        ),
        ("Invite Lars, Mei and Ottilie today", vec!["Invite Lars and Mei today"]),
        ("Meet with Priya and Tom on Monday", vec!["Meet with Priya on Monday"]),
    ] {
        assert_eq!(variants("partial_answer", text), parts);
    }
    for text in ["Book a room", "When are Olga and Pierre both free?", "My train is late. Cancel it."] {
        assert_eq!(variants("partial_answer", text), [""; 0], "{text}");
    }
}

#[test]
fn a_fact_grows_old() {
    for (text, stale) in [
        ("Book a room tomorrow", vec!["Book a room yesterday"]),
        ("a call on Friday at 3", vec!["a call last Friday at 3"]),
        ("the latest draft", vec!["the oldest draft", "the previous draft"]),
        ("upgrade to v2.1", vec!["upgrade to v0.1", "upgrade to v1.1"]),
    ] {
        assert_eq!(variants("stale_fact", text), stale);
    }
    let years = variants("stale_fact", "The fee of 2024 holds");
    assert_eq!(years.first().unwrap(), "The fee of 2016 holds");
    assert_eq!((years.len(), years.last().unwrap().as_str()), (8, "The fee of 2023 holds"));
    assert_eq!(variants("stale_fact", "It costs $2024 or 2024.50"), [""; 0]);
}

#[test]
fn the_number_stays_and_the_unit_goes() {
    for (text, wrong) in [
        ("move it to 3pm", vec!["move it to 3am"]),
        ("It weighs 20 kg", vec!["It weighs 20 lb"]),
        ("a 40 minute call", vec!["a 40 hour call"]),
        ("pay €30 now", vec!["pay $30 now", "pay £30 now"]),
        ("5 KM away", vec!["5 MILES away"]),
        ("twenty minutes", vec!["twenty hours", "twenty seconds"]),
    ] {
        assert_eq!(variants("wrong_unit", text), wrong);
    }
    for text in ["I am at 10", "the 3 musketeers", "a pound of hope", "room 3 pmx"] {
        assert_eq!(variants("wrong_unit", text), [""; 0], "{text}");
    }
}

#[test]
fn pairs_of_answers_say_whether_the_source_supports_them() {
    let source = "The Hamburg office was opened in 2014 by Ingrid Larsen. A branch in Lisbon has 45 desks.";
    let answer = "It was opened in Hamburg by Ingrid Larsen in 2014.";
    let given = Given::pair(answer, source);
    let label = |draft: &Draft| draft.expect.as_ref().and_then(|expect| expect[0].label.clone());
    let correct = given.draft("correct_answer", "Who opened it?", 0).unwrap();
    assert_eq!(correct.text, answer);
    assert_eq!(label(&correct), Some(OneOrMany::One("supported".to_owned())));
    // The seed is the correct pair already where its text is the answer.
    assert_eq!(given.draft("correct_answer", answer, 0), None);

    for name in ["entity_swapped", "number_swapped", "unsupported_clause", "contradiction"] {
        for number in 0..32 {
            let draft = given.draft(name, answer, number).unwrap();
            assert_eq!(label(&draft), Some(OneOrMany::One("unsupported".to_owned())), "{name}");
            assert!(draft.text != answer && leads_to(answer, &draft.edits, &draft.text), "{name}");
            // The same variant where the seed is a question.
            assert_eq!(given.draft(name, "Who opened it?", number).unwrap().text, draft.text);
        }
    }
    let swapped = given.variants("entity_swapped", answer);
    assert!(swapped.contains("It was opened in Lisbon by Ingrid Larsen in 2014."), "{swapped:?}");
    assert!(swapped.iter().all(|text| !text.contains("Hamburg") || !text.contains("Ingrid Larsen")));
    let numbers = given.variants("number_swapped", answer);
    assert!(numbers.iter().all(|text| text.starts_with("It was opened in Hamburg by Ingrid Larsen in 20")));
    let contradicted = given.variants("contradiction", answer);
    let wanted = ["wasn't opened", "was closed"].map(|said| answer.replacen("was opened", said, 1));
    assert_eq!(contradicted, wanted.into());
}

#[test]
fn a_pair_needs_an_answer_a_source_and_what_must_hold() {
    for name in ["correct_answer", "entity_swapped", "number_swapped", "unsupported_clause", "contradiction"]
    {
        assert_eq!(Given::default().draft(name, "Opened in 2014.", 0), None);
        let silent = Given::pair("It was opened in 2014.", " ");
        assert_eq!(silent.draft(name, "Opened when?", 0), None);
        let unstated =
            Given { settings: Settings::default(), ..Given::pair("It was opened in 2014.", "In 2014.") };
        assert_eq!(unstated.draft(name, "Opened when?", 0), None);
    }
    let pair = Given::pair("It costs 5 euros.", "It costs 5 euros.");
    assert_eq!(pair.draft("entity_swapped", "What does it cost?", 0), None);
}

#[test]
fn a_question_is_asked_whose_answer_the_source_holds() {
    for (source, question, answer) in [
        ("The warranty lasts 24 months.", "How long does the warranty last?", "24 months"),
        (
            "Delivery takes about five days within the EU.",
            "How long does delivery take within the EU?",
            "five days",
        ),
        ("Parking costs 12 euros a day.", "How much does parking cost a day?", "12 euros"),
        ("There are 3 lifts in the north wing.", "How many lifts are there in the north wing?", "3"),
        ("The building has 14 rooms.", "How many rooms does the building have?", "14"),
        ("Our office opens at 9:00.", "When does your office open?", "9:00"),
        ("The annual party is held in Berlin.", "Where is the annual party held?", "Berlin"),
        ("The release was postponed in May.", "When was the release postponed?", "May"),
        ("Dr. Novak leads the department.", "Who leads the department?", "Dr. Novak"),
        ("The capital of the region is Kiel.", "What is the capital of the region?", "Kiel"),
        ("In 2021, the board increased the budget.", "When did the board increase the budget?", "2021"),
    ] {
        let given = Given::pair("-", source);
        let draft = given.draft("source_question", "seed", 0).unwrap_or_else(|| panic!("{source}"));
        assert_eq!(draft.text, question);
        let contains = Expect { contains: Some(answer.to_owned()), ignore_case: true, ..Expect::default() };
        assert_eq!(draft.expect, Some(vec![contains]));
    }
    for source in
        ["It lasts 24 months.", "Who leads the department?", "Everything is fine.", "They open at 9:00."]
    {
        assert_eq!(Given::pair("-", source).draft("source_question", "seed", 0), None, "{source}");
    }
}
