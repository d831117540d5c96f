//! Days and times within bounds.

use super::cell::{Cell, Type};
use super::season::Season;
use super::tell::Tell;
use super::weights::Weights;
use crate::expand::stream::Stream;
use crate::suite::diagnostic::quote;
use crate::suite::document::Node;
use crate::suite::quantity::Duration;
use crate::suite::schema::table::{DateSpec, DateTimeSpec, Order, TimeSpec, Weekday};
use jiff::civil::{Date, Time};

/// Seconds of a day.
const DAY: u32 = 86_400;
/// Most days that a window may have: two hundred years.
const MAX_DAYS: usize = 73_050;

/// The days and times that a column may have: a grid of days by times.
#[derive(Debug, Clone)]
pub(super) struct Window {
    /// Date, time, or both.
    pub type_: Type,
    /// How rows follow each other.
    pub order: Order,
    /// The days; one that is not shown for times of day.
    days: Vec<Date>,
    by_day: Option<Weights>,
    times: Times,
}

/// The times of each day.
#[derive(Debug, Clone)]
struct Times {
    /// The first, in seconds.
    from: u32,
    /// From one to the next, in seconds.
    step: u32,
    /// How many there are.
    size: u32,
    /// The weights of the hours that they fall into, and for each hour its first time and how many.
    by_hour: Option<(Weights, Vec<(u32, u32)>)>,
}

impl Times {
    const MIDNIGHT: Self = Self { from: 0, step: 1, size: 1, by_hour: None };

    fn weigh(&mut self, season: &Season) -> Option<()> {
        let first = |hour: u32| (hour * 3600).saturating_sub(self.from).div_ceil(self.step).min(self.size);
        let hours: Vec<_> = (0..24).map(|hour| (first(hour), first(hour + 1) - first(hour))).collect();
        let weights = hours
            .iter()
            .zip(0..)
            .map(|((_, count), hour)| f64::from(*count) * season.factor(None, Some(hour)));
        self.by_hour = Some((Weights::new(weights)?, hours));
        Some(())
    }

    fn draw(&self, stream: &mut Stream) -> u32 {
        let (first, count) = match &self.by_hour {
            Some((weights, hours)) => hours[weights.draw(stream)],
            None => (0, self.size),
        };
        first + u32::try_from(stream.below(count.into())).unwrap_or(0)
    }

    fn at(&self, place: u32) -> Time {
        let seconds = (self.from + place * self.step) % DAY;
        let part = |number: u32| i8::try_from(number).unwrap_or(0);
        Time::new(part(seconds / 3600), part(seconds / 60 % 60), part(seconds % 60), 0)
            .unwrap_or(Time::midnight())
    }
}

impl Window {
    /// Reads the days of a `date`.
    pub fn date(spec: &DateSpec, season: Option<&Season>, node: &Node, tell: &mut Tell<'_>) -> Option<Self> {
        let days = days(&spec.from, &spec.to, spec.weekdays.as_deref(), node, tell)?;
        Self { type_: Type::Date, order: spec.order, days, by_day: None, times: Times::MIDNIGHT }
            .finish(season, node, tell)
    }

    /// Reads the times of a `time`.
    pub fn time(spec: &TimeSpec, season: Option<&Season>, node: &Node, tell: &mut Tell<'_>) -> Option<Self> {
        let (from, to) = (time(&spec.from, node.field("from"), tell), time(&spec.to, node.field("to"), tell));
        let step = step(spec.step, node, tell);
        let times = times(from?, to?, step?, node.field("to"), tell)?;
        Self { type_: Type::Time, order: spec.order, days: vec![Date::ZERO], by_day: None, times }
            .finish(season, node, tell)
    }

    /// Reads the days and times of a `datetime`.
    pub fn datetime(
        spec: &DateTimeSpec,
        season: Option<&Season>,
        node: &Node,
        tell: &mut Tell<'_>,
    ) -> Option<Self> {
        let days = days(&spec.from, &spec.to, spec.weekdays.as_deref(), node, tell);
        let place = node.field("hours");
        let hours = match spec.hours.as_deref() {
            None => Some((0, DAY)),
            Some(hours) => {
                if let Some((from, to)) = hours.split_once('-') {
                    time(from, place, tell).zip(time(to, place, tell))
                } else {
                    tell.at(
                        "bad-time",
                        format!("{} are no opening hours", quote(hours)),
                        place,
                        "write both ends: `\"07:00-19:00\"`",
                    );
                    None
                }
            }
        };
        let step = step(spec.step, node, tell);
        let (from, to) = hours?;
        let times = times(from, to, step?, place, tell)?;
        Self { type_: Type::DateTime, order: spec.order, days: days?, by_day: None, times }
            .finish(season, node, tell)
    }

    /// Weighs days and hours by the season.
    fn finish(mut self, season: Option<&Season>, node: &Node, tell: &mut Tell<'_>) -> Option<Self> {
        let Some(season) = season else { return Some(self) };
        if self.order == Order::Each {
            tell.at_key(
                "misplaced-key",
                "`season` means nothing where every one comes once",
                node.field("season"),
                "leave it out, or leave `order = \"each\"` out",
            );
            return None;
        }
        let mut possible = true;
        if self.type_ != Type::Time {
            self.by_day = Weights::new(self.days.iter().map(|day| season.factor(Some(*day), None)));
            possible &= self.by_day.is_some();
        }
        if self.type_ != Type::Date {
            possible &= self.times.weigh(season).is_some();
        }
        if !possible {
            tell.at(
                "no-weight",
                "this season leaves no day or no time",
                node.field("season"),
                "give at least one of them a factor above 0",
            );
            return None;
        }
        Some(self)
    }

    /// How many days and times there are.
    pub fn size(&self) -> u64 {
        self.days.len() as u64 * u64::from(self.times.size)
    }

    /// Whether all are as likely.
    pub fn is_uniform(&self) -> bool {
        self.by_day.is_none() && self.times.by_hour.is_none()
    }

    /// One of them.
    pub fn draw(&self, stream: &mut Stream) -> u64 {
        let day = match &self.by_day {
            Some(weights) => weights.draw(stream),
            None => stream.index(self.days.len()),
        };
        day as u64 * u64::from(self.times.size) + u64::from(self.times.draw(stream))
    }

    /// The day or time at a place.
    pub fn cell(&self, at: u64) -> Cell {
        let size = u64::from(self.times.size);
        let day =
            usize::try_from(at / size).ok().and_then(|day| self.days.get(day)).copied().unwrap_or(Date::ZERO);
        let time = self.times.at(u32::try_from(at % size).unwrap_or(0));
        match self.type_ {
            Type::Time => Cell::Time(time),
            Type::DateTime => Cell::DateTime(day.to_datetime(time)),
            _ => Cell::Date(day),
        }
    }
}

/// A day as a specification writes it.
pub(super) fn day(text: &str, node: &Node, tell: &mut Tell<'_>) -> Option<Date> {
    let day = text.parse::<Date>().ok().filter(|_| text.len() == 10);
    if day.is_none() {
        tell.at(
            "bad-date",
            format!("{} is no day", quote(text)),
            node,
            "write year, month and day: `\"2026-01-31\"`",
        );
    }
    day
}

fn days(
    from: &str,
    to: &str,
    weekdays: Option<&[Weekday]>,
    node: &Node,
    tell: &mut Tell<'_>,
) -> Option<Vec<Date>> {
    let (first, last) = (day(from, node.field("from"), tell), day(to, node.field("to"), tell));
    let (first, last) = (first?, last?);
    if first > last {
        tell.at(
            "empty-range",
            format!("the days end on {last}, before they begin on {first}"),
            node.field("to"),
            "`from` is the first day and `to` the last",
        );
        return None;
    }
    let open = |day: Date| {
        weekdays.is_none_or(|open| open.iter().any(|one| *one as i8 == day.weekday().to_monday_zero_offset()))
    };
    let all = std::iter::successors(Some(first), |day| day.tomorrow().ok()).take_while(|day| *day <= last);
    let days: Vec<_> = all.take(MAX_DAYS + 1).filter(|day| open(*day)).collect();
    if (last - first).get_days() >= i32::try_from(MAX_DAYS).unwrap_or(i32::MAX) {
        tell.at(
            "out-of-range",
            format!("there are more than {MAX_DAYS} days from {first} to {last}"),
            node.field("to"),
            "a column has two hundred years at most",
        );
        return None;
    }
    if days.is_empty() {
        tell.at(
            "empty-range",
            format!("none of the days from {first} to {last} is one of these"),
            node.field("weekdays"),
            "name more days of the week, or leave `weekdays` out",
        );
        return None;
    }
    Some(days)
}

/// Seconds from midnight.
fn time(text: &str, node: &Node, tell: &mut Tell<'_>) -> Option<u32> {
    let text = text.trim();
    let mut parts = text.split(':').map(|part| {
        let digits = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<u32>().ok().filter(|_| digits)
    });
    let (hour, minute, second) =
        (parts.next().flatten(), parts.next().flatten(), parts.next().unwrap_or(Some(0)));
    let time = match (hour, minute, second, parts.next()) {
        (Some(24), Some(0), Some(0), None) => Some(DAY),
        (Some(hour @ 0..24), Some(minute @ 0..60), Some(second @ 0..60), None) => {
            Some(hour * 3600 + minute * 60 + second)
        }
        _ => None,
    };
    if time.is_none() {
        tell.at(
            "bad-time",
            format!("{} is no time of day", quote(text)),
            node,
            "write hours and minutes: `\"07:30\"`",
        );
    }
    time
}

fn step(step: Option<Duration>, node: &Node, tell: &mut Tell<'_>) -> Option<u32> {
    let Some(step) = step else { return Some(60) };
    let whole = u32::try_from(step.get().as_secs())
        .ok()
        .filter(|seconds| (1..=DAY).contains(seconds) && step.get().subsec_nanos() == 0);
    if whole.is_none() {
        tell.at(
            "out-of-range",
            format!("`step` cannot be {step}"),
            node.field("step"),
            "write whole seconds, from `\"1s\"` to `\"24h\"`",
        );
    }
    whole
}

fn times(from: u32, to: u32, step: u32, node: &Node, tell: &mut Tell<'_>) -> Option<Times> {
    if from >= to {
        tell.at(
            "empty-range",
            "these times end before they begin",
            node,
            "the first time is before the end; hours that cross midnight are two columns",
        );
        return None;
    }
    Some(Times { from, step, size: (to - from).div_ceil(step), by_hour: None })
}
