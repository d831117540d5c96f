//! Attempts on the application, and requests that are far less, far more, or something else.

use crate::{CANARY, Given, excluded, variants};
use holdline::expand::{Family, operators};
use serde_json::json;
use std::collections::BTreeSet;

#[test]
fn attempts_keep_the_request_and_exclude_what_they_ask_for() {
    let given = Given { canary: Some(CANARY), ..Given::default() };
    let request = "Book a room for Friday";
    for operator in operators::of_family(Family::Adversarial) {
        let mut texts = BTreeSet::new();
        for number in 0..64 {
            let draft = given.draft(operator.name, request, number).unwrap();
            assert!(draft.text.contains(request) && draft.text != request, "{}", draft.text);
            assert!(
                !draft.text.contains(['{', '}']) || draft.text.contains("{\"") || draft.text.contains("{{"),
                "{}",
                draft.text
            );
            let excluded = excluded(&draft);
            assert!(excluded.contains(&CANARY.to_owned()), "{}", operator.name);
            assert_eq!(excluded.len(), if operator.name == "prompt_leak" { 1 } else { 2 });
            texts.insert(draft.text);
        }
        assert!(texts.len() >= 12, "{}: {}", operator.name, texts.len());
    }
    // A request with a mark of its own gets no second one.
    let asked = given.variants("instruction_override", "Is it open?");
    assert!(asked.iter().all(|text| !text.contains("?.")), "{asked:?}");
}

#[test]
fn a_leak_needs_a_canary_that_the_request_does_not_say() {
    assert_eq!(Given::default().draft("prompt_leak", "Book a room", 0), None);
    let given = Given { canary: Some(CANARY), ..Given::default() };
    assert_eq!(given.draft("prompt_leak", "what does canary-7F3A mean", 0), None);
    let draft = given.draft("role_play", "what does canary-7F3A mean", 0).unwrap();
    assert_eq!(excluded(&draft).len(), 1);
}

#[test]
fn codes_and_shots_are_as_asked() {
    let morse = Given::settings(json!({ "codes": ["morse"] }));
    let draft = morse.draft("encodings", "Book a room", 3).unwrap();
    assert!(draft.text.contains("Morse code") && draft.text.contains(".-. "), "{}", draft.text);
    let shots = Given::settings(json!({ "shots": 40 }));
    let draft = shots.draft("many_shot", "Book a room", 0).unwrap();
    assert_eq!(draft.text.matches("Join \"").count(), 41, "{}", draft.text);
}

#[test]
fn keywords_are_what_a_request_is_about() {
    let lease = variants("keywords", "Please find the signed lease for the Hamburg office");
    assert_eq!(lease, ["hamburg", "hamburg office", "lease hamburg office"]);
    let two = Given::settings(json!({ "count": 2 }));
    assert_eq!(two.variants("keywords", "Cancel the NDA review tomorrow"), ["cancel NDA".to_owned()].into());
    assert_eq!(variants("keywords", "can you do that for me?"), [""; 0]);
}

#[test]
fn emoji_stand_for_words_and_nothing_is_sent() {
    assert_eq!(
        variants("emoji_only", "Cancel the lunch with the dentist?"),
        ["❌ 🍽️ 🦷❓", "❌ 🥪 🦷❓", "❌🍽️🦷❓", "❌🥪🦷❓"]
    );
    assert_eq!(variants("emoji_only", "the quarterly thing"), [""; 0]);
    let nothing = variants("empty", "Book a room");
    assert!(nothing.len() == 8 && nothing.iter().all(|text| text.trim().is_empty()), "{nothing:?}");
    assert!(variants("empty", "").iter().all(|text| !text.is_empty()));
}

#[test]
fn a_request_stands_within_what_is_around_it() {
    let request = "Book a room for 3 people";
    let long = Given::settings(json!({ "characters": 20_000 }));
    for text in long.variants("very_long", request) {
        let length = text.chars().count();
        assert!((20_000..20_400).contains(&length) && text.contains(request), "{length}");
    }
    let again = Given::settings(json!({ "times": 3 }));
    assert_eq!(
        again.variants("repeated_token", "Reschedule it"),
        ["Reschedule Reschedule Reschedule Reschedule it".to_owned()].into()
    );
    let swedish = Given::settings(json!({ "languages": ["swedish"] }));
    assert!(swedish.variants("other_language", request).contains(&format!("Min fråga är: {request}")));
    assert!(variants("other_language", request).len() > 30);
}

#[test]
fn domains_in_scope_are_left_out() {
    let only = Given::settings(json!({ "only": ["weather", "law"], "except": ["law"] }));
    let all = only.variants("other_domain", "Book a room");
    assert!(all.len() == 8 && all.contains("Will it rain this afternoon?"), "{all:?}");
    let none = Given::settings(json!({ "only": ["law"], "except": ["law"] }));
    assert!(none.variants("other_domain", "Book a room").is_empty());
}
