//! Words as people misspell them: `definitely` becomes `definately`.

use super::slip;
use crate::expand::lexicon::Lexicon;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::stream::Stream;
use std::collections::HashMap;
use std::sync::LazyLock;

/// The operator.
pub static MISSPELLING: Operator = Operator {
    name: "misspelling",
    version: 1,
    family: Family::Typing,
    promise: Promise::Same,
    what: "Writes a word as it is often misspelt",
    reach: Reach::Words,
    touches: &[],
    needs_statement: false,
    options: &[slip::SLIPS],
    vary,
};

static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::parse(include_str!("../../lexicon/misspellings.txt")));

/// The wrong forms of a right one.
static WRONG: LazyLock<HashMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let forms =
        LEXICON.entries.iter().filter_map(|entry| Some((entry[0], entry.get(1)?.split('|').collect())));
    forms.collect()
});

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let mut small = String::new();
    let mut sites = slip::long_words(subject.text);
    sites.retain(|site| forms(&subject.text.text[site.clone()], &mut small).is_some());
    slip::at_sites(subject, stream, sites, |word, stream| {
        let forms = forms(word, &mut small)?;
        slip::in_case_of(word, forms.get(stream.index(forms.len()))?)
    })
}

/// The wrong forms of a word in any case.
fn forms(word: &str, small: &mut String) -> Option<&'static [&'static str]> {
    small.clear();
    small.push_str(word);
    small.make_ascii_lowercase();
    WRONG.get(small.as_str()).map(Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expand::meaning;
    use crate::expand::operators::typing::is_common;
    use std::collections::HashSet;

    #[test]
    fn the_lexicon_is_large_and_each_wrong_form_is_wrong() {
        assert_eq!((LEXICON.name, LEXICON.version), ("misspellings", 1));
        assert!(WRONG.len() >= 600, "{}", WRONG.len());
        assert!(LEXICON.entries.windows(2).all(|pair| pair[0][0] < pair[1][0]), "sorted, each word once");
        for entry in &LEXICON.entries {
            let [right, wrong] = entry[..] else { panic!("{entry:?}") };
            let mut seen = HashSet::new();
            assert!(right.len() >= 4 && meaning::weight(right).is_none(), "{right}");
            for wrong in wrong.split('|') {
                assert!(wrong != right && seen.insert(wrong), "{right}: {wrong}");
                assert!(!is_common(wrong) && !WRONG.contains_key(wrong), "{right}: {wrong}");
                assert!(meaning::weight(wrong).is_none(), "{right}: {wrong}");
                assert!(wrong.bytes().all(|byte| byte.is_ascii_lowercase()), "{right}: {wrong}");
                assert_eq!(wrong.chars().next(), right.chars().next(), "{right}: {wrong}");
            }
        }
    }
}
