//! Exact match and token F1, as the `SQuAD` 2.0 evaluation has them.
//!
//! Source: P. Rajpurkar, R. Jia and P. Liang, "Know What You Don't Know: Unanswerable Questions for `SQuAD`",
//! ACL (2018).

use super::overlap::{Overlap, common, counted};

/// A text as it is compared: in lower case, without ASCII punctuation (what stood around it closes up), without
/// the words *a*, *an* and *the*, and with single spaces between words.
pub fn normalised(text: &str) -> String {
    let lower = text.to_lowercase();
    let bare: String = lower.chars().filter(|c| !c.is_ascii_punctuation()).collect();
    let mut words = String::with_capacity(bare.len());
    let mut rest = bare.as_str();
    while let Some(first) = rest.chars().next() {
        // Quotation marks beyond ASCII bound a word, as white space does.
        let end = rest.find(|c: char| c.is_alphanumeric() != first.is_alphanumeric()).unwrap_or(rest.len());
        let (run, behind) = rest.split_at(end);
        words.push_str(if matches!(run, "a" | "an" | "the") { " " } else { run });
        rest = behind;
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether answer and reference are the same once [`normalised`], as 1 or 0. Two that are empty then are the
/// same.
pub fn exact_match(answer: &str, reference: &str) -> f64 {
    f64::from(u8::from(normalised(answer) == normalised(reference)))
}

/// F1 of the words that answer and reference have in common once [`normalised`], each counted as often as it
/// occurs; 0 to 1. Two without words are the same, which is 1; with words on one side alone it is 0.
pub fn token_f1(answer: &str, reference: &str) -> f64 {
    let (answer, reference) = (normalised(answer), normalised(reference));
    if answer.is_empty() && reference.is_empty() {
        return 1.0;
    }
    let (answer, reference) = (counted(answer.split(' ')), counted(reference.split(' ')));
    let both = common(&answer, &reference);
    Overlap::of(both, answer.values().sum(), reference.values().sum()).f1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_punctuation_articles_and_spaces_do_not_count() {
        assert_eq!(normalised("  The cat,\tA  dog & an Ant!  "), "cat dog ant");
        assert_eq!(normalised("theatre, banana"), "theatre banana");
        assert_eq!(normalised("“the” end"), "“ ” end");
    }

    /// Two words of three are among the two expected: precision 2/3, recall 1.
    #[test]
    fn an_f1_by_hand() {
        assert!((token_f1("red green blue", "Blue, red") - 0.8).abs() < 1e-15);
        assert!((exact_match("The Red!", "red") - 1.0).abs() < 1e-15);
        assert!(exact_match("red", "redd").abs() < 1e-15);
    }

    #[test]
    fn two_texts_without_words_are_the_same_and_one_is_not() {
        for (answer, reference, expected) in
            [("", "", 1.0), ("the", "!", 1.0), ("", "x", 0.0), ("x", "", 0.0)]
        {
            assert!((token_f1(answer, reference) - expected).abs() < 1e-15, "{answer} {reference}");
            assert!((exact_match(answer, reference) - expected).abs() < 1e-15, "{answer} {reference}");
        }
    }
}
