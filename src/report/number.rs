//! Numbers as reports write them: shares with three decimals, differences in points, a true minus.

use crate::metric::{Unit, decimals_apart, decimals_of, decimals_of_difference};

/// A value in its unit: `0.942`, `812 ms`, `1,204`.
pub(crate) fn value(value: f64, unit: Unit) -> String {
    if !value.is_finite() {
        return "no number".to_owned();
    }
    match unit {
        Unit::Share | Unit::Coefficient => plain(value, decimals_apart(&[value, 0.0, 1.0], 3)),
        Unit::Number => plain(value, decimals_of(value.abs())),
        Unit::Count if value.fract() == 0.0 => grouped(&plain(value, 0)),
        Unit::Milliseconds if value.abs() >= 10_000.0 => format!("{} s", plain(value / 1000.0, 1)),
        Unit::Milliseconds => format!("{} ms", plain(value, usize::from(value.abs() < 10.0))),
        Unit::Money => plain(value, 4),
        Unit::Count | Unit::Ratio => plain(value, 2),
    }
}

/// A value that may be missing, which is never shown as 0.
pub(super) fn value_or_none(of: Option<f64>, unit: Unit) -> String {
    of.map_or_else(|| "none".to_owned(), |number| value(number, unit))
}

/// A value before and now, written so that a change is seen: `0.942 → 0.881`, `0.9996 → 0.9992`.
pub(super) fn arrow(before: f64, now: f64, unit: Unit) -> String {
    let decimals = match unit {
        Unit::Share | Unit::Coefficient => decimals_apart(&[before, now, 0.0, 1.0], 3),
        Unit::Number => decimals_apart(&[before, now], decimals_of(before.abs().max(now.abs()))),
        Unit::Money => decimals_apart(&[before, now], 4),
        Unit::Ratio => decimals_apart(&[before, now], 2),
        Unit::Count | Unit::Milliseconds => return format!("{} → {}", value(before, unit), value(now, unit)),
    };
    if !(before.is_finite() && now.is_finite()) {
        return format!("{} → {}", value(before, unit), value(now, unit));
    }
    format!("{} → {}", plain(before, decimals), plain(now, decimals))
}

/// A difference, always with its sign: `−6.1 pt`, `+12 ms`.
pub(super) fn delta(delta: f64, unit: Unit) -> String {
    if !delta.is_finite() {
        return "no number".to_owned();
    }
    match unit {
        Unit::Share => {
            format!("{} pt", signed(&plain(delta * 100.0, decimals_apart(&[delta * 100.0, 0.0], 1))))
        }
        Unit::Coefficient => signed(&plain(delta, decimals_apart(&[delta, 0.0], 3))),
        Unit::Number => signed(&plain(delta, decimals_of_difference(delta.abs()))),
        Unit::Ratio => format!("{} %", signed(&plain(delta * 100.0, 1))),
        unit => signed(&value(delta, unit)),
    }
}

/// An interval of a difference, in the unit that [`delta`] writes: `[−9.0, −3.2]`.
pub(super) fn interval((low, high): (f64, f64), unit: Unit) -> String {
    let end = |of: f64| {
        let text = match unit {
            Unit::Share | Unit::Ratio => signed(&plain(of * 100.0, 1)),
            unit => delta(of, unit),
        };
        text.strip_suffix(" ms").unwrap_or(&text).to_owned()
    };
    format!("[{}, {}]", end(low), end(high))
}

/// A p-value with its sign of relation: `p = 0.0041`, `p < 0.0001`.
pub(super) fn p_value(p: f64) -> String {
    if p < 0.0001 { "p < 0.0001".to_owned() } else { format!("p = {p:.4}") }
}

/// Restatements of metrics that people are shown: they move with them, and report.json has them all.
const RESTATED: [&str; 15] = [
    "macro_pass_rate",
    "balanced_accuracy",
    "macro_precision",
    "macro_recall",
    "micro_precision",
    "micro_recall",
    "micro_f1",
    "weighted_precision",
    "weighted_recall",
    "weighted_f1",
    "kappa",
    "latency_p99",
    "variant_breaks",
    "variant_fixes",
    "net_fragility",
];

/// Whether a metric of a suite restates others, or says something of one label only.
pub(super) fn is_restated(metric: &str) -> bool {
    RESTATED.contains(&metric) || metric.contains('[')
}

/// A count of things: `1 case`, `1,204 cases`.
pub(crate) fn count(n: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped(&n.to_string()), if n == 1 { one } else { many })
}

/// A time in seconds: `0.8 s`, `12 s`, `3 min 20 s`.
pub(crate) fn seconds(seconds: f64) -> String {
    if !seconds.is_finite() || seconds < 0.0 {
        "an unknown time".to_owned()
    } else if seconds < 10.0 {
        format!("{seconds:.1} s")
    } else if seconds < 60.0 {
        format!("{seconds:.0} s")
    } else {
        let minutes = (seconds / 60.0).floor();
        format!("{} min {:.0} s", grouped(&format!("{minutes:.0}")), (seconds - minutes * 60.0).floor())
    }
}

/// Fixed decimals with a true minus, and no minus before a zero.
fn plain(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    match text.strip_prefix('-') {
        Some(rest) if rest.bytes().all(|b| b == b'0' || b == b'.') => rest.to_owned(),
        Some(rest) => format!("−{rest}"),
        None => text,
    }
}

fn signed(text: &str) -> String {
    let zero = text.bytes().take_while(|b| *b != b' ').all(|b| b == b'0' || b == b'.');
    match text {
        _ if zero => format!("±{text}"),
        _ if text.starts_with('−') => text.to_owned(),
        _ => format!("+{text}"),
    }
}

/// Commas between groups of three digits.
fn grouped(digits: &str) -> String {
    let (sign, digits) = digits.strip_prefix('−').map_or(("", digits), |rest| ("−", rest));
    let mut out = String::from(sign);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_in_their_unit() {
        assert_eq!(value(0.942_49, Unit::Share), "0.942");
        assert_eq!(value(-0.25, Unit::Coefficient), "−0.250");
        assert_eq!(value(0.427_31, Unit::Number), "0.4273");
        assert_eq!(value(-12.345_6, Unit::Number), "−12.35");
        assert_eq!(value(1204.0, Unit::Count), "1,204");
        assert_eq!(value(1.5, Unit::Count), "1.50");
        assert_eq!(value(811.7, Unit::Milliseconds), "812 ms");
        assert_eq!(value(3.26, Unit::Milliseconds), "3.3 ms");
        assert_eq!(value(12_340.0, Unit::Milliseconds), "12.3 s");
        assert_eq!(value(0.001_25, Unit::Money), "0.0013");
    }

    #[test]
    fn a_change_is_seen() {
        assert_eq!(arrow(0.968, 0.804, Unit::Share), "0.968 → 0.804");
        assert_eq!(arrow(1.0, 0.9998, Unit::Share), "1.0000 → 0.9998");
        assert_eq!(arrow(0.001_25, 0.001_252, Unit::Money), "0.001250 → 0.001252");
        assert_eq!(arrow(812.2, 1204.0, Unit::Milliseconds), "812 ms → 1204 ms");
        assert_eq!(arrow(0.427, 12.5, Unit::Number), "0.43 → 12.50");
        assert_eq!(arrow(12.5, 12.501, Unit::Number), "12.500 → 12.501");
        assert_eq!(arrow(f64::NAN, 0.5, Unit::Share), "no number → 0.500");
        assert_eq!(value(0.9996, Unit::Share), "0.9996", "not all of them pass");
    }

    #[test]
    fn a_missing_value_is_never_zero() {
        assert_eq!(value_or_none(None, Unit::Share), "none");
        assert_eq!(value(f64::NAN, Unit::Share), "no number");
    }

    #[test]
    fn differences_carry_their_sign() {
        assert_eq!(delta(-0.061_2, Unit::Share), "−6.1 pt");
        assert_eq!(delta(0.013, Unit::Share), "+1.3 pt");
        assert_eq!(delta(-0.000_4, Unit::Share), "−0.04 pt", "a change is seen");
        assert_eq!(delta(-1e-12, Unit::Share), "±0.0 pt");
        assert_eq!(delta(-0.021_6, Unit::Number), "−0.0216");
        assert_eq!(delta(12.0, Unit::Milliseconds), "+12 ms");
        assert_eq!(interval((-0.105, 0.067), Unit::Share), "[−10.5, +6.7]");
        assert_eq!(interval((-12.0, 30.0), Unit::Milliseconds), "[−12, +30]");
    }

    #[test]
    fn small_p_values_do_not_become_zero() {
        assert_eq!(p_value(0.000_03), "p < 0.0001");
        assert_eq!(p_value(0.0041), "p = 0.0041");
    }

    #[test]
    fn counts_and_times_read_as_people_write_them() {
        assert_eq!(count(1, "case", "cases"), "1 case");
        assert_eq!(count(100_000, "case", "cases"), "100,000 cases");
        assert_eq!(seconds(0.84), "0.8 s");
        assert_eq!(seconds(200.0), "3 min 20 s");
        assert_eq!(seconds(119.9), "1 min 59 s");
    }
}
