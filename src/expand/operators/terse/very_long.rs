//! A request within a long text.

use crate::expand::edit::Rewrite;
use crate::expand::lexicon::Lexicon;
use crate::expand::operator::{Choice, Draft, Family, Operator, Promise, Reach, Subject, Takes};
use crate::expand::stream::Stream;
use std::sync::LazyLock;

/// The sentences.
pub static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::parse(include_str!("../../lexicon/small_talk.txt")));

/// Length in characters where the suite says none.
const DEFAULT: u64 = 4_000;
/// Sentences of a paragraph.
const PARAGRAPH: u64 = 6;

/// Surrounds the request with a long text that asks for nothing; the request is a paragraph of its own somewhere
/// within it.
pub const VERY_LONG: Operator = Operator {
    name: "very_long",
    version: 1,
    family: Family::Terse,
    promise: Promise::Own,
    what: "Puts the request, as it is, within a long text that asks for nothing.",
    reach: Reach::Around,
    touches: &[],
    needs_statement: true,
    options: &[Choice {
        name: "characters",
        what: "How long the text is at least. Default: 4000.",
        takes: Takes::Count(500, 200_000),
        required: false,
    }],
    vary,
};

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let request = subject.text.text;
    if request.trim().is_empty() {
        return None;
    }
    let wanted = subject.settings.count("characters").unwrap_or(DEFAULT);
    let wanted = usize::try_from(wanted).ok()?.saturating_sub(request.chars().count());
    let share = stream.unit();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a part of a length below 200,001"
    )]
    let before = (wanted as f64 * share) as usize;
    let mut before = talk(before, stream);
    let mut after = talk(wanted.saturating_sub(before.chars().count()).max(1), stream);
    if !before.is_empty() {
        before.push_str("\n\n");
    }
    after.insert_str(0, "\n\n");
    let mut rewrite = Rewrite::new(request);
    rewrite.insert(0, &before).insert(request.len(), &after);
    Draft::of(rewrite)
}

/// Sentences in paragraphs, at least as long as asked for; in a new order each time round.
fn talk(characters: usize, stream: &mut Stream) -> String {
    let mut sentences: Vec<&str> = LEXICON.entries.iter().map(|entry| entry[0]).collect();
    let mut text = String::with_capacity(characters + 100);
    let (mut length, mut next, mut left) = (0, sentences.len(), 0);
    while length < characters && !sentences.is_empty() {
        if next == sentences.len() {
            stream.shuffle(&mut sentences);
            next = 0;
        }
        if !text.is_empty() {
            let gap = if left == 0 { "\n\n" } else { " " };
            text.push_str(gap);
            length += gap.len();
        }
        if left == 0 {
            left = 2 + stream.below(PARAGRAPH);
        }
        text.push_str(sentences[next]);
        length += sentences[next].chars().count();
        (next, left) = (next + 1, left - 1);
    }
    text
}
