//! Operators that change the meaning in a stated way.

use crate::{Given, variants};
use serde_json::{Value, json};

#[test]
fn an_order_is_negated() {
    assert_eq!(
        variants("negation", "Book a room for Friday"),
        [
            "Do not book a room for Friday",
            "Don't book a room for Friday",
            "No need to book a room for Friday",
            "Please don't book a room for Friday",
        ]
    );
    assert_eq!(
        variants("negation", "hi Ana, please cancel it"),
        ["hi Ana, please do not cancel it", "hi Ana, please don't cancel it"]
    );
    assert_eq!(
        variants("negation", "my wifi keeps dropping, fix it"),
        ["my wifi keeps dropping, do not fix it", "my wifi keeps dropping, don't fix it"]
    );
    assert!(variants("negation", "CANCEL THE CALL").contains(&"DON'T CANCEL THE CALL".to_owned()));
}

#[test]
fn polite_questions_and_wishes_are_taken_back() {
    for (text, negated) in [
        ("Can you pull up the contract?", "Please don't pull up the contract."),
        ("could you search for it please?", "don't search for it please."),
        ("Could we get a quick sync today?", "We don't want to get a quick sync today."),
        ("I need a short summary", "I don't need a short summary"),
        (
            "I'd like to meet with Tom, half an hour is enough",
            "I don't want to meet with Tom, half an hour is enough",
        ),
        ("We would like to change the date", "We don't want to change the date"),
        ("I'm looking for the spreadsheet", "I'm not looking for the spreadsheet"),
        (
            "I can't find my copy, could you locate the file",
            "I can't find my copy, please don't locate the file",
        ),
    ] {
        assert_eq!(variants("negation", text), [negated]);
    }
}

#[test]
fn the_answer_to_a_question_is_not_wanted() {
    for (text, asked) in [
        ("Where is the invoice from the caterer?", "where the invoice from the caterer is."),
        ("Where's my copy?", "where my copy is."),
        ("What did we decide about the date?", "what we decided about the date."),
        ("What did the team talk about on Friday?", "what the team talked about on Friday."),
        ("which decisions came out of it", "which decisions came out of it"),
        ("How do I get to Lyon?", "how to get to Lyon."),
        ("How long does the cook boil an egg?", "how long the cook boils an egg."),
        ("Do I have a document about it?", "whether I have a document about it."),
        ("Did the committee decide anything?", "whether the committee decided anything."),
        ("Is there a gap on Monday?", "whether there is a gap on Monday."),
        ("Should I sell my shares?", "whether I should sell my shares."),
        ("What is the capital of Mongolia?", "what the capital of Mongolia is."),
    ] {
        let all = variants("negation", text);
        let (know, tell) = if text.starts_with(char::is_uppercase) {
            (format!("I don't want to know {asked}"), format!("Don't tell me {asked}"))
        } else {
            (format!("I don't want to know {asked}"), format!("don't tell me {asked}"))
        };
        assert!(all.len() == 4 && all.contains(&know) && all.contains(&tell), "{all:?}");
    }
}

#[test]
fn a_statement_is_negated_at_its_verb() {
    for (text, negated) in [
        ("The shop is open on Sundays.", "The shop isn't open on Sundays."),
        ("Our office has a garden.", "Our office doesn't have a garden."),
        ("The board has approved the plan.", "The board hasn't approved the plan."),
        ("The committee rejected the offer.", "The committee didn't reject the offer."),
        ("You must keep the receipt.", "You must not keep the receipt."),
        ("it's about Thursday", "it's not about Thursday"),
    ] {
        assert_eq!(variants("negation", text), [negated]);
    }
}

#[test]
fn nothing_is_negated_twice_or_by_half() {
    for text in [
        "Don't book a room",
        "please do not cancel it",
        "I never asked for it.",
        // Two requests: one negation would leave the other.
        "Find the contract and then book a call",
        "Cancel my 2 pm and send me the minutes",
        "Where is the plan? Once you have it, book half an hour to discuss it",
        // Notes are no orders.
        "book club tonight?",
        "call with Ana at 3",
        "action items planning",
        "maintenance mode enabled",
        "",
    ] {
        assert_eq!(variants("negation", text), [""; 0], "{text}");
    }
}

#[test]
fn a_condition_is_dropped_and_an_indirect_question_is_not() {
    for (text, dropped) in [
        ("Cancel it if nobody has accepted.", "Cancel it."),
        ("If it rains, call it off", "Call it off"),
        ("Once you have it, then book a room", "Book a room"),
        ("Arrange a call on the 12th, 2pm if possible", "Arrange a call on the 12th, 2pm"),
        ("Refund it, unless it was used", "Refund it"),
        ("Send it only if the price is below 20 euros, please", "Send it, please"),
        ("Call me when she arrives", "Call me"),
    ] {
        assert_eq!(variants("condition_removed", text), [dropped], "{text}");
    }
    for text in [
        "Ask Tom if he can come",
        "When does it begin?",
        "tell me when it is ready",
        "What if it rains?",
        "When does it start, can you tell me?",
    ] {
        assert_eq!(variants("condition_removed", text), [""; 0], "{text}");
    }
}

#[test]
fn a_quantity_goes_over_the_limit_and_a_time_does_not() {
    let over = |settings: Value, text: &str| Given::settings(settings).variants("quantity_over_limit", text);
    // The limit and one; twice the limit; the next ten; the first multiple of four over it.
    let tables = over(json!({ "limit": 8 }), "a table for four at 7 pm");
    let wanted = [
        "a table for 10 at 7 pm",
        "a table for 12 at 7 pm",
        "a table for 16 at 7 pm",
        "a table for 9 at 7 pm",
    ];
    assert_eq!(tables, wanted.map(str::to_owned).into());
    let paid = over(json!({ "limit": 2000 }), "Pay €1,500 to Ana");
    assert_eq!(paid, ["€2,001", "€4,000", "€2,010", "€3,000"].map(|sum| format!("Pay {sum} to Ana")).into());
    let unit = over(json!({ "limit": 30, "unit": "minutes" }), "20 minutes with 3 people");
    assert!(unit.iter().all(|text| text.ends_with(" minutes with 3 people")) && unit.len() == 3, "{unit:?}");
    for text in
        ["cancel 3pm", "at 10 on 14 May in room 4", "v1.2.3, ORD-12, 10:30", "call 555 now", "12 people"]
    {
        assert!(over(json!({ "limit": 8 }), text).is_empty(), "{text}");
    }
}

#[test]
fn who_asks_has_not_the_right() {
    let own = Given::settings(json!({ "roles": ["I'm a guest user."] }));
    let all = own.variants("role_without_permission", "Delete the file");
    assert_eq!(
        all,
        ["Delete the file. I'm a guest user.", "I'm a guest user. Delete the file"].map(str::to_owned).into()
    );
    let asked = own.variants("role_without_permission", "Can you delete it?");
    assert!(asked.contains("Can you delete it? I'm a guest user."));
    assert!(variants("role_without_permission", "Delete the file").len() > 30);
}

#[test]
fn a_slot_goes_and_the_rest_stays_in_order() {
    for (slot, text, missing) in [
        ("time", "Book a call with Ana on Friday 3pm, please", "Book a call with Ana, please"),
        ("time", "Tomorrow at 10, book a room", "Book a room"),
        ("time", "move my 3 pm with Jacob to tomorrow", "move my 3 pm with Jacob"),
        ("time", "move it to Wednesday or Thursday", "move it"),
        ("time", "a phone call on Monday at 8.30", "a phone call"),
        ("duration", "Book 30 minutes with Ana", "Book some time with Ana"),
        ("duration", "schedule a one-hour interview", "schedule an interview"),
        ("duration", "Plan a workshop on 3 October, two hours", "Plan a workshop on 3 October"),
        ("person", "Send an invite with Lars, Mei and Ottilie on 14 May", "Send an invite on 14 May"),
        ("person", "set up a call with the design team on Friday", "set up a call on Friday"),
        ("place", "What's the weather in Lisbon today?", "What's the weather today?"),
        ("place", "Order pizza to our office", "Order pizza"),
        ("document", "Find the signed lease for the Hamburg office", "Find the document"),
        ("document", "Send me the minutes of today's meeting", "Send me the minutes"),
        ("amount", "Order two large pizzas", "Order large pizzas"),
        ("amount", "a table for four at a bar tonight", "a table at a bar tonight"),
    ] {
        let given = Given::settings(json!({ "slot": slot }));
        assert_eq!(given.variants("missing_slot", text), [missing.to_owned()].into(), "{slot}");
    }
    for (slot, text) in [
        ("time", "cancel the 4 o'clock now"),
        ("time", "it's about Thursday"),
        ("time", "Recap Monday's sync"),
        ("person", "I need you to deal with Bernard"),
        ("document", "open the document"),
        ("amount", "30 minutes in room 4"),
    ] {
        let given = Given::settings(json!({ "slot": slot }));
        assert!(given.variants("missing_slot", text).is_empty(), "{slot}: {text}");
    }
    let grace = Given { expected: vec!["grace"], ..Given::settings(json!({ "slot": "person" })) };
    assert_eq!(grace.variants("missing_slot", "a chat with grace"), ["a chat".to_owned()].into());
}

#[test]
fn the_opposite_is_asked_for() {
    for (text, opposite) in [
        ("Accept the invitation", "Decline the invitation"),
        ("please enable dark mode", "please disable dark mode"),
        ("Add Tom to the list", "Remove Tom from the list"),
        ("Remove Tom from the list", "Add Tom to the list"),
        ("cancel my 9am and say sorry", "confirm my 9am and say sorry"),
        ("sort by price, an ascending list", "sort by price, a descending list"),
        ("turn off the lights", "turn on the lights"),
        ("I want to subscribe to it", "I want to unsubscribe from it"),
    ] {
        assert_eq!(variants("label_reversed", text), [opposite]);
    }
    for text in [
        "list the open questions",
        "the slides we showed",
        "open the file and close it",
        "Is it close to the station?",
        "open-ended is fine",
        "find \"accept it\" there",
    ] {
        assert_eq!(variants("label_reversed", text), [""; 0], "{text}");
    }
}
