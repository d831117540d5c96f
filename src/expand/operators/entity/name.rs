//! Names of people.

use super::swap::{Around, Swap, swap};
use crate::expand::lexicon::Lexicon;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::protect::Guard;
use crate::expand::stream::Stream;
use crate::expand::words::Text;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Names of people.
pub const NAME: Operator = Operator {
    name: "name",
    version: 1,
    family: Family::Entity,
    promise: Promise::Same,
    what: "Swaps a person's name for another one, of any origin, in the expectation and the row too.",
    reach: Reach::Words,
    touches: &[Guard::Expected],
    needs_statement: false,
    options: &[],
    vary,
};

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::parse(include_str!("../../lexicon/names.txt")));

/// The names of each kind, and the kind of each first name.
#[derive(Debug)]
struct Names {
    women: Vec<&'static str>,
    men: Vec<&'static str>,
    surnames: Vec<&'static str>,
    kinds: HashMap<String, char>,
}

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let of = |kind: &str| -> Vec<&'static str> {
        let entries = LEXICON.entries.iter().filter(|entry| entry[0] == kind);
        entries.filter_map(|entry| entry.get(2)).flat_map(|names| names.split('|')).collect()
    };
    let (women, men, surnames) = (of("f"), of("m"), of("s"));
    let kinds = [(&women, 'f'), (&men, 'm')]
        .into_iter()
        .flat_map(|(names, kind)| names.iter().map(move |name| (name.to_lowercase(), kind)))
        .collect();
    Names { women, men, surnames, kinds }
});

const TITLES: [&str; 7] = ["mr", "mrs", "ms", "dr", "prof", "professor", "doctor"];
/// What stands before a name written small.
const BEFORE_SMALL: [&str; 6] = ["with", "from", "tell", "text", "ask", "invite"];
/// How many names are drawn for one that fits.
const TRIES: usize = 8;

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let text = subject.text;
    let mut found: Vec<(usize, char)> =
        (0..text.words.len()).filter_map(|at| Some((at, kind_of(text, at)?))).collect();
    if found.is_empty() {
        return None;
    }
    stream.shuffle(&mut found);
    let around = Around::of(subject);
    found.into_iter().find_map(|(at, kind)| {
        let old = stem(text, at);
        let names = match kind {
            'f' => &NAMES.women,
            'm' => &NAMES.men,
            _ => &NAMES.surnames,
        };
        (0..TRIES).find_map(|_| {
            let new = (*names.get(stream.index(names.len()))?).to_owned();
            swap(subject, &around, &Swap { old: old.to_owned(), new }, NAME.touches)
        })
    })
}

/// A word without its possessive ending.
fn stem<'t>(text: &'t Text<'_>, at: usize) -> &'t str {
    let word = text.words.get(at).map_or("", |word| word.of(text.text));
    word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word)
}

/// What kind of a name a word is: `f`, `m`, or `s` after a title.
fn kind_of(text: &Text<'_>, at: usize) -> Option<char> {
    let word = stem(text, at);
    let before = at.checked_sub(1).map(|before| (stem(text, before), gap(text, before)));
    let after = (at + 1 < text.words.len()).then(|| (stem(text, at + 1), gap(text, at)));
    let begins_large = word.starts_with(char::is_uppercase);
    let joined = |side: Option<(&str, &str)>| side.is_some_and(|(_, gap)| gap == "-" || gap == "_");
    if joined(before) || joined(after) {
        return None;
    }
    let large_beside = |side: Option<(&str, &str)>| {
        side.is_some_and(|(word, gap)| gap == " " && word.starts_with(char::is_uppercase) && word != "I")
    };
    if let Some((title, gap)) = before
        && TITLES.contains(&title.to_lowercase().as_str())
        && matches!(gap, " " | ". ")
    {
        return (begins_large && word.chars().count() > 2 && !large_beside(after)).then_some('s');
    }
    let kind = *NAMES.kinds.get(&word.to_lowercase())?;
    if begins_large {
        // A first name beside another capital is a full name, of someone in particular, or of a thing.
        let first = at == 0 || before.is_some_and(|(_, gap)| gap.contains(['.', '!', '?', '\n']));
        let second =
            at == 1 || text.words.len() > at && at > 1 && gap(text, at - 2).contains(['.', '!', '?', '\n']);
        return (!large_beside(after) && (first || second || !large_beside(before))).then_some(kind);
    }
    let small = before.is_some_and(|(word, gap)| gap == " " && BEFORE_SMALL.contains(&word));
    (small && !text.text.contains(char::is_uppercase)).then_some(kind)
}

/// What stands between a word and the next one.
fn gap<'t>(text: &Text<'t>, after: usize) -> &'t str {
    match text.words.get(after..after + 2) {
        Some([one, two]) => &text.text[one.end..two.start],
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lexicon_has_hundreds_of_names_of_many_origins_each_once() {
        let mut all: Vec<String> = NAMES
            .women
            .iter()
            .chain(&NAMES.men)
            .chain(&NAMES.surnames)
            .map(|name| name.to_lowercase())
            .collect();
        let origins: std::collections::HashSet<&str> = LEXICON.entries.iter().map(|entry| entry[1]).collect();
        assert!(
            LEXICON.version > 0 && all.len() > 500 && origins.len() > 30,
            "{} {}",
            all.len(),
            origins.len()
        );
        all.sort_unstable();
        let twice: Vec<_> = all.windows(2).filter(|two| two[0] == two[1]).collect();
        assert!(twice.is_empty(), "{twice:?}");
    }
}
