//! What was so once.

use super::phrases::{Phrases, put};
use crate::expand::edit::Rewrite;
use crate::expand::lexicon::Lexicon;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::operators::meaning::request::{asking, lies_in};
use crate::expand::operators::meaning::sentence::lower;
use crate::expand::protect::Guard;
use crate::expand::stream::Stream;
use crate::expand::words::Text;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// The phrases of now, and those of the past.
pub static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::parse(include_str!("../../lexicon/stale.txt")));

/// Moves a time to the past: a year, a version, `next week`, `the latest`.
pub const STALE_FACT: Operator = Operator {
    name: "stale_fact",
    version: 1,
    family: Family::HardNegatives,
    promise: Promise::Own,
    what: "Moves a year, a version or a time to the past: \"next week\" becomes \"last week\".",
    reach: Reach::Words,
    touches: &[Guard::Number, Guard::Version, Guard::Expected, Guard::Meaning],
    needs_statement: true,
    options: &[],
    vary,
};

static PHRASES: LazyLock<Phrases<'static>> = LazyLock::new(|| {
    let entries =
        LEXICON.entries.iter().filter_map(|entry| Some((entry[0], entry.get(1)?.split('|').collect())));
    Phrases::new(entries)
});

/// Years, and versions with a major number.
static DATED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\b(?P<year>(?:19|20)\d{2})\b|\b(?P<version>v?(?P<major>\d{1,3})\.\d+(?:\.\d+)+|v(?P<single>\d{1,3})(?:\.\d+)*)\b").ok()
});

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let text = subject.text;
    let touches = STALE_FACT.touches;
    let asking = asking(text, &lower(text));
    let mut phrases = PHRASES.sites(text, touches);
    phrases.retain(|site| lies_in(&site.range, &asking));
    let mut dated = dated(text);
    dated.retain(|(range, _)| lies_in(range, &asking));
    let choice = stream.index(phrases.len() + dated.len());
    let mut rewrite = Rewrite::new(text.text);
    if let Some(site) = phrases.get(choice) {
        let instead = site.instead[stream.index(site.instead.len())];
        for (range, with) in put(text, site, instead, touches) {
            rewrite.replace(range, &with);
        }
    } else {
        let (range, value) = dated.get(choice - phrases.len())?;
        let year = *value >= 1900;
        let back = if year { 1 + stream.below(8) } else { 1 + stream.below((*value).min(3)) };
        rewrite.replace(range.clone(), &value.saturating_sub(back).to_string());
    }
    Draft::of(rewrite)
}

/// The years and the major numbers of versions, with their values.
fn dated(text: &Text<'_>) -> Vec<(Range<usize>, u64)> {
    let mut found = Vec::new();
    for captures in DATED.iter().flat_map(|dated| dated.captures_iter(text.text)) {
        let part =
            captures.name("year").or_else(|| captures.name("major")).or_else(|| captures.name("single"));
        let Some(part) = part else { continue };
        let before = &text.text[..part.start()];
        let after = &text.text[part.end()..];
        let year = captures.name("year").is_some();
        // Part of a price, a code or a number with a unit.
        let other = before.ends_with(['$', '€', '£', ',', '#', '/', '-', '.', '_'])
            || after.starts_with(['%', '€', '/', '_'])
            || (after.starts_with([',', '.']) && after[1..].starts_with(|c: char| c.is_ascii_digit()));
        let Ok(value) = part.as_str().parse::<u64>() else { continue };
        if (year && other) || value == 0 || !text.may_touch(part.range(), STALE_FACT.touches) {
            continue;
        }
        found.push((part.range(), value));
    }
    found
}
