//! How long a server asks to be left alone: the header `Retry-After` (RFC 9110, section 10.2.3).

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};
use std::time::Duration;

/// The longest time that is believed: a day. A server that names a later one means "do not come back".
const LONGEST: Duration = Duration::from_hours(24);

/// The time that a reply asks to wait, from now; at most a day. A date is taken relative to the server's own
/// clock where the reply tells it, else to ours; one that has passed is no wait at all. `None` where there is
/// no such header, or none that can be read.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than a number holds are more than a day.
        return Some(text.parse().map_or(LONGEST, Duration::from_secs).min(LONGEST));
    }
    let until = date(text)?;
    let now = named(headers, &DATE).and_then(date).unwrap_or_else(Timestamp::now);
    Some(Duration::try_from(until.duration_since(now)).unwrap_or_default().min(LONGEST))
}

fn named<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn date(text: &str) -> Option<Timestamp> {
    DateTimeParser::new().parse_timestamp(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;

    fn asked(after: &str, date: Option<&str>) -> Option<u64> {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_str(after).unwrap());
        if let Some(date) = date {
            headers.insert(DATE, HeaderValue::from_str(date).unwrap());
        }
        retry_after(&headers).map(|time| time.as_secs())
    }

    #[test]
    fn seconds_are_taken_as_they_stand_and_bounded_by_a_day() {
        assert_eq!(asked("0", None), Some(0));
        assert_eq!(asked(" 120 ", None), Some(120));
        assert_eq!(asked("86401", None), Some(86_400));
        assert_eq!(asked("99999999999999999999999999", None), Some(86_400));
    }

    #[test]
    fn a_date_is_relative_to_the_clock_of_the_server() {
        let now = Some("Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(asked("Sun, 06 Nov 1994 08:50:07 GMT", now), Some(30));
        assert_eq!(asked("Sun, 06 Nov 1994 08:49:36 GMT", now), Some(0));
        assert_eq!(asked("Tue, 06 Nov 2096 08:49:37 GMT", now), Some(86_400));
        assert_eq!(asked("Sun, 06 Nov 1994 08:50:07 GMT", None), Some(0), "long ago by our clock");
    }

    #[test]
    fn what_cannot_be_read_is_no_wish() {
        for text in ["", "-1", "soon", "1.5", "Sunday", "1994-11-06T08:49:37Z"] {
            assert_eq!(asked(text, None), None, "{text}");
        }
        assert_eq!(retry_after(&HeaderMap::new()), None);
    }
}
