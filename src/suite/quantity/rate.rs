//! How many requests may be sent in a time: `20/s`, `600/min`, `100/h`.

use super::{QuantityError, number_and_unit};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::time::Duration;

const WANTED: &str = "a rate; write a number above 0 with `/s`, `/min` or `/h`, as in `20/s` or `600/min`";

/// The most requests a second that can be asked for: beyond it waiting is finer than the clock.
const MOST: f64 = 100_000.0;
/// The fewest: one a day.
const LEAST: f64 = 1.0 / 86_400.0;

/// A rate, written `20/s`, `600/min` or `100/h`; from one a day to 100,000 a second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    number: f64,
    per: Per,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Per {
    Second,
    Minute,
    Hour,
}

impl Per {
    const fn seconds(self) -> f64 {
        match self {
            Self::Second => 1.0,
            Self::Minute => 60.0,
            Self::Hour => 3600.0,
        }
    }
}

impl Rate {
    /// The time from one request to the next: 50 ms for `20/s`.
    pub fn interval(self) -> Duration {
        Duration::from_secs_f64(self.per.seconds() / self.number)
    }
}

impl std::str::FromStr for Rate {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, QuantityError> {
        let error = || QuantityError { found: text.into(), wanted: WANTED };
        let (number, unit) = number_and_unit(text).ok_or_else(error)?;
        let per = match unit.strip_prefix('/').ok_or_else(error)?.trim() {
            "s" => Per::Second,
            "min" => Per::Minute,
            "h" => Per::Hour,
            _ => return Err(error()),
        };
        let rate = Self { number, per };
        if (LEAST..=MOST).contains(&(number / per.seconds())) { Ok(rate) } else { Err(error()) }
    }
}

impl std::fmt::Display for Rate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let per = match self.per {
            Per::Second => "s",
            Per::Minute => "min",
            Per::Hour => "h",
        };
        write!(f, "{}/{per}", self.number)
    }
}

as_text!(
    Rate,
    schemars::json_schema!({ "type": "string", "description": "A rate: `20/s`, `600/min`, `100/h`.", "pattern": "^[0-9.]+ */ *(s|min|h)$" })
);

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_a_number_in_a_time() {
        for (text, millis) in
            [("20/s", 50), ("600/min", 100), ("600 / min", 100), ("0.5/s", 2000), ("100/h", 36_000)]
        {
            assert_eq!(text.parse::<Rate>().unwrap().interval().as_millis(), millis, "{text}");
        }
        assert_eq!("600 / min".parse::<Rate>().unwrap().to_string(), "600/min");
        assert_eq!("0.5/s".parse::<Rate>().unwrap().to_string(), "0.5/s");
    }

    #[test]
    fn what_is_no_rate_is_told_with_the_mend() {
        for text in ["20", "20/m", "20s", "/s", "0/s", "-1/s", "1e9/s", "100001/s", "0.01/h", "20/s/s", ""] {
            assert!(text.parse::<Rate>().is_err(), "{text}");
        }
        let error = "20/m".parse::<Rate>().unwrap_err().to_string();
        assert_eq!(
            error,
            "`20/m` is not a rate; write a number above 0 with `/s`, `/min` or `/h`, as in `20/s` or `600/min`"
        );
    }
}
