//! BLEU: runs of up to four words that an answer and its references have in common.
//!
//! The conventions are those of `sacrebleu`: its tokens `13a`, exponential smoothing, the reference whose length
//! is nearest, and values of 0 to 100.
//!
//! Source: K. Papineni et al., "BLEU: a Method for Automatic Evaluation of Machine Translation", ACL (2002);
//! M. Post, "A Call for Clarity in Reporting BLEU Scores", WMT (2018).

use super::overlap::counted;
use std::collections::HashMap;

/// The longest run of words that is looked at.
const ORDER: usize = 4;

/// The tokens of a text as mteval-v13a makes them: four HTML entities are read, ASCII punctuation stands alone,
/// full stops and commas unless they are between digits, and hyphens behind digits. Case stays.
pub fn bleu_tokens(text: &str) -> Vec<String> {
    let text = text.trim_end().replace("<skipped>", "").replace("-\n", "").replace('\n', " ");
    // Ampersands second: what they uncover is read too.
    let text = text.replace("&quot;", "\"").replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">");
    let mut chars: Vec<char> = Vec::with_capacity(text.len() + 2);
    for c in format!(" {text} ").chars() {
        if stands_alone(c) {
            chars.extend([' ', c, ' ']);
        } else {
            chars.push(c);
        }
    }
    let (point, digit) = (|c: char| matches!(c, '.' | ','), |c: char| c.is_ascii_digit());
    let chars = spaced(&chars, |one, two| !digit(one) && point(two), |one, two| [one, ' ', two, ' ']);
    let chars = spaced(&chars, |one, two| point(one) && !digit(two), |one, two| [' ', one, ' ', two]);
    let chars = spaced(&chars, |one, two| digit(one) && two == '-', |one, two| [one, ' ', two, ' ']);
    chars.iter().collect::<String>().split_whitespace().map(str::to_owned).collect()
}

/// ASCII punctuation but for apostrophe, comma, hyphen and full stop.
fn stands_alone(c: char) -> bool {
    c.is_ascii_punctuation() && !matches!(c, '\'' | ',' | '-' | '.')
}

/// Puts spaces into pairs of characters, from the left, each character being in one pair at most.
fn spaced(
    chars: &[char],
    is_pair: impl Fn(char, char) -> bool,
    with_spaces: impl Fn(char, char) -> [char; 4],
) -> Vec<char> {
    let mut out = Vec::with_capacity(chars.len() + 8);
    let mut at = 0;
    while at < chars.len() {
        match chars.get(at + 1) {
            Some(next) if is_pair(chars[at], *next) => {
                out.extend(with_spaces(chars[at], *next));
                at += 2;
            }
            _ => {
                out.push(chars[at]);
                at += 1;
            }
        }
    }
    out
}

/// What BLEU counts of answers. Counts of several answers add up to those of a corpus, whose score is not the
/// mean of theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BleuCounts {
    /// Runs of 1 to 4 tokens that a reference has too, each as often as the reference that has it most.
    pub matched: [usize; ORDER],
    /// Runs of 1 to 4 tokens in the answers.
    pub total: [usize; ORDER],
    /// Tokens of the answers.
    pub answer_length: usize,
    /// Tokens of the references, of several the one whose length is nearest to the answer's; of two as near the
    /// shorter.
    pub reference_length: usize,
}

impl BleuCounts {
    /// The counts of one answer beside its references, all of them as tokens.
    pub fn of(answer: &[String], references: &[Vec<String>]) -> Self {
        let mut counts = Self { answer_length: answer.len(), ..Self::default() };
        let lengths = references.iter().map(Vec::len);
        let nearest = lengths.min_by_key(|length| (length.abs_diff(answer.len()), *length));
        counts.reference_length = nearest.unwrap_or(0);
        for order in 1..=ORDER {
            let own = counted(answer.windows(order));
            let mut most: HashMap<&[String], usize> = HashMap::new();
            for reference in references {
                for (run, count) in counted(reference.windows(order)) {
                    let there = most.entry(run).or_default();
                    *there = count.max(*there);
                }
            }
            counts.matched[order - 1] = super::overlap::common(&own, &most);
            counts.total[order - 1] = own.values().sum();
        }
        counts
    }

    /// These and those.
    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        for order in 0..ORDER {
            self.matched[order] += other.matched[order];
            self.total[order] += other.total[order];
        }
        self.answer_length += other.answer_length;
        self.reference_length += other.reference_length;
        self
    }

    /// What answers that are shorter than their references lose: 1, or exp(1 − reference length / answer
    /// length); 0 for answers without tokens.
    pub fn brevity_penalty(&self) -> f64 {
        match (self.answer_length, self.reference_length) {
            (answer, reference) if answer >= reference => 1.0,
            (0, _) => 0.0,
            (answer, reference) => (1.0 - reference as f64 / answer as f64).exp(),
        }
    }

    /// The precisions of runs of 1 to 4 tokens, 0 to 100. Where nothing is matched the first such order counts
    /// half a match, the next a quarter, and so on; without a single token matched all are 0, and so are those
    /// of orders that the answers are too short for.
    pub fn precisions(&self) -> [f64; ORDER] {
        let mut precisions = [0.0; ORDER];
        if self.matched.iter().all(|matched| *matched == 0) {
            return precisions;
        }
        let mut smoothing = 1.0;
        for ((precision, matched), total) in precisions.iter_mut().zip(self.matched).zip(self.total) {
            if total == 0 {
                break;
            }
            let matched = if matched == 0 {
                smoothing /= 2.0;
                smoothing
            } else {
                matched as f64
            };
            *precision = 100.0 * matched / total as f64;
        }
        precisions
    }

    /// BLEU of a corpus, 0 to 100: the geometric mean of the four precisions, times the brevity penalty. 0
    /// where the answers have no run of four tokens.
    pub fn corpus(&self) -> f64 {
        self.score(ORDER)
    }

    /// BLEU of a sentence, 0 to 100: the same over those orders alone that the answer is long enough for.
    pub fn sentence(&self) -> f64 {
        self.score(self.total.iter().position(|total| *total == 0).unwrap_or(ORDER))
    }

    fn score(&self, orders: usize) -> f64 {
        let precisions = &self.precisions()[..orders];
        if orders == 0 || precisions.contains(&0.0) {
            return 0.0;
        }
        let logarithms: f64 = precisions.iter().map(|precision| precision.ln()).sum();
        self.brevity_penalty() * (logarithms / orders as f64).exp()
    }
}

/// BLEU of one answer beside its references, 0 to 100.
pub fn sentence_bleu(answer: &str, references: &[String]) -> f64 {
    let references: Vec<Vec<String>> = references.iter().map(|text| bleu_tokens(text)).collect();
    BleuCounts::of(&bleu_tokens(answer), &references).sentence()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_by_the_rules_of_13a() {
        assert_eq!(
            bleu_tokens("Hello, world! It's 3.5 km.\n"),
            ["Hello", ",", "world", "!", "It's", "3.5", "km", "."]
        );
        assert_eq!(bleu_tokens("a 1-2 x-y"), ["a", "1", "-", "2", "x-y"]);
        assert_eq!(bleu_tokens("f(x)/2 = &lt;b&gt;"), ["f", "(", "x", ")", "/", "2", "=", "<", "b", ">"]);
        assert_eq!(bleu_tokens(""), Vec::<String>::new());
    }

    /// Of `a b c d e` beside `a b c d`: precisions 4/5, 3/4, 2/3 and 1/2, whose product is 1/5.
    #[test]
    fn a_score_by_hand() {
        let found = sentence_bleu("a b c d e", &["a b c d".to_owned()]);
        assert!((found - 100.0 * 0.2_f64.powf(0.25)).abs() < 1e-12, "{found}");
    }

    /// `a b` beside `a b c`: 2/2 and 1/1, and what is short of a token costs exp(1 − 3/2). A corpus of it has no
    /// run of four.
    #[test]
    fn a_short_answer_is_measured_by_the_orders_that_it_has() {
        let counts = BleuCounts::of(&bleu_tokens("a b"), &[bleu_tokens("a b c")]);
        assert!((counts.sentence() - 100.0 * (-0.5_f64).exp()).abs() < 1e-12);
        assert!(counts.corpus().abs() < 1e-15);
    }

    #[test]
    fn of_references_as_near_the_shorter_counts() {
        let references = ["a b c d", "a b"].map(bleu_tokens);
        assert_eq!(BleuCounts::of(&bleu_tokens("a b c"), &references).reference_length, 2);
        assert_eq!(BleuCounts::of(&bleu_tokens("a"), &[]).reference_length, 0);
    }
}
