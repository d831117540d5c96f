//! BM25: how well a passage answers to the terms of a question.
//!
//! A term in a passage weighs `idf · tf · (k1 + 1) / (tf + k1 · (1 − b + b · length / mean))` (S. Robertson and
//! H. Zaragoza, *The Probabilistic Relevance Framework: BM25 and Beyond*, 2009), where `tf` is how often it
//! occurs there and `idf` is `ln(1 + (N − n + 0.5) / (n + 0.5))` for `n` of `N` passages that have it; the 1
//! keeps it above 0 also for a term that most of them have. A score is the sum over the question's terms.

use std::collections::BTreeMap;

/// How soon more of the same term adds nothing.
const K1: f64 = 1.2;
/// How much a long passage pays for its length.
const B: f64 = 0.75;

/// Passages by their terms.
pub struct Index {
    /// For each term the passages that have it, and how often.
    postings: BTreeMap<String, Vec<(usize, u32)>>,
    lengths: Vec<usize>,
    mean: f64,
}

impl Index {
    /// The index of passages, each given as its terms.
    pub fn new(passages: &[Vec<String>]) -> Self {
        let mut postings: BTreeMap<String, Vec<(usize, u32)>> = BTreeMap::new();
        for (at, term) in
            passages.iter().enumerate().flat_map(|(at, terms)| terms.iter().map(move |t| (at, t)))
        {
            let having = postings.entry(term.clone()).or_default();
            match having.last_mut() {
                Some((last, count)) if *last == at => *count += 1,
                _ => having.push((at, 1)),
            }
        }
        let lengths: Vec<usize> = passages.iter().map(Vec::len).collect();
        let mean = lengths.iter().sum::<usize>() as f64 / lengths.len().max(1) as f64;
        Self { postings, lengths, mean }
    }

    /// How much a term tells; the most for one that no passage has.
    pub fn idf(&self, term: &str) -> f64 {
        let having = self.postings.get(term).map_or(0, Vec::len) as f64;
        (1.0 + (self.lengths.len() as f64 - having + 0.5) / (having + 0.5)).ln()
    }

    /// The passages that have any of the terms, best first, and in their order where scores are equal.
    pub fn search(&self, terms: &[String]) -> Vec<(usize, f64)> {
        let mut scores: BTreeMap<usize, f64> = BTreeMap::new();
        for term in terms {
            let idf = self.idf(term);
            for (at, count) in self.postings.get(term).into_iter().flatten() {
                let length = self.lengths[*at] as f64 / self.mean;
                let tf = f64::from(*count);
                *scores.entry(*at).or_default() += idf * tf * (K1 + 1.0) / (tf + K1 * (1.0 - B + B * length));
            }
        }
        // Rounded, so that the last bit of a logarithm decides no order.
        let mut found: Vec<(usize, f64)> =
            scores.into_iter().map(|(at, score)| (at, rounded(score))).collect();
        found.sort_by(|(a, x), (b, y)| y.total_cmp(x).then(a.cmp(b)));
        found
    }
}

/// To four decimals.
pub fn rounded(score: f64) -> f64 {
    (score * 1e4).round() / 1e4
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(passages: &[&str]) -> Index {
        let terms = |text: &&str| text.split(' ').map(str::to_owned).collect();
        Index::new(&passages.iter().map(terms).collect::<Vec<_>>())
    }

    fn search(index: &Index, question: &str) -> Vec<(usize, f64)> {
        index.search(&question.split(' ').map(str::to_owned).collect::<Vec<_>>())
    }

    /// Three passages of 2, 4 and 3 words, 3 on average. `tea` is in two of them: its idf is
    /// `ln(1 + 1.5 / 2.5) = 0.470004`. In the first, tf is 1 and the length is 2/3 of the mean:
    /// `0.470004 · 2.2 / (1 + 1.2 · (0.25 + 0.75 · 2/3)) = 1.034008 / 1.9 = 0.544215`. In the second, tf is 2
    /// and the length is 4/3: `0.470004 · 4.4 / (2 + 1.2 · 1.25) = 2.068016 / 3.5 = 0.590862`.
    #[test]
    fn scores_by_hand() {
        let index = index(&["tea hot", "tea tea cold milk", "water cold now"]);
        assert!((index.idf("tea") - 0.470_004).abs() < 1e-6);
        assert_eq!(search(&index, "tea"), [(1, 0.5909), (0, 0.5442)]);
        // `milk`, in one of three: ln(1 + 2.5 / 1.5) = 0.980829, · 2.2 / 2.5 = 0.863130; with tea 1.453992.
        assert_eq!(search(&index, "tea milk"), [(1, 1.454), (0, 0.5442)]);
    }

    /// A term that nothing has: ln(1 + 3.5 / 0.5) = ln 8.
    #[test]
    fn a_term_that_nothing_has_tells_most_and_finds_nothing() {
        let index = index(&["tea hot", "tea cold", "tea now"]);
        assert!((index.idf("rum") - 8.0_f64.ln()).abs() < 1e-12);
        assert!(search(&index, "rum").is_empty());
        assert!(index.idf("tea") > 0.0, "also where every passage has it");
    }

    #[test]
    fn equal_scores_keep_the_order_of_the_passages() {
        let index = index(&["tea hot", "tea cold", "tea now"]);
        let order: Vec<usize> = search(&index, "tea").into_iter().map(|(at, _)| at).collect();
        assert_eq!(order, [0, 1, 2]);
    }
}
