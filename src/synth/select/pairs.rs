//! A ranking of drafts by comparing two at a time, each pair in both orders.

use super::asked::{Prompt, object_of, scope};
use crate::model::{Unanswered, UnansweredKind};
use crate::stats::bradley_terry::{BradleyTerry, BradleyTerryError, Game, bradley_terry};
use crate::synth::ask::{AsksJson, JsonAsk, JsonForm};
use crate::synth::draft::Brief;
use serde_json::json;

const PROMPT: Prompt = Prompt { purpose: "pairwise@1", text: include_str!("prompts/pairwise.md") };

/// What makes one better than another, where nobody says.
pub const CRITERION: &str = "A better input is one that a user of this application would write, and that is more likely to show whether the behaviour holds.";

/// Wins and losses that each text is given against an imagined one, so that one which always won has a
/// strength.
const PRIOR: f64 = 0.5;
/// The confidence of the intervals.
const CONFIDENCE: f64 = 0.95;

/// What a pair came to in both orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pair {
    /// The same one is better in both orders.
    Better {
        /// Whether it is the first of the pair.
        first: bool,
    },
    /// A tie in at least one order, and no contradiction.
    Tie,
    /// The two orders contradict each other: the place decided. Counts as a tie.
    Inconsistent,
    /// One of the two got no usable reply. Counts as nothing.
    Unanswered,
}

/// Texts from best to worst.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranking {
    /// The texts by their places among those given, best first. Those of different groups follow each other and
    /// were not compared.
    pub order: Vec<usize>,
    /// The strength of each text as given, a logarithm, with its interval at 95 %.
    pub strengths: Vec<(f64, f64, f64)>,
    /// How many groups of texts there are that were not compared with each other; 1 is what is wanted.
    pub groups: usize,
    /// Pairs that were compared.
    pub pairs: usize,
    /// Pairs in which the place decided.
    pub inconsistent: usize,
    /// Pairs without two usable replies.
    pub unanswered: usize,
}

/// Why there is no ranking.
#[derive(Debug, thiserror::Error)]
pub enum RankError {
    /// No budget was left to ask with.
    #[error("{0}")]
    NotAsked(#[from] Unanswered),
    /// There are no strengths.
    #[error(transparent)]
    Strengths(#[from] BradleyTerryError),
}

/// The pairs to compare of so many texts, at most so many: all of them where they are few enough. Otherwise each
/// text with those that stand 1, 2, … places after it in a ring, so that every text is compared as often as
/// every other, and all are connected; where not even one round fits, as many of its pairs as do.
pub fn pairs(texts: usize, most: usize) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for step in 1..=texts / 2 {
        // Half way round, each pair is met from both sides.
        let count = if step * 2 == texts { texts / 2 } else { texts };
        if !pairs.is_empty() && pairs.len() + count > most {
            break;
        }
        pairs.extend((0..count).map(|at| (at, (at + step) % texts)));
    }
    pairs.truncate(most);
    pairs
}

/// Ranks texts by what a model prefers; `None` asks the one whose turn it is. Each pair takes two requests.
pub async fn rank(
    asks: &dyn AsksJson,
    brief: &Brief,
    texts: &[String],
    criterion: Option<&str>,
    most_pairs: usize,
    model: Option<&str>,
) -> Result<Ranking, RankError> {
    let mut compared = Vec::new();
    for (one, other) in pairs(texts.len(), most_pairs) {
        let mut said = Vec::new();
        for (first, second) in [(one, other), (other, one)] {
            said.push(compare(asks, brief, (&texts[first], &texts[second]), criterion, model).await?);
        }
        compared.push((one, other, both(said[0], said[1])));
    }
    Ok(ranking(texts.len(), &compared)?)
}

/// What a model says of two texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    First,
    Second,
    Tie,
}

async fn compare(
    asks: &dyn AsksJson,
    brief: &Brief,
    (first, second): (&str, &str),
    criterion: Option<&str>,
    model: Option<&str>,
) -> Result<Option<Said>, Unanswered> {
    let form = form();
    let scope = scope(brief).with("criterion", criterion.unwrap_or(CRITERION));
    let messages = PROMPT.messages(&scope, &json!({ "first": first, "second": second }));
    match asks.ask(JsonAsk { purpose: PROMPT.purpose, messages, form: &form, sample: 0, model }).await {
        Ok(reply) => Ok(match reply.value["verdict"].as_str() {
            Some("first") => Some(Said::First),
            Some("second") => Some(Said::Second),
            Some("tie") => Some(Said::Tie),
            _ => None,
        }),
        Err(unanswered) if unanswered.kind == UnansweredKind::NotAsked => Err(unanswered),
        Err(_) => Ok(None),
    }
}

/// What a reply about a pair must look like.
pub fn form() -> JsonForm {
    let verdict = json!({ "type": "string", "enum": ["first", "second", "tie"] });
    JsonForm::new("pairwise", object_of(&[("reasoning", json!({ "type": "string" })), ("verdict", verdict)]))
}

/// A pair from what was said with it in its order, and turned round.
fn both(straight: Option<Said>, turned: Option<Said>) -> Pair {
    match (straight, turned) {
        (None, _) | (_, None) => Pair::Unanswered,
        (Some(Said::First), Some(Said::Second)) => Pair::Better { first: true },
        (Some(Said::Second), Some(Said::First)) => Pair::Better { first: false },
        (Some(Said::Tie), _) | (_, Some(Said::Tie)) => Pair::Tie,
        _ => Pair::Inconsistent,
    }
}

/// The ranking of so many texts by what pairs of them came to.
pub fn ranking(texts: usize, compared: &[(usize, usize, Pair)]) -> Result<Ranking, BradleyTerryError> {
    let won = |pair: Pair| match pair {
        Pair::Better { first } => Some(if first { 1.0 } else { 0.0 }),
        Pair::Tie | Pair::Inconsistent => Some(0.5),
        Pair::Unanswered => None,
    };
    let games: Vec<Game> = compared
        .iter()
        .filter_map(|(one, other, pair)| Some(Game { one: *one, other: *other, won: won(*pair)? }))
        .collect();
    let found: BradleyTerry = bradley_terry(texts, &games, PRIOR)?;
    let count = |wanted: Pair| compared.iter().filter(|(_, _, pair)| *pair == wanted).count();
    let strength = |at: usize| {
        let (low, high) = found.interval(at, CONFIDENCE).unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
        (found.strengths[at], low, high)
    };
    Ok(Ranking {
        order: found.ranking(),
        strengths: (0..texts).map(strength).collect(),
        groups: found.group_count(),
        pairs: compared.len(),
        inconsistent: count(Pair::Inconsistent),
        unanswered: count(Pair::Unanswered),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_place_that_decides_is_a_tie_of_its_own_kind() {
        use Said::{First, Second, Tie};
        assert_eq!(both(Some(First), Some(Second)), Pair::Better { first: true });
        assert_eq!(both(Some(Second), Some(First)), Pair::Better { first: false });
        assert_eq!(both(Some(First), Some(First)), Pair::Inconsistent);
        assert_eq!(both(Some(Second), Some(Second)), Pair::Inconsistent);
        assert_eq!(both(Some(Tie), Some(First)), Pair::Tie);
        assert_eq!(both(Some(First), None), Pair::Unanswered);
    }

    #[test]
    fn the_best_wins_and_what_could_not_be_compared_is_counted() {
        let better = |first| Pair::Better { first };
        let found = ranking(
            4,
            &[
                (0, 1, better(false)),
                (1, 2, better(true)),
                (0, 2, Pair::Inconsistent),
                (2, 3, Pair::Unanswered),
            ],
        )
        .unwrap();
        assert_eq!(found.order[0], 1);
        assert_eq!((found.groups, found.pairs, found.inconsistent, found.unanswered), (2, 4, 1, 1));
        // 0 and 2 each lost to 1 and tied: as strong as each other.
        assert!((found.strengths[0].0 - found.strengths[2].0).abs() < 1e-9);
        let (strength, low, high) = found.strengths[1];
        assert!(low < strength && strength < high && low < 0.0, "three games say little: {low} to {high}");
    }

    #[test]
    fn few_texts_are_all_compared() {
        assert_eq!(pairs(0, 10), []);
        assert_eq!(pairs(1, 10), []);
        assert_eq!(pairs(2, 10), [(0, 1)]);
        assert_eq!(pairs(4, 10), [(0, 1), (1, 2), (2, 3), (3, 0), (0, 2), (1, 3)]);
        assert_eq!(pairs(4, 5), [(0, 1), (1, 2), (2, 3), (3, 0)]);
        assert_eq!(pairs(4, 2), [(0, 1), (1, 2)]);
    }

    proptest! {
        #[test]
        fn every_pair_is_compared_once_and_every_text_as_often(texts in 2_usize..20, most in 0_usize..300) {
            let found = pairs(texts, most);
            prop_assert!(found.len() <= most);
            let mut unordered: Vec<_> = found.iter().map(|(a, b)| (a.min(b), a.max(b))).collect();
            unordered.sort_unstable();
            let before = unordered.len();
            unordered.dedup();
            prop_assert_eq!(unordered.len(), before);
            if most >= texts * (texts - 1) / 2 {
                prop_assert_eq!(found.len(), texts * (texts - 1) / 2);
            }
            if most >= texts {
                let degree = |text: usize| found.iter().filter(|(a, b)| *a == text || *b == text).count();
                prop_assert!((1..texts).all(|text| degree(text) == degree(0)));
            }
        }
    }
}
