//! A filter over a stream of texts.

use super::overlap::{jaccard, shared};
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
            self.add(shape, &prefix);
        }
        found
    }

    /// Keeps a text, whatever it is near to.
    pub fn keep(&mut self, text: &str) {
        let shape = Shape::of(text);
        let prefix = self.rarity.prefix(&shape, self.threshold);
        self.add(shape, &prefix);
    }

    /// A text kept that this one is near to, by its position among those kept, of those that `accept` lets
    /// through; nothing is kept.
    pub fn find_if(&mut self, text: &str, accept: impl Fn(usize) -> bool) -> Option<Neighbour> {
        let shape = Shape::of(text);
        let prefix = self.rarity.prefix(&shape, self.threshold);
        let lists: Vec<&[usize]> =
            prefix.iter().filter_map(|gram| Some(self.postings.get(gram)?.texts())).collect();
        self.search.first(&shape, &self.kept, &lists, self.threshold, accept)
    }

    /// The text kept that this one is nearest to, at the threshold or nearer; of several as near the first that was
    /// kept. Nothing is kept.
    pub fn nearest_within(&mut self, text: &str) -> Option<Neighbour> {
        let shape = Shape::of(text);
        let prefix = self.rarity.prefix(&shape, self.threshold);
        let lists: Vec<&[usize]> =
            prefix.iter().filter_map(|gram| Some(self.postings.get(gram)?.texts())).collect();
        self.search.nearest(&shape, &self.kept, &lists, self.threshold)
    }

    /// The text kept that is nearest to this one, however far, and of equally near ones the first; `None` where
    /// nothing was kept. Looks at all of them.
    pub fn nearest(&self, text: &str) -> Option<Neighbour> {
        let shape = Shape::of(text);
        let mut nearest: Option<Neighbour> = None;
        for (index, other) in self.kept.iter().enumerate() {
            let best = nearest.map_or(-1.0, |nearest| nearest.jaccard);
            let (a, b) = (shape.grams.len(), other.grams.len());
            // The outlines never differ in more bits than the sets in grams.
            let most = (a + b).saturating_sub(shape.outline.difference(&other.outline)) / 2;
            if jaccard(most.min(a).min(b), a, b) > best {
                let found = jaccard(shared(&shape.grams, &other.grams), a, b);
                if found > best {
                    nearest = Some(Neighbour { index, jaccard: found });
                }
            }
        }
        nearest
    }

    fn add(&mut self, shape: Shape, prefix: &[u64]) {
        self.post(prefix, self.kept.len());
        self.kept.push(shape);
        if self.kept.len() == self.relearn {
            self.learn();
        }
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
    use super::*;

    #[test]
    fn the_nearest_within_the_threshold_is_that_of_all_pairs() {
        let kept = ["where is my order", "where is my order now", "cancel my order", "where is my order"];
        let mut index = Index::new(0.3);
        for text in kept {
            index.keep(text);
        }
        for asked in ["where is my order 17", "Where is my order", "cancel the order", "play some music"] {
            let mut best: Option<(usize, f64)> = None;
            for (at, text) in kept.iter().enumerate() {
                let near = crate::expand::similar::jaccard(asked, text);
                if near >= 0.3 && best.is_none_or(|(_, other)| near > other) {
                    best = Some((at, near));
                }
            }
            let found = index.nearest_within(asked).map(|near| (near.index, near.jaccard));
            assert_eq!(found, best, "{asked}");
        }
        assert_eq!(index.len(), 4, "what is looked for is not kept");
    }
}
