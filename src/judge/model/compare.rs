//! What two looks at the same two answers come to, one in each order.

use super::evidence::Place;
use super::judgement::{Judgement, Part};
use crate::judge::Outcome;
use crate::suite::schema::judge::Inconsistent;

/// What the judge said of the answer in one order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Better,
    Worse,
    Tie,
    Unknown,
}

impl Side {
    /// The side of the answer, by the word of a verdict and the place where it stood.
    pub fn of(word: &str, place: Place) -> Self {
        match (word, place) {
            ("first", Place::First) | ("second", Place::Second) => Self::Better,
            ("second", Place::First) | ("first", Place::Second) => Self::Worse,
            ("tie", _) => Self::Tie,
            _ => Self::Unknown,
        }
    }

    /// What it is called; nothing where the judge could not tell.
    pub const fn word(self) -> Option<&'static str> {
        match self {
            Self::Better => Some("better"),
            Self::Worse => Some("worse"),
            Self::Tie => Some("tie"),
            Self::Unknown => None,
        }
    }

    /// What it comes to: the answer must not be worse.
    pub const fn outcome(self) -> Outcome {
        match self {
            Self::Better | Self::Tie => Outcome::Pass,
            Self::Worse => Outcome::Fail,
            Self::Unknown => Outcome::CannotJudge,
        }
    }
}

/// What both orders come to: what they agree on, and where they do not, that nobody can tell, or what the file of the
/// judge says. An error in one of them is one of the whole.
pub(super) fn judgement(orders: Vec<Judgement>, inconsistent: Inconsistent) -> Judgement {
    let (mut whole, mut parts) = (whole(&orders, inconsistent), Vec::with_capacity(orders.len()));
    for (one, name) in orders.into_iter().zip(["shown first", "shown second"]) {
        whole.adds(&one);
        parts.push(Part::of(name, one));
    }
    whole.with(parts)
}

fn whole(orders: &[Judgement], inconsistent: Inconsistent) -> Judgement {
    let of = |outcome| orders.iter().find(|one| one.outcome == outcome);
    if let Some(one) = of(Outcome::JudgeError).or_else(|| of(Outcome::CannotJudge)) {
        return Judgement::plain(one.outcome, &one.reason);
    }
    match orders {
        [one, other] if one.word == other.word => Judgement {
            word: one.word.clone(),
            quote: one.quote.clone(),
            verified: one.verified,
            confidence: [one.confidence, other.confidence].into_iter().flatten().reduce(f64::min),
            ..Judgement::plain(one.outcome, &one.reason)
        },
        _ => {
            let words: Vec<&str> = orders.iter().filter_map(|one| one.word.as_deref()).collect();
            let outcome = match inconsistent {
                Inconsistent::CannotJudge => Outcome::CannotJudge,
                Inconsistent::Pass => Outcome::Pass,
            };
            let reason = format!("inconsistent: {} in the two orders", words.join(" and "));
            Judgement { word: Some("inconsistent".into()), ..Judgement::plain(outcome, reason) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Inconsistent::{CannotJudge, Pass};

    fn judged(words: [&str; 2], inconsistent: Inconsistent) -> (Outcome, Option<String>) {
        let order = |(word, place): (&str, Place)| {
            let side = Side::of(word, place);
            Judgement { word: side.word().map(Into::into), ..Judgement::plain(side.outcome(), "r") }
        };
        let orders = words.into_iter().zip([Place::First, Place::Second]).map(order).collect();
        let found = judgement(orders, inconsistent);
        assert_eq!(found.parts.len(), 2);
        (found.outcome, found.word)
    }

    #[test]
    fn both_orders_must_say_the_same() {
        for (words, outcome, word) in [
            // The answer stands first, then second.
            (["first", "second"], Outcome::Pass, Some("better")),
            (["second", "first"], Outcome::Fail, Some("worse")),
            (["tie", "tie"], Outcome::Pass, Some("tie")),
            (["first", "first"], Outcome::CannotJudge, Some("inconsistent")),
            (["second", "second"], Outcome::CannotJudge, Some("inconsistent")),
            (["tie", "first"], Outcome::CannotJudge, Some("inconsistent")),
            (["first", "tie"], Outcome::CannotJudge, Some("inconsistent")),
            (["cannot_judge", "first"], Outcome::CannotJudge, None),
            (["tie", "cannot_judge"], Outcome::CannotJudge, None),
        ] {
            assert_eq!(judged(words, CannotJudge), (outcome, word.map(Into::into)), "{words:?}");
        }
        assert_eq!(judged(["first", "first"], Pass), (Outcome::Pass, Some("inconsistent".into())));
        assert_eq!(judged(["second", "first"], Pass).0, Outcome::Fail);
        assert_eq!(judged(["cannot_judge", "first"], Pass).0, Outcome::CannotJudge);
    }

    #[test]
    fn an_error_in_one_order_is_one_of_the_whole() {
        let tie = Judgement { word: Some("tie".into()), ..Judgement::plain(Outcome::Pass, "r") };
        let error = Judgement { requests: 2, ..Judgement::plain(Outcome::JudgeError, "no reply: x") };
        let found = judgement(vec![tie, error], Pass);
        assert_eq!(
            (found.outcome, found.reason.as_str(), found.requests),
            (Outcome::JudgeError, "no reply: x", 2)
        );
    }
}
