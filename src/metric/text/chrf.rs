//! chrF: runs of characters, and for chrF++ of words, that an answer and a reference have in common.
//!
//! The conventions are those of `sacrebleu`: runs of up to six characters without white space, recall weighing
//! twice as much as precision, precision and recall averaged over the orders that both texts have, and values of
//! 0 to 100.
//!
//! Source: M. Popović, "chrF: character n-gram F-score for automatic MT evaluation", WMT (2015); "chrF++: words
//! helping character n-grams", WMT (2017).

use super::overlap::{common, counted};
use std::hash::Hash;

/// The longest run of characters.
const CHARACTERS: usize = 6;

/// The longest run of words in chrF++.
const WORDS: usize = 2;

/// How much more recall weighs than precision, squared.
const BETA_SQUARED: f64 = 4.0;

/// What chrF counts of answers: for each order the runs of the answers, those of the references, and those that
/// both have. Counts of several answers add up to those of a corpus.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChrfCounts([[usize; 3]; CHARACTERS + WORDS]);

impl ChrfCounts {
    /// The counts of one answer beside the reference of those given that it scores most with; nothing without
    /// any. `words` makes it chrF++.
    pub fn of(answer: &str, references: &[String], words: bool) -> Self {
        let mut best: Option<(f64, Self)> = None;
        for reference in references {
            let counts = Self::beside(answer, reference, words);
            let score = counts.score();
            if best.as_ref().is_none_or(|(most, _)| score > *most) {
                best = Some((score, counts));
            }
        }
        best.map(|(_, counts)| counts).unwrap_or_default()
    }

    fn beside(answer: &str, reference: &str, words: bool) -> Self {
        let mut counts = Self::default();
        let (characters, of_words) = counts.0.split_at_mut(CHARACTERS);
        let dense = |text: &str| -> Vec<char> { text.chars().filter(|c| !c.is_whitespace()).collect() };
        count(characters, &dense(answer), &dense(reference));
        if words {
            count(of_words, &self::words(answer), &self::words(reference));
        }
        counts
    }

    /// These and those.
    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        for (own, more) in self.0.iter_mut().flatten().zip(other.0.iter().flatten()) {
            *own += more;
        }
        self
    }

    /// The score, 0 to 100; 0 where nothing is in common.
    pub fn score(&self) -> f64 {
        let (mut precision, mut recall, mut orders) = (0.0, 0.0, 0.0);
        for [answer, reference, both] in self.0 {
            if answer > 0 && reference > 0 {
                precision += both as f64 / answer as f64;
                recall += both as f64 / reference as f64;
                orders += 1.0;
            }
        }
        if precision + recall <= 0.0 {
            return 0.0;
        }
        let (precision, recall) = (precision / orders, recall / orders);
        100.0 * (1.0 + BETA_SQUARED) * precision * recall / (BETA_SQUARED * precision + recall)
    }
}

/// Counts the runs of 1, 2, … parts.
fn count<T: Eq + Hash>(orders: &mut [[usize; 3]], answer: &[T], reference: &[T]) {
    for (order, counts) in (1..).zip(orders) {
        let (own, there) = (counted(answer.windows(order)), counted(reference.windows(order)));
        let all: usize = own.values().sum();
        // Runs that the reference is too short for are not held against the answer.
        *counts = [if there.is_empty() { 0 } else { all }, there.values().sum(), common(&own, &there)];
    }
}

/// The words of a text; punctuation at the end of a word, or else at its beginning, is a word of its own.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    for word in text.split_whitespace() {
        let is_mark = |c: char| c.is_ascii_punctuation();
        let parts = if word.chars().nth(1).is_none() {
            (word, "")
        } else if word.ends_with(is_mark) {
            word.split_at(word.len() - 1)
        } else if word.starts_with(is_mark) {
            word.split_at(1)
        } else {
            (word, "")
        };
        words.push(parts.0);
        words.extend((!parts.1.is_empty()).then_some(parts.1));
    }
    words
}

/// chrF of one answer beside the reference of those given that it scores most with, 0 to 100.
pub fn sentence_chrf(answer: &str, references: &[String]) -> f64 {
    ChrfCounts::of(answer, references, false).score()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `ab` beside `abc`: of characters 2 of 2 and of 3, of pairs 1 of 1 and of 2; the answer has no triple.
    /// Precision 1, recall (2/3 + 1/2)/2 = 7/12.
    #[test]
    fn a_score_by_hand() {
        let recall = 7.0 / 12.0;
        let found = sentence_chrf("a b", &["abc".to_owned()]);
        assert!((found - 100.0 * 5.0 * recall / (4.0 + recall)).abs() < 1e-12, "{found}");
    }

    #[test]
    fn the_best_reference_counts_and_nothing_scores_nothing() {
        let references = ["xyz".to_owned(), "cat".to_owned()];
        assert!((sentence_chrf("cat", &references) - 100.0).abs() < 1e-12);
        assert!(sentence_chrf("", &references).abs() < 1e-15);
        assert!(sentence_chrf("cat", &[]).abs() < 1e-15);
    }

    #[test]
    fn a_mark_at_the_end_of_a_word_goes_before_one_at_its_beginning() {
        assert_eq!(words("(so) well, \"he ! said"), ["(so", ")", "well", ",", "\"", "he", "!", "said"]);
    }
}
