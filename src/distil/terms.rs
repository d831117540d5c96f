//! The words that name a cluster: in many of its texts, and in few of the others'.

use crate::expand::lexicon::Lexicon;
use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;
use unicode_segmentation::UnicodeSegmentation;

/// Words that name a cluster.
const COUNT: usize = 5;
/// Shortest word, in characters.
const SHORTEST: usize = 3;
/// Longest word that names anything, in characters.
const LONGEST: usize = 40;

/// Words that say little.
static STOP: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let lexicon = Lexicon::parse(include_str!("../expand/lexicon/stop_words.txt"));
    lexicon.entries.iter().map(|entry| entry[0]).collect()
});

/// The words of texts, ready to be set against each other.
#[derive(Debug, Clone)]
pub struct Words {
    /// The different words of each text, with their first places.
    texts: Vec<BTreeMap<String, usize>>,
    /// In how many texts each word is.
    having: BTreeMap<String, usize>,
}

impl Words {
    /// Those of all texts.
    pub fn of(texts: &[&str]) -> Self {
        let texts: Vec<BTreeMap<String, usize>> = texts.iter().map(|text| words(text)).collect();
        let mut having = BTreeMap::new();
        for word in texts.iter().flat_map(BTreeMap::keys) {
            *having.entry(word.clone()).or_insert(0) += 1;
        }
        Self { texts, having }
    }

    /// The most telling words of some of the texts, the most telling first: those in most of them, each the less the
    /// more of the others have it too. Of equal ones those that come first in the texts.
    pub fn telling(&self, members: &[usize]) -> Vec<String> {
        let inside = members.len();
        let outside = self.texts.len() - inside;
        let mut found: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for member in members {
            for (word, place) in &self.texts[*member] {
                let (count, first) = found.entry(word).or_insert((0, *place));
                *count += 1;
                *first = (*first).min(*place);
            }
        }
        let mut ranked: Vec<(f64, usize, &str)> = found
            .into_iter()
            // A word of one text in many names that text, and not the cluster.
            .filter(|(_, (count, _))| *count * 4 >= inside)
            .map(|(word, (count, first))| {
                let share = count as f64 / inside as f64;
                let elsewhere = (self.having[word] - count) as f64 / outside.max(1) as f64;
                (share * (1.0 - elsewhere), first, word)
            })
            .collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(b.2)));
        ranked.into_iter().take(COUNT).map(|(_, _, word)| word.to_owned()).collect()
    }
}

/// The words of a text that say something, each with its first place.
fn words(text: &str) -> BTreeMap<String, usize> {
    let mut words = BTreeMap::new();
    for (place, word) in text.unicode_words().enumerate() {
        let word = word.to_lowercase();
        let length = word.chars().count();
        let says = (SHORTEST..=LONGEST).contains(&length) && word.chars().any(char::is_alphabetic);
        if says && !STOP.contains(word.as_str()) {
            words.entry(word).or_insert(place);
        }
    }
    words
}
