//! One text against those before it: candidates that share a rare gram, each refused by the bounds or
//! checked exactly.

use super::Neighbour;
use super::overlap::{at_least, jaccard, required};
use super::shape::Shape;

/// What a search needs beside the texts, kept from one to the next.
#[derive(Debug, Default)]
pub(super) struct Search {
    /// For each text, the last search that met it.
    met: Vec<usize>,
    /// Searches so far.
    turn: usize,
    /// What a neighbour must share, by its size from `smallest` on.
    required: Vec<usize>,
    smallest: usize,
}

impl Search {
    /// A text of `among` at `threshold` or nearer, of those that `accept` lets through. `lists` holds
    /// every candidate by its position, ascending in each list.
    ///
    /// Which one is found depends on the texts and lists alone: lists in their order, newest first; or
    /// newest first of all texts where the lists hold more than there are texts.
    pub(super) fn first(
        &mut self,
        shape: &Shape,
        among: &[Shape],
        lists: &[&[usize]],
        threshold: f64,
        accept: impl Fn(usize) -> bool,
    ) -> Option<Neighbour> {
        let listed: usize = lists.iter().map(|list| list.len()).sum();
        if listed == 0 {
            return None;
        }
        self.prepare(shape.grams.len(), threshold);
        if listed > among.len() {
            return (0..among.len()).rev().find_map(|at| {
                self.near(shape, &among[at])
                    .filter(|_| accept(at))
                    .map(|jaccard| Neighbour { index: at, jaccard })
            });
        }
        self.turn += 1;
        self.met.resize(among.len().max(self.met.len()), 0);
        for &at in lists.iter().flat_map(|list| list.iter().rev()) {
            if std::mem::replace(&mut self.met[at], self.turn) == self.turn {
                continue;
            }
            if let Some(jaccard) = self.near(shape, &among[at]).filter(|_| accept(at)) {
                return Some(Neighbour { index: at, jaccard });
            }
        }
        None
    }

    /// The nearest text of `among` at `threshold` or nearer, the first of several as near. `lists` as for
    /// [`Search::first`].
    pub(super) fn nearest(
        &mut self,
        shape: &Shape,
        among: &[Shape],
        lists: &[&[usize]],
        threshold: f64,
    ) -> Option<Neighbour> {
        if lists.is_empty() {
            return None;
        }
        self.prepare(shape.grams.len(), threshold);
        self.turn += 1;
        self.met.resize(among.len().max(self.met.len()), 0);
        let mut best: Option<Neighbour> = None;
        for &at in lists.iter().copied().flatten() {
            if std::mem::replace(&mut self.met[at], self.turn) == self.turn {
                continue;
            }
            if let Some(jaccard) = self.near(shape, &among[at]) {
                let is_better =
                    |best: &Neighbour| jaccard.total_cmp(&best.jaccard).then(best.index.cmp(&at)).is_gt();
                if best.as_ref().is_none_or(is_better) {
                    best = Some(Neighbour { index: at, jaccard });
                }
            }
        }
        best
    }

    /// Works out what neighbours of every possible size must share with a set of `size`.
    fn prepare(&mut self, size: usize, threshold: f64) {
        self.required.clear();
        self.smallest = size;
        while self.smallest > 1 && required(size, self.smallest - 1, threshold) < self.smallest {
            self.smallest -= 1;
        }
        let sizes = (self.smallest..).map(|other| (other, required(size, other, threshold)));
        self.required.extend(sizes.take_while(|(other, needed)| *needed <= size.min(*other)).map(|(_, n)| n));
    }

    /// The similarity, where it reaches the threshold prepared for.
    fn near(&self, shape: &Shape, other: &Shape) -> Option<f64> {
        let (a, b) = (shape.grams.len(), other.grams.len());
        let needed = *self.required.get(b.checked_sub(self.smallest)?)?;
        if shape.outline.difference(&other.outline) > a + b - 2 * needed {
            return None;
        }
        let shared = at_least(&shape.grams, &other.grams, needed)?;
        Some(jaccard(shared, a, b))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_that_can_be_near_by_hand() {
        let mut search = Search::default();
        // 0.8 · 10 = 8 to 10 / 0.8 = 12 (10 / 12 = 0.83, 10 / 13 = 0.77).
        search.prepare(10, 0.8);
        assert_eq!((search.smallest, search.required.len()), (8, 5));
        // 8/10; 9/10 (8/11 is too few); 9/11; 10/11 (9/12); 10/12.
        assert_eq!(search.required, [8, 9, 9, 10, 10]);
        search.prepare(1, 0.8);
        assert_eq!((search.smallest, search.required.as_slice()), (1, [1].as_slice()));
    }
}
