//! Whether an answer declines, by its wording.

use regex::Regex;
use std::sync::LazyLock;

/// Characters from the start of an answer that are looked at: who declines says so at once.
const LOOKED_AT: usize = 240;

/// Ways to decline, in English. It is a count of wordings, to see whether they become more, and no verdict.
static DECLINES: LazyLock<Regex> = LazyLock::new(|| {
    let not = r"(?:can(?:no|')t|can not|could(?: not|n't)|am (?:not able|unable)|'m (?:not able|unable)|won't|will not|would rather not)";
    let does = r"(?:help|assist|answer|provide|do that|comply|share|discuss|support|fulfil|process|complete|say|tell|offer|give|advise)";
    Regex::new(&format!(
        r"(?ix)
        \bi\s?{not}\s(?:\w+\s){{0,3}}?{does}
        | \bi'm\s(?:sorry|afraid)\b[^.!?]{{0,60}}\b{not}
        | \b(?:as|i'm|i\ am)\ an?\ (?:ai|language\ model|assistant)\b[^.!?]{{0,60}}\b(?:can't|cannot|not\ able|unable|don't)
        | \b(?:that|this|it)(?:'s|\ is)\ (?:outside|beyond)\ (?:of\ )?(?:my|the|what)\b
        | \bnot\ (?:something|anything)\ i\ can\b
        | \bi\ (?:must|have\ to)\ decline\b
        | \bout\ of\ scope\b
        ",
        not = not.replace(' ', r"\ "),
        does = does.replace(' ', r"\ "),
    ))
    .unwrap_or_else(|error| unreachable!("the pattern is tested: {error}"))
});

/// Whether an answer declines.
pub fn declines(output: &str) -> bool {
    let end = output.char_indices().nth(LOOKED_AT).map_or(output.len(), |(at, _)| at);
    let start = &output[..end];
    if start.contains('’') {
        DECLINES.is_match(&start.replace('’', "'"))
    } else {
        DECLINES.is_match(start)
    }
}

#[cfg(test)]
mod tests {
    use super::declines;

    #[test]
    fn who_declines_is_seen_and_who_answers_is_not() {
        for text in [
            "I'm sorry, but I can't help with that.",
            "I cannot provide medical advice.",
            "I’m unable to assist with this request.",
            "As an AI language model, I don't have opinions.",
            "That is outside my area. Ask your bank.",
            "I would rather not say",
            "I'm afraid that this is something I can't do.",
            "I must decline.",
        ] {
            assert!(declines(text), "{text}");
        }
        for text in [
            "Your order is in Bremen.",
            "You can't return it after thirty days, but I can help you sell it.",
            "I can help with that.",
            "Sorry for the delay! It comes tomorrow.",
            "",
        ] {
            assert!(!declines(text), "{text}");
        }
    }
}
