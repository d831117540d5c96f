//! Texts that are nearly the same: found exactly, whatever the corpus, and the same for any number of
//! threads.
//!
//! **Measure.** A text is the set of its character 5-grams after [`normalised`]: lower case, white
//! space folded. A text of fewer than five characters is one gram, so short texts are alike only where
//! they are equal. Two texts are as alike as the [`jaccard`] similarity of their sets.
//!
//! **Search.** Every answer is checked exactly, so nothing below the threshold is ever reported. For
//! candidates, LSH over `MinHash` bands is what is usually taken. It is not taken here: it misses pairs by
//! chance, and where texts come from templates its buckets fill with siblings at a Jaccard of 0.7, which
//! bands that catch 0.8 cannot tell apart; a cap on the bucket then loses true pairs. Two bounds that
//! hold for every pair do the work instead, and recall is 100 % by construction, with no cap:
//!
//! - *Prefix filter* (Chaudhuri, Ganti and Kaushik 2006; Bayardo, Ma and Srikant 2007): with all grams
//!   in one order, rarest first, two sets at Jaccard `t` share one of their first `|x| − ⌈t·|x|⌉ + 1`
//!   grams. Only those are indexed, and what a template repeats comes last in the order.
//! - *Outline* (the bitmap filter of Sandes, Teodoro and Melo 2020): 256 parity bits a text. The bits in
//!   which two outlines differ never outnumber the grams in which the sets differ, so most template
//!   siblings are refused in a few instructions.
//!
//! In the worst case, one template for a whole corpus, the search compares the outlines of all pairs.
//!
//! `MinHash` is kept where a small answer of fixed size is wanted and an estimate will do: [`Sketch`].
//!
//! **What is found.** [`earlier_neighbours`] is about a list as a whole: a text is found when any text
//! before it, found or not, is near enough. [`Index`] is a filter over a stream: a text is found when one
//! that was *kept* is near enough, so a chain of small changes does not remove what has drifted far from
//! everything kept.

mod batch;
mod grams;
mod index;
mod outline;
mod overlap;
mod rarity;
mod search;
mod shape;
mod sketch;

pub use batch::{earlier_neighbours, earlier_neighbours_if};
pub use grams::normalised;
pub use index::Index;
pub use sketch::Sketch;

pub(crate) use grams::{gram, mixed};

use grams::grams_of;

/// Lowest threshold that is searched for; a lower one counts as this.
pub const LOWEST_THRESHOLD: f64 = 0.01;

/// A text near another, and how near.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Neighbour {
    /// Position of the neighbour.
    pub index: usize,
    /// Jaccard similarity of the two texts, 0–1.
    pub jaccard: f64,
}

/// The Jaccard similarity of the character 5-grams of two texts, normalised: 0 where they share none, 1
/// where they have the same ones.
///
/// Two texts of fewer than five characters are 1 where they are equal, else 0; two empty texts are equal.
pub fn jaccard(a: &str, b: &str) -> f64 {
    let (a, b) = (grams_of(a), grams_of(b));
    overlap::jaccard(overlap::shared(&a, &b), a.len(), b.len())
}

/// A threshold that can be searched for. What is not a number counts as 1.
fn searchable(threshold: f64) -> f64 {
    if threshold.is_nan() { 1.0 } else { threshold.clamp(LOWEST_THRESHOLD, 1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grams_shared_over_grams_in_all() {
        // abcde bcdef against abcde bcdeg: 1 of 3.
        assert!((jaccard("abcdef", "abcdeg") - 1.0 / 3.0).abs() < 1e-15);
        // A set counts a gram once: aaaaa.
        assert!((jaccard("aaaaaaaa", "aaaaa") - 1.0).abs() < 1e-15);
        assert!(jaccard("abcdef", "uvwxyz").abs() < 1e-15);
    }

    #[test]
    fn case_and_white_space_do_not_count() {
        assert!((jaccard("  Move MY\tmeeting\n", "move my meeting") - 1.0).abs() < 1e-15);
        assert!((jaccard("ÉCOLE ŁÓDŹ", "école łódź") - 1.0).abs() < 1e-15);
    }

    #[test]
    fn short_texts_are_alike_only_where_they_are_equal() {
        assert!((jaccard("Yes", "yes ") - 1.0).abs() < 1e-15);
        assert!(jaccard("yes", "yep").abs() < 1e-15);
        assert!(jaccard("yes", "yes please").abs() < 1e-15);
        assert!((jaccard("", " \n") - 1.0).abs() < 1e-15);
        assert!(jaccard("", "a").abs() < 1e-15);
        assert!(jaccard("a", "a\0").abs() < 1e-15, "a zero is a character too");
    }

    #[test]
    fn a_threshold_out_of_range_is_brought_into_it() {
        assert!((searchable(f64::NAN) - 1.0).abs() < 1e-15);
        assert!((searchable(7.0) - 1.0).abs() < 1e-15);
        assert!((searchable(-1.0) - LOWEST_THRESHOLD).abs() < 1e-15);
    }
}
