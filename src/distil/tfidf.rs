//! Texts as vectors: TF-IDF over the character 3- to 5-grams of their words.
//!
//! Each word of the text in lower case is taken with a space before and behind it, so that no gram spans two words
//! and the ends of words count. Weights are `(1 + ln tf) · (1 + ln((1 + n) / (1 + df)))` (sublinear term frequency,
//! smooth inverse document frequency), the vectors of length 1: the definitions of scikit-learn's
//! `TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True)`. The logarithm is our own, so that
//! the weights are the same on every machine.

use crate::expand::stream::ln;
use std::collections::HashMap;

/// Shortest grams, in characters.
const SHORTEST: usize = 3;
/// Longest grams, in characters.
const LONGEST: usize = 5;

/// Texts as vectors of length 1; the vector of a text without any word is empty.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Vectors {
    /// Of each text its terms with their weights, by term.
    pub rows: Vec<Vec<(u32, f64)>>,
    /// How many terms there are.
    pub terms: usize,
}

/// The vectors of texts, each of which stands for so many: `(text, weight)`. Weights below 1 count as 1.
pub fn vectors(texts: &[(&str, usize)]) -> Vectors {
    let mut terms: HashMap<Box<str>, u32> = HashMap::new();
    let mut found: Vec<f64> = Vec::new();
    let mut rows: Vec<Vec<(u32, f64)>> = Vec::with_capacity(texts.len());
    let mut all = 0.0;
    for (text, weight) in texts {
        let weight = (*weight).max(1) as f64;
        all += weight;
        let mut row: Vec<u32> = Vec::new();
        each_gram(text, |gram| {
            let next = u32::try_from(found.len()).unwrap_or(u32::MAX);
            let term = terms.get(gram).copied().unwrap_or_else(|| {
                terms.insert(gram.into(), next);
                found.push(0.0);
                next
            });
            row.push(term);
        });
        row.sort_unstable();
        let counted: Vec<(u32, f64)> =
            row.chunk_by(|a, b| a == b).map(|run| (run[0], run.len() as f64)).collect();
        for (term, _) in &counted {
            found[*term as usize] += weight;
        }
        rows.push(counted);
    }
    let rarity: Vec<f64> = found.iter().map(|df| 1.0 + ln((1.0 + all) / (1.0 + df))).collect();
    for row in &mut rows {
        for (term, weight) in row.iter_mut() {
            *weight = (1.0 + ln(*weight)) * rarity[*term as usize];
        }
        let length = row.iter().map(|(_, weight)| weight * weight).sum::<f64>().sqrt();
        for (_, weight) in row {
            *weight /= length;
        }
    }
    Vectors { rows, terms: rarity.len() }
}

/// Hands out every gram of a text, those of a word one after the other.
fn each_gram(text: &str, mut each: impl FnMut(&str)) {
    let text = text.to_lowercase();
    let mut padded = String::new();
    let mut starts: Vec<usize> = Vec::new();
    for word in text.split_whitespace() {
        padded.clear();
        padded.push(' ');
        padded.push_str(word);
        padded.push(' ');
        starts.clear();
        starts.extend(padded.char_indices().map(|(at, _)| at));
        starts.push(padded.len());
        let length = starts.len() - 1;
        for size in SHORTEST..=LONGEST {
            if size >= length {
                // A word that is shorter than a gram is one gram, once.
                each(&padded);
                break;
            }
            for window in starts.windows(size + 1) {
                each(&padded[window[0]..window[size]]);
            }
        }
    }
}
