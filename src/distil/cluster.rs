//! Clusters of texts by what they say: agglomerative clustering with average linkage over cosine distances, cut at a
//! height, so that nobody has to say how many there are.

use super::tfidf::{Vectors, vectors};
use crate::expand::stream::Stream;
use std::collections::HashMap;

/// The distance up to which clusters are joined: 1 less the mean cosine of their members.
pub const CUT: f64 = 0.9;

/// Most different texts that are compared each with each; of more a sample is.
pub const MOST: usize = 3_000;

/// Texts put into clusters.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Clusters {
    /// The cluster of each text, numbered from 0 in the order of their first texts.
    pub of: Vec<usize>,
    /// The most central text of each cluster: the one that is nearest to all on average, of equal ones the first.
    pub medoids: Vec<usize>,
    /// How many different texts were compared each with each, where that is not all of them.
    pub sampled: Option<Sampled>,
}

/// What a sample was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Sampled {
    /// Different texts that were compared each with each.
    pub compared: usize,
    /// Different texts in all.
    pub of: usize,
}

/// Puts texts into clusters, with the cut given. The same texts in the same order give the same clusters on every
/// machine; equal texts are in one cluster always.
///
/// Above [`MOST`] different texts a sample of so many is clustered; each other text joins the cluster whose members
/// it is nearest to on average, where that is within the cut, and what is left over is clustered likewise.
pub fn cluster(texts: &[&str], cut: f64) -> Clusters {
    cluster_of_most(texts, cut, MOST)
}

fn cluster_of_most(texts: &[&str], cut: f64, most: usize) -> Clusters {
    let (different, of) = distinct(texts);
    let vectors = vectors(&different);
    let sizes: Vec<usize> = different.iter().map(|(_, times)| *times).collect();
    let mut labels = vec![usize::MAX; different.len()];
    let mut left: Vec<usize> = (0..different.len()).collect();
    let mut clusters = 0;
    while !left.is_empty() {
        let sample = sample(&left, most.max(1), different.len());
        let joined = average_linkage(distances(&vectors, &sample), weights(&sizes, &sample), cut);
        let first = clusters;
        for (&text, label) in sample.iter().zip(&joined) {
            labels[text] = first + label;
            clusters = clusters.max(first + label + 1);
        }
        left.retain(|text| labels[*text] == usize::MAX);
        if !left.is_empty() {
            let centres = Centres::of(&vectors, &sample, &joined, &sizes);
            for &text in &left {
                if let Some(near) = centres.nearest(&vectors.rows[text], cut) {
                    labels[text] = first + near;
                }
            }
            left.retain(|text| labels[*text] == usize::MAX);
        }
    }
    let numbers = numbered(&labels);
    let sampled = (different.len() > most).then_some(Sampled { compared: most, of: different.len() });
    let medoids = medoids(&vectors, &numbers, &sizes);
    let first_of = first_places(&of, different.len());
    Clusters {
        of: of.iter().map(|text| numbers[*text]).collect(),
        medoids: medoids.into_iter().map(|text| first_of[text]).collect(),
        sampled,
    }
}

/// The different texts with how often each occurs, in the order of their first places, and of each text which it is.
fn distinct<'t>(texts: &[&'t str]) -> (Vec<(&'t str, usize)>, Vec<usize>) {
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut different: Vec<(&str, usize)> = Vec::new();
    let mut of = Vec::with_capacity(texts.len());
    for text in texts {
        let place = *places.entry(text).or_insert(different.len());
        if place == different.len() {
            different.push((text, 0));
        }
        different[place].1 += 1;
        of.push(place);
    }
    (different, of)
}

/// Where each different text occurs first.
fn first_places(of: &[usize], different: usize) -> Vec<usize> {
    let mut first = vec![usize::MAX; different];
    for (place, text) in of.iter().enumerate().rev() {
        first[*text] = place;
    }
    first
}

/// So many of the texts, in their order: all where there are no more.
fn sample(texts: &[usize], most: usize, of: usize) -> Vec<usize> {
    let mut chosen = texts.to_vec();
    if texts.len() > most {
        let round = texts.len() as u64;
        Stream::new(&[b"distil", b"cluster", &(of as u64).to_le_bytes()]).at(round).shuffle(&mut chosen);
        chosen.truncate(most);
        chosen.sort_unstable();
    }
    chosen
}

fn weights(sizes: &[usize], sample: &[usize]) -> Vec<f64> {
    sample.iter().map(|text| sizes[*text] as f64).collect()
}

/// The labels renumbered in the order in which they first occur.
fn numbered(labels: &[usize]) -> Vec<usize> {
    let mut numbers: HashMap<usize, usize> = HashMap::new();
    labels
        .iter()
        .map(|label| {
            let next = numbers.len();
            *numbers.entry(*label).or_insert(next)
        })
        .collect()
}

/// The distances of some texts from each other: a square, row after row.
#[derive(Debug, Clone)]
struct Square {
    side: usize,
    cells: Vec<f64>,
}

impl Square {
    fn at(&self, a: usize, b: usize) -> f64 {
        self.cells[a * self.side + b]
    }

    fn set(&mut self, a: usize, b: usize, value: f64) {
        self.cells[a * self.side + b] = value;
        self.cells[b * self.side + a] = value;
    }
}

/// Cosine distances: 1 less the product of the vectors. Each product is summed up in the order of the terms.
fn distances(vectors: &Vectors, texts: &[usize]) -> Square {
    let side = texts.len();
    let mut square = Square { side, cells: vec![0.0; side * side] };
    // Where each term occurs among the texts so far.
    let mut places: Vec<Vec<(u32, f64)>> = vec![Vec::new(); vectors.terms];
    let mut products = vec![0.0; side];
    for (a, text) in texts.iter().enumerate() {
        products[..a].fill(0.0);
        let place = u32::try_from(a).unwrap_or(u32::MAX);
        for (term, weight) in &vectors.rows[*text] {
            let others = &mut places[*term as usize];
            for (b, other) in others.iter() {
                products[*b as usize] += weight * other;
            }
            others.push((place, *weight));
        }
        for (b, product) in products[..a].iter().enumerate() {
            square.set(a, b, 1.0 - product);
        }
    }
    square
}

/// The cluster of each item, numbered in the order of their first items: clusters are joined while the mean distance
/// between their members is within the cut. `weights` are how many each item stands for.
///
/// Nearest-neighbour chains (Murtagh 1983; Müllner, "Modern hierarchical, agglomerative clustering algorithms",
/// 2011): time and room grow with the square of the items. Average linkage is reducible, so that the order of
/// joining does not matter, and two clusters that are nearest to each other and farther apart than the cut will
/// never be joined with anything. Of equally near ones the one last on the chain is taken, else the first.
fn average_linkage(mut square: Square, mut weights: Vec<f64>, cut: f64) -> Vec<usize> {
    let count = square.side;
    let mut active: Vec<usize> = (0..count).collect();
    let mut joined: Vec<usize> = (0..count).collect();
    let mut chain: Vec<usize> = Vec::new();
    while let Some(&start) = active.first() {
        let Some(&end) = chain.last() else {
            chain.push(start);
            continue;
        };
        let before = chain.len().checked_sub(2).map(|at| chain[at]);
        let mut nearest = before.map(|at| (square.at(end, at), at));
        for &other in active.iter().filter(|other| **other != end) {
            let distance = square.at(end, other);
            if nearest.is_none_or(|(least, _)| distance < least) {
                nearest = Some((distance, other));
            }
        }
        match nearest {
            Some((distance, other)) if distance <= cut + SLACK => {
                if Some(other) != before {
                    chain.push(other);
                    continue;
                }
                chain.truncate(chain.len() - 2);
                let (keep, gone) = (end.min(other), end.max(other));
                active.retain(|of| *of != gone);
                let (a, b) = (weights[keep], weights[gone]);
                for &of in active.iter().filter(|of| **of != keep) {
                    let mean = (a * square.at(keep, of) + b * square.at(gone, of)) / (a + b);
                    square.set(keep, of, mean);
                }
                weights[keep] = a + b;
                joined[gone] = keep;
            }
            // Everything is farther from it than the cut.
            _ => {
                chain.pop();
                active.retain(|of| *of != end);
            }
        }
    }
    let roots: Vec<usize> = (0..count).map(|item| root(&joined, item)).collect();
    numbered(&roots)
}

/// What rounding may add to a distance.
const SLACK: f64 = 1e-12;

fn root(joined: &[usize], mut item: usize) -> usize {
    while joined[item] != item {
        item = joined[item];
    }
    item
}

/// The mean vectors of clusters, by term: shorter than 1 where members differ, so that the product of one with a
/// vector is the mean cosine.
struct Centres {
    /// Of each term the clusters that have it with their weights, by cluster.
    by_term: Vec<Vec<(usize, f64)>>,
    count: usize,
}

impl Centres {
    /// Those of texts with their clusters.
    fn of(vectors: &Vectors, texts: &[usize], labels: &[usize], sizes: &[usize]) -> Self {
        let count = labels.iter().map(|label| label + 1).max().unwrap_or(0);
        let mut all = vec![0.0; count];
        let mut by_cluster: Vec<Vec<usize>> = vec![Vec::new(); count];
        for (text, label) in texts.iter().zip(labels) {
            all[*label] += sizes[*text] as f64;
            by_cluster[*label].push(*text);
        }
        let mut by_term: Vec<Vec<(usize, f64)>> = vec![Vec::new(); vectors.terms];
        for (label, members) in by_cluster.iter().enumerate() {
            for text in members {
                let share = sizes[*text] as f64 / all[label];
                for (term, weight) in &vectors.rows[*text] {
                    let places = &mut by_term[*term as usize];
                    match places.last_mut() {
                        Some((last, sum)) if *last == label => *sum += weight * share,
                        _ => places.push((label, weight * share)),
                    }
                }
            }
        }
        Self { by_term, count }
    }

    /// The cluster whose members are nearest to a text on average, where that is within the cut.
    fn nearest(&self, row: &[(u32, f64)], cut: f64) -> Option<usize> {
        let mut products = vec![0.0; self.count];
        for (term, weight) in row {
            for (label, other) in &self.by_term[*term as usize] {
                products[*label] += weight * other;
            }
        }
        let mut near: Option<(usize, f64)> = None;
        for (label, product) in products.into_iter().enumerate() {
            if near.is_none_or(|(_, most)| product > most) {
                near = Some((label, product));
            }
        }
        near.filter(|(_, product)| 1.0 - product <= cut + SLACK).map(|(label, _)| label)
    }

    /// The mean cosine of a text with the members of a cluster.
    fn mean_cosine(&self, row: &[(u32, f64)], label: usize) -> f64 {
        let of = |term: u32| {
            let places = &self.by_term[term as usize];
            places.binary_search_by_key(&label, |(of, _)| *of).map_or(0.0, |at| places[at].1)
        };
        row.iter().map(|(term, weight)| weight * of(*term)).sum()
    }
}

/// The most central text of each cluster.
fn medoids(vectors: &Vectors, labels: &[usize], sizes: &[usize]) -> Vec<usize> {
    let texts: Vec<usize> = (0..labels.len()).collect();
    let centres = Centres::of(vectors, &texts, labels, sizes);
    let mut best: Vec<Option<(f64, usize)>> = vec![None; centres.count];
    for (text, label) in labels.iter().enumerate() {
        let cosine = centres.mean_cosine(&vectors.rows[text], *label);
        if best[*label].is_none_or(|(most, _)| cosine > most + SLACK) {
            best[*label] = Some((cosine, text));
        }
    }
    best.into_iter().flatten().map(|(_, text)| text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Average linkage as it is defined: the nearest two clusters are joined, all distances told from the items.
    fn by_definition(square: &Square, cut: f64) -> Vec<usize> {
        let mut clusters: Vec<Vec<usize>> = (0..square.side).map(|item| vec![item]).collect();
        loop {
            let mut nearest: Option<(f64, usize, usize)> = None;
            for a in 0..clusters.len() {
                for b in a + 1..clusters.len() {
                    let pairs =
                        clusters[a].iter().flat_map(|x| clusters[b].iter().map(|y| square.at(*x, *y)));
                    let mean = pairs.sum::<f64>() / (clusters[a].len() * clusters[b].len()) as f64;
                    if nearest.is_none_or(|(least, ..)| mean < least) {
                        nearest = Some((mean, a, b));
                    }
                }
            }
            match nearest {
                Some((mean, a, b)) if mean <= cut => {
                    let gone = clusters.remove(b);
                    clusters[a].extend(gone);
                }
                _ => break,
            }
        }
        let mut labels = vec![0; square.side];
        for (label, cluster) in clusters.iter().enumerate() {
            for item in cluster {
                labels[*item] = label;
            }
        }
        numbered(&labels)
    }

    fn texts(kinds: usize, each: usize) -> Vec<String> {
        let words = [
            "warranty ended",
            "handbook silent",
            "meeting summarised",
            "documents searched",
            "refund refused",
        ];
        (0..kinds * each).map(|n| format!("{} by number {n}", words[n % kinds])).collect()
    }

    #[test]
    fn texts_without_words_and_no_texts_at_all_are_clusters_too() {
        assert_eq!(cluster(&[], CUT), Clusters::default());
        let found = cluster(&["", "timeout", "", " "], CUT);
        // Nothing is like a text without words, but one that is the same.
        assert_eq!(found.of, [0, 1, 0, 2]);
        assert_eq!(found.medoids, [0, 1, 3]);
    }

    #[test]
    fn the_central_text_is_the_one_nearest_to_all() {
        let found =
            cluster(&["the warranty ended", "the warranty ended in March", "warranty in March ended"], CUT);
        assert_eq!((found.of.as_slice(), found.medoids.as_slice()), (&[0, 0, 0][..], &[1][..]));
    }

    #[test]
    fn of_many_texts_a_sample_is_compared_and_every_text_is_in_a_cluster() {
        let texts = texts(5, 40);
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let all = cluster(&texts, 0.8);
        let found = cluster_of_most(&texts, 0.8, 50);
        assert_eq!((all.sampled, found.sampled), (None, Some(Sampled { compared: 50, of: 200 })));
        assert_eq!((found.of.as_slice(), all.medoids.len()), (all.of.as_slice(), 5));
    }

    #[test]
    fn what_is_like_nothing_in_the_sample_is_clustered_by_itself() {
        let mut texts = texts(1, 60);
        texts.extend((0..3).map(|n| format!("zyxwv utsrq {n}")));
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let found = cluster_of_most(&texts, 0.8, 4);
        assert!(found.of[..60].iter().all(|label| *label == found.of[0]), "{found:?}");
        assert!(
            found.of[60..].iter().all(|label| *label == found.of[60] && *label != found.of[0]),
            "{found:?}"
        );
    }

    proptest! {
        #[test]
        fn chains_of_nearest_neighbours_join_what_the_definition_joins(
            side in 1_usize..12,
            draws in proptest::collection::vec(0.0_f64..1.0, 66),
            cut in 0.05_f64..0.95,
        ) {
            let mut square = Square { side, cells: vec![0.0; side * side] };
            let mut draws = draws.into_iter();
            for a in 0..side {
                for b in 0..a {
                    square.set(a, b, draws.next().unwrap());
                }
            }
            let expected = by_definition(&square, cut);
            prop_assert_eq!(average_linkage(square, vec![1.0; side], cut), expected);
        }

        #[test]
        fn the_order_of_items_does_not_matter(
            side in 1_usize..12,
            draws in proptest::collection::vec(0.0_f64..1.0, 66),
            cut in 0.05_f64..0.95,
        ) {
            let mut forth = Square { side, cells: vec![0.0; side * side] };
            let mut back = forth.clone();
            let mut draws = draws.into_iter();
            for a in 0..side {
                for b in 0..a {
                    let distance = draws.next().unwrap();
                    forth.set(a, b, distance);
                    back.set(side - 1 - a, side - 1 - b, distance);
                }
            }
            let forth = average_linkage(forth, vec![1.0; side], cut);
            let mut back = average_linkage(back, vec![1.0; side], cut);
            back.reverse();
            prop_assert_eq!(numbered(&back), forth);
        }
    }
}
