//! JSON values compared by what they mean, and numbers compared with the rounding of binary
//! fractions in mind.

use crate::judge::reason;
use serde_json::{Number, Value};

/// Whether two JSON values are the same: numbers by value (`1` is `1.0`), objects in any order.
pub(super) fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => same_number(a, b),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        (a, b) => a == b,
    }
}

/// Whole numbers are compared as such, since not every one of them has a binary fraction of its own.
fn same_number(a: &Number, b: &Number) -> bool {
    match (a.as_i128(), b.as_i128()) {
        (Some(a), Some(b)) => a == b,
        _ => a.as_f64() == b.as_f64(),
    }
}

/// What kind of value it is, with an article.
pub(super) const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// Where two JSON values first differ, as a clause to follow them both; nothing where they differ as
/// a whole.
pub(super) fn difference(expected: &Value, got: &Value) -> String {
    let mut pointer = String::new();
    match first_difference(expected, got, &mut pointer) {
        Some(clause) if !pointer.is_empty() => format!("; at {} {clause}", reason::code(&pointer)),
        _ => String::new(),
    }
}

fn first_difference(expected: &Value, got: &Value, pointer: &mut String) -> Option<String> {
    let mut descend = |step: &str, expected: Option<&Value>, got: Option<&Value>| {
        let length = pointer.len();
        pointer.push('/');
        pointer.push_str(&step.replace('~', "~0").replace('/', "~1"));
        let found = match (expected, got) {
            (Some(expected), Some(got)) => first_difference(expected, got, pointer),
            (Some(expected), None) => Some(format!("{} is missing", reason::json(expected))),
            (None, Some(got)) => Some(format!("it has {} where nothing should be", reason::json(got))),
            (None, None) => None,
        };
        if found.is_none() {
            pointer.truncate(length);
        }
        found
    };
    match (expected, got) {
        (Value::Object(a), Value::Object(b)) => {
            let theirs = b.keys().filter(|key| !a.contains_key(*key));
            a.keys().chain(theirs).find_map(|key| descend(key, a.get(key), b.get(key)))
        }
        (Value::Array(a), Value::Array(b)) => {
            (0..a.len().max(b.len())).find_map(|at| descend(&at.to_string(), a.get(at), b.get(at)))
        }
        (a, b) if same(a, b) => None,
        (a, b) => Some(format!("it has {}, not {}", reason::json(b), reason::json(a))),
    }
}

/// Room for rounding: four units in the last place of the largest number that takes part. It lets
/// 10.3 be within 0.3 of 10, and keeps whole numbers up to 2^50 apart.
fn slack(numbers: &[f64]) -> f64 {
    4.0 * f64::EPSILON * numbers.iter().fold(0.0, |largest, number| number.abs().max(largest))
}

/// Whether a number is at most another, rounding aside.
pub(super) fn at_most(number: f64, bound: f64) -> bool {
    number <= bound + slack(&[number, bound])
}

/// Whether two numbers are no further apart than `tolerance`, rounding aside.
pub(super) fn within(number: f64, expected: f64, tolerance: f64) -> bool {
    (number - expected).abs() <= tolerance + slack(&[number, expected, tolerance])
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_are_the_same_by_value() {
        assert!(same(&json!(1), &json!(1.0)));
        assert!(same(&json!({"a": [1, 2.5]}), &json!({"a": [1.0, 2.5]})));
        assert!(same(&json!(-3), &json!(-3.0)));
        assert!(!same(&json!(1), &json!("1")));
        assert!(!same(&json!(9_007_199_254_740_993_u64), &json!(9_007_199_254_740_992_u64)));
        assert!(!same(&json!([1]), &json!([1, 1])));
        assert!(!same(&json!({"a": 1}), &json!({"b": 1})));
        assert!(!same(&json!({"a": null}), &json!({})));
    }

    #[test]
    fn the_first_difference_has_a_pointer() {
        let told = |a, b| difference(&a, &b);
        assert_eq!(told(json!({"a": [1, 2]}), json!({"a": [1, 3]})), "; at `/a/1` it has `3`, not `2`");
        assert_eq!(told(json!({"a": 1}), json!({})), "; at `/a` `1` is missing");
        assert_eq!(told(json!([1]), json!([1.0, "x"])), "; at `/1` it has `\"x\"` where nothing should be");
        assert_eq!(
            told(json!({"a/b": {"~": 1}}), json!({"a/b": {"~": 2}})),
            "; at `/a~1b/~0` it has `2`, not `1`"
        );
        assert_eq!(told(json!(1), json!(2)), "");
        assert_eq!(told(json!({"a": 1}), json!({"a": 1.0})), "");
    }

    #[test]
    fn rounding_does_not_decide() {
        assert!(within(0.1 + 0.2, 0.3, 0.0));
        assert!(within(10.3, 10.0, 0.3));
        assert!(!within(10.301, 10.0, 0.3));
        assert!(at_most(0.1 + 0.2, 0.3));
        assert!(!at_most(0.300_001, 0.3));
    }

    #[test]
    fn whole_numbers_of_fifteen_digits_are_told_apart() {
        assert!(!within(100_000_000_000_001.0, 100_000_000_000_000.0, 0.0));
    }
}
