//! A number in the answer that is not the one in the source.

use super::answer::{HALLUCINATING, Pair};
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::operators::meaning::quantity_over_limit::thousands;
use crate::expand::protect::Guard;
use crate::expand::stream::Stream;
use crate::expand::words::{Text, Word};
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// Replaces a number of the answer that stands in the source by a likely other one, written alike.
pub const NUMBER_SWAPPED: Operator = Operator {
    name: "number_swapped",
    version: 1,
    family: Family::Grounded,
    promise: Promise::Own,
    what: "Replaces a number of the answer by another one; what must hold is the option `hallucinated`.",
    reach: Reach::Around,
    touches: Guard::ALL,
    needs_statement: false,
    options: HALLUCINATING,
    vary,
};

static NUMBER: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?").ok());
const WORDS: &[&str] =
    &["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
/// How often another number is drawn where one stands in the source as well.
const TRIES: usize = 8;

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let pair = Pair::of(subject)?;
    let mut sites = numbers(&pair.answer);
    sites.retain(|range| pair.supports(&pair.answer.text[range.clone()]));
    if sites.is_empty() {
        return None;
    }
    let range = sites.swap_remove(stream.index(sites.len()));
    let number = &pair.answer.text[range.clone()];
    let other = (0..TRIES).find_map(|_| {
        let other = other_number(number, stream)?;
        (other != number && !pair.supports(&other) && !pair.answer.text.contains(&other)).then_some(other)
    })?;
    pair.draft(subject, &[(range, other)], "hallucinated")
}

/// The numbers of a text that are no part of an address, an id or a word.
fn numbers(text: &Text<'_>) -> Vec<Range<usize>> {
    let source = text.text;
    let touches = [Guard::Number, Guard::Meaning, Guard::Expected, Guard::Suite, Guard::Quoted];
    let alone = |range: &Range<usize>| {
        !source[..range.start].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '#' | '.'))
            && !source[range.end..].starts_with(|c: char| c.is_alphanumeric() || c == '_')
    };
    let digits = NUMBER.iter().flat_map(|number| number.find_iter(source)).map(|found| found.range());
    let words = text.words.iter().filter(|word| WORDS.contains(&word.of(source))).map(Word::range);
    let mut sites: Vec<Range<usize>> =
        digits.chain(words).filter(|range| alone(range) && text.may_touch(range.clone(), &touches)).collect();
    sites.sort_by_key(|range| range.start);
    sites
}

/// A number of the same look: a year near it, a small number by one or two more or less, a large one by a
/// part of it, with as many decimals and the same separators.
fn other_number(number: &str, stream: &mut Stream) -> Option<String> {
    if let Some(at) = WORDS.iter().position(|word| *word == number) {
        let other = (at + 1 + stream.index(WORDS.len() - 1)) % WORDS.len();
        return Some(WORDS[other].to_owned());
    }
    let grouped = number.contains(',');
    let plain: String = number.chars().filter(|c| *c != ',').collect();
    let decimals = plain.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    // Counted in units of the last decimal, so that nothing is rounded.
    let digits: String = plain.chars().filter(|c| *c != '.').collect();
    let value: u64 = digits.parse().ok().filter(|value| *value < 1_000_000_000_000)?;
    let year = decimals == 0 && !grouped && (1500..2100).contains(&value);
    let reach = if year { 9 } else { (value / 3).max(2) };
    let by = 1 + stream.below(reach);
    let down = stream.chance(0.5) && by < value;
    let other = if down { value - by } else { value + by };
    let mut digits = other.to_string();
    // "07" and "0.05" keep their leading zeros.
    let width =
        if plain.starts_with('0') { plain.chars().filter(|c| *c != '.').count() } else { decimals + 1 };
    while digits.len() < width {
        digits.insert(0, '0');
    }
    let (whole, fraction) = digits.split_at(digits.len() - decimals);
    let whole = if grouped { thousands(whole) } else { whole.to_owned() };
    Some(if decimals == 0 { whole } else { format!("{whole}.{fraction}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_other_number_is_written_alike() {
        for round in 0..200_u64 {
            let mut stream = Stream::new(&[b"number_swapped"]).at(round);
            let year: u32 = other_number("1987", &mut stream).unwrap().parse().unwrap();
            assert!((1978..=1996).contains(&year) && year != 1987);
            let share = other_number("2.50", &mut stream).unwrap();
            assert_eq!(share.split_once('.').unwrap().1.len(), 2, "{share}");
            let large = other_number("12,000", &mut stream).unwrap();
            assert!(large.contains(',') && large != "12,000", "{large}");
            assert_eq!(other_number("0.05", &mut stream).unwrap().len(), 4);
            assert!(WORDS.contains(&other_number("three", &mut stream).unwrap().as_str()));
        }
        assert_eq!(other_number("99999999999999999999", &mut Stream::new(&[b"x"])), None);
    }
}
