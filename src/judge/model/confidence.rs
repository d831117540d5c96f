//! How probable its verdict was to a model, by the tokens that it wrote it with.

use crate::model::Token;

/// The key that a verdict stands under, as JSON writes it. Within a text its quotes would be escaped.
const KEY: &str = "\"verdict\"";

/// Probability of the tokens in which the verdict of a reply stands, 0 to 1; of several verdicts the least. None
/// where the tokens are not those of the text, or no verdict is found in it.
pub(super) fn confidence(text: &str, tokens: &[Token]) -> Option<f64> {
    if tokens.is_empty() || tokens.iter().map(|token| token.text.as_str()).collect::<String>() != text {
        return None;
    }
    let (mut least, mut at): (Option<f64>, usize) = (None, 0);
    while let Some(found) = text[at..].find(KEY) {
        at += found + KEY.len();
        let Some(begin) = value_after(text, at) else { continue };
        let end = begin + text[begin..].find('"')?;
        let probability = probability(tokens, begin, end);
        least = Some(least.map_or(probability, |least| least.min(probability)));
        at = end;
    }
    least
}

/// Where the text begins that is the value of a key which ends at `at`; none where it is no key.
fn value_after(text: &str, at: usize) -> Option<usize> {
    let rest = text[at..].trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    Some(text.len() - rest.len())
}

/// Probability of all tokens together that have a part in these bytes.
fn probability(tokens: &[Token], begin: usize, end: usize) -> f64 {
    let (mut at, mut logprob) = (0, 0.0);
    for token in tokens {
        let from = at;
        at += token.text.len();
        if from < end && at > begin {
            logprob += token.logprob;
        }
    }
    logprob.exp().clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(pieces: &[(&str, f64)]) -> (String, Vec<Token>) {
        let text = pieces.iter().map(|(text, _)| *text).collect();
        let token =
            |(text, probability): &(&str, f64)| Token { text: (*text).to_owned(), logprob: probability.ln() };
        (text, pieces.iter().map(token).collect())
    }

    fn near(found: Option<f64>, expected: f64) {
        assert!((found.unwrap() - expected).abs() < 1e-12, "{found:?} {expected}");
    }

    #[test]
    fn the_tokens_of_the_verdict_count_and_no_others() {
        let (text, tokens) = tokens(&[
            ("{\"reasoning\": \"\\\"verdict\\\": \\\"pass\\\"\", ", 0.1),
            ("\"evidence\": \"verdict\", \"verdict\"", 0.2),
            (" :", 0.3),
            (" \"un", 0.5),
            ("resolved", 0.8),
            ("\"}", 0.4),
        ]);
        near(confidence(&text, &tokens), 0.5 * 0.8);
    }

    #[test]
    fn of_several_verdicts_the_least_sure_one_counts() {
        let (text, tokens) = tokens(&[
            ("[{\"verdict\":\"", 0.1),
            ("held", 0.9),
            ("\"},{\"verdict\":\"", 0.1),
            ("broken", 0.6),
            ("\"}]", 1.0),
        ]);
        near(confidence(&text, &tokens), 0.6);
    }

    #[test]
    fn tokens_that_do_not_make_up_the_text_say_nothing() {
        let (text, mut tokens) = tokens(&[("{\"verdict\": \"", 1.0), ("pass", 0.9), ("\"}", 1.0)]);
        assert!(confidence(&text, &tokens).is_some());
        assert_eq!(confidence(&text, &[]), None);
        tokens.pop();
        assert_eq!(confidence(&text, &tokens), None);
        let (text, tokens) = super::tests::tokens(&[("no ", 0.9), ("verdict", 0.9)]);
        assert_eq!(confidence(&text, &tokens), None);
        let (text, tokens) = super::tests::tokens(&[("{\"verdict\": \"pa", 0.9)]);
        assert_eq!(confidence(&text, &tokens), None);
    }
}
