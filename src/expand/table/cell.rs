//! What stands in one cell of a table.

use jiff::civil::{Date, DateTime, Time};
use serde_json::{Number, Value};
use std::borrow::Cow;
use std::sync::Arc;

/// Greatest whole number up to which a `f64` holds every whole number.
pub(super) const MAX_WHOLE: f64 = 9_007_199_254_740_992.0;

/// What stands in one cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number; always finite.
    Number(f64),
    /// A text.
    Text(Arc<str>),
    /// A day.
    Date(Date),
    /// A time of day.
    Time(Time),
    /// A day with a time.
    DateTime(DateTime),
}

/// What kind of cells a column has, beside empty ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// `true` or `false`.
    Bool,
    /// Numbers, whole or not.
    Number,
    /// Texts.
    Text,
    /// Days.
    Date,
    /// Times of day.
    Time,
    /// Days with times.
    DateTime,
}

impl Type {
    /// One of them, with its article.
    pub(super) const fn one(self) -> &'static str {
        match self {
            Self::Bool => "a truth value",
            Self::Number => "a number",
            Self::Text => "a text",
            Self::Date => "a date",
            Self::Time => "a time",
            Self::DateTime => "a date with a time",
        }
    }
}

impl Cell {
    /// The number, if it is one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Integer(whole) => Some(*whole as f64),
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// Whether nothing stands here.
    pub const fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }

    /// Of what type it is; `None` for an empty one.
    pub const fn type_of(&self) -> Option<Type> {
        Some(match self {
            Self::Empty => return None,
            Self::Bool(_) => Type::Bool,
            Self::Integer(_) | Self::Number(_) => Type::Number,
            Self::Text(_) => Type::Text,
            Self::Date(_) => Type::Date,
            Self::Time(_) => Type::Time,
            Self::DateTime(_) => Type::DateTime,
        })
    }

    /// A number with so many decimals, rounded; `None` where it is not finite or too large for that.
    pub(super) fn rounded(number: f64, decimals: Option<u8>) -> Option<Self> {
        let number = match decimals {
            Some(decimals) => round(number, decimals),
            None => number,
        };
        if !number.is_finite() {
            return None;
        }
        if decimals != Some(0) {
            // Zero has one sign in a table.
            return Some(Self::Number(number + 0.0));
        }
        #[expect(clippy::cast_possible_truncation, reason = "whole and within 2^53")]
        (number.abs() <= MAX_WHOLE).then_some(Self::Integer(number as i64))
    }

    /// As JSON: a number is a number, a day or a time a text in ISO 8601, nothing is `null`.
    pub fn to_json(&self) -> Value {
        match self {
            Self::Empty => Value::Null,
            Self::Bool(truth) => Value::Bool(*truth),
            Self::Integer(whole) => Value::from(*whole),
            Self::Number(number) => Number::from_f64(*number).map_or(Value::Null, Value::Number),
            Self::Text(text) => Value::String(text.to_string()),
            Self::Date(_) | Self::Time(_) | Self::DateTime(_) => {
                Value::String(self.to_text(None).into_owned())
            }
        }
    }

    /// As a text, a number with so many decimals; nothing is an empty text.
    pub fn to_text(&self, decimals: Option<u8>) -> Cow<'_, str> {
        Cow::Owned(match self {
            Self::Empty => String::new(),
            Self::Bool(truth) => truth.to_string(),
            Self::Integer(whole) => whole.to_string(),
            Self::Number(number) => match decimals {
                Some(decimals) => format!("{number:.*}", usize::from(decimals)),
                None => number.to_string(),
            },
            Self::Text(text) => return Cow::Borrowed(text),
            Self::Date(date) => date.to_string(),
            Self::Time(time) => time.to_string(),
            Self::DateTime(moment) => moment.to_string(),
        })
    }
}

/// `number` with so many decimals; halves are rounded away from zero.
pub(super) fn round(number: f64, decimals: u8) -> f64 {
    let scale = scale(decimals);
    let scaled = number * scale;
    // Beyond 2^53 there are no decimals left to round.
    if scaled.abs() < MAX_WHOLE { scaled.round() / scale } else { number }
}

/// A one with so many zeros, exactly.
pub(super) fn scale(decimals: u8) -> f64 {
    (0..decimals).fold(1.0, |scale, _| scale * 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, time};

    #[test]
    fn cells_read_as_iso_8601_and_numbers_keep_their_decimals() {
        for (cell, decimals, text) in [
            (Cell::Empty, Some(2), ""),
            (Cell::Number(3.5), Some(2), "3.50"),
            (Cell::Number(3.5), None, "3.5"),
            (Cell::Integer(-4), Some(2), "-4"),
            (Cell::Date(date(2026, 3, 1)), None, "2026-03-01"),
            (Cell::Time(time(8, 5, 0, 0)), None, "08:05:00"),
            (Cell::DateTime(date(2026, 3, 1).at(8, 5, 30, 0)), None, "2026-03-01T08:05:30"),
            (Cell::Bool(true), None, "true"),
        ] {
            assert_eq!(cell.to_text(decimals), text);
        }
    }

    #[test]
    fn rounding_is_away_from_zero_at_halves_and_has_no_negative_zero() {
        for (number, decimals, rounded) in [
            (2.5, Some(0), Some(Cell::Integer(3))),
            (-2.5, Some(0), Some(Cell::Integer(-3))),
            (0.125, Some(2), Some(Cell::Number(0.13))),
            (1e300, Some(2), Some(Cell::Number(1e300))),
            (1e300, Some(0), None),
            (f64::NAN, None, None),
            (f64::INFINITY, Some(1), None),
        ] {
            assert_eq!(Cell::rounded(number, decimals), rounded, "{number}");
        }
        let Some(Cell::Number(zero)) = Cell::rounded(-0.001, Some(2)) else { panic!("no number") };
        assert!(zero.is_sign_positive());
    }
}
