//! Numbers of the gate in words that need no statistics.

use crate::metric::{Direction, Unit};
use crate::report::number;

/// How often something of that probability comes up: `1 of 256 builds`, `31 of 100 builds`.
pub(super) fn of_builds(p: f64) -> String {
    if p < 1e-6 {
        "fewer than 1 of 1,000,000 builds".to_owned()
    } else if p < 0.1 {
        let builds = format!("{:.0}", 1.0 / p).parse().unwrap_or(usize::MAX);
        format!("1 of {}", number::count(builds, "build", "builds"))
    } else {
        format!("{:.0} of 100 builds", 100.0 * p)
    }
}

/// A p-value by itself: `0.0041`, `below 0.0001`.
pub(super) fn p(p: f64) -> String {
    if p < 0.0001 {
        "below 0.0001".to_owned()
    } else if p < 0.1 {
        trimmed(&format!("{p:.4}"))
    } else {
        trimmed(&format!("{p:.2}"))
    }
}

/// The same with its sign of relation: `p = 0.0041`, `p below 0.0001`.
pub(super) fn p_is(value: f64) -> String {
    if value < 0.0001 { "p below 0.0001".to_owned() } else { format!("p = {}", p(value)) }
}

/// A share in per cent: `4 %`, `0.5 %`.
pub(super) fn percent(share: f64) -> String {
    format!("{} %", trimmed(&format!("{:.1}", 100.0 * share)))
}

/// The size of an effect: `5 pt`, `12.8 pt`, `10 %`, `0.05`.
pub(super) fn size(effect: f64, unit: Unit) -> String {
    match unit {
        Unit::Share => format!("{} pt", trimmed(&format!("{:.1}", 100.0 * effect))),
        // Effects on a ratio are differences of logarithms.
        Unit::Ratio => format!("{} %", trimmed(&format!("{:.1}", 100.0 * effect.exp_m1()))),
        Unit::Coefficient => trimmed(&format!("{effect:.3}")),
        unit => number::value(effect, unit),
    }
}

/// A limit on an effect as it is written in a suite, just above `effect`: `10.7pt`. `before` is the value that
/// limits of numbers are shares of; `None` where no such limit can be written.
pub(super) fn limit_above(effect: f64, before: Option<f64>, unit: Unit) -> Option<String> {
    let share = match unit {
        Unit::Ratio => effect.exp_m1(),
        Unit::Number => effect / before.filter(|before| *before > 0.0)?,
        _ => effect,
    };
    let tenths = (share * 1000.0 + 1e-9).floor() + 1.0;
    (share.is_finite() && tenths > 0.0 && tenths <= 1000.0)
        .then(|| format!("{}pt", trimmed(&format!("{:.1}", tenths / 10.0))))
}

/// What a change for the worse is called, and one for the better.
pub(super) const fn changes(direction: Direction) -> (&'static str, &'static str) {
    match direction {
        Direction::Lower => ("rise", "drop"),
        Direction::Higher | Direction::Neither => ("drop", "rise"),
    }
}

/// Decimals less the noughts at their end.
fn trimmed(text: &str) -> String {
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chances_are_told_as_builds() {
        assert_eq!(of_builds(0.5_f64.powi(8)), "1 of 256 builds");
        assert_eq!(of_builds(0.000_05), "1 of 20,000 builds");
        assert_eq!(of_builds(0.31), "31 of 100 builds");
        assert_eq!(of_builds(1e-9), "fewer than 1 of 1,000,000 builds");
    }

    #[test]
    fn sizes_are_as_short_as_they_can_be() {
        assert_eq!(size(0.05, Unit::Share), "5 pt");
        assert_eq!(size(0.128, Unit::Share), "12.8 pt");
        assert_eq!(percent(0.04), "4 %");
    }

    #[test]
    fn a_limit_lies_above_what_it_is_to_cover() {
        assert_eq!(limit_above(0.105_3, None, Unit::Share).as_deref(), Some("10.6pt"));
        assert_eq!(
            limit_above(0.1, None, Unit::Share).as_deref(),
            Some("10.1pt"),
            "not held at its own bound"
        );
        assert_eq!(limit_above(0.2, Some(4.0), Unit::Number).as_deref(), Some("5.1pt"));
        assert_eq!(limit_above(1.2, None, Unit::Share), None, "there is no such tolerance");
    }
}
