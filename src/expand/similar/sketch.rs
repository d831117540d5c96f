//! A text in 256 bytes, from which its similarity to another can be guessed.

use super::grams::{grams_of, mixed};

/// Hash functions of a sketch.
const SIZE: usize = 128;
/// The chance that two functions' values are equal where the grams are not: 16 bits of each are kept.
const CHANCE: f64 = 1.0 / 65_536.0;

/// A `MinHash` sketch (Broder 1997) of the character 5-grams of a text, normalised.
///
/// For choices that look at very many pairs and may err a little, such as which variants are most
/// different. Whether two texts are near duplicates is never decided by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sketch([u16; SIZE]);

impl Sketch {
    /// The sketch of a text.
    pub fn of(text: &str) -> Self {
        let mut least = [u64::MAX; SIZE];
        for gram in grams_of(text) {
            let mut key = gram;
            for value in &mut least {
                // An odd factor keeps different grams different; the high bits decide which is least.
                key = key.wrapping_add(0x9e37_79b9_7f4a_7c15);
                *value = (*value).min((key ^ (key >> 32)).wrapping_mul(0xbf58_476d_1ce4_e5b9));
            }
        }
        Self(least.map(|value| (mixed(value) >> 48) as u16))
    }

    /// A guess of the Jaccard similarity of the two texts, 0–1. Its standard error is
    /// `√(J(1−J)/128)`, 0.044 at most.
    pub fn estimate(&self, other: &Self) -> f64 {
        let equal = self.0.iter().zip(&other.0).filter(|(a, b)| a == b).count();
        ((equal as f64 / SIZE as f64 - CHANCE) / (1.0 - CHANCE)).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::jaccard;
    use super::*;

    #[test]
    fn equal_texts_are_surely_equal_and_strange_ones_surely_strange() {
        let of = Sketch::of("move my 3 pm with Jacob to tomorrow");
        assert!((of.estimate(&Sketch::of("Move my 3 pm  with JACOB to tomorrow")) - 1.0).abs() < 1e-12);
        assert!(of.estimate(&Sketch::of("find the signed lease")) < 0.02);
    }

    #[test]
    fn guesses_keep_within_their_error() {
        // Pairs of texts of 200 numbers that share a part of them, for all parts; no two pairs share one.
        let text = |from: u64| -> String {
            let digits = |n: u64| [1, 10, 100, 1000, 10_000].map(|of| char::from(b'0' + (n / of % 10) as u8));
            (from..from + 200).flat_map(|n| digits(mixed(n))).collect()
        };
        let mut sum = 0.0;
        for from in (0..200).step_by(5) {
            let (base, other) = (text(from * 1000), text(from * 1000 + from));
            let error = Sketch::of(&base).estimate(&Sketch::of(&other)) - jaccard(&base, &other);
            assert!(error.abs() < 4.0 * 0.0442, "{from}: {error}");
            sum += error;
        }
        // Forty guesses: their mean error is within 4 · 0.0442 / √40.
        assert!((sum / 40.0).abs() < 0.028, "{sum}");
    }
}
