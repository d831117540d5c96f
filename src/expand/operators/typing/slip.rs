//! How slips are made: which words they befall, how many of them, and what a slip may not make.

use super::common_words::{is_common, reads_as_common, reads_as_listed};
use crate::expand::edit::Rewrite;
use crate::expand::meaning;
use crate::expand::operator::{Choice, Draft, Subject, Takes};
use crate::expand::stream::Stream;
use crate::expand::words::Text;
use std::ops::Range;

/// The option that says how many slips there are.
pub const SLIPS: Choice = Choice {
    name: "slips",
    what: "How many slips at most, each in another word; without it one for every 8 words that may be touched",
    takes: Takes::Count(1, MOST),
    required: false,
};

/// The most slips of one variant.
const MOST: u64 = 5;

/// Free words for each slip where the option is not given.
const WORDS_A_SLIP: u64 = 8;

/// Letters of the shortest word in which a finger slips: shorter ones are hard to read then.
const SHORTEST: usize = 4;

/// Letters of the longest one: longer runs of letters are no words.
const LONGEST: usize = 24;

/// Titles, after which a full stop ends no sentence.
const TITLES: [&str; 7] = ["Dr", "Mr", "Mrs", "Ms", "Prof", "St", "Mx"];

/// How many slips are wanted.
fn wanted(subject: &Subject<'_>) -> usize {
    let count = subject.settings.count(SLIPS.name).unwrap_or_else(|| {
        let free = subject.text.free().count() as u64;
        (free + WORDS_A_SLIP / 2) / WORDS_A_SLIP
    });
    usize::try_from(count.clamp(1, MOST)).unwrap_or(1)
}

/// The words in which a finger slips: the common ones, where there are some. A reader knows those again, while a
/// rare word in small letters may be a name.
pub fn words(text: &Text<'_>) -> Vec<Range<usize>> {
    let mut sites = long_words(text);
    let is_known = |site: &Range<usize>| reads_as_common(&text.text[site.clone()]);
    if sites.iter().any(is_known) {
        sites.retain(is_known);
    }
    sites
}

/// The letters of the words in which a slip can be read: those before an apostrophe, of scripts that have
/// capitals (in others a letter is a syllable or a word). Names are left alone: a slip makes another name.
pub fn long_words(text: &Text<'_>) -> Vec<Range<usize>> {
    let mut found = Vec::with_capacity(text.words.len());
    for (place, word) in text.free() {
        if word.chars < SHORTEST {
            continue;
        }
        let (mut letters, mut end, mut rest) = (0, word.end, "");
        for (at, c) in word.of(text.text).char_indices() {
            if matches!(c, '\'' | '’') {
                (end, rest) = (word.start + at, &text.text[word.start + at + c.len_utf8()..word.end]);
                break;
            }
            if !(c.is_lowercase() || c.is_uppercase()) {
                letters = 0;
                break;
            }
            letters += 1;
        }
        // A slip before `'t` may make a negation.
        let fits = (SHORTEST..=LONGEST).contains(&letters) && !rest.ends_with(['t', 'T']);
        if fits && !is_name(text, place) {
            found.push(word.start..end);
        }
    }
    found
}

/// Whether a word looks like a name: a capital within a sentence, and no common word. The words of a text
/// that has no small letters are no names for that.
pub fn is_name(text: &Text<'_>, place: usize) -> bool {
    let word = &text.words[place];
    let mut letters = word.of(text.text).chars();
    let capital = letters.next().is_some_and(char::is_uppercase);
    if !capital || !letters.any(char::is_lowercase) || begins_sentence(text, place) {
        return false;
    }
    let whole = word.of(text.text);
    !is_common(whole.split(['\'', '’']).next().unwrap_or(whole))
}

/// Whether a word is the first of a sentence.
pub fn begins_sentence(text: &Text<'_>, place: usize) -> bool {
    let Some(before) = place.checked_sub(1).map(|before| &text.words[before]) else {
        return true;
    };
    text.text[before.end..text.words[place].start].contains(['.', '!', '?', '\n', '…'])
        && !TITLES.contains(&before.of(text.text))
}

/// Makes changes at as many sites as slips are wanted, drawn from `sites`, of which no two that overlap are
/// taken. `change` gives what takes the place of a site's text, or finds nothing to do there.
pub fn at_sites(
    subject: &Subject<'_>,
    stream: &mut Stream,
    mut sites: Vec<Range<usize>>,
    mut change: impl FnMut(&str, &mut Stream) -> Option<String>,
) -> Option<Draft> {
    let text = subject.text.text;
    let wanted = wanted(subject);
    let mut made: Vec<(Range<usize>, String)> = Vec::with_capacity(wanted);
    while made.len() < wanted && !sites.is_empty() {
        let site = sites.swap_remove(stream.index(sites.len()));
        if made.iter().any(|(other, _)| site.start < other.end && other.start < site.end) {
            continue;
        }
        if let Some(with) = change(&text[site.clone()], stream) {
            made.push((site, with));
        }
    }
    made.sort_unstable_by_key(|(site, _)| site.start);
    let mut rewrite = Rewrite::new(text);
    for (site, with) in &made {
        replace_difference(&mut rewrite, text, site, with);
    }
    Draft::of(rewrite)
}

/// Replaces what differs, so that an edit covers no more than the slip.
pub fn replace_difference(rewrite: &mut Rewrite<'_>, text: &str, site: &Range<usize>, with: &str) {
    let before = &text[site.clone()];
    let same = |(a, b): &(char, char)| a == b;
    let head = before.chars().zip(with.chars()).take_while(same).map(|(c, _)| c.len_utf8()).sum::<usize>();
    let (left, new) = (&before[head..], &with[head..]);
    let tail = left.chars().rev().zip(new.chars().rev()).take_while(same);
    let tail = tail.map(|(c, _)| c.len_utf8()).sum::<usize>();
    rewrite.replace(site.start + head..site.end - tail, &new[..new.len() - tail]);
}

/// Lets a finger slip at one letter of a word, after its first `spared` letters. `slip` sees the word from
/// that letter on, writes what is typed instead, and says how many bytes that stands for. All letters are
/// tried, from a random one on, until a slip makes no word that may not be made.
pub fn at_a_letter(
    word: &str,
    spared: usize,
    stream: &mut Stream,
    mut slip: impl FnMut(&str, &mut Stream, &mut String) -> Option<usize>,
) -> Option<String> {
    let letters = word.chars().count();
    let places = letters.checked_sub(spared).filter(|places| *places > 0)?;
    let first = stream.index(places);
    let mut out = String::with_capacity(word.len() + 8);
    for step in 0..places {
        let (at, _) = word.char_indices().nth(spared + (first + step) % places)?;
        out.clear();
        out.push_str(&word[..at]);
        if let Some(taken) = slip(&word[at..], stream, &mut out) {
            out.push_str(&word[at + taken..]);
            if out != word && is_harmless(&out) {
                return Some(out);
            }
        }
    }
    None
}

/// Whether a slip may make this word: it is no other word, and none that carries a meaning.
pub fn is_harmless(word: &str) -> bool {
    !reads_as_listed(word) && meaning::weight(word).is_none()
}

/// A word of small letters in the case of another; `None` where that one mixes its cases.
pub fn in_case_of(model: &str, small: &str) -> Option<String> {
    let mut letters = model.chars().filter(|c| c.is_alphabetic());
    let first = letters.next()?;
    let rest = |wanted: fn(char) -> bool| model.chars().filter(|c| c.is_alphabetic()).skip(1).all(wanted);
    if rest(char::is_lowercase) {
        if first.is_lowercase() {
            return Some(small.to_owned());
        }
        let mut chars = small.chars();
        let capital = chars.next()?.to_uppercase();
        return Some(capital.chain(chars).collect());
    }
    (first.is_uppercase() && rest(char::is_uppercase)).then(|| small.to_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expand::protect::Protector;

    fn sites(text: &str) -> Vec<&str> {
        let protector = Protector::new(&[]).unwrap();
        let read = Text::new(text, &protector, &[]);
        words(&read).into_iter().map(|site| &text[site]).collect()
    }

    #[test]
    fn fingers_slip_in_longer_words_that_are_no_names() {
        assert_eq!(
            sites("Please move Friday's call with Dr. Okafor and Kwame to Room2, don't cancel"),
            ["Please", "move", "Friday", "call", "with", "cancel"]
        );
        assert_eq!(sites("Where is it? Marguerite said 日本語日本 αβγδ"), ["Where", "said"]);
        assert_eq!(sites("bitte Termin verschieben αβγδ"), ["bitte", "verschieben", "αβγδ"]);
        assert_eq!(sites("change your name to shelby"), ["change", "your", "name"]);
        assert_eq!(sites("CANCEL the MEETINGS"), ["CANCEL", "MEETINGS"]);
    }

    #[test]
    fn an_edit_covers_what_differs() {
        for (before, after, from, with) in
            [("meting", "meeting", 2..2, "e"), ("their", "there", 3..5, "re"), ("aa", "a", 1..2, "")]
        {
            let mut rewrite = Rewrite::new(before);
            replace_difference(&mut rewrite, before, &(0..before.len()), after);
            let (text, edits) = rewrite.finish().unwrap();
            assert_eq!((text.as_str(), edits[0].from.clone()), (after, from));
            assert_eq!(&text[edits[0].to.clone()], with);
        }
    }

    #[test]
    fn a_word_takes_the_case_of_another() {
        for (model, cased) in [("their", "there"), ("Their", "There"), ("THEIR", "THERE")] {
            assert_eq!(in_case_of(model, "there").as_deref(), Some(cased));
        }
        assert_eq!(in_case_of("You're", "your").as_deref(), Some("Your"));
        assert_eq!(in_case_of("tHEIR", "there"), None);
    }
}
