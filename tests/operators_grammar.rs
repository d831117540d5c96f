//! The operators of grammar, context and entities, by hand on real requests and by property on any text.

use holdline::expand::edit::leads_to;
use holdline::expand::meaning::Count;
use holdline::expand::operator::{Draft, Family, Operator, Promise, Settings, Subject};
use holdline::expand::operators;
use holdline::expand::protect::{Guard, Protector};
use holdline::expand::stream::Stream;
use holdline::expand::words::Text;
use holdline::suite::Row;
use holdline::suite::schema::Expect;
use proptest::prelude::*;
use serde_json::json;
use std::collections::BTreeSet;

fn no_row() -> Row {
    Row { columns: [].into(), values: Vec::new() }
}

/// A variant of a text by an operator, with options, a row and what is expected.
fn vary(
    name: &str,
    text: &str,
    draw: u64,
    settings: &Settings,
    row: &Row,
    expect: &[Expect],
) -> Option<Draft> {
    let operator = operators::find(name).unwrap();
    let expected: Vec<&str> = expect
        .iter()
        .flat_map(|expect| expect.contains.iter().chain(expect.contains_all.iter().flatten()))
        .map(String::as_str)
        .collect();
    let text = Text::new(text, &Protector::new(&[]).unwrap(), &expected);
    let subject = Subject { text: &text, settings, row, expect, canary: None };
    (operator.vary)(&subject, &mut Stream::new(&[b"test", name.as_bytes()]).at(draw))
}

/// All that an operator makes of a text over many draws.
fn all_of(name: &str, text: &str) -> BTreeSet<String> {
    with_option(name, text, &Settings::default())
}

fn with_option(name: &str, text: &str, settings: &Settings) -> BTreeSet<String> {
    (0..200).filter_map(|draw| Some(vary(name, text, draw, settings, &no_row(), &[])?.text)).collect()
}

/// An operator makes exactly these of a text.
#[track_caller]
fn makes(name: &str, text: &str, wanted: &[&str]) {
    let found = all_of(name, text);
    let wanted: BTreeSet<String> = wanted.iter().map(|text| (*text).to_owned()).collect();
    assert_eq!(found, wanted, "{name}: {text}");
}

fn settings(name: &str, value: serde_json::Value) -> Settings {
    Settings([(name.to_owned(), value)].into())
}

fn families() -> impl Iterator<Item = &'static Operator> {
    [Family::Grammar, Family::Context, Family::Entity].into_iter().flat_map(operators::of_family)
}

#[test]
fn contractions_go_both_ways_and_keep_the_negation() {
    makes("contract", "I am late", &["I'm late"]);
    makes("contract", "They do not need it", &["They don't need it"]);
    makes("contract", "I cannot open it", &["I can't open it"]);
    makes("expand", "The app won't open", &["The app will not open"]);
    makes("expand", "I’d like a recap", &["I would like a recap"]);
}

#[test]
fn contractions_leave_what_would_read_wrong() {
    for text in
        ["Yes, I am", "tell me where I am right now", "do you know what it is", "Let us know", "who you are"]
    {
        makes("contract", text, &[]);
    }
    for text in
        ["Why don't you call Ana?", "Don't you know it?", "Ana's call", "It's been moved", "I'd forgotten it"]
    {
        makes("expand", text, &[]);
    }
}

#[test]
fn a_fragment_drops_the_opener_alone() {
    makes("fragment", "Could you please find the lease?", &["Find the lease"]);
    makes(
        "fragment",
        "I'm late. Could you find the lease? It is old.",
        &["I'm late. Find the lease. It is old."],
    );
    makes("fragment", "I need a short summary of it", &["Need a short summary of it"]);
    makes("fragment", "can you speak Spanish", &[]);
    makes("fragment", "The lease, please", &[]);
}

#[test]
fn fillers_stand_where_a_speaker_pauses() {
    let found = all_of("filler", "Book a call with Ana");
    assert!(
        found.contains("Um, book a call with Ana") && found.contains("Book a call, um, with Ana"),
        "{found:?}"
    );
    assert!(found.iter().all(|text| text.to_lowercase().ends_with("with ana")), "{found:?}");
    assert!(all_of("filler", "can you find it").contains("can you, like, find it"));
    makes("filler", "Marguerite said so", &[]);
}

#[test]
fn politeness_is_put_in_or_left_out() {
    let found = all_of("politeness", "Find the lease");
    for wanted in [
        "Please find the lease",
        "Find the lease, please",
        "Could you find the lease?",
        "Find the lease. Thanks!",
    ] {
        assert!(found.contains(wanted), "{wanted}: {found:?}");
    }
    makes("politeness", "Please find the lease", &["Find the lease"]);
    makes("politeness", "Find the lease. Thank you!", &["Find the lease."]);
    makes("politeness", "that one, thanks", &["that one, thanks"].map(|_| "that one"));
    let add = settings("way", json!("add"));
    assert_eq!(with_option("politeness", "Please find the lease", &add), BTreeSet::new());
}

#[test]
fn politeness_that_a_text_is_about_is_left() {
    for text in ["how do you say please in french", "what does thank you mean", "my knee hurts when I run"] {
        makes("politeness", text, &[]);
    }
}

#[test]
fn informal_spelling_is_of_words_in_their_place() {
    makes("informal", "I am going to pay", &["I am gonna pay"]);
    makes("informal", "I am going to Paris", &[]);
    makes(
        "informal",
        "give me the list, please",
        &[
            "gimme the list, please",
            "give me the list, pls",
            "give me the list, plz",
            "gimme the list, pls",
            "gimme the list, plz",
        ],
    );
    makes(
        "informal",
        "how do you say thank you in french",
        &["how do u say thank you in french", "how do ya say thank you in french"],
    );
}

#[test]
fn abbreviations_go_both_ways() {
    makes("abbreviation", "Cancel my appointment", &["Cancel my appt"]);
    makes("abbreviation", "cancel my appt", &["cancel my appointment"]);
    assert_eq!(
        with_option("abbreviation", "cancel my appt", &settings("to", json!("short"))),
        BTreeSet::new()
    );
    // The minutes of a meeting are no time, and HR is no hour.
    makes("abbreviation", "Write up the minutes of the retro", &[]);
    makes("abbreviation", "ask hr", &[]);
}

#[test]
fn numbers_change_their_writing_and_not_their_value() {
    for (text, wanted) in [
        ("a twenty minute call", "a 20 minute call"),
        ("for twenty-five people", "for 25 people"),
        ("one hundred and twenty pages", "120 pages"),
        ("a one-hour meeting", "a 1-hour meeting"),
        ("the second storey", "the 2nd storey"),
        ("at 10", "at ten"),
        ("for 45 minutes", "for forty-five minutes"),
        ("on the 12th", "on the twelfth"),
        ("on the 31st", "on the thirty-first"),
    ] {
        makes("number_words", text, &[wanted]);
    }
    for text in [
        "at half past two",
        "a quarter to three",
        "that one again",
        "the first of May",
        "on 14 May",
        "at 3:30",
        "two million people",
        "nine one one",
        "15% of 340",
        "1:1 with Ana",
        "Windows 11",
        "one of them",
        "v1.2.3",
        "a second opinion",
        "ten to two",
    ] {
        makes("number_words", text, &[]);
    }
    assert_eq!(with_option("number_words", "at 10", &settings("to", json!("digits"))), BTreeSet::new());
}

#[test]
fn second_language_patterns_are_those_of_learners() {
    let found = all_of("second_language", "I need information from the bank on Friday");
    for wanted in
        ["I need informations from the bank on Friday", "I need information from the bank at Friday"]
    {
        assert!(found.contains(wanted), "{wanted}: {found:?}");
    }
    makes("second_language", "transfer a dollar", &[]);
}

#[test]
fn inflection_uses_the_forms_of_the_verb() {
    makes("inflection", "Could you find the lease?", &["Would you mind finding the lease?"]);
    makes("inflection", "Find the lease and send it", &[]);
    makes("inflection", "What did they say about it", &["What did they said about it"]);
}

#[test]
fn synonyms_need_the_neighbours_of_their_sense() {
    makes("synonym", "Book a meeting", &["Schedule a meeting", "Arrange a meeting", "Set up a meeting"]);
    for text in [
        "I read the book",
        "the call for papers",
        "an order of magnitude",
        "play it right",
        "a move in chess",
    ] {
        makes("synonym", text, &[]);
    }
    makes("synonym", "a brief call", &["a short call"]);
}

#[test]
fn regional_spelling_crosses_the_atlantic_both_ways() {
    makes(
        "regional_spelling",
        "Summarise the colours",
        &["Summarize the colours", "Summarise the colors", "Summarize the colors"],
    );
    makes("regional_spelling", "summarize it", &["summarise it"]);
    // A check is not always a cheque.
    makes("regional_spelling", "check my story", &[]);
    assert_eq!(
        with_option("regional_spelling", "summarize it", &settings("to", json!("us"))),
        BTreeSet::new()
    );
}

#[test]
fn context_stands_around_the_text_which_stays_whole() {
    for operator in operators::of_family(Family::Context).filter(|operator| operator.promise == Promise::Same)
    {
        let found = all_of(operator.name, "cancel 3pm");
        assert!(found.len() >= 20, "{}: {}", operator.name, found.len());
        assert!(found.iter().all(|text| text.contains("cancel 3pm")), "{found:?}");
        assert_eq!(all_of(operator.name, " … "), BTreeSet::new());
    }
    assert!(all_of("other_device", "cancel 3pm").contains("cancel 3pm. Sent from my phone."));
}

#[test]
fn issues_are_joined_from_those_that_are_given() {
    let joined =
        with_option("joined_issues", "Find the lease", &settings("with", json!(["book a room", " "])));
    assert!(joined.contains("Find the lease. Also, book a room") && joined.len() > 5, "{joined:?}");
    assert!(joined.iter().all(|text| text.starts_with("Find the lease. ") && text.ends_with(" book a room")));
    assert_eq!(all_of("joined_issues", "Find the lease"), BTreeSet::new());
    let operator = operators::find("joined_issues").unwrap();
    assert!(operator.needs_statement && operator.promise == Promise::Own && operator.options[0].required);
}

#[test]
fn a_name_is_swapped_everywhere_and_in_the_row() {
    let row = Row { columns: ["who".to_owned()].into(), values: vec![json!("ANA")] };
    let expect: Expect = toml::from_str("contains = \"Ana\"").unwrap();
    let text = "Book Ana's room with Ana on Friday";
    let draft = vary("name", text, 1, &Settings::default(), &row, std::slice::from_ref(&expect)).unwrap();
    let (old, new) = &draft.swaps.iter().find(|(old, _)| old == "Ana").unwrap();
    assert_eq!(
        (old.as_str(), draft.text.clone()),
        ("Ana", format!("Book {new}'s room with {new} on Friday"))
    );
    assert!(draft.swaps.contains(&("ANA".to_owned(), new.to_uppercase())), "{:?}", draft.swaps);
}

#[test]
fn names_of_things_and_of_the_famous_are_no_names() {
    for text in [
        "play something by Nina Simone",
        "read Project Felix",
        "the Martin-Luther street",
        "a mark on the wall",
        "ask grace",
    ] {
        makes("name", text, &[]);
    }
    let found = all_of("name", "see Dr. Novak today");
    assert!(
        found.len() > 20 && found.iter().all(|text| text.starts_with("see Dr. ") && text.ends_with(" today"))
    );
}

#[test]
fn a_place_is_swapped_for_one_of_its_kind() {
    let found = all_of("place", "What is the capital of Mongolia?");
    assert!(found.len() > 20 && !found.contains("What is the capital of Lisbon?"), "{found:?}");
    for text in [
        "bank of london",
        "Hamburg Airport",
        "Portland, Oregon",
        "a turkey sandwich",
        "the Cape Town-Oslo route",
    ] {
        makes("place", text, &[]);
    }
    assert!(all_of("place", "fly to new york").contains("fly to oslo"));
}

#[test]
fn a_number_keeps_its_shape_and_size() {
    makes("number", "at 14:00", &["at 13:00", "at 15:00", "at 16:00", "at 17:00", "at 18:00"]);
    makes("number", "my 3 pm", &["my 1 pm", "my 2 pm", "my 4 pm", "my 5 pm", "my 6 pm"]);
    makes(
        "number",
        "for 30 minutes",
        &["for 20 minutes", "for 40 minutes", "for 50 minutes", "for 60 minutes"],
    );
    makes("number", "for 2 people", &["for 3 people", "for 4 people"]);
    makes("number", "pay $100", &["pay $200"]);
    for text in [
        "on 14 May",
        "in 2024",
        "dial 911",
        "1 page",
        "version v1.2",
        "from 2 to 3 days",
        "ORD-1234",
        "Boeing 737",
    ] {
        makes("number", text, &[]);
    }
}

#[test]
fn values_are_left_where_the_answer_is_worked_out_from_them() {
    let exact: Expect = toml::from_str("number = { value = 51 }").unwrap();
    let says: Expect = toml::from_str("contains = \"51\"").unwrap();
    for expect in [exact, says] {
        let expect = std::slice::from_ref(&expect);
        let found = vary("number", "what's 15% of 340", 0, &Settings::default(), &no_row(), expect);
        assert_eq!(found, None);
    }
    assert!(vary("number", "what's 15% of 340", 0, &Settings::default(), &no_row(), &[]).is_some());
}

#[test]
fn a_number_that_stands_in_another_shape_too_is_left() {
    let row = Row { columns: ["time".to_owned()].into(), values: vec![json!("at 3")] };
    assert_eq!(vary("number", "my 3 pm", 0, &Settings::default(), &row, &[]), None);
}

#[test]
fn a_currency_is_swapped_where_there_is_one() {
    makes("currency", "pay $100", &["pay €100", "pay £100"]);
    makes("currency", "pay 20 dollars", &["pay 20 euros", "pay 20 francs", "pay 20 yen", "pay 20 rupees"]);
    for text in
        ["convert $30 usd to canadian dollars", "two pounds of flour", "pay $5 and €6", "canadian dollars"]
    {
        makes("currency", text, &[]);
    }
}

#[test]
fn a_date_is_swapped_for_a_valid_one() {
    makes(
        "date",
        "see you on Friday",
        &["see you on Monday", "see you on Tuesday", "see you on Wednesday", "see you on Thursday"],
    );
    makes("date", "on sunday evening", &["on saturday evening"]);
    let found = all_of("date", "on 31 March");
    assert!(found.contains("on 31 July") && !found.iter().any(|text| text.contains("31 June")), "{found:?}");
    assert!(all_of("date", "on the 12th").iter().all(|text| text.ends_with("th") || !text.ends_with("12th")));
    for text in [
        "Good Friday",
        "Tuesday, 14 May",
        "Tuesday 14 May",
        "go on the march",
        "you may go",
        "from the 3rd to the 5th",
        "from 3 June to 5 July",
        "the dentist-friday thing",
    ] {
        makes("date", text, &[]);
    }
    // Tuesday is there already.
    assert!(
        !all_of("date", "move it from Monday to Tuesday")
            .iter()
            .any(|text| text.matches("Tuesday").count() > 1)
    );
}

/// What must hold of every draft of the families, whatever the text.
fn check(operator: &Operator, source: &str, draw: u64) -> Result<(), TestCaseError> {
    let protector = Protector::new(&[]).unwrap();
    let text = Text::new(source, &protector, &[]);
    let given = settings("with", json!(["book a room"]));
    let row = no_row();
    let subject = Subject { text: &text, settings: &given, row: &row, expect: &[], canary: None };
    let stream = || Stream::new(&[b"property", operator.name.as_bytes()]).at(draw);
    let draft = (operator.vary)(&subject, &mut stream());
    prop_assert_eq!(&draft, &(operator.vary)(&subject, &mut stream()), "the same stream, the same variant");
    let Some(draft) = draft else { return Ok(()) };
    prop_assert_ne!(&draft.text, source, "{}", operator.name);
    prop_assert!(leads_to(source, &draft.edits, &draft.text), "{}: {:?}", operator.name, draft);
    for edit in &draft.edits {
        prop_assert!(
            text.may_touch(edit.from.clone(), operator.touches),
            "{}: {source} → {}",
            operator.name,
            draft.text
        );
    }
    if operator.promise == Promise::Same {
        prop_assert_eq!(
            Count::of(source),
            Count::of(&draft.text),
            "{}: {} → {}",
            operator.name,
            source,
            draft.text
        );
    }
    Ok(())
}

/// Words of the lexicons and of requests, with what operators stumble over.
fn words() -> impl Strategy<Value = String> {
    let words = include_str!("../src/expand/lexicon/synonyms.txt")
        .lines()
        .chain(include_str!("../src/expand/lexicon/contractions.txt").lines())
        .chain(include_str!("../src/expand/lexicon/second_language.txt").lines())
        .chain(include_str!("../src/expand/lexicon/informal.txt").lines())
        .flat_map(|line| line.split('\t').nth(2).unwrap_or_default().split(' '))
        .chain([
            "Ana's",
            "Ana’s",
            "Dr.",
            "Novak",
            "Oslo",
            "New",
            "York",
            "twenty-one",
            "one",
            "hundred",
            "and",
            "14:00",
            "3",
            "pm",
            "$30",
            "dollars",
            "USD",
            "31st",
            "May",
            "March",
            "Tuesday",
            "\"a quote\"",
            "ORD-12",
            "can't",
            "I'm",
            "please",
            "thanks",
            "?",
            ".",
            ",",
            "-",
            "café",
            "ﬁ",
            "İstanbul",
            "don’t",
            "ANA",
            "the 2nd",
            "\n",
        ])
        .map(str::to_owned)
        .collect::<BTreeSet<_>>();
    let list: Vec<String> = words.into_iter().filter(|word| !word.is_empty()).collect();
    prop::collection::vec(prop::sample::select(list), 1..14).prop_map(|words| words.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_draft_of_any_text_is_exact_and_keeps_what_is_protected(text in any::<String>(), draw in 0_u64..1000) {
        for operator in families() {
            check(operator, &text, draw)?;
        }
    }

    #[test]
    fn every_draft_of_words_of_the_lexicons_is_exact(text in words(), draw in 0_u64..1000) {
        for operator in families() {
            check(operator, &text, draw)?;
        }
    }
}

#[test]
fn entities_do_what_they_touch_and_no_more() {
    for operator in operators::of_family(Family::Entity) {
        assert!(operator.touches.contains(&Guard::Expected), "{}", operator.name);
    }
}

/// One variant of a request by every operator that finds something to do in it.
fn one_each(text: &str) -> String {
    let lines = families().filter_map(|operator| {
        let draft = vary(operator.name, text, 3, &settings("with", json!(["book a room"])), &no_row(), &[])?;
        Some(format!("{}: {}", operator.name, draft.text))
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn what_every_operator_makes_of_a_request() {
    insta::assert_snapshot!(
        one_each("Could you schedule a half-hour meeting with Priya about the Lisbon budget on Thursday at 14:00? I can't find the two slides that she's sent."),
        @"
    expand: Could you schedule a half-hour meeting with Priya about the Lisbon budget on Thursday at 14:00? I cannot find the two slides that she's sent.
    fragment: Schedule a half-hour meeting with Priya about the Lisbon budget on Thursday at 14:00. I can't find the two slides that she's sent.
    filler: So um, could you schedule a half-hour meeting with Priya about the Lisbon budget on Thursday at 14:00? I can't find the two slides that she's sent.
    politeness: Could you schedule a half-hour meeting with Priya about the Lisbon budget on Thursday at 14:00? I can't find the two slides that she's sent. Thanks!
    informal: Could you schedule a half-hour meeting with Priya about the Lisbon budget on Thursday at 14:00? I cant find the two slides that she's sent.
    abbreviation: Could you schedule a half-hour meeting with Priya about the Lisbon budget on Thur at 14:00? I can't find the two slides that she's sent.
    number_words: Could you schedule a half-hour meeting with Priya about the Lisbon budget on Thursday at 14:00? I can't find the 2 slides that she's sent.
    second_language: Could you schedule a half-hour meeting together with Priya about the Lisbon budget on Thursday at 14:00? I can't find the two slides that she's sent.
    inflection: Would you mind scheduling a half-hour meeting with Priya about the Lisbon budget on Thursday at 14:00? I can't find the two slides that she's sent.
    synonym: Can you schedule a half-hour meeting with Priya about the Lisbon budget on Thursday at 14:00? I can't find the two slides that she's sent.
    other_device: Writing from my home computer. Could you schedule a half-hour meeting with Priya about the Lisbon budget on Thursday at 14:00? I can't find the two slides that she's sent.
    time_pressure: Sorry, I'm pressed for time. Could you schedule a half-hour meeting with Priya about the Lisbon budget on Thursday at 14:00? I can't find the two slides that she's sent.
    accessibility: I have dyslexia. Could you schedule a half-hour meeting with Priya about the Lisbon budget on Thursday at 14:00? I can't find the two slides that she's sent.
    earlier_contact: I've used this service before and liked it. Could you schedule a half-hour meeting with Priya about the Lisbon budget on Thursday at 14:00? I can't find the two slides that she's sent.
    distractor_before: What a sunny day it is. Could you schedule a half-hour meeting with Priya about the Lisbon budget on Thursday at 14:00? I can't find the two slides that she's sent.
    distractor_after: Could you schedule a half-hour meeting with Priya about the Lisbon budget on Thursday at 14:00? I can't find the two slides that she's sent. Have a good one!
    joined_issues: Could you schedule a half-hour meeting with Priya about the Lisbon budget on Thursday at 14:00? I can't find the two slides that she's sent. While I have you: book a room
    name: Could you schedule a half-hour meeting with Shira about the Lisbon budget on Thursday at 14:00? I can't find the two slides that she's sent.
    place: Could you schedule a half-hour meeting with Priya about the Kyoto budget on Thursday at 14:00? I can't find the two slides that she's sent.
    number: Could you schedule a half-hour meeting with Priya about the Lisbon budget on Thursday at 15:00? I can't find the two slides that she's sent.
    date: Could you schedule a half-hour meeting with Priya about the Lisbon budget on Monday at 14:00? I can't find the two slides that she's sent.
    "
    );
    insta::assert_snapshot!(one_each("i want to send $50 to my landlord tomorrow, it's for the apartment"), @"
    expand: i want to send $50 to my landlord tomorrow, it is for the apartment
    fragment: want to send $50 to my landlord tomorrow, it's for the apartment
    filler: oh, i want to send $50 to my landlord tomorrow, it's for the apartment
    politeness: i want to send $50 to my landlord tomorrow, it's for the apartment, thanks
    informal: i want to send $50 to my landlord tomorrow, its for the apartment
    abbreviation: i want to send $50 to my landlord tomorrow, it's for the apt
    second_language: i want for to send $50 to my landlord tomorrow, it's for apartment
    inflection: i wanted to send $50 to my landlord tomorrow, it's for the apartment
    synonym: i'd like to send $50 to my landlord tomorrow, it's for the flat
    other_device: Writing from my home computer. i want to send $50 to my landlord tomorrow, it's for the apartment
    time_pressure: Sorry, I'm pressed for time. i want to send $50 to my landlord tomorrow, it's for the apartment
    accessibility: I have dyslexia. i want to send $50 to my landlord tomorrow, it's for the apartment
    earlier_contact: I've used this service before and liked it. i want to send $50 to my landlord tomorrow, it's for the apartment
    distractor_before: What a sunny day it is. i want to send $50 to my landlord tomorrow, it's for the apartment
    distractor_after: i want to send $50 to my landlord tomorrow, it's for the apartment. Have a good one!
    joined_issues: i want to send $50 to my landlord tomorrow, it's for the apartment. While I have you: book a room
    number: i want to send $70 to my landlord tomorrow, it's for the apartment
    currency: i want to send €50 to my landlord tomorrow, it's for the apartment
    ");
}
