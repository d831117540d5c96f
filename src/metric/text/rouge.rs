//! ROUGE: parts of a reference that an answer has too.
//!
//! The conventions are those of Google's `rouge-score`, without its stemmer: texts in lower case, F1 with equal
//! weights, and 0 wherever one side has no words, both empty included.
//!
//! Source: C.-Y. Lin, "ROUGE: A Package for Automatic Evaluation of Summaries", ACL (2004).

use super::overlap::{Overlap, common, counted};
use std::collections::HashMap;
use unicode_segmentation::UnicodeSegmentation;

/// What counts as a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RougeTokens {
    /// Words by the rules of Unicode (UAX 29), in any script.
    Unicode,
    /// Runs of `a` to `z` and `0` to `9`; everything else is dropped (`rouge-score`). A text in another script
    /// has no words.
    Google,
}

/// The words of a text, in lower case.
pub fn rouge_tokens(text: &str, tokens: RougeTokens) -> Vec<String> {
    let lower = text.to_lowercase();
    match tokens {
        RougeTokens::Unicode => lower.unicode_words().map(str::to_owned).collect(),
        RougeTokens::Google => {
            let between = |c: char| !c.is_ascii_lowercase() && !c.is_ascii_digit();
            lower.split(between).filter(|word| !word.is_empty()).map(str::to_owned).collect()
        }
    }
}

/// ROUGE-N: the runs of `n` words that both have, each as often as the one that has it less often. Nothing is
/// in common where `n` is 0 or a side has fewer words.
pub fn rouge_n(answer: &[String], reference: &[String], n: usize) -> Overlap {
    if n == 0 {
        return Overlap::default();
    }
    let (answer, reference) = (counted(answer.windows(n)), counted(reference.windows(n)));
    let both = common(&answer, &reference);
    Overlap::of(both, answer.values().sum(), reference.values().sum())
}

/// ROUGE-L: the longest sequence of words that both have in the same order, with gaps. Takes time in proportion
/// to the product of the lengths.
pub fn rouge_l(answer: &[String], reference: &[String]) -> Overlap {
    let [answer, reference] = numbered([answer, reference]);
    let mut row = vec![0_usize; reference.len() + 1];
    for word in &answer {
        let mut diagonal = 0;
        for (at, other) in reference.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if word == other { diagonal + 1 } else { above.max(row[at]) };
            diagonal = above;
        }
    }
    Overlap::of(row[reference.len()], answer.len(), reference.len())
}

/// Words as numbers, the same for the same word: compared often, and faster so.
fn numbered(texts: [&[String]; 2]) -> [Vec<usize>; 2] {
    let mut known: HashMap<&str, usize> = HashMap::new();
    texts.map(|words| {
        let number = |word| {
            let next = known.len();
            *known.entry(word).or_insert(next)
        };
        words.iter().map(String::as_str).map(number).collect()
    })
}

/// ROUGE-Lsum: for each sentence of the reference the words of it that lie in its longest common sequence with
/// any sentence of the answer; no word counts more often than either text has it. Sentences stand on lines of
/// their own.
pub fn rouge_lsum(answer: &str, reference: &str, tokens: RougeTokens) -> Overlap {
    let sentences = |text: &str| -> Vec<Vec<String>> {
        text.split('\n').filter(|line| !line.is_empty()).map(|line| rouge_tokens(line, tokens)).collect()
    };
    let (answer, reference) = (sentences(answer), sentences(reference));
    let (mut of_answer, mut of_reference) =
        (counted(answer.iter().flatten()), counted(reference.iter().flatten()));
    let (in_answer, in_reference) = (of_answer.values().sum(), of_reference.values().sum());
    let mut hits = 0;
    for sentence in &reference {
        let mut covered = vec![false; sentence.len()];
        for other in &answer {
            cover(sentence, other, &mut covered);
        }
        for word in sentence.iter().zip(&covered).filter_map(|(word, covered)| covered.then_some(word)) {
            if let (Some(here @ 1..), Some(there @ 1..)) =
                (of_reference.get_mut(word), of_answer.get_mut(word))
            {
                *here -= 1;
                *there -= 1;
                hits += 1;
            }
        }
    }
    Overlap::of(hits, in_answer, in_reference)
}

/// Marks the words of `sentence` that lie in its longest common sequence with `other`. Of several that are as
/// long, the one that `rouge-score` finds.
fn cover(sentence: &[String], other: &[String], covered: &mut [bool]) {
    let width = other.len() + 1;
    let mut length = vec![0_usize; (sentence.len() + 1) * width];
    for (i, word) in sentence.iter().enumerate() {
        for (j, there) in other.iter().enumerate() {
            length[(i + 1) * width + j + 1] = if word == there {
                length[i * width + j] + 1
            } else {
                length[i * width + j + 1].max(length[(i + 1) * width + j])
            };
        }
    }
    let (mut i, mut j) = (sentence.len(), other.len());
    while i > 0 && j > 0 {
        if sentence[i - 1] == other[j - 1] {
            covered[i - 1] = true;
            (i, j) = (i - 1, j - 1);
        } else if length[i * width + j - 1] > length[(i - 1) * width + j] {
            j -= 1;
        } else {
            i -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        rouge_tokens(text, RougeTokens::Unicode)
    }

    #[track_caller]
    fn is(found: Overlap, precision: f64, recall: f64, f1: f64) {
        let near = |a: f64, b: f64| (a - b).abs() < 1e-15;
        let same = near(found.precision, precision) && near(found.recall, recall) && near(found.f1, f1);
        assert!(same, "{found:?}");
    }

    /// The answer's `b c a` and the reference's `a b c d` share 3 words, 1 pair of 2 and 3, and a sequence of 2.
    #[test]
    fn overlaps_by_hand() {
        let (answer, reference) = (words("B c, a"), words("a b c d"));
        is(rouge_n(&answer, &reference, 1), 1.0, 0.75, 6.0 / 7.0);
        is(rouge_n(&answer, &reference, 2), 0.5, 1.0 / 3.0, 0.4);
        is(rouge_l(&answer, &reference), 2.0 / 3.0, 0.5, 4.0 / 7.0);
    }

    /// Lines in another order lose nothing in Lsum, and their order in L.
    #[test]
    fn sentences_of_a_summary_may_change_places() {
        let (answer, reference) = ("c d\na b", "a b\nc d");
        is(rouge_lsum(answer, reference, RougeTokens::Unicode), 1.0, 1.0, 1.0);
        is(rouge_l(&words(answer), &words(reference)), 0.5, 0.5, 0.5);
    }

    #[test]
    fn words_of_other_scripts_are_words_unless_google_counts() {
        assert_eq!(words("Größe, 世界"), ["größe", "世", "界"]);
        assert_eq!(rouge_tokens("Größe 3a", RougeTokens::Google), ["gr", "e", "3a"]);
        is(rouge_l(&words("世界"), &words("世界")), 1.0, 1.0, 1.0);
    }

    #[test]
    fn nothing_has_nothing_in_common() {
        is(rouge_l(&[], &[]), 0.0, 0.0, 0.0);
        is(rouge_n(&words("a"), &words("a"), 0), 0.0, 0.0, 0.0);
        is(rouge_n(&words("a"), &words("a b"), 2), 0.0, 0.0, 0.0);
        is(rouge_lsum("", "a", RougeTokens::Unicode), 0.0, 0.0, 0.0);
    }
}
