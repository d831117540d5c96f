//! The right number in the wrong unit.

use crate::expand::edit::Rewrite;
use crate::expand::lexicon::Lexicon;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::operators::meaning::request::{asking, lies_in};
use crate::expand::operators::meaning::sentence::{cased_like, lower};
use crate::expand::protect::Guard;
use crate::expand::stream::Stream;
use crate::expand::words::Text;
use regex::Regex;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

/// The units, and those they are taken for.
pub static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::parse(include_str!("../../lexicon/units.txt")));

/// Replaces the unit of a number by another and leaves the number: km by miles, EUR by USD, am by pm.
pub const WRONG_UNIT: Operator = Operator {
    name: "wrong_unit",
    version: 1,
    family: Family::HardNegatives,
    promise: Promise::Own,
    what: "Replaces the unit of a number: \"30 minutes\" becomes \"30 hours\", \"3 pm\" becomes \"3 am\".",
    reach: Reach::Words,
    touches: &[Guard::Number, Guard::Expected, Guard::Id, Guard::Acronym],
    needs_statement: true,
    options: &[],
    vary,
};

static UNITS: LazyLock<HashMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    LEXICON.entries.iter().filter_map(|entry| Some((entry[0], entry.get(1)?.split('|').collect()))).collect()
});

/// A number in digits or in words and the unit after it, or a sign and the number after it.
static MEASURE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let words = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|forty-five|fifty|sixty|ninety|hundred|one";
    let mut units: Vec<String> = LEXICON.entries.iter().map(|entry| regex::escape(entry[0])).collect();
    units.sort_by_key(|unit| std::cmp::Reverse(unit.len()));
    let units = units.join("|");
    Regex::new(&format!(
        r"(?i)(?:(?:\b\d|[.:,]\d)[\d.,:]*[ -]?|\b(?:{words})[ -])(?P<unit>{units})|(?P<sign>[€$£])\s?\d"
    ))
    .ok()
});

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let text = subject.text;
    let asking = asking(text, &lower(text));
    let mut sites = units(text);
    sites.retain(|(range, _)| lies_in(range, &asking));
    if sites.is_empty() {
        return None;
    }
    let (range, units) = sites.swap_remove(stream.index(sites.len()));
    let unit = units[stream.index(units.len())];
    let before = &text.text[range.clone()];
    let small = before.chars().all(|c| !c.is_uppercase());
    // "30 KM" stays loud; "10 kB" is written as it is.
    let with = if small || before.chars().count() < 2 { unit.to_owned() } else { cased_like(before, unit) };
    let mut rewrite = Rewrite::new(text.text);
    rewrite.replace(range, &with);
    Draft::of(rewrite)
}

/// The units of a text that follow a number, with those that may stand in their place.
fn units(text: &Text<'_>) -> Vec<(Range<usize>, &'static [&'static str])> {
    let source = text.text;
    let mut found = Vec::new();
    for captures in MEASURE.iter().flat_map(|measure| measure.captures_iter(source)) {
        let Some(unit) = captures.name("sign").or_else(|| captures.name("unit")) else { continue };
        let after = &source[unit.end()..];
        let inside =
            unit.as_str().ends_with(char::is_alphanumeric) && after.starts_with(char::is_alphanumeric);
        let begun = captures.get(0).is_some_and(|whole| {
            source[..whole.start()]
                .ends_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '#' | '_' | '/'))
        });
        let Some(instead) = UNITS.get(unit.as_str().to_lowercase().as_str()) else { continue };
        let fits = !inside && !begun && text.may_touch(unit.range(), WRONG_UNIT.touches);
        if fits {
            found.push((unit.range(), instead.as_slice()));
        }
    }
    found
}
