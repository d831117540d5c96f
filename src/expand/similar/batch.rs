//! The earlier neighbours in a whole list, over several threads.

use super::rarity::Rarity;
use super::search::Search;
use super::shape::Shape;
use super::{Neighbour, searchable};
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Texts that a thread takes at a time.
const SHARE: usize = 256;

/// For each text, one text before it at a Jaccard similarity of `threshold` or more, where there is
/// any: an earlier one, not necessarily the nearest or the first. All of the texts that have one are
/// found, and none below the threshold.
///
/// The answer is the same for any number of threads, of which 0 counts as 1. The threshold is brought
/// into [`LOWEST_THRESHOLD`](super::LOWEST_THRESHOLD) to 1.
///
/// ```
/// use holdline::expand::similar::earlier_neighbours;
///
/// let texts = ["book a room for two people", "what is the time", "book a room for two people!"];
/// let found = earlier_neighbours(&texts, 0.8, 2);
/// assert_eq!(found[2].map(|neighbour| neighbour.index), Some(0));
/// assert!(found[0].is_none() && found[1].is_none());
/// ```
pub fn earlier_neighbours(texts: &[&str], threshold: f64, threads: usize) -> Vec<Option<Neighbour>> {
    earlier_neighbours_if(texts, threshold, threads, |_, _| true)
}

/// The same among the pairs (text, earlier text) that `accept` lets through: to look for neighbours
/// outside a text's own family, say.
pub fn earlier_neighbours_if(
    texts: &[&str],
    threshold: f64,
    threads: usize,
    accept: impl Fn(usize, usize) -> bool + Sync,
) -> Vec<Option<Neighbour>> {
    let threshold = searchable(threshold);
    let shapes: Vec<Shape> = in_parts(texts.len(), threads, || (), |(), at| Shape::of(texts[at]));
    let rarity = Rarity::of(&shapes);
    let postings = Postings::of(&shapes, &rarity, threshold);
    in_parts(texts.len(), threads, Search::default, |search, at| {
        let prefix = rarity.prefix(&shapes[at], threshold);
        let lists: Vec<&[usize]> = prefix.iter().map(|gram| postings.before(*gram, at)).collect();
        search.first(&shapes[at], &shapes[..at], &lists, threshold, |other| accept(at, other))
    })
}

/// The texts that have a gram in their prefix, for every gram that at least two of them have there.
struct Postings {
    /// Ascending.
    grams: Vec<u64>,
    /// Where the texts of each gram begin, and where the last end.
    starts: Vec<usize>,
    /// Ascending for each gram.
    texts: Vec<usize>,
}

impl Postings {
    fn of(shapes: &[Shape], rarity: &Rarity, threshold: f64) -> Self {
        let mut pairs: Vec<(u64, usize)> = Vec::new();
        for (at, shape) in shapes.iter().enumerate() {
            pairs.extend(rarity.prefix(shape, threshold).into_iter().map(|gram| (gram, at)));
        }
        pairs.sort_unstable();
        let mut postings = Self { grams: Vec::new(), starts: Vec::new(), texts: Vec::new() };
        for group in pairs.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1) {
            postings.grams.push(group[0].0);
            postings.starts.push(postings.texts.len());
            postings.texts.extend(group.iter().map(|(_, at)| *at));
        }
        postings.starts.push(postings.texts.len());
        postings
    }

    /// The texts before `at` that have a gram in their prefix.
    fn before(&self, gram: u64, at: usize) -> &[usize] {
        let Ok(found) = self.grams.binary_search(&gram) else { return &[] };
        let texts = &self.texts[self.starts[found]..self.starts[found + 1]];
        &texts[..texts.partition_point(|text| *text < at)]
    }
}

/// `make` for each of `0..count`, in order, the work shared by threads that each have a state of their
/// own.
fn in_parts<T: Send, S>(
    count: usize,
    threads: usize,
    state: impl Fn() -> S + Sync,
    make: impl Fn(&mut S, usize) -> T + Sync,
) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut state = state();
        let mut done: Vec<(usize, Vec<T>)> = Vec::new();
        while let Some(part) = part(next.fetch_add(1, Ordering::Relaxed), count) {
            done.push((part.start, part.map(|at| make(&mut state, at)).collect()));
        }
        done
    };
    let threads = threads.clamp(1, count.div_ceil(SHARE).max(1));
    let mut parts = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut parts = work();
        for other in others {
            parts.extend(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        parts
    });
    parts.sort_unstable_by_key(|(start, _)| *start);
    let mut all = Vec::with_capacity(count);
    for (_, part) in parts {
        all.extend(part);
    }
    all
}

fn part(number: usize, count: usize) -> Option<Range<usize>> {
    let start = number.checked_mul(SHARE).filter(|start| *start < count)?;
    Some(start..count.min(start + SHARE))
}
