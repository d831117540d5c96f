//! Factors by the time of the week, the year and the day.

use super::tell::Tell;
use crate::suite::diagnostic::quote;
use crate::suite::document::{Data, Node};
use crate::suite::schema::table::SeasonSpec;
use jiff::civil::Date;

/// Most that a factor may be.
const MAX_FACTOR: f64 = 1e6;

/// Factors, which are multiplied.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Season {
    weekday: [f64; 7],
    month: [f64; 12],
    hour: [f64; 24],
    wave: Option<Wave>,
}

#[derive(Debug, Clone, PartialEq)]
struct Wave {
    peak: Date,
    height: f64,
    days: f64,
}

impl Season {
    /// Reads a season, and tells what is wrong with it.
    pub fn read(spec: &SeasonSpec, node: &Node, tell: &mut Tell<'_>) -> Self {
        let (days, months) = (&spec.weekday, &spec.month);
        let weekday = [days.mon, days.tue, days.wed, days.thu, days.fri, days.sat, days.sun];
        let month = [
            months.jan, months.feb, months.mar, months.apr, months.may, months.jun, months.jul, months.aug,
            months.sep, months.oct, months.nov, months.dec,
        ];
        for key in ["weekday", "month", "hour"] {
            factors(node.field(key), tell);
        }
        let mut hour = [1.0; 24];
        for (key, factor) in &spec.hour {
            match hours(key) {
                Some(hours) => hour[hours].fill(*factor),
                None => tell.at_key(
                    "bad-hour",
                    format!("{} is no hour", quote(key)),
                    node.field("hour").field(key),
                    "an hour is a number from 0 to 23, several are `\"7-9\"`: from 7:00 to 9:59",
                ),
            }
        }
        let wave = spec.wave.as_ref().map(|wave| {
            let node = node.field("wave");
            if !(0.0..=1.0).contains(&wave.height) {
                let what = format!("`height` cannot be {}", wave.height);
                tell.at(
                    "out-of-range",
                    what,
                    node.field("height"),
                    "write a number from 0 to 1: the factor goes that far above and below 1",
                );
            }
            let days = wave.days.unwrap_or(365.25);
            if !(1.0..=36_525.0).contains(&days) {
                tell.at(
                    "out-of-range",
                    format!("`days` cannot be {days}"),
                    node.field("days"),
                    "write a number of days from 1 to 36525",
                );
            }
            let peak = super::window::day(&wave.peak, node.field("peak"), tell);
            peak.map(|peak| Wave { peak, height: wave.height, days })
        });
        Self {
            weekday: weekday.map(|factor| factor.unwrap_or(1.0)),
            month: month.map(|factor| factor.unwrap_or(1.0)),
            hour,
            wave: wave.flatten(),
        }
    }

    /// The factor on a day, at an hour, or both.
    pub fn factor(&self, day: Option<Date>, hour: Option<i8>) -> f64 {
        let pick = |factors: &[f64], at: i8| usize::try_from(at).ok().and_then(|at| factors.get(at).copied());
        let by_hour = hour.and_then(|hour| pick(&self.hour, hour)).unwrap_or(1.0);
        let Some(day) = day else { return by_hour };
        let weekday = pick(&self.weekday, day.weekday().to_monday_zero_offset()).unwrap_or(1.0);
        let month = pick(&self.month, day.month() - 1).unwrap_or(1.0);
        let wave = self.wave.as_ref().map_or(1.0, |wave| {
            let days = f64::from((day - wave.peak).get_days());
            1.0 + wave.height * cosine(days / wave.days)
        });
        weekday * month * by_hour * wave
    }
}

/// Every factor of a table is a number from 0 on.
fn factors(node: &Node, tell: &mut Tell<'_>) {
    let Data::Table(fields, _) = &node.data else { return };
    for (key, field) in fields {
        let Some(factor) = field.to_value().as_f64() else { continue };
        if !(0.0..=MAX_FACTOR).contains(&factor) {
            let what = format!("the factor of {} cannot be {factor}", quote(key));
            tell.at(
                "out-of-range",
                what,
                field,
                "a factor is 1 where nothing is special, 2 for twice as much, and not below 0",
            );
        }
    }
}

/// The hours that a key stands for: `8`, or `7-9`.
fn hours(key: &str) -> Option<std::ops::RangeInclusive<usize>> {
    let hour = |text: &str| text.trim().parse::<usize>().ok().filter(|hour| *hour < 24);
    let (from, to) = key.split_once('-').unwrap_or((key, key));
    let (from, to) = (hour(from)?, hour(to)?);
    (from <= to).then_some(from..=to)
}

/// The cosine of so many turns, by exact arithmetic: the same on every machine, within 1e-15.
fn cosine(turns: f64) -> f64 {
    // From half a turn before to half a turn after, and the cosine is even.
    let turn = (turns - turns.round()).abs();
    // The cosine beyond a quarter is the negative one of what is left to a half.
    let (turn, sign) = if turn > 0.25 { (0.5 - turn, -1.0) } else { (turn, 1.0) };
    let square = (turn * std::f64::consts::TAU) * (turn * std::f64::consts::TAU);
    // The series up to x^22 / 22!, from its end; what is left out is below 1e-18.
    let series = (1..=11).rev().fold(1.0, |sum, k| 1.0 - sum * square / f64::from((2 * k - 1) * (2 * k)));
    sign * series
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn our_cosine_is_that_of_the_library() {
        for step in -800..=800 {
            let turns = f64::from(step) / 333.0;
            let library = (turns * std::f64::consts::TAU).cos();
            assert!((cosine(turns) - library).abs() < 1e-14, "{turns}: {} {library}", cosine(turns));
        }
    }

    /// 2026-03-07 is a Saturday; a quarter of a wave of 40 days after its peak the cosine is 0, half of
    /// it -1.
    #[test]
    fn factors_of_day_month_hour_and_wave_are_multiplied() {
        let mut season = Season { weekday: [1.0; 7], month: [1.0; 12], hour: [1.0; 24], wave: None };
        season.weekday[5] = 1.5;
        season.month[2] = 2.0;
        season.hour[8] = 3.0;
        let saturday = date(2026, 3, 7);
        for (day, hour, factor) in [
            (Some(saturday), Some(8), 9.0),
            (Some(saturday), None, 3.0),
            (None, Some(8), 3.0),
            (Some(date(2026, 4, 6)), Some(9), 1.0),
        ] {
            assert!((season.factor(day, hour) - factor).abs() < 1e-12, "{day:?} {hour:?}");
        }
        let wave = |peak| {
            let wave = Some(Wave { peak, height: 0.5, days: 40.0 });
            Season { weekday: [1.0; 7], month: [1.0; 12], hour: [1.0; 24], wave }.factor(Some(saturday), None)
        };
        for (peak, factor) in [(date(2026, 3, 7), 1.5), (date(2026, 2, 25), 1.0), (date(2026, 2, 15), 0.5)] {
            assert!((wave(peak) - factor).abs() < 1e-12, "{peak}: {}", wave(peak));
        }
    }

    #[test]
    fn hours_are_single_or_a_span() {
        assert_eq!(hours("8"), Some(8..=8));
        assert_eq!(hours("7-9"), Some(7..=9));
        for key in ["24", "9-7", "x", "", "7-", "-1"] {
            assert_eq!(hours(key), None, "{key}");
        }
    }
}
