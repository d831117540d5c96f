//! Bounds on words, sentences and characters of the output, on latency, cost and turns. Both ends are
//! included.
//!
//! Words and sentences are those of Unicode (UAX 29) that hold a letter or digit; scripts without
//! spaces are counted by that standard's simple rules. Characters are user-perceived, with those at
//! both ends that are white space.

use super::check::{Check, Ruling, Subject};
use super::value::at_most;
use crate::judge::error::CheckError;
use crate::judge::reason::{characters, number};
use crate::suite::schema::{CostBounds, CountBounds, LatencyBounds};
use unicode_segmentation::UnicodeSegmentation;

/// What is counted.
#[derive(Debug, Clone, Copy)]
pub(super) enum Counted {
    Words,
    Sentences,
    Characters,
    Turns,
}

#[derive(Debug)]
struct Count {
    counted: Counted,
    bounds: CountBounds,
}

/// A check that something in the answer is counted within `bounds`.
pub(super) fn count(counted: Counted, bounds: CountBounds) -> Result<Box<dyn Check>, CheckError> {
    check_ends(bounds.min, bounds.max, |end| end.to_string())?;
    Ok(Box::new(Count { counted, bounds }))
}

/// Bounds must have an end, and leave room between two.
fn check_ends<T: PartialOrd>(
    min: Option<T>,
    max: Option<T>,
    shown: impl Fn(T) -> String,
) -> Result<(), CheckError> {
    match (min, max) {
        (None, None) => Err(CheckError::NoBounds),
        (Some(min), Some(max)) if min > max => {
            Err(CheckError::EmptyBounds { min: shown(min), max: shown(max) })
        }
        _ => Ok(()),
    }
}

/// The bounds in words.
fn range(min: Option<String>, max: Option<String>, inverted: bool) -> String {
    let range = match (min, max) {
        (Some(min), Some(max)) if min == max => min,
        (Some(min), Some(max)) => format!("{min} to {max}"),
        (Some(min), None) => format!("at least {min}"),
        (None, Some(max)) => format!("at most {max}"),
        (None, None) => "any number of".into(),
    };
    if inverted { format!("not {range}") } else { range }
}

impl Check for Count {
    fn wanted(&self, inverted: bool) -> String {
        let CountBounds { min, max } = self.bounds;
        let noun = match self.counted {
            Counted::Words => "word",
            Counted::Sentences => "sentence",
            Counted::Characters => "character",
            Counted::Turns => "turn",
        };
        let ending = if max.or(min) == Some(1) { "" } else { "s" };
        format!("{} {noun}{ending}", range(min.map(|n| n.to_string()), max.map(|n| n.to_string()), inverted))
    }

    fn rule(&self, subject: &Subject<'_>) -> Ruling {
        let output = subject.output();
        let count = match self.counted {
            Counted::Words => output.unicode_words().count(),
            Counted::Sentences => output.unicode_sentences().count(),
            Counted::Characters => characters(output),
            Counted::Turns => subject.turns,
        };
        // A usize that does not fit is above every bound.
        let exact = u64::try_from(count).unwrap_or(u64::MAX);
        let CountBounds { min, max } = self.bounds;
        Ruling::of(
            min.is_none_or(|min| exact >= min) && max.is_none_or(|max| exact <= max),
            count.to_string(),
        )
    }
}

#[derive(Debug)]
struct Latency(LatencyBounds);

/// A check of the time that the answer took.
pub(super) fn latency(bounds: LatencyBounds) -> Result<Box<dyn Check>, CheckError> {
    check_ends(bounds.min, bounds.max, |end| end.to_string())?;
    Ok(Box::new(Latency(bounds)))
}

impl Check for Latency {
    fn wanted(&self, inverted: bool) -> String {
        let LatencyBounds { min, max } = self.0;
        format!("a latency of {}", range(min.map(|t| t.to_string()), max.map(|t| t.to_string()), inverted))
    }

    fn rule(&self, subject: &Subject<'_>) -> Ruling {
        let Some(latency) = subject.answer.latency_ms.filter(|latency| latency.is_finite()) else {
            return Ruling::Unknown("the time of the answer was not measured".into());
        };
        let millis = |time: crate::suite::quantity::Duration| time.get().as_secs_f64() * 1000.0;
        let LatencyBounds { min, max } = self.0;
        let holds = min.is_none_or(|min| at_most(millis(min), latency))
            && max.is_none_or(|max| at_most(latency, millis(max)));
        Ruling::of(holds, format!("{}ms", number((latency * 1000.0).round() / 1000.0)))
    }
}

#[derive(Debug)]
struct Cost(CostBounds);

/// A check of the cost of the case.
pub(super) fn cost(bounds: CostBounds) -> Result<Box<dyn Check>, CheckError> {
    for (key, end) in [("min", bounds.min), ("max", bounds.max)] {
        if let Some(value) = end.filter(|end| !end.is_finite()) {
            return Err(CheckError::BadBound { key, value });
        }
    }
    check_ends(bounds.min, bounds.max, number)?;
    Ok(Box::new(Cost(bounds)))
}

impl Check for Cost {
    fn wanted(&self, inverted: bool) -> String {
        let CostBounds { min, max } = self.0;
        format!("a cost of {}", range(min.map(number), max.map(number), inverted))
    }

    fn rule(&self, subject: &Subject<'_>) -> Ruling {
        let Some(cost) = subject.cost.filter(|cost| cost.is_finite()) else {
            return Ruling::Unknown("the cost is not known: tokens or prices are missing".into());
        };
        let CostBounds { min, max } = self.0;
        let holds = min.is_none_or(|min| at_most(min, cost)) && max.is_none_or(|max| at_most(cost, max));
        Ruling::of(holds, number(cost))
    }
}

#[cfg(test)]
mod tests {
    use super::super::trial::{
        answer, cannot_tell, expect, fails, holds, refused, says, transcript, verdicts,
    };
    use crate::judge::Outcome;
    use serde_json::json;

    #[test]
    fn words_hold_a_letter_or_digit() {
        let text = says("Can't we — at 10.30 — meet?");
        let (why, inverted) = holds("words = { min = 5, max = 5 }", &text);
        assert_eq!(why, "expected 5 words, got 5");
        assert_eq!(inverted, "expected not 5 words, got 5");
        assert_eq!(fails("words = { max = 4 }", &text), "expected at most 4 words, got 5");
        assert_eq!(fails("words = { min = 6, max = 9 }", &text), "expected 6 to 9 words, got 5");
        holds("words = { max = 0 }", &says(" … \n"));
    }

    #[test]
    fn sentences_hold_a_word() {
        let text = says("It is done. Is it? Yes! …");
        holds("sentences = { min = 3, max = 3 }", &text);
        assert_eq!(fails("sentences = { min = 4 }", &text), "expected at least 4 sentences, got 3");
        holds("sentences = { max = 0 }", &says(""));
    }

    #[test]
    fn characters_are_those_that_people_see() {
        // Flags, families and accents of several code points are one character each.
        holds("characters = { min = 3, max = 3 }", &says("🇪🇺👩‍👧e\u{301}"));
        assert_eq!(fails("characters = { max = 2 }", &says("abc")), "expected at most 2 characters, got 3");
    }

    #[test]
    fn latency_is_that_of_the_answer() {
        let quick = answer(json!({"output": "", "latency_ms": 250.04}));
        holds("latency = { max = '251ms' }", &quick);
        holds("latency = { min = '200ms', max = '1s' }", &quick);
        assert_eq!(
            fails("latency = { max = '250ms' }", &quick),
            "expected a latency of at most 250ms, got 250.04ms"
        );
        holds("latency = { max = '250ms' }", &answer(json!({"output": "", "latency_ms": 250.0})));
        assert_eq!(
            cannot_tell("latency = { max = '1s' }", &says("")),
            "cannot tell: the time of the answer was not measured"
        );
    }

    #[test]
    fn cost_is_that_of_the_case() {
        let mut said = transcript([says("")]);
        let dear = expect("cost = { max = 0.3 }");
        assert_eq!(verdicts(std::slice::from_ref(&dear), &said)[0].outcome, Outcome::CannotJudge);
        said.cost = Some(0.1 + 0.2);
        assert_eq!(verdicts(std::slice::from_ref(&dear), &said)[0].outcome, Outcome::Pass);
        said.cost = Some(0.31);
        let found = verdicts(&[dear], &said);
        assert_eq!(found[0].outcome, Outcome::Fail);
        assert_eq!(found[0].reason, "expected a cost of at most 0.3, got 0.31");
    }

    #[test]
    fn turns_are_those_of_the_conversation() {
        let said = transcript([says("what?"), says("ok")]);
        let found = verdicts(&[expect("turns = { max = 2 }"), expect("turns = { max = 1 }")], &said);
        assert_eq!(found[0].outcome, Outcome::Pass);
        assert_eq!(
            (found[1].outcome, found[1].reason.as_str()),
            (Outcome::Fail, "expected at most 1 turn, got 2")
        );
    }

    #[test]
    fn bounds_that_say_nothing_or_too_much_are_refused() {
        for key in ["words", "sentences", "characters", "turns", "latency", "cost"] {
            assert!(refused(&format!("{key} = {{}}")).contains("neither `min` nor `max`"), "{key}");
        }
        assert_eq!(
            refused("words = { min = 3, max = 2 }"),
            "`words`: `min` 3 is more than `max` 2; no answer can satisfy both"
        );
        assert!(refused("latency = { min = '2s', max = '1s' }").contains("`min` 2s is more than `max` 1s"));
        assert!(refused("cost = { max = inf }").contains("`max` is inf"));
    }
}
