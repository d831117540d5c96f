//! Currencies.

use super::swap::{Around, Swap, swap};
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::operators::grammar::pattern::Words;
use crate::expand::protect::Guard;
use crate::expand::stream::Stream;
use regex::Regex;
use std::sync::LazyLock;

/// Currencies.
pub const CURRENCY: Operator = Operator {
    name: "currency",
    version: 1,
    family: Family::Entity,
    promise: Promise::Same,
    what: "Swaps a currency for another one and leaves the amount: $100 becomes €100, dollars become euros.",
    reach: Reach::Words,
    touches: &[Guard::Number, Guard::Expected, Guard::Acronym],
    needs_statement: false,
    options: &[],
    vary,
};

/// Signs, codes and names; those of one row stand for each other.
const SIGNS: [&str; 3] = ["$", "€", "£"];
const CODES: [&str; 7] = ["USD", "EUR", "GBP", "CHF", "CAD", "AUD", "JPY"];
const NAMES: [&str; 5] = ["dollars", "euros", "francs", "yen", "rupees"];
/// Names that are not swapped, but say that another currency is in play.
const OTHERS: [&str; 12] = [
    "dollar", "euro", "pound", "pounds", "franc", "rupee", "peso", "pesos", "cents", "bitcoin", "currency",
    "exchange",
];

/// An amount with its sign.
static AMOUNT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[$€£]\d[\d,.]*\d|[$€£]\d")
        .unwrap_or_else(|error| unreachable!("the pattern is tested: {error}"))
});

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let text = subject.text.text;
    let words = Words::of(subject.text);
    let found = only_mention(&words)?;
    let around = Around::of(subject);
    if around.depends_on_values(text) {
        return None;
    }
    let mut new: Vec<String> = match SIGNS.iter().find(|sign| found.starts_with(**sign)) {
        Some(sign) => SIGNS.iter().map(|other| found.replacen(sign, other, 1)).collect(),
        None if CODES.iter().any(|code| code.eq_ignore_ascii_case(&found)) => {
            CODES.iter().map(|code| (*code).to_owned()).collect()
        }
        None => NAMES.iter().map(|name| (*name).to_owned()).collect(),
    };
    new.retain(|new| !new.eq_ignore_ascii_case(&found));
    stream.shuffle(&mut new);
    new.into_iter()
        .find_map(|new| swap(subject, &around, &Swap { old: found.clone(), new }, CURRENCY.touches))
}

/// The one mention of a currency; where there are more, it matters which is which.
fn only_mention(words: &Words<'_>) -> Option<String> {
    let text = words.text.text;
    let mut found: Vec<String> = AMOUNT.find_iter(text).map(|found| found.as_str().to_owned()).collect();
    for (at, word) in words.iter() {
        let written = &text[words.text.words[at].range()];
        if OTHERS.contains(&word) {
            return None;
        }
        let amount = words.before(at).is_some_and(|before| {
            let before = words.get(before);
            before.starts_with(|c: char| c.is_ascii_digit())
                || crate::expand::operators::grammar::is_number(before)
        });
        if NAMES.contains(&word) || CODES.iter().any(|code| code.eq_ignore_ascii_case(word)) {
            // "Canadian dollars" are named by two words.
            found.push(amount.then(|| written.to_owned())?);
        }
    }
    let signs = text.chars().filter(|c| matches!(c, '$' | '€' | '£' | '¥' | '₹')).count();
    match &found[..] {
        [one] if signs == usize::from(one.starts_with(['$', '€', '£'])) => Some(one.clone()),
        _ => None,
    }
}
