//! The check of a number in the output.
//!
//! Without a pointer it is the only number in the text (see [`super::reader`] for what is read as
//! one): none, or several, fail, even where several are the same, because it is the answer that is
//! not what was asked for. With a pointer it is the number there in the output's JSON; a text there
//! is not a number. The wider of the two tolerances holds, its end included, rounding aside.

use super::check::{Check, Ruling, Subject};
use super::json::Pointer;
use super::reader::{MOST, numbers};
use super::value::{kind, within};
use crate::judge::error::CheckError;
use crate::judge::reason;
use crate::suite::schema::NumberCheck;
use serde_json::Value;

#[derive(Debug)]
struct NumberNear {
    expected: f64,
    tolerance: f64,
    pointer: Option<Pointer>,
}

/// A check that a number in the output is near the one expected. The expected number may be a text
/// that holds nothing else, as the cells of a CSV file are.
pub(super) fn number(spec: &NumberCheck) -> Result<Box<dyn Check>, CheckError> {
    let expected = match &spec.value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
    .filter(|number| number.is_finite())
    .ok_or_else(|| CheckError::NotANumber(reason::json(&spec.value)))?;
    let share = tolerance("relative", spec.relative)?;
    let tolerance = tolerance("tolerance", spec.tolerance)?.max(share * expected.abs());
    let pointer = spec.pointer.as_deref().map(Pointer::new).transpose()?;
    Ok(Box::new(NumberNear { expected, tolerance, pointer }))
}

fn tolerance(key: &'static str, value: Option<f64>) -> Result<f64, CheckError> {
    let value = value.unwrap_or(0.0);
    if value.is_finite() && value >= 0.0 { Ok(value) } else { Err(CheckError::BadTolerance { key, value }) }
}

impl NumberNear {
    fn compare(&self, number: f64) -> Ruling {
        let shown = reason::number(number);
        if within(number, self.expected, self.tolerance) {
            return Ruling::Holds(shown);
        }
        let off = reason::number((number - self.expected).abs());
        Ruling::Fails(format!("{shown}, which is {off} off"))
    }
}

impl Check for NumberNear {
    fn wanted(&self, inverted: bool) -> String {
        let not = if inverted { "a number other than " } else { "number " };
        let place = self.pointer.as_ref().map_or_else(String::new, |pointer| format!(" at {pointer}"));
        let expected = reason::number(self.expected);
        if self.tolerance > 0.0 {
            format!("{not}{expected} ± {}{place}", reason::number(self.tolerance))
        } else {
            format!("{not}{expected}{place}")
        }
    }

    fn rule(&self, subject: &Subject<'_>) -> Ruling {
        let Some(pointer) = &self.pointer else {
            let output = reason::output(subject.output());
            return match numbers(subject.output()).as_slice() {
                [] => Ruling::Fails(format!("no number in {output}")),
                [(written, value)] if !value.is_finite() => {
                    Ruling::Fails(format!("{}, which is too large to compare", reason::quoted(written)))
                }
                [(_, value)] => self.compare(*value),
                several => {
                    let count = if several.len() == MOST { "many".into() } else { several.len().to_string() };
                    let listed = reason::listed(several.iter().map(|(written, _)| *written), "and");
                    Ruling::Fails(format!("{count} numbers ({listed}) in {output}"))
                }
            };
        };
        let found = match subject.json() {
            Err(instead) => return Ruling::Fails(instead.into()),
            Ok(document) => match pointer.find(document) {
                Err(nothing) => return Ruling::Fails(nothing),
                Ok(found) => found,
            },
        };
        match found.as_f64() {
            Some(value) => self.compare(value),
            None => Ruling::Fails(format!("{} {}", kind(found), reason::json(found))),
        }
    }
}
