//! What must hold of every variant of any text.

use crate::{CANARY, Given, excluded, ours};
use holdline::expand::edit::leads_to;
use holdline::expand::operator::{Operator, Takes};
use holdline::expand::protect::Protector;
use holdline::expand::stream::Stream;
use holdline::expand::words::Text;
use proptest::prelude::*;
use serde_json::{Value, json};

/// A value for every option that must be given.
fn required(operator: &Operator) -> Value {
    let value = |takes: Takes| match takes {
        Takes::Count(least, _) => json!(least.max(8)),
        Takes::Expect => json!({ "label": "stated" }),
        other => panic!("no required option takes {other:?}"),
    };
    let given = operator.options.iter().filter(|option| option.required);
    given
        .map(|option| (option.name.to_owned(), value(option.takes)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// What must hold of every variant, of whatever text.
fn holds(operator: &Operator, source: &str, answer: &str, number: u64) -> Result<(), TestCaseError> {
    let settings = required(operator);
    let row = Given::pair(answer, source).row;
    let given = Given { row, canary: Some(CANARY), ..Given::settings(settings) };
    let text = Text::new(source, &Protector::new(&[]).unwrap(), &["Ana"]);
    let draw = || {
        (operator.vary)(
            &given.subject(&text),
            &mut Stream::new(&[b"any", operator.name.as_bytes()]).at(number),
        )
    };
    let draft = draw();
    prop_assert_eq!(&draft, &draw());
    let Some(draft) = draft else { return Ok(()) };
    prop_assert_ne!(&draft.text, source);
    prop_assert!(leads_to(source, &draft.edits, &draft.text), "{}: {:?}", operator.name, draft);
    for edit in &draft.edits {
        prop_assert!(text.may_touch(edit.from.clone(), operator.touches), "{}: {:?}", operator.name, draft);
    }
    let small = draft.text.to_lowercase();
    for excluded in excluded(&draft) {
        prop_assert!(!small.contains(&excluded.to_lowercase()), "{}: {}", operator.name, draft.text);
    }
    Ok(())
}

/// Pieces of requests in any order, so that the patterns meet what they are not made for.
fn patchwork() -> impl Strategy<Value = String> {
    let pieces = vec![
        "Book",
        "book a meeting",
        "Please",
        "can you",
        "could we",
        "I need",
        "don't",
        "if",
        "unless",
        "only if",
        ",",
        ". ",
        "? ",
        "the signed lease",
        "for the Hamburg office",
        "with Ana",
        "and",
        "then",
        "on Friday",
        "at 10",
        "3pm",
        "€1,200.50",
        "two large pizzas",
        "30 minutes",
        "1:1",
        "\"quoted text\"",
        "`code`",
        "https://x.org/a",
        "a@b.org",
        "v1.2.3",
        "The",
        "Dr. Novak",
        "opened",
        "in 2014",
        "costs 5 euros",
        "lasts two years",
        "it's",
        "I’m",
        "where is",
        "What did we decide",
        "open",
        "close",
        "an",
        "latest",
        "tomorrow",
        "ORD-1",
        "NDA",
        "é",
        "ß",
        "İ",
        "\n",
        "  ",
        "—",
        "(",
        ")",
        "20 km",
        "o'clock",
        "has",
        "is",
        "Tom and Mei",
        "🎉",
        "not",
        "5 %",
        "half an hour",
    ];
    proptest::collection::vec(proptest::sample::select(pieces), 0..14).prop_map(|pieces| pieces.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_varied_by_exact_edits_or_not_at_all(text in any::<String>(), answer in any::<String>(), number in 0..8_u64) {
        for operator in ours() {
            holds(operator, &text, &answer, number)?;
        }
    }

    #[test]
    fn any_patchwork_of_requests_is_varied_by_exact_edits_or_not_at_all(
        text in patchwork(),
        answer in patchwork(),
        number in 0..8_u64,
    ) {
        for operator in ours() {
            holds(operator, &text, &answer, number)?;
        }
    }
}
