//! A request in emoji.

use crate::expand::lexicon::Lexicon;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::operators::meaning::sentence::lower;
use crate::expand::protect::Guard;
use crate::expand::stream::Stream;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Words and their emoji.
pub static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::parse(include_str!("../../lexicon/emoji_words.txt")));

static EMOJI: LazyLock<HashMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    LEXICON.entries.iter().filter_map(|entry| Some((entry[0], entry.get(1)?.split('|').collect()))).collect()
});
/// Most emoji of a text.
const MOST: usize = 6;

/// Puts emoji in the place of the words that have one, and leaves out the rest. Nothing where no word has one.
pub const EMOJI_ONLY: Operator = Operator {
    name: "emoji_only",
    version: 1,
    family: Family::Terse,
    promise: Promise::Own,
    what: "Says the request in emoji alone: \"Cancel the meeting\" becomes \"❌📅\".",
    reach: Reach::Whole,
    touches: Guard::ALL,
    needs_statement: true,
    options: &[],
    vary,
};

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let mut chosen: Vec<&str> = Vec::new();
    for word in lower(subject.text) {
        let Some(emoji) = EMOJI.get(word.as_str()) else { continue };
        let emoji = emoji[stream.index(emoji.len())];
        if !chosen.contains(&emoji) && chosen.len() < MOST {
            chosen.push(emoji);
        }
    }
    if chosen.is_empty() {
        return None;
    }
    let mut text = chosen.join(if stream.chance(0.5) { "" } else { " " });
    if subject.text.text.trim_end().ends_with('?') {
        text.push('❓');
    }
    (text != subject.text.text).then(|| Draft::whole(subject.text.text, text))
}
