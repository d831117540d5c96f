//! Bounds on words, sentences and characters of the output, on latency, cost and turns. Both ends are
//! included.
//!
//! Words and sentences are those of Unicode (UAX 29) that hold a letter or digit; scripts without
//! spaces are counted by that standard's simple rules. Characters are user-perceived, with those at
//! both ends that are white space.

use super::check::{Check, Ruling, Subject};
use super::value::at_most;
use crate::judge::error::CheckError;
use crate::judge::reason::number;
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
            Counted::Words => "words",
            Counted::Sentences => "sentences",
            Counted::Characters => "characters",
            Counted::Turns => "turns",
        };
        format!("{} {noun}", range(min.map(|n| n.to_string()), max.map(|n| n.to_string()), inverted))
    }

    fn rule(&self, subject: &Subject<'_>) -> Ruling {
        let output = subject.output();
        let count = match self.counted {
            Counted::Words => output.unicode_words().count(),
            Counted::Sentences => output.unicode_sentences().count(),
            Counted::Characters => output.graphemes(true).count(),
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
        Ruling::of(holds, format!("{}ms", number((latency * 10.0).round() / 10.0)))
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
