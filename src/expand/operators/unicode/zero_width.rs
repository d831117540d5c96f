//! Characters that take no room, within words and before the text.

use crate::expand::edit::Rewrite;
use crate::expand::operator::{Choice, Draft, Family, Operator, Promise, Reach, Subject, Takes};
use crate::expand::operators::surface::forms;
use crate::expand::stream::Stream;

/// The operator.
pub static ZERO_WIDTH: Operator = Operator {
    name: "zero_width",
    version: 1,
    family: Family::Unicode,
    promise: Promise::Same,
    what: "Puts characters that are not seen within words, or a byte order mark before the text",
    reach: Reach::Whole,
    touches: &[],
    needs_statement: false,
    options: &[Choice {
        name: "marks",
        what: "How many characters at most, each in another word; without it one for every 4 words",
        takes: Takes::Count(1, MOST),
        required: false,
    }],
    vary,
};

/// The most characters of one variant.
const MOST: u64 = 20;

/// Words for each character where the option is not given.
const WORDS_EACH: u64 = 4;

/// Space, non-joiner and joiner of no width, word joiner, soft hyphen.
const UNSEEN: [&str; 5] = ["\u{200b}", "\u{200c}", "\u{200d}", "\u{2060}", "\u{ad}"];

/// What pasted files begin with.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// One variant of so many begins with that.
const ONE_IN: u64 = 8;

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let text = subject.text.text;
    let mut rewrite = Rewrite::new(text);
    if stream.below(ONE_IN) == 0 && subject.text.may_touch(0..0, &[]) && !subject.text.words.is_empty() {
        rewrite.insert(0, BYTE_ORDER_MARK);
        return forms::meaning_kept(subject, rewrite);
    }
    let mut sites: Vec<(usize, &str)> =
        subject.text.free().map(|(_, word)| (word.start, word.of(text))).collect();
    sites.retain(|(_, word)| word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_alphabetic()));
    let marks = subject.settings.count("marks").unwrap_or(sites.len() as u64 / WORDS_EACH);
    stream.shuffle(&mut sites);
    sites.truncate(usize::try_from(marks.clamp(1, MOST)).unwrap_or(1));
    sites.sort_unstable();
    for (start, word) in sites {
        let at = start + 1 + stream.index(word.len() - 1);
        rewrite.insert(at, UNSEEN[stream.index(UNSEEN.len())]);
    }
    forms::meaning_kept(subject, rewrite)
}
