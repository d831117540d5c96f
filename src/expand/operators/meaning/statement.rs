//! Statements become their opposite by negation: "The shop opens at nine" – "The shop doesn't open at nine".

use super::request::{Change, View};
use super::sentence::cased_like;
use super::verbs;

/// Auxiliaries and their negations.
const AUXILIARIES: &[(&str, &str)] = &[
    ("am", "am not"),
    ("is", "isn't"),
    ("are", "aren't"),
    ("was", "wasn't"),
    ("were", "weren't"),
    ("can", "can't"),
    ("could", "couldn't"),
    ("will", "won't"),
    ("would", "wouldn't"),
    ("should", "shouldn't"),
    ("must", "must not"),
    ("may", "may not"),
    ("might", "might not"),
    ("shall", "shall not"),
    ("does", "doesn't"),
];
/// Words that open a clause of their own, whose verb is not that of the sentence.
const SUBORDINATE: &[&str] = &[
    "that", "which", "who", "whose", "if", "unless", "when", "where", "while", "because", "although",
    "though", "since", "as", "before", "after", "until", "what", "how", "why", "whether", "let",
];
/// After these it is open how far a negation reaches.
const SCOPE: &[&str] =
    &["already", "still", "also", "only", "just", "all", "both", "always", "never", "too", "some", "even"];
const DETERMINERS: &[&str] =
    &["the", "a", "an", "all", "every", "its", "our", "your", "their", "this", "these"];
const PRONOUNS: &[&str] = &["i", "we", "you", "they", "he", "she", "it"];
/// Most words of a subject.
const REACH: usize = 9;

/// Negates the verb of a statement; nothing for orders and questions, or where the verb is not clear.
pub fn negated(view: &View<'_>) -> Option<Change> {
    let begin = view.begin();
    let first = view.word(begin);
    if view.sentence.asks(view.text.text)
        || view.negated()
        || SUBORDINATE.contains(&first)
        || AUXILIARIES.iter().any(|(plain, _)| *plain == first)
        || view.order(begin).is_some()
    {
        return None;
    }
    if let Some(change) = contracted(view, begin) {
        return Some(change);
    }
    for at in begin + 1..view.sentence.words.end.min(begin + REACH) {
        let word = view.word(at);
        if SUBORDINATE.contains(&word) {
            return None;
        }
        let next = view.word(at + 1);
        if next.is_empty() || SCOPE.contains(&next) {
            return None;
        }
        if matches!(word, "do" | "did") {
            return None;
        }
        // A participle in a note ("maintenance mode enabled") looks like a past form.
        let whole =
            view.sentence.mark_at(view.text.text) < view.sentence.range.end || PRONOUNS.contains(&first);
        let range = view.text.words[at].range();
        let negation = if let Some((_, negation)) = AUXILIARIES.iter().find(|(plain, _)| *plain == word) {
            (*negation).to_owned()
        } else if matches!(word, "has" | "have" | "had") {
            possession(word, next)
        } else if let Some(verb) = verbs::of_past(word).filter(|verb| whole && verb.past != verb.base) {
            if another_verb_follows(view, at) {
                return None;
            }
            format!("didn't {}", verb.base)
        } else if let Some(verb) = verbs::of_third(word).filter(|_| whole) {
            if verb.noun && !DETERMINERS.contains(&next) {
                continue;
            }
            format!("doesn't {}", verb.base)
        } else {
            continue;
        };
        return Some(vec![(range, cased_like(view.written(at), &negation))]);
    }
    None
}

/// "I'm late" – "I'm not late".
fn contracted(view: &View<'_>, at: usize) -> Option<Change> {
    let next = view.word(at + 1);
    if next.is_empty() || SCOPE.contains(&next) {
        return None;
    }
    let end = view.end(at);
    match view.word(at) {
        "i'm" | "it's" | "we're" | "they're" | "you're" | "he's" | "she's" | "that's" => {
            Some(vec![(end..end, " not".to_owned())])
        }
        "i'll" | "we'll" | "you'll" | "they'll" | "he'll" | "she'll" | "it'll" => {
            Some(vec![(end - 3..end, " won't".to_owned())]).filter(|_| view.written(at).is_ascii())
        }
        "i've" | "we've" | "you've" | "they've" => {
            Some(vec![(end - 3..end, " haven't".to_owned())]).filter(|_| view.written(at).is_ascii())
        }
        _ => None,
    }
}

/// "has sold" – "hasn't sold"; "has rooms" – "doesn't have rooms".
fn possession(word: &str, next: &str) -> String {
    let perfect =
        next == "been" || next.ends_with("ed") || next.ends_with("en") || verbs::of_past(next).is_some();
    match (perfect, word) {
        (true, _) => format!("{word}n't"),
        (false, "has") => "doesn't have".to_owned(),
        (false, "had") => "didn't have".to_owned(),
        (false, _) => "don't have".to_owned(),
    }
}

/// "The report presented in March is late": the first past form is not the verb.
fn another_verb_follows(view: &View<'_>, at: usize) -> bool {
    for w in at + 1..view.sentence.words.end {
        let word = view.word(w);
        if SUBORDINATE.contains(&word) || matches!(word, "and" | "but" | "or" | "to") {
            return false;
        }
        if AUXILIARIES.iter().any(|(plain, _)| *plain == word) || matches!(word, "has" | "have" | "had") {
            return true;
        }
    }
    false
}
