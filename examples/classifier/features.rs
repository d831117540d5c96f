//! What a text is to the classifier: its words, pairs of neighbouring words, and the pieces of its
//! words, which are what makes a mistyped word look like the word that was meant.

use std::collections::HashMap;

/// Words of a text that are looked at; what comes after them is ignored.
const MAX_WORDS: usize = 200;
/// Letters of a word that are looked at.
const MAX_LETTERS: usize = 24;
/// Lengths of the pieces of words.
const PIECES: std::ops::RangeInclusive<usize> = 3..=4;
/// How much pieces of words count, beside whole words.
const PIECE_SHARE: f32 = 0.6;

/// A text in numbers.
pub struct Vector {
    /// Features that training has seen, by index, with their values.
    pub entries: Vec<(usize, f32)>,
    /// Share of the text's words and pieces of words that training has seen.
    pub known: f32,
}

/// The features that training has seen, with how much each tells.
pub struct Vocabulary {
    features: HashMap<u64, (usize, f32)>,
}

/// The kinds of features, kept apart so that the word `the` is not the piece `the`.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Word = 1,
    Pair = 2,
    Piece = 3,
}

impl Vocabulary {
    /// Gathers the features of all texts. A feature tells the more, the fewer texts have it.
    pub fn build<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut counts: HashMap<u64, (usize, u32)> = HashMap::new();
        let mut total = 0_u32;
        for text in texts {
            total += 1;
            for (_, hash) in features(text) {
                let next = counts.len();
                counts.entry(hash).or_insert((next, 0)).1 += 1;
            }
        }
        let weigh = |count: u32| ((1 + total) as f32 / (1 + count) as f32).ln() + 1.0;
        let features = counts.into_iter().map(|(hash, (index, count))| (hash, (index, weigh(count))));
        Self { features: features.collect() }
    }

    /// Number of features.
    pub fn len(&self) -> usize {
        self.features.len()
    }

    /// A text in numbers: words with pairs, and pieces, each scaled to a fixed length.
    pub fn vector(&self, text: &str) -> Vector {
        let (mut words, mut pieces) = (Vec::new(), Vec::new());
        let (mut seen, mut all) = (0_u32, 0_u32);
        for (kind, hash) in features(text) {
            let found = self.features.get(&hash);
            if kind != Kind::Pair {
                all += 1;
                seen += u32::from(found.is_some());
            }
            if let Some(entry) = found {
                if kind == Kind::Piece { pieces.push(*entry) } else { words.push(*entry) }
            }
        }
        scale(&mut words, 1.0);
        scale(&mut pieces, PIECE_SHARE);
        words.append(&mut pieces);
        let known = if all == 0 { 0.0 } else { seen as f32 / all as f32 };
        Vector { entries: words, known }
    }
}

/// Scales the entries to a Euclidean length.
fn scale(entries: &mut [(usize, f32)], length: f32) {
    let norm = entries.iter().map(|(_, value)| value * value).sum::<f32>().sqrt();
    if norm > 0.0 {
        for (_, value) in entries {
            *value *= length / norm;
        }
    }
}

/// The features of a text, each once.
fn features(text: &str) -> Vec<(Kind, u64)> {
    let words: Vec<Vec<char>> = text
        .split(|c: char| !(c.is_alphanumeric() || c == '\'' || c == '’'))
        .map(|word| word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase))
        .map(|letters| letters.take(MAX_LETTERS).collect::<Vec<char>>())
        .filter(|letters| !letters.is_empty())
        .take(MAX_WORDS)
        .collect();
    let mut found = Vec::with_capacity(words.len() * 10);
    for (index, word) in words.iter().enumerate() {
        found.push((Kind::Word, hash(Kind::Word, word, &[])));
        let before: &[char] = if index == 0 { &['^'] } else { &words[index - 1] };
        found.push((Kind::Pair, hash(Kind::Pair, before, word)));
        let mut framed = Vec::with_capacity(word.len() + 2);
        framed.push('<');
        framed.extend_from_slice(word);
        framed.push('>');
        for length in PIECES {
            found.extend(framed.windows(length).map(|piece| (Kind::Piece, hash(Kind::Piece, piece, &[]))));
        }
    }
    found.sort_unstable_by_key(|(_, hash)| *hash);
    found.dedup_by_key(|(_, hash)| *hash);
    found
}

/// FNV-1a over the letters of a feature: the same on every machine.
fn hash(kind: Kind, first: &[char], second: &[char]) -> u64 {
    let letters = first.iter().chain(&[' ']).chain(second).map(|letter| u32::from(*letter));
    std::iter::once(kind as u32).chain(letters).fold(0xcbf2_9ce4_8422_2325, |hash, unit| {
        (hash ^ u64::from(unit)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
