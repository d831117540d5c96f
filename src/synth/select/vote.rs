//! A reference answer by majority: several solutions of the same question, compared in a normal form.

use std::collections::BTreeMap;

/// The fewest answers that can make a majority.
pub const LEAST: usize = 3;

/// What a vote came to.
#[derive(Debug, Clone, PartialEq)]
pub enum Vote {
    /// More than half of those that were asked say the same.
    Majority {
        /// What they say, as the first of them wrote it.
        answer: String,
        /// How many say so.
        votes: usize,
        /// How many were asked, those that gave no answer among them.
        of: usize,
    },
    /// No answer has more than half, or too few answered.
    Disagreed {
        /// The answers with their votes, most frequent first, in the words of the first who gave them.
        answers: Vec<(String, usize)>,
        /// How many were asked.
        of: usize,
    },
}

impl Vote {
    /// The vote of those who were asked; `None` where one gave no answer. At least [`LEAST`] must have
    /// answered, and silence counts against every answer.
    pub fn of<'a>(answers: impl IntoIterator<Item = Option<&'a str>>) -> Self {
        let mut counts: BTreeMap<String, (usize, &str, usize)> = BTreeMap::new();
        let (mut asked, mut answered) = (0, 0);
        for answer in answers {
            if let Some(answer) = answer {
                counts.entry(normal(answer)).or_insert((asked, answer, 0)).2 += 1;
                answered += 1;
            }
            asked += 1;
        }
        let mut ranked: Vec<(usize, &str, usize)> = counts.into_values().collect();
        // Most votes first; of equal ones the one that was given first.
        ranked.sort_by_key(|(first, _, votes)| (std::cmp::Reverse(*votes), *first));
        match ranked.first() {
            Some((_, answer, votes)) if answered >= LEAST && votes * 2 > asked => {
                Self::Majority { answer: answer.trim().to_owned(), votes: *votes, of: asked }
            }
            _ => Self::Disagreed {
                answers: ranked.iter().map(|(_, answer, votes)| (answer.trim().to_owned(), *votes)).collect(),
                of: asked,
            },
        }
    }
}

/// Whether two answers say the same, as far as that can be told without understanding them.
pub fn agree(one: &str, other: &str) -> bool {
    normal(one) == normal(other)
}

/// The form in which answers are compared: lower case, white space folded, without quotation marks around
/// the whole, an article before it and a full stop after it. A number is compared by its value, with or
/// without separators of thousands: `1,200.0` and `1200` are the same, `12` and `1.2` are not, and neither
/// are `5` and `-5`, nor `5` and `5 %`.
pub fn normal(answer: &str) -> String {
    let folded = answer.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let around = |c: char| c.is_whitespace() || "\"'“”‘’„«»`*_".contains(c);
    let mut text = folded.as_str();
    loop {
        let shorter = text.trim_matches(around).trim_end_matches(['.', ',', ';', ':', '!', '?']);
        if shorter == text {
            break;
        }
        text = shorter;
    }
    let text = ["the ", "a ", "an "].iter().find_map(|article| text.strip_prefix(article)).unwrap_or(text);
    number(text).unwrap_or_else(|| text.to_owned())
}

/// A decimal number in one way of writing it: digits, at most one point, a minus where it is below 0.
fn number(text: &str) -> Option<String> {
    let (is_negative, digits) = match text.strip_prefix(['-', '−']) {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(fraction) || digits.ends_with('.') {
        return None;
    }
    let mut groups = whole.split(',');
    let first = groups.next().filter(|first| all_digits(first) && !first.is_empty())?;
    let mut plain = first.to_owned();
    for group in groups {
        // 1,5 is a half more than one where a comma is the point: not known to be a number.
        if first.len() > 3 || group.len() != 3 || !all_digits(group) {
            return None;
        }
        plain.push_str(group);
    }
    let (whole, fraction) = (plain.trim_start_matches('0'), fraction.trim_end_matches('0'));
    let whole = if whole.is_empty() { "0" } else { whole };
    let number = if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") };
    Some(if is_negative && number != "0" { format!("-{number}") } else { number })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn answers_that_say_the_same_have_one_form() {
        for group in [
            vec!["1,200", "1200", " 1200.00 ", "+1200.", "**1200**"],
            vec!["Paris", "paris.", "“Paris”", " PARIS "],
            vec!["the red one", "red  one", "The red one!"],
            vec!["-0.50", "−0.5"],
            vec!["0", "-0", "000", "0.0"],
        ] {
            for answer in &group {
                assert!(agree(answer, group[0]), "{answer} and {}", group[0]);
            }
        }
        for (one, other) in [
            ("12", "1.2"),
            ("5", "-5"),
            ("5", "5 %"),
            ("1,5", "15"),
            ("1,2345", "12345"),
            ("1.5", "1.05"),
            ("no", "not"),
            ("a", ""),
            ("3 pm", "3 am"),
        ] {
            assert!(!agree(one, other), "{one} and {other}");
        }
    }

    #[test]
    fn more_than_half_of_those_asked_decide() {
        let vote = |answers: &[Option<&str>]| Vote::of(answers.iter().copied());
        assert_eq!(
            vote(&[Some("42"), Some("41"), Some("42.0")]),
            Vote::Majority { answer: "42".into(), votes: 2, of: 3 }
        );
        // Two of four are no majority.
        assert_eq!(
            vote(&[Some("b"), Some("a"), Some("a"), Some("c")]),
            Vote::Disagreed { answers: vec![("a".into(), 2), ("b".into(), 1), ("c".into(), 1)], of: 4 }
        );
        // Three of five say the same, one something else, one nothing.
        assert!(matches!(
            vote(&[Some("a"), None, Some("a"), Some("b"), Some("a")]),
            Vote::Majority { votes: 3, of: 5, .. }
        ));
        // Silence counts against them: three of six are not more than half.
        assert!(matches!(
            vote(&[Some("a"), None, Some("a"), None, Some("a"), None]),
            Vote::Disagreed { of: 6, .. }
        ));
    }

    #[test]
    fn two_are_no_vote() {
        assert!(matches!(Vote::of([Some("a"), Some("a")]), Vote::Disagreed { of: 2, .. }));
        assert!(matches!(Vote::of([Some("a"), Some("a"), None]), Vote::Disagreed { of: 3, .. }));
        assert_eq!(Vote::of([]), Vote::Disagreed { answers: Vec::new(), of: 0 });
    }

    proptest! {
        #[test]
        fn the_normal_form_stays_as_it_is(text in ".{0,30}") {
            // But for an article behind an article, which a second look would take off too.
            let once = normal(&text);
            if !["the ", "a ", "an "].iter().any(|article| once.starts_with(article)) {
                prop_assert_eq!(normal(&once), once);
            }
        }

        #[test]
        fn whole_numbers_are_compared_by_value(one in -2_000_000_i64..2_000_000, other in -2_000_000_i64..2_000_000) {
            prop_assert_eq!(agree(&one.to_string(), &format!("{other}.0")), one == other);
        }

        #[test]
        fn who_votes_first_does_not_decide_whether_there_is_a_majority(
            votes in prop::collection::vec(prop::option::of(prop::sample::select(vec!["a", "b", "c"])), 0..8),
        ) {
            let forward = Vote::of(votes.iter().copied());
            let backward = Vote::of(votes.iter().rev().copied());
            match (forward, backward) {
                (Vote::Majority { answer, votes, of }, Vote::Majority { answer: same, votes: as_many, of: all }) => {
                    prop_assert_eq!((answer, votes, of), (same, as_many, all));
                }
                (Vote::Disagreed { .. }, Vote::Disagreed { .. }) => {}
                (one, other) => prop_assert!(false, "{one:?} and {other:?}"),
            }
        }
    }
}
