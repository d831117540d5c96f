//! Words as the index sees them: small letters, without endings, and without those that say nothing.

use std::collections::BTreeSet;

/// Words that tell nothing of what is asked.
const STOP: &str = "\
    a about above after again all also am an and any anyone are as at be because been before being \
    below between big both but by can cannot could did didnt do does doesnt doing dont down each \
    else far for from get gets getting got had has have having he hello her here hey hi high his \
    how i id if ill im in into is isnt it its ive just kind let like long many may me might more \
    most much must my need no nor not of off often ok on once one only or other our out over own \
    please quickly really same say shall she should so some someone somebody such than thanks thank \
    that thats the their them then there these they this those through to too under until up us use \
    very want was we well were what whats when where wheres which while who whom whos whose why \
    will with without would you your youre";

/// What people say, and what the handbook calls it.
const CALLED: &[(&str, &str)] = &[
    ("bike", "bicycle"),
    ("boss", "manager"),
    ("cab", "taxi"),
    ("dad", "father"),
    ("flat", "apartment"),
    ("fired", "dismissal"),
    ("gym", "fitness"),
    ("hotels", "hotel"),
    ("ill", "sick"),
    ("illness", "sick"),
    ("notebook", "laptop"),
    ("pregnant", "maternity"),
    ("pto", "leave"),
    ("quit", "resign"),
    ("vacation", "leave"),
    ("vacations", "leave"),
    ("wage", "salary"),
    ("wfh", "home"),
];

/// The words of a text in small letters. `1,200` is `1200`, `9.30` stays, `Ana's` is `anas`.
pub fn tokens(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let digit = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(char::is_ascii_digit);
    let (mut words, mut word) = (Vec::new(), String::new());
    for (at, c) in chars.iter().enumerate() {
        let inside = digit(at.checked_sub(1)) && digit(Some(at + 1));
        match c {
            c if c.is_alphanumeric() => word.extend(c.to_lowercase()),
            '\'' | '\u{2019}' => {}
            ',' if inside => {}
            '.' | ':' if inside => word.push(*c),
            _ if word.is_empty() => {}
            _ => words.push(std::mem::take(&mut word)),
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// What is left of a text for the index: its words without endings, in their order.
pub struct Terms {
    stop: BTreeSet<&'static str>,
}

impl Terms {
    /// The words that say nothing are known from the start.
    pub fn new() -> Self {
        Self { stop: STOP.split_whitespace().collect() }
    }

    /// The terms of a passage.
    pub fn of(&self, text: &str) -> Vec<String> {
        let words = tokens(text).into_iter();
        words.filter(|word| !self.stop.contains(word.as_str())).map(|word| stem(&word)).collect()
    }

    /// The terms of a question, each once, in the handbook's words.
    pub fn of_question(&self, text: &str) -> Vec<String> {
        let mut terms = Vec::new();
        for word in tokens(text) {
            if self.stop.contains(word.as_str()) {
                continue;
            }
            let called =
                CALLED.iter().find(|(said, _)| *said == word).map_or(word.as_str(), |(_, name)| name);
            let term = stem(called);
            if !terms.contains(&term) {
                terms.push(term);
            }
        }
        terms
    }
}

/// A word without its ending: plural, `-ed`, `-ing`, `-ment`, `-al`, `-ly`, and a last `e`.
pub fn stem(word: &str) -> String {
    if word.len() <= 3 || !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return word.to_owned();
    }
    let singular = if let Some(root) = word.strip_suffix("ies").filter(|root| root.len() > 1) {
        format!("{root}y")
    } else if ["sses", "xes", "ches", "shes", "zes"].iter().any(|end| word.ends_with(end)) {
        word[..word.len() - 2].to_owned()
    } else if word.ends_with('s') && !["ss", "us", "is"].iter().any(|end| word.ends_with(end)) {
        word[..word.len() - 1].to_owned()
    } else {
        word.to_owned()
    };
    let mut root = singular.as_str();
    for (ending, least) in [("ment", 5), ("ing", 3), ("ed", 3), ("ly", 4), ("al", 5)] {
        let short = root.strip_suffix(ending).filter(|short| short.len() >= least && has_vowel(short));
        if let Some(short) = short {
            root = if matches!(ending, "ing" | "ed") { single(short) } else { short };
            break;
        }
    }
    if root.len() > 3 {
        root = root.strip_suffix('e').unwrap_or(root);
    }
    root.to_owned()
}

fn has_vowel(word: &str) -> bool {
    word.contains(['a', 'e', 'i', 'o', 'u', 'y'])
}

/// `plann` is `plan`; `sell`, `pass` and `buzz` stay.
fn single(word: &str) -> &str {
    let bytes = word.as_bytes();
    match bytes {
        [.., a, b] if a == b && !b"lszaeiou".contains(b) => &word[..word.len() - 1],
        _ => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_keep_together() {
        let expected = ["anas", "limit", "is", "1200", "or", "62.50", "at", "9:30"];
        assert_eq!(tokens("Ana's limit is €1,200, or 62.50 (at 9:30)."), expected);
    }

    #[test]
    fn forms_of_a_word_meet() {
        for (one, other) in [
            ("reimbursement", "reimbursed"),
            ("approval", "approve"),
            ("planning", "plan"),
            ("policies", "policy"),
            ("expenses", "expense"),
            ("batches", "batch"),
            ("selling", "sell"),
            ("renewals", "renew"),
        ] {
            assert_eq!(stem(one), stem(other), "{one} {other}");
        }
        assert_eq!(
            (stem("bus").as_str(), stem("glass").as_str(), stem("e7s").as_str()),
            ("bus", "glass", "e7s")
        );
    }

    #[test]
    fn a_question_is_put_in_the_words_of_the_handbook() {
        let terms = Terms::new();
        assert_eq!(
            terms.of_question("How many vacation days does my boss get? Days?"),
            ["leav", "day", "manager"]
        );
        assert_eq!(terms.of("The days of leave"), ["day", "leav"]);
    }
}
