//! Words of the same sound, or nearly: `their` becomes `there`. Only those are listed whose sense a reader
//! gets back from the words around.

use super::slip;
use crate::expand::lexicon::Lexicon;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::stream::Stream;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

/// The operator.
pub static HOMOPHONE: Operator = Operator {
    name: "homophone",
    version: 1,
    family: Family::Typing,
    promise: Promise::Same,
    what: "Writes a word for another of the same sound, as their and there",
    reach: Reach::Words,
    touches: &[],
    needs_statement: false,
    options: &[slip::SLIPS],
    vary,
};

static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::parse(include_str!("../../lexicon/homophones.txt")));

/// The words that are written for a word.
static OTHERS: LazyLock<HashMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let forms =
        LEXICON.entries.iter().filter_map(|entry| Some((entry[0], entry.get(1)?.split('|').collect())));
    forms.collect()
});

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let mut small = String::new();
    let words = subject.text.free().filter(|(place, _)| !slip::is_name(subject.text, *place));
    let mut sites: Vec<Range<usize>> = words.map(|(_, word)| word.range()).collect();
    sites.retain(|site| !is_part(subject.text.text, site));
    sites.retain(|site| others(&subject.text.text[site.clone()], &mut small).is_some());
    slip::at_sites(subject, stream, sites, |word, stream| {
        let others = others(word, &mut small)?;
        let other = slip::in_case_of(word, others.get(stream.index(others.len()))?)?;
        Some(if word.contains('’') { other.replace('\'', "’") } else { other })
    })
}

/// Whether a word is part of one with a hyphen (`one-hour`), which a reader takes as a whole.
fn is_part(text: &str, site: &Range<usize>) -> bool {
    text[..site.start].ends_with('-') || text[site.end..].starts_with('-')
}

/// The words that are written for a word in any case, with either apostrophe.
fn others(word: &str, small: &mut String) -> Option<&'static [&'static str]> {
    small.clear();
    small.extend(word.chars().map(|c| if c == '’' { '\'' } else { c.to_ascii_lowercase() }));
    OTHERS.get(small.as_str()).map(Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expand::meaning::Count;
    use std::collections::HashSet;

    #[test]
    fn no_homophone_gains_or_loses_a_word_of_meaning() {
        assert_eq!((LEXICON.name, LEXICON.version), ("homophones", 1));
        assert!(OTHERS.len() >= 110, "{}", OTHERS.len());
        assert!(LEXICON.entries.windows(2).all(|pair| pair[0][0] < pair[1][0]), "sorted, each word once");
        for entry in &LEXICON.entries {
            let [right, others] = entry[..] else { panic!("{entry:?}") };
            let mut seen = HashSet::new();
            assert_eq!(Count::of(right), Count::default(), "{right}");
            for other in others.split('|') {
                assert!(other != right && seen.insert(other), "{right}: {other}");
                assert_eq!(Count::of(other), Count::default(), "{right}: {other}");
            }
        }
    }
}
