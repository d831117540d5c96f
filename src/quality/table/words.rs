//! Numbers and names as sentences say them.

use super::figure::Figure;
use super::kind::Kind;
use crate::report::escape::shortened;

/// Longest name or value that a sentence repeats.
const NAME: usize = 40;

/// A share: `12.3 %`; never rounded to 0 % or 100 % where it is neither.
pub(super) fn percent(share: f64) -> String {
    let text = decimals(share * 100.0, 1);
    match text.as_str() {
        "0.0" if share > 0.0 => "less than 0.1 %".to_owned(),
        "100.0" if share < 1.0 => "more than 99.9 %".to_owned(),
        "0.0" => "0 %".to_owned(),
        "100.0" => "100 %".to_owned(),
        _ => format!("{text} %"),
    }
}

/// A figure as [`percent`], or `none`.
pub(super) fn percent_of(figure: &Figure) -> String {
    figure.value.map_or_else(|| "none".to_owned(), percent)
}

/// A coefficient or similarity with three decimals; never rounded to 0 or 1 where it is neither.
pub(super) fn score(value: f64) -> String {
    let text = decimals(value, 3);
    match text.as_str() {
        "1.000" if value < 1.0 => "0.999+".to_owned(),
        "0.000" if value > 0.0 => "below 0.001".to_owned(),
        _ => text,
    }
}

/// A figure as [`score`], or `none`.
pub(super) fn score_of(figure: &Figure) -> String {
    figure.value.map_or_else(|| "none".to_owned(), score)
}

/// A value of a column, by its kind: a number with at most five digits that count, a date, a time.
pub(super) fn amount(kind: Kind, value: f64) -> String {
    match kind {
        Kind::Date => date(value),
        Kind::Time => time(value),
        _ => number(value),
    }
}

/// A number with five digits that count at most, or all those before the point.
pub(super) fn number(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(1e-4..1e12).contains(&size) {
        return minus(&format!("{value:.3e}"));
    }
    let places = match size {
        size if size >= 10_000.0 => 0,
        size if size >= 1_000.0 => 1,
        size if size >= 100.0 => 2,
        size if size >= 1.0 => 3,
        _ => 4,
    };
    let text = format!("{value:.places$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    minus(if text == "-0" { "0" } else { text })
}

fn decimals(value: f64, places: usize) -> String {
    let text = format!("{value:.places$}");
    match text.strip_prefix('-') {
        Some(rest) if rest.bytes().all(|byte| byte == b'0' || byte == b'.') => rest.to_owned(),
        _ => minus(&text),
    }
}

fn minus(text: &str) -> String {
    text.replace('-', "−")
}

fn date(seconds: f64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "dates that can be read are far within the range")]
    let whole = seconds.floor() as i64;
    let Ok(moment) = jiff::Timestamp::from_second(whole) else { return number(seconds) };
    let text = moment.to_string();
    text.strip_suffix("T00:00:00Z").unwrap_or(text.trim_end_matches('Z')).replace('T', " ")
}

fn time(seconds: f64) -> String {
    let whole = super::data::place(seconds.max(0.0).floor());
    format!("{:02}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60)
}

/// A name or value from a file, set off from the sentence and cut at a sensible length.
pub(super) fn name(text: &str) -> String {
    if text.is_empty() { "(no name)".to_owned() } else { format!("`{}`", shortened(text, NAME)) }
}

/// Some names with commas between them, at most `most`, and how many more there are.
pub(super) fn names<'a>(texts: impl IntoIterator<Item = &'a str>, most: usize) -> String {
    let all: Vec<&str> = texts.into_iter().collect();
    let listed = all.iter().take(most).map(|text| name(text)).collect::<Vec<_>>().join(", ");
    match all.len().saturating_sub(most) {
        0 => listed,
        more => format!("{listed} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!(
            [0.123, 0.0, 1.0, 0.0001, 0.9999].map(percent),
            ["12.3 %", "0 %", "100 %", "less than 0.1 %", "more than 99.9 %"]
        );
        assert_eq!(
            [0.5, -0.25, 0.9999, 0.0001, -0.000_01].map(score),
            ["0.500", "−0.250", "0.999+", "below 0.001", "0.000"]
        );
        assert_eq!(
            [1.0, 1234.56, 0.5, -2.25, 123_456.7, 1e20, 0.0].map(number),
            ["1", "1234.6", "0.5", "−2.25", "123457", "1.000e20", "0"]
        );
        assert_eq!(amount(Kind::Date, 86_400.0), "1970-01-02");
        assert_eq!(amount(Kind::Date, 90_000.0), "1970-01-02 01:00:00");
        assert_eq!(amount(Kind::Time, 3_661.0), "01:01:01");
        assert_eq!(names(["a", "", "c"], 2), "`a`, (no name) and 1 more");
    }
}
