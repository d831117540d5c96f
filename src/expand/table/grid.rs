//! Numbers within bounds, which lie on a grid from the least to the greatest.

use super::cell::{Cell, MAX_WHOLE, scale};
use super::tell::Tell;
use crate::expand::stream::Stream;
use crate::suite::document::Node;
use crate::suite::schema::table::{RangeShape, RangeSpec};

/// Most decimals that a column may have.
pub(super) const MAX_DECIMALS: u8 = 9;
/// Draws of a normal number that may fall outside before the last one is put at the bound. At the worst
/// that is allowed, one in three falls inside.
const MAX_DRAWS: usize = 100;
/// Strongest skew.
const MAX_SKEW: u8 = 10;

/// Evenly spaced numbers, and how likely each is.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Grid {
    /// The least, in the last decimal.
    from: i64,
    /// From one to the next, in the last decimal.
    step: i64,
    /// How many there are.
    pub size: u64,
    /// Digits after the point.
    pub decimals: u8,
    spread: Spread,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Spread {
    Uniform,
    /// Middle and standard deviation, in steps from the first.
    Normal(f64, f64),
    /// The least, or else the greatest, of so many draws.
    Skewed(u8, bool),
}

/// The digits after the point that a number is written with.
fn decimals_of(number: f64) -> u8 {
    let text = number.to_string();
    let digits = text.split_once('.').map_or(0, |(_, digits)| digits.len());
    u8::try_from(digits).unwrap_or(u8::MAX)
}

/// A number in units of its last decimal, where it has no more decimals and is not too large.
fn units(number: f64, decimals: u8) -> Option<i64> {
    let scaled = (number * scale(decimals)).round();
    #[expect(clippy::cast_possible_truncation, reason = "whole and within 2^53")]
    (decimals_of(number) <= decimals && scaled.abs() <= MAX_WHOLE).then_some(scaled as i64)
}

impl Grid {
    /// Reads a range; `None` where something is wrong with it.
    pub fn read(spec: &RangeSpec, decimals: Option<u8>, node: &Node, tell: &mut Tell<'_>) -> Option<Self> {
        let told = tell.count();
        let written = [Some(spec.from), Some(spec.to), spec.step].into_iter().flatten().map(decimals_of);
        let decimals = decimals.unwrap_or_else(|| written.max().unwrap_or(0)).min(MAX_DECIMALS);
        let step = spec.step.unwrap_or_else(|| 1.0 / scale(decimals));
        let mut whole = |key: &str, number: f64| {
            let units = units(number, decimals);
            if units.is_none() {
                let what = format!("`{key}` cannot be {number} in a column with {decimals} decimals");
                let help = format!(
                    "write a number below 2^53 with at most {decimals} digits after the point, or more `decimals`"
                );
                tell.at("out-of-range", what, node.field(key), help);
            }
            units
        };
        let (from, to, step_units) = (whole("from", spec.from), whole("to", spec.to), whole("step", step));
        if spec.from > spec.to {
            let what = format!("the range ends at {}, before it begins at {}", spec.to, spec.from);
            tell.at(
                "empty-range",
                what,
                node.field("to"),
                "`from` is the least number and `to` the greatest",
            );
        }
        if step <= 0.0 {
            tell.at(
                "out-of-range",
                format!("`step` cannot be {step}"),
                node.field("step"),
                "write a number above 0, or leave it out",
            );
        }
        if tell.count() > told {
            return None;
        }
        let (from, to, step) = (from?, to?, step_units?);
        let size = u64::try_from((to - from) / step).ok()? + 1;
        let spread = spread(spec, size, node, tell)?;
        Some(Self { from, step, size, decimals, spread })
    }

    /// The number at a place of the grid.
    pub fn cell(&self, at: u64) -> Cell {
        let units = i64::try_from(at).map_or(self.from, |at| self.from + self.step * at);
        if self.decimals == 0 {
            Cell::Integer(units)
        } else {
            Cell::Number(units as f64 / scale(self.decimals))
        }
    }

    /// Whether all numbers are as likely.
    pub fn is_uniform(&self) -> bool {
        self.spread == Spread::Uniform
    }

    /// A place of the grid.
    pub fn draw(&self, stream: &mut Stream) -> u64 {
        match self.spread {
            Spread::Uniform => stream.below(self.size),
            Spread::Normal(mean, sd) => {
                let last = (self.size - 1) as f64;
                let mut at = mean;
                for _ in 0..MAX_DRAWS {
                    at = mean + sd * stream.normal();
                    if (-0.5..last + 0.5).contains(&at) {
                        break;
                    }
                }
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "from 0 to `last`"
                )]
                let place = at.round().clamp(0.0, last) as u64;
                place
            }
            Spread::Skewed(draws, low) => {
                let all = (0..draws).map(|_| stream.below(self.size));
                if low { all.min() } else { all.max() }.unwrap_or(0)
            }
        }
    }
}

fn spread(spec: &RangeSpec, size: u64, node: &Node, tell: &mut Tell<'_>) -> Option<Spread> {
    let told = tell.count();
    let keys = [
        ("mean", spec.mean.is_some(), RangeShape::Normal, "normal"),
        ("sd", spec.sd.is_some(), RangeShape::Normal, "normal"),
        ("skew", spec.skew.is_some(), RangeShape::Skewed, "skewed"),
    ];
    for (key, given, shape, word) in keys {
        if given && spec.shape != shape {
            let what = format!("`{key}` means nothing to a range of this shape");
            tell.at_key(
                "misplaced-key",
                what,
                node.field(key),
                format!("write `shape = \"{word}\"`, or leave it out"),
            );
        }
    }
    let length = spec.to - spec.from;
    let (mean, sd) = (spec.mean.unwrap_or(spec.from + length / 2.0), spec.sd.unwrap_or(length / 6.0));
    if !(spec.from..=spec.to).contains(&mean) {
        let help = format!("write a number from {} to {}", spec.from, spec.to);
        tell.at(
            "out-of-range",
            format!("`mean` cannot be {mean}, outside of the range"),
            node.field("mean"),
            help,
        );
    }
    if spec.sd.is_some() && !(sd > 0.0 && sd <= length) {
        let help = format!(
            "write a number above 0 and at most {length}, the length of the range; beyond, all numbers are as likely: leave `shape` out"
        );
        tell.at("out-of-range", format!("`sd` cannot be {sd}"), node.field("sd"), help);
    }
    let skew = spec.skew.unwrap_or(3);
    if !(1..=MAX_SKEW).contains(&skew.unsigned_abs()) {
        let help = "write a number from 1 to 10, or from -10 to -1 for most values near `to`";
        tell.at("out-of-range", format!("`skew` cannot be {skew}"), node.field("skew"), help);
    }
    let steps = if length > 0.0 { (size - 1) as f64 / length } else { 0.0 };
    (tell.count() == told).then_some(match spec.shape {
        RangeShape::Uniform => Spread::Uniform,
        RangeShape::Normal => Spread::Normal((mean - spec.from) * steps, sd * steps),
        RangeShape::Skewed => Spread::Skewed(skew.unsigned_abs() + 1, skew > 0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_those_that_a_number_is_written_with() {
        for (number, decimals) in [(1.0, 0), (0.5, 1), (2.25, 2), (0.1, 1), (-3.125, 3), (1e20, 0)] {
            assert_eq!(decimals_of(number), decimals);
        }
        assert_eq!(
            [units(2.3, 2), units(0.29, 2), units(2.345, 2), units(1e17, 2)],
            [Some(230), Some(29), None, None]
        );
    }

    /// The least of n draws of 0..1 has the mean 1 / (n + 1); on the grid 0 to 999 the mean of the least of
    /// four is 199.5, with a standard deviation of 163.
    #[test]
    fn a_skewed_range_has_the_mean_of_the_least_of_its_draws() {
        let grid = Grid { from: 0, step: 1, size: 1000, decimals: 0, spread: Spread::Skewed(4, true) };
        let mut stream = Stream::new(&[b"grid"]);
        let mean = (0..10_000).map(|_| grid.draw(&mut stream) as f64).sum::<f64>() / 10_000.0;
        assert!((mean - 199.5).abs() < 4.0 * 1.63, "{mean}");
        let high = Grid { spread: Spread::Skewed(4, false), ..grid };
        let mean = (0..10_000).map(|_| high.draw(&mut stream) as f64).sum::<f64>() / 10_000.0;
        assert!((mean - 799.5).abs() < 4.0 * 1.63, "{mean}");
    }
}
