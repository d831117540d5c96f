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
use crate::run::Transcript;
use crate::suite::schema::{Expect, NumberCheck};
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
    Ok(Box::new(near(spec)?))
}

fn near(spec: &NumberCheck) -> Result<NumberNear, CheckError> {
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
    Ok(NumberNear { expected, tolerance, pointer })
}

/// The number expected of a case beside the number answered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Numbers {
    /// The number expected.
    pub expected: f64,
    /// The number that the check read from the last answer; `None` where there is no answer, or no number
    /// to read in it.
    pub answered: Option<f64>,
}

impl Numbers {
    /// The numbers of a case whose `expect` has exactly one `number`, as that check reads them. One that
    /// must not hold, under `not`, is none.
    pub fn of(expect: &[Expect], transcript: &Transcript) -> Option<Self> {
        let mut specs = expect.iter().filter_map(|entry| entry.number.as_ref());
        let (Some(spec), None) = (specs.next(), specs.next()) else { return None };
        let near = near(spec).ok()?;
        let last = transcript.last().filter(|_| transcript.error.is_none());
        let read = |answer| near.read(&Subject::new(answer, transcript.turns.len(), None)).ok();
        Some(Self { expected: near.expected, answered: last.and_then(read) })
    }
}

fn tolerance(key: &'static str, value: Option<f64>) -> Result<f64, CheckError> {
    let value = value.unwrap_or(0.0);
    if value.is_finite() && value >= 0.0 { Ok(value) } else { Err(CheckError::BadTolerance { key, value }) }
}

impl NumberNear {
    /// The number that the answer gives, or what came instead of one.
    fn read(&self, subject: &Subject<'_>) -> Result<f64, String> {
        let Some(pointer) = &self.pointer else {
            let output = reason::output(subject.output());
            return match numbers(subject.output()).as_slice() {
                [] => Err(format!("no number in {output}")),
                [(written, value)] if !value.is_finite() => {
                    Err(format!("{}, which is too large to compare", reason::quoted(written)))
                }
                [(_, value)] => Ok(*value),
                several => {
                    let count = if several.len() == MOST { "many".into() } else { several.len().to_string() };
                    let listed = reason::listed(several.iter().map(|(written, _)| *written), "and");
                    Err(format!("{count} numbers ({listed}) in {output}"))
                }
            };
        };
        let found = pointer.find(subject.json()?)?;
        found.as_f64().ok_or_else(|| format!("{} {}", kind(found), reason::json(found)))
    }

    fn compare(&self, number: f64) -> Ruling {
        let shown = reason::number(number);
        if within(number, self.expected, self.tolerance) {
            return Ruling::Holds(shown);
        }
        let off = reason::number(without_noise((number - self.expected).abs()));
        Ruling::Fails(format!("{shown}, which is {off} off"))
    }
}

/// A difference as people would work it out: 6.44 − 5.34 is 1.1, and not 1.1000000000000005.
fn without_noise(difference: f64) -> f64 {
    format!("{difference:.12e}").parse().unwrap_or(difference)
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
        match self.read(subject) {
            Ok(number) => self.compare(number),
            Err(instead) => Ruling::Fails(instead),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::trial::{expect, fails, holds, not, refused, says, transcript};
    use super::*;
    use crate::target::{Answer, TargetError, TargetErrorKind};

    #[test]
    fn the_only_number_is_compared() {
        let (why, inverted) = holds("number = { value = 42 }", &says("It is 42."));
        assert_eq!(why, "expected number 42, got 42");
        assert_eq!(inverted, "expected a number other than 42, got 42");
        assert_eq!(
            fails("number = { value = 42 }", &says("It is 40.")),
            "expected number 42, got 40, which is 2 off"
        );
        holds("number = { value = '1234.5' }", &says("$1,234.50"));
    }

    #[test]
    fn the_wider_tolerance_holds_its_end_included() {
        holds("number = { value = 10, tolerance = 0.3 }", &says("10.3"));
        holds("number = { value = 10, tolerance = 0.3 }", &says("9.7"));
        holds("number = { value = 200, tolerance = 1, relative = 0.1 }", &says("180"));
        holds("number = { value = -200, relative = 0.1 }", &says("-220"));
        holds("number = { value = 2, tolerance = 1, relative = 0.1 }", &says("3"));
        assert_eq!(
            fails("number = { value = 10, tolerance = 0.5 }", &says("10.75")),
            "expected number 10 ± 0.5, got 10.75, which is 0.75 off"
        );
        assert_eq!(
            fails("number = { value = 5.34, tolerance = 0.6 }", &says("6.44")),
            "expected number 5.34 ± 0.6, got 6.44, which is 1.1 off"
        );
        holds("number = { value = 0.3 }", &says("0.30000000000000004"));
    }

    #[test]
    fn none_or_several_numbers_fail() {
        assert_eq!(
            fails("number = { value = 3 }", &says("three")),
            "expected number 3, got no number in `three`"
        );
        assert_eq!(
            fails("number = { value = 3 }", &says("3 of 4")),
            "expected number 3, got 2 numbers (`3` and `4`) in `3 of 4`"
        );
        fails("number = { value = 3 }", &says("3 is 3"));
        assert!(fails("number = { value = 3 }", &says("1 2 3 4 5 6 7")).contains("got many numbers"));
        assert_eq!(
            fails("number = { value = 3 }", &says("")),
            "expected number 3, got no number in an empty output"
        );
        fails("number = { value = 3, tolerance = 1e308 }", &says("1e999"));
    }

    #[test]
    fn a_pointer_leads_to_a_number_in_json() {
        holds("number = { value = 2, pointer = '/total' }", &says("{\"total\": 2.0, \"n\": 7}"));
        assert_eq!(
            fails("number = { value = 2, pointer = '/total' }", &says("{\"total\": \"2\"}")),
            "expected number 2 at `/total`, got a text `\"2\"`"
        );
        assert_eq!(
            fails("number = { value = 2, pointer = '/total' }", &says("{\"sum\": 2}")),
            "expected number 2 at `/total`, got nothing at `/total`: the whole is an object with `sum`"
        );
        assert!(fails("number = { value = 2, pointer = '' }", &says("two")).contains("not JSON"));
    }

    fn pair(entries: &[Expect], answers: Vec<Answer>) -> Option<(f64, Option<f64>)> {
        let numbers = Numbers::of(entries, &transcript(answers))?;
        Some((numbers.expected, numbers.answered))
    }

    #[test]
    fn the_numbers_of_a_case_are_those_that_its_one_check_compares() {
        let plain = expect("number = { value = '7.50', tolerance = 1.0 }\ncontains = 'EUR'");
        assert_eq!(pair(std::slice::from_ref(&plain), vec![says("8 EUR")]), Some((7.5, Some(8.0))));
        assert_eq!(
            pair(std::slice::from_ref(&plain), vec![says("1"), says("-3 EUR")]),
            Some((7.5, Some(-3.0)))
        );
        assert_eq!(pair(std::slice::from_ref(&plain), vec![says("8 or 9 EUR")]), Some((7.5, None)));
        assert_eq!(pair(std::slice::from_ref(&plain), vec![]), Some((7.5, None)));
        let pointed = expect("number = { value = 2, pointer = '/a' }");
        assert_eq!(
            pair(std::slice::from_ref(&pointed), vec![says("{\"a\": 2.5, \"b\": 9}")]),
            Some((2.0, Some(2.5)))
        );
        assert_eq!(pair(std::slice::from_ref(&pointed), vec![says("{\"a\": \"2.5\"}")]), Some((2.0, None)));
        assert_eq!(
            pair(&[expect("words = { max = 9 }"), pointed.clone()], vec![says("x")]),
            Some((2.0, None))
        );
        assert_eq!(
            pair(&[plain.clone(), pointed], vec![says("8")]),
            None,
            "which of two is meant is not known"
        );
        assert_eq!(pair(&[not(&plain)], vec![says("8")]), None, "a number that must not come is no truth");
    }

    #[test]
    fn an_answer_that_broke_off_gives_no_number() {
        let mut broken = transcript(vec![says("8")]);
        broken.error = Some(TargetError::new(TargetErrorKind::Timeout, "no answer within 30s"));
        let numbers = Numbers::of(&[expect("number = { value = 7 }")], &broken);
        assert_eq!(numbers, Some(Numbers { expected: 7.0, answered: None }));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for keys in ["number = { value = 'many' }", "number = { value = true }", "number = { value = 'inf' }"]
        {
            assert!(refused(keys).contains("is not a number"), "{keys}");
        }
        assert_eq!(
            refused("number = { value = 1, tolerance = -1.0 }"),
            "`number`: `tolerance` is -1; it must be a number from 0 up"
        );
        assert!(refused("number = { value = 1, relative = nan }").contains("`relative` is NaN"));
        assert!(refused("number = { value = 1, pointer = 'total' }").contains("not a JSON Pointer"));
    }
}
