//! A filter over a stream of texts.

use super::rarity::Rarity;
use super::search::Search;
use super::shape::Shape;
use super::{Neighbour, searchable};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Texts kept before the order of grams is first learned from them.
const FIRST_ORDER: usize = 64;

/// The texts kept so far, to be asked whether the next one is near one of them.
///
/// What is found is as exact as in [`earlier_neighbours`](super::earlier_neighbours), among the texts
/// that were kept. The order of grams that makes the search fast is learned anew whenever the texts kept
/// have doubled, so that the whole costs little more than if it had been known from the start.
#[derive(Debug)]
pub struct Index {
    threshold: f64,
    kept: Vec<Shape>,
    rarity: Rarity,
    /// The texts that have a gram in their prefix, ascending.
    postings: HashMap<u64, Posting, BuildHasherDefault<AsItIs>>,
    /// Number of texts at which the order is learned anew.
    relearn: usize,
    search: Search,
}

/// Most grams of a prefix are in one text alone.
#[derive(Debug)]
enum Posting {
    One([usize; 1]),
    Many(Vec<usize>),
}

impl Posting {
    fn texts(&self) -> &[usize] {
        match self {
            Self::One(text) => text,
            Self::Many(texts) => texts,
        }
    }

    fn push(&mut self, text: usize) {
        match self {
            Self::One([first]) => *self = Self::Many(vec![*first, text]),
            Self::Many(texts) => texts.push(text),
        }
    }
}

impl Index {
    /// An empty index for a threshold, which is brought into
    /// [`LOWEST_THRESHOLD`](super::LOWEST_THRESHOLD) to 1.
    pub fn new(threshold: f64) -> Self {
        Self {
            threshold: searchable(threshold),
            kept: Vec::new(),
            rarity: Rarity::of(&[]),
            postings: HashMap::default(),
            relearn: FIRST_ORDER,
            search: Search::default(),
        }
    }

    /// How many texts were kept.
    pub fn len(&self) -> usize {
        self.kept.len()
    }

    /// Whether no text was kept yet.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// A text kept that this one is near to, by its position among those kept; without one, the text is
    /// kept.
    pub fn insert_or_find(&mut self, text: &str) -> Option<Neighbour> {
        let shape = Shape::of(text);
        let prefix = self.rarity.prefix(&shape, self.threshold);
        let lists: Vec<&[usize]> =
            prefix.iter().filter_map(|gram| Some(self.postings.get(gram)?.texts())).collect();
        let found = self.search.first(&shape, &self.kept, &lists, self.threshold, |_| true);
        if found.is_none() {
            self.post(&prefix, self.kept.len());
            self.kept.push(shape);
            if self.kept.len() == self.relearn {
                self.learn();
            }
        }
        found
    }

    /// Keeps a text, whatever is near it, and gives its position among those kept.
    pub fn keep(&mut self, text: &str) -> usize {
        let shape = Shape::of(text);
        let prefix = self.rarity.prefix(&shape, self.threshold);
        self.post(&prefix, self.kept.len());
        self.kept.push(shape);
        if self.kept.len() == self.relearn {
            self.learn();
        }
        self.kept.len() - 1
    }

    /// The text kept that this one is nearest to, at the threshold or nearer; of several as near the first that was
    /// kept. The text is not kept.
    pub fn nearest(&mut self, text: &str) -> Option<Neighbour> {
        let shape = Shape::of(text);
        let prefix = self.rarity.prefix(&shape, self.threshold);
        let lists: Vec<&[usize]> =
            prefix.iter().filter_map(|gram| Some(self.postings.get(gram)?.texts())).collect();
        self.search.nearest(&shape, &self.kept, &lists, self.threshold)
    }

    fn post(&mut self, prefix: &[u64], text: usize) {
        for gram in prefix {
            self.postings
                .entry(*gram)
                .and_modify(|posting| posting.push(text))
                .or_insert(Posting::One([text]));
        }
    }

    fn learn(&mut self) {
        self.relearn = self.relearn.saturating_mul(2);
        self.rarity = Rarity::of(&self.kept);
        self.postings.clear();
        for text in 0..self.kept.len() {
            let prefix = self.rarity.prefix(&self.kept[text], self.threshold);
            self.post(&prefix, text);
        }
    }
}

/// Grams are well mixed already.
#[derive(Debug, Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = super::mixed(self.0 ^ u64::from(*byte));
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

#[cfg(test)]
mod tests {
    use super::Index;
    use crate::expand::similar::jaccard;

    #[test]
    fn the_nearest_of_all_that_are_kept_is_found_and_the_first_of_equals() {
        let kept = ["where is my order", "where is my order now", "cancel my order", "where is my order"];
        let mut index = Index::new(0.3);
        for (at, text) in kept.iter().enumerate() {
            assert_eq!(index.keep(text), at);
        }
        for asked in ["where is my order 17", "Where is my order", "cancel the order", "play some music"] {
            let mut best: Option<(usize, f64)> = None;
            for (at, text) in kept.iter().enumerate() {
                let near = jaccard(asked, text);
                if near >= 0.3 && best.is_none_or(|(_, other)| near > other) {
                    best = Some((at, near));
                }
            }
            let found = index.nearest(asked).map(|near| (near.index, near.jaccard));
            assert_eq!(found, best, "{asked}");
        }
        assert_eq!(index.len(), 4, "what is looked for is not kept");
    }
}
