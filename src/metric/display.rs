//! How values and differences are written for people: the only place where a metric is rounded.

use super::Unit;

/// A true minus sign: as wide as a plus, and never a place to break a line.
const MINUS: char = '−';

/// A value with its unit: `94.2 %`, `0.831`, `1.4`, `182 ms`, `0.0031`.
///
/// A share is never rounded to all or nothing: 1,999 of 2,000 is `>99.9 %`. Money is written without a
/// currency, which only the price table knows.
pub fn display(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Share => share(value),
        Unit::Coefficient => signed(value, &format!("{:.3}", value.abs())),
        Unit::Number => signed(value, &number(value.abs())),
        Unit::Count => signed(value, &count(value.abs())),
        Unit::Milliseconds => signed(value, &time(value.abs())),
        Unit::Money => signed(value, &money(value.abs())),
        Unit::Ratio => signed(value, &format!("{:.2}", value.abs())),
    }
}

/// A difference with its sign and unit: `−2.4 pt`, `+0.021`, `+12 ms`. One that rounds to nothing has no
/// sign.
pub fn display_delta(delta: f64, unit: Unit) -> String {
    let size = delta.abs();
    let text = match unit {
        Unit::Share => format!("{:.1} pt", size * 100.0),
        Unit::Coefficient => format!("{size:.3}"),
        Unit::Number => format!("{size:.*}", decimals_of_difference(size)),
        Unit::Count => count(size),
        Unit::Milliseconds => time(size),
        Unit::Money => money(size),
        Unit::Ratio => format!("{:.1} %", size * 100.0),
    };
    if delta > 0.0 && !is_zero(&text) { format!("+{text}") } else { signed(delta, &text) }
}

/// The decimals with which a number of whatever size reads well: four digits that say something.
pub(crate) fn decimals_of(size: f64) -> usize {
    let from = [1000.0, 100.0, 10.0, 1.0, 0.1, 0.01];
    if size == 0.0 { 3 } else { from.iter().position(|&from| size >= from).unwrap_or(MOST_DECIMALS) }
}

/// The decimals of a difference of numbers: three digits, since two values stand beside it.
pub(crate) fn decimals_of_difference(size: f64) -> usize {
    decimals_of(size).saturating_sub(1)
}

/// Most decimals that [`decimals_apart`] gives.
const MOST_DECIMALS: usize = 6;

/// A smaller difference is the rounding of sums.
const SAME: f64 = 1e-9;

/// The fewest decimals, at least so many, with which numbers that differ also read differently: a change
/// that is told must be seen.
pub(crate) fn decimals_apart(numbers: &[f64], least: usize) -> usize {
    let apart = |decimals: usize| {
        let text = |number: f64| {
            let text = format!("{number:.decimals$}");
            if is_zero(&text) { text.replace('-', "") } else { text }
        };
        let differ = |a: f64, b: f64| (a - b).abs() < SAME || text(a) != text(b);
        numbers.iter().enumerate().all(|(at, &a)| numbers[..at].iter().all(|&b| differ(a, b)))
    };
    (least..MOST_DECIMALS).find(|&decimals| apart(decimals)).unwrap_or_else(|| least.max(MOST_DECIMALS))
}

/// The text with a minus before it where the number is negative and does not round to nothing.
fn signed(number: f64, text: &str) -> String {
    if number < 0.0 && !is_zero(text) { format!("{MINUS}{text}") } else { text.to_owned() }
}

fn is_zero(text: &str) -> bool {
    !text.contains(|c: char| c.is_ascii_digit() && c != '0')
}

fn share(value: f64) -> String {
    let text = format!("{:.1} %", value * 100.0);
    match text.as_str() {
        "100.0 %" if value < 1.0 => ">99.9 %".to_owned(),
        "0.0 %" if value > 0.0 => "<0.1 %".to_owned(),
        _ => text,
    }
}

/// Whole where it is whole, else with one decimal.
fn count(size: f64) -> String {
    if size.fract() == 0.0 { format!("{size:.0}") } else { format!("{size:.1}") }
}

fn number(size: f64) -> String {
    format!("{size:.*}", decimals_of(size))
}

/// Three digits or so, whatever the size.
fn time(millis: f64) -> String {
    if millis >= 10_000.0 {
        format!("{:.1} s", millis / 1000.0)
    } else if millis >= 10.0 {
        format!("{millis:.0} ms")
    } else {
        format!("{millis:.1} ms")
    }
}

/// Two decimals from one unit of the currency up, else two digits that say something.
fn money(size: f64) -> String {
    if size >= 1.0 || size == 0.0 {
        return format!("{size:.2}");
    }
    // Places up to the first digit that is not 0, and one more; beyond a millionth nothing is shown.
    let places = (1..=5).find(|&places| size * 10_f64.powi(places) >= 1.0).map_or(6, |places| places + 1);
    format!("{size:.*}", usize::try_from(places).unwrap_or(6).max(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_read_as_people_write_them() {
        for (value, unit, text) in [
            (0.942, Unit::Share, "94.2 %"),
            (1.0, Unit::Share, "100.0 %"),
            (0.0, Unit::Share, "0.0 %"),
            (0.8314, Unit::Coefficient, "0.831"),
            (-0.25, Unit::Coefficient, "−0.250"),
            (0.4273, Unit::Number, "0.4273"),
            (-12.346, Unit::Number, "−12.35"),
            (98_765.4, Unit::Number, "98765"),
            (0.000_042, Unit::Number, "0.000042"),
            (0.0, Unit::Number, "0.000"),
            (1.4, Unit::Count, "1.4"),
            (12345.0, Unit::Count, "12345"),
            (182.4, Unit::Milliseconds, "182 ms"),
            (3.24, Unit::Milliseconds, "3.2 ms"),
            (12_340.0, Unit::Milliseconds, "12.3 s"),
            (0.0031, Unit::Money, "0.0031"),
            (0.5, Unit::Money, "0.50"),
            (0.05, Unit::Money, "0.050"),
            (0.000_000_2, Unit::Money, "0.000000"),
            (0.0, Unit::Money, "0.00"),
            (12.345, Unit::Money, "12.35"),
        ] {
            assert_eq!(display(value, unit), text);
        }
    }

    #[test]
    fn a_share_is_never_rounded_to_all_or_nothing() {
        assert_eq!(display(1999.0 / 2000.0, Unit::Share), ">99.9 %");
        assert_eq!(display(1.0 / 5000.0, Unit::Share), "<0.1 %");
    }

    #[test]
    fn differences_carry_their_sign() {
        for (delta, unit, text) in [
            (-0.024, Unit::Share, "−2.4 pt"),
            (0.05, Unit::Share, "+5.0 pt"),
            (-0.021, Unit::Coefficient, "−0.021"),
            (-0.25, Unit::Number, "−0.250"),
            (0.4, Unit::Count, "+0.4"),
            (-3.0, Unit::Count, "−3"),
            (12.3, Unit::Milliseconds, "+12 ms"),
            (-0.0012, Unit::Money, "−0.0012"),
        ] {
            assert_eq!(display_delta(delta, unit), text);
        }
    }

    #[test]
    fn numbers_that_differ_read_differently() {
        assert_eq!(decimals_apart(&[0.968, 0.804], 3), 3);
        assert_eq!(decimals_apart(&[0.9996, 0.9992, 1.0], 3), 4, "1.000 and 0.999 with 3");
        assert_eq!(decimals_apart(&[0.79996, 0.8], 3), 5);
        assert_eq!(decimals_apart(&[0.1 + 0.2, 0.3], 3), 3, "the rounding of a sum is no difference");
        assert_eq!(decimals_apart(&[0.000_000_1, 0.0], 3), 6, "there is an end to it");
        assert_eq!(decimals_apart(&[0.5, 0.5], 8), 8);
        assert_eq!(decimals_apart(&[-0.04, 0.0], 1), 2, "a sign before nothing is not seen");
    }

    #[test]
    fn a_difference_that_rounds_to_nothing_has_no_sign() {
        assert_eq!(display_delta(0.0, Unit::Share), "0.0 pt");
        assert_eq!(display_delta(-0.0, Unit::Share), "0.0 pt");
        assert_eq!(display_delta(-0.0001, Unit::Share), "0.0 pt");
        assert_eq!(display_delta(0.000_01, Unit::Coefficient), "0.000");
    }
}
