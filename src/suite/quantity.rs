//! Quantities as people write them in a suite: times (`30s`), ages (`30d`), shares (`5pt`), sizes (`4MiB`), days
//! (`2026-12-31`) and rates (`20/s`).

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A text that is not a quantity of the kind asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is not {wanted}")]
pub struct QuantityError {
    found: String,
    wanted: &'static str,
}

impl QuantityError {
    /// The text that is no such quantity.
    pub fn found(&self) -> &str {
        &self.found
    }
}

const WANTED_DURATION: &str = "a time; write a number with `ms`, `s`, `m` or `h`, as in `30s`";
const WANTED_AGE: &str = "an age; write a number with `m`, `h` or `d`, as in `30d`";
const WANTED_SHARE: &str = "a share; write points as in `5pt`, per cent as in `5%`, or a number from 0 to 1";
const WANTED_SIZE: &str = "a size; write a number with `B`, `KiB`, `MiB` or `GiB`, as in `4MiB`";
const WANTED_DATE: &str = "a day; write year, month and day, as in `2026-12-31`";

/// Splits a text into its number and its unit.
fn number_and_unit(text: &str) -> Option<(f64, &str)> {
    let text = text.trim();
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let number = text[..end].parse::<f64>().ok()?;
    number.is_finite().then(|| (number, text[end..].trim_start()))
}

/// A time, written `250ms`, `30s`, `2m` or `1h`.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Duration(std::time::Duration);

impl Duration {
    /// So many whole seconds.
    pub const fn from_secs(seconds: u64) -> Self {
        Self(std::time::Duration::from_secs(seconds))
    }

    /// The time as the standard library's type.
    pub const fn get(self) -> std::time::Duration {
        self.0
    }
}

impl std::str::FromStr for Duration {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, QuantityError> {
        let error = || QuantityError { found: text.into(), wanted: WANTED_DURATION };
        let (number, unit) = number_and_unit(text).ok_or_else(error)?;
        let seconds = match unit {
            "ms" => number / 1000.0,
            "s" => number,
            "m" => number * 60.0,
            "h" => number * 3600.0,
            _ => return Err(error()),
        };
        std::time::Duration::try_from_secs_f64(seconds).map(Self).map_err(|_| error())
    }
}

impl std::fmt::Display for Duration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let millis = self.0.as_millis();
        if millis < 1000 || !millis.is_multiple_of(1000) {
            write!(f, "{millis}ms")
        } else {
            write!(f, "{}s", millis / 1000)
        }
    }
}

/// How old something may be, written `90m`, `12h` or `30d`: whole minutes, hours or days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Age(u64);

impl Age {
    /// So many days.
    pub const fn from_days(days: u64) -> Self {
        Self(days * 24 * 60)
    }

    /// The age as the standard library's type.
    pub const fn get(self) -> std::time::Duration {
        std::time::Duration::from_secs(self.0.saturating_mul(60))
    }
}

impl std::str::FromStr for Age {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, QuantityError> {
        let error = || QuantityError { found: text.into(), wanted: WANTED_AGE };
        let digits = text.trim().trim_end_matches(|c: char| !c.is_ascii_digit());
        let minutes: u64 = match text.trim()[digits.len()..].trim_start() {
            "m" => 1,
            "h" => 60,
            "d" => 24 * 60,
            _ => return Err(error()),
        };
        let number: u64 = digits.parse().map_err(|_| error())?;
        number.checked_mul(minutes).map(Self).ok_or_else(error)
    }
}

impl std::fmt::Display for Age {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (minutes, unit) in [(24 * 60, "d"), (60, "h")] {
            if self.0 >= minutes && self.0.is_multiple_of(minutes) {
                return write!(f, "{}{unit}", self.0 / minutes);
            }
        }
        write!(f, "{}m", self.0)
    }
}

/// A share of a whole: 0.05, `5%` and `5pt` are the same.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Share(f64);

impl Share {
    /// So many percentage points.
    pub const fn from_points(points: f64) -> Self {
        Self(points / 100.0)
    }

    /// The share, 0.05 for five points.
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl std::str::FromStr for Share {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, QuantityError> {
        let error = || QuantityError { found: text.into(), wanted: WANTED_SHARE };
        let (number, unit) = number_and_unit(text).ok_or_else(error)?;
        let share = match unit {
            "pt" | "%" => number / 100.0,
            "" => number,
            _ => return Err(error()),
        };
        if (0.0..=1.0).contains(&share) { Ok(Self(share)) } else { Err(error()) }
    }
}

impl std::fmt::Display for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Rounded to a millionth of a point, so that 0.07 × 100 does not print its last bit.
        write!(f, "{}pt", (self.0 * 1e8).round() / 1e6)
    }
}

/// A number of bytes, written `4MiB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size(u64);

impl Size {
    /// So many bytes.
    pub const fn from_bytes(bytes: u64) -> Self {
        Self(bytes)
    }

    /// The number of bytes.
    pub const fn bytes(self) -> u64 {
        self.0
    }
}

impl std::str::FromStr for Size {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, QuantityError> {
        let error = || QuantityError { found: text.into(), wanted: WANTED_SIZE };
        let digits = text.trim().trim_end_matches(|c: char| !c.is_ascii_digit());
        let unit = text.trim()[digits.len()..].trim_start();
        let factor: u64 = match unit {
            "B" => 1,
            "KiB" => 1 << 10,
            "MiB" => 1 << 20,
            "GiB" => 1 << 30,
            _ => return Err(error()),
        };
        let number: u64 = digits.parse().map_err(|_| error())?;
        number.checked_mul(factor).map(Self).ok_or_else(error)
    }
}

impl std::fmt::Display for Size {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (factor, unit) in [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")] {
            if self.0 >= factor && self.0.is_multiple_of(factor) {
                return write!(f, "{}{unit}", self.0 / factor);
            }
        }
        write!(f, "{}B", self.0)
    }
}

/// A day, written `2026-12-31`, with or without quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(jiff::civil::Date);

impl Date {
    /// The day as a date of the calendar.
    pub const fn get(self) -> jiff::civil::Date {
        self.0
    }
}

impl From<jiff::civil::Date> for Date {
    fn from(date: jiff::civil::Date) -> Self {
        Self(date)
    }
}

impl std::str::FromStr for Date {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, QuantityError> {
        let error = || QuantityError { found: text.into(), wanted: WANTED_DATE };
        let date: jiff::civil::Date = text.parse().map_err(|_| error())?;
        // Other ways to write a day, with a time behind it or without dashes, are parsed as well.
        if date.to_string() == text { Ok(Self(date)) } else { Err(error()) }
    }
}

impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Serde and the JSON schema by way of `FromStr` and `Display`.
macro_rules! as_text {
    ($type:ident, $schema:expr) => {
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        #[cfg(test)]
        impl schemars::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                $schema
            }
        }
    };
}

mod rate;

pub use rate::Rate;

as_text!(
    Duration,
    schemars::json_schema!({ "type": "string", "description": "A time: `250ms`, `30s`, `2m`, `1h`.", "pattern": "^[0-9.]+ *(ms|s|m|h)$" })
);
as_text!(
    Age,
    schemars::json_schema!({ "type": "string", "description": "An age: `90m`, `12h`, `30d`.", "pattern": "^[0-9]+ *(m|h|d)$" })
);
as_text!(
    Share,
    schemars::json_schema!({ "type": ["string", "number"], "description": "A share: `5pt`, `5%` or a number from 0 to 1.", "pattern": "^[0-9.]+ *(pt|%)?$", "minimum": 0, "maximum": 1 })
);
as_text!(
    Size,
    schemars::json_schema!({ "type": "string", "description": "A size: `512B`, `64KiB`, `4MiB`, `1GiB`.", "pattern": "^[0-9]+ *(B|KiB|MiB|GiB)$" })
);
as_text!(
    Date,
    schemars::json_schema!({ "type": "string", "description": "A day: `2026-12-31`.", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" })
);

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Age {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Duration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Size {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Share {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Number(f64),
            Text(String),
        }
        match Written::deserialize(deserializer)? {
            Written::Number(number) => number.to_string().parse(),
            Written::Text(text) => text.parse(),
        }
        .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_every_unit() {
        for (text, millis) in
            [("250ms", 250), ("30s", 30_000), ("1.5s", 1500), ("2m", 120_000), ("1 h", 3_600_000)]
        {
            assert_eq!(text.parse::<Duration>().unwrap().get().as_millis(), millis, "{text}");
        }
        for text in ["30", "s", "-1s", "1d", "1e400s", "999999999999999999999h", ""] {
            assert!(text.parse::<Duration>().is_err(), "{text}");
        }
    }

    #[test]
    fn ages_are_whole_minutes_hours_or_days() {
        for (text, seconds) in [("90m", 5400), ("12h", 43_200), ("30d", 2_592_000), ("1 d", 86_400)] {
            assert_eq!(text.parse::<Age>().unwrap().get().as_secs(), seconds, "{text}");
        }
        for (text, shown) in [("48h", "2d"), ("90m", "90m"), ("120m", "2h"), ("0d", "0m")] {
            assert_eq!(text.parse::<Age>().unwrap().to_string(), shown);
        }
        for text in ["30", "d", "1.5d", "-1d", "30s", "99999999999999999999d", ""] {
            assert!(text.parse::<Age>().is_err(), "{text}");
        }
    }

    #[test]
    fn points_per_cent_and_plain_numbers_are_the_same_share() {
        for text in ["5pt", "5%", "0.05", "5 pt"] {
            assert!((text.parse::<Share>().unwrap().get() - 0.05).abs() < 1e-15, "{text}");
        }
        for text in ["5", "101%", "-1pt", "5 points", "pt"] {
            assert!(text.parse::<Share>().is_err(), "{text}");
        }
        assert_eq!("7pt".parse::<Share>().unwrap().to_string(), "7pt");
    }

    #[test]
    fn sizes_are_binary_multiples() {
        assert_eq!("4MiB".parse::<Size>().unwrap().bytes(), 4_194_304);
        assert_eq!("4MiB".parse::<Size>().unwrap().to_string(), "4MiB");
        for text in ["4", "4MB", "MiB", "99999999999GiB", "1.5KiB"] {
            assert!(text.parse::<Size>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_day_is_written_in_one_way() {
        let day: Date = "2024-02-29".parse().unwrap();
        assert_eq!((day.get(), day.to_string().as_str()), (jiff::civil::date(2024, 2, 29), "2024-02-29"));
        for text in
            ["2026-02-29", "2026-12-31T10:00:00", "2026-12-31Z", "20261231", "31.12.2026", "2026-1-1", ""]
        {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
    }
}
