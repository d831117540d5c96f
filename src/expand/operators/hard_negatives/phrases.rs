//! Phrases of a lexicon in a text, and what may stand in their place.

use crate::expand::operators::meaning::sentence::{adjoins, begins_with_vowel, cased_like, lower};
use crate::expand::protect::Guard;
use crate::expand::words::Text;
use std::collections::HashMap;
use std::ops::Range;

/// Phrases by their first word.
#[derive(Debug, Default)]
pub struct Phrases<'p> {
    by_first: HashMap<String, Vec<Entry<'p>>>,
}

/// The words of a phrase, and what may stand in its place.
type Entry<'p> = (Vec<String>, Vec<&'p str>);

/// A phrase of a text, and what is to stand in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site<'p> {
    /// Its bytes.
    pub range: Range<usize>,
    /// Its first word and the one after its last, among those of the text.
    pub words: Range<usize>,
    /// What may stand there.
    pub instead: Vec<&'p str>,
}

impl<'p> Phrases<'p> {
    /// From entries of a phrase and its alternatives.
    pub fn new(entries: impl Iterator<Item = (&'p str, Vec<&'p str>)>) -> Self {
        let mut by_first: HashMap<String, Vec<_>> = HashMap::new();
        for (phrase, instead) in entries {
            let words: Vec<String> =
                phrase.split_whitespace().map(|word| word.to_lowercase().replace('’', "'")).collect();
            if let Some(first) = words.first().cloned() {
                by_first.entry(first).or_default().push((words, instead));
            }
        }
        for list in by_first.values_mut() {
            list.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
        }
        Self { by_first }
    }

    /// The places of a text where a phrase stands that may be touched; of phrases that begin at one word the
    /// longest, and none within another.
    pub fn sites(&self, text: &Text<'_>, touches: &[Guard]) -> Vec<Site<'p>> {
        let words = lower(text);
        let mut sites = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let found = self.by_first.get(&words[at]).into_iter().flatten().find(|(phrase, _)| {
                let last = at + phrase.len();
                last <= words.len()
                    && phrase.iter().zip(&words[at..last]).all(|(wanted, word)| wanted == word)
                    && (at..last - 1).all(|w| adjoins(text, w))
            });
            let Some((phrase, instead)) = found else {
                at += 1;
                continue;
            };
            let last = at + phrase.len();
            let range = text.words[at].start..text.words[last - 1].end;
            let whole = !text.text[..range.start].ends_with(['-', '/', '@', '#', '_', '.'])
                && !text.text[range.end..].starts_with(['-', '/', '@', '_']);
            if whole && text.may_touch(range.clone(), touches) {
                sites.push(Site { range, words: at..last, instead: instead.clone() });
            }
            at = last;
        }
        sites
    }
}

/// The edits that put a text in a phrase's place: the article before it goes with the sound of it.
pub fn put(
    text: &Text<'_>,
    site: &Site<'_>,
    instead: &str,
    touches: &[Guard],
) -> Vec<(Range<usize>, String)> {
    let mut edits = Vec::new();
    let before = site.words.start.checked_sub(1).filter(|&at| adjoins(text, at));
    if let Some(article) = before.map(|at| text.words[at]) {
        let written = article.of(text.text);
        let wanted = if begins_with_vowel(instead) { "an" } else { "a" };
        let is_article = matches!(written, "a" | "an" | "A" | "An");
        if is_article && !written.eq_ignore_ascii_case(wanted) && text.may_touch(article.range(), touches) {
            edits.push((article.range(), cased_like(written, wanted)));
        }
    }
    edits.push((site.range.clone(), cased_like(&text.text[site.range.clone()], instead)));
    edits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expand::protect::Protector;

    #[test]
    fn the_longest_phrase_is_taken_and_articles_follow() {
        let entries = [("meeting", vec!["outing"]), ("meeting room", vec!["waiting room"])];
        let phrases = Phrases::new(entries.into_iter());
        let source = "A Meeting room, a meeting, a meeting-house and \"a meeting\"";
        let text = Text::new(source, &Protector::new(&[]).unwrap(), &[]);
        let sites = phrases.sites(&text, &[]);
        let found: Vec<&str> = sites.iter().map(|site| &source[site.range.clone()]).collect();
        assert_eq!(found, ["Meeting room", "meeting"]);
        let edits = put(&text, &sites[1], "outing", &[]);
        assert_eq!(edits, [(16..17, "an".to_owned()), (18..25, "outing".to_owned())]);
    }
}
