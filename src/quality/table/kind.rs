//! What a column holds, told from its texts, and the number that stands for each text.

use serde::{Deserialize, Serialize};

/// Texts that stand for a missing value.
const MISSING: [&str; 9] = ["", "NA", "N/A", "NaN", "nan", "null", "NULL", "<NA>", "NaT"];
/// Pairs of words that make a column one of yes and no.
const PAIRS: [[&str; 2]; 4] = [["false", "true"], ["no", "yes"], ["f", "t"], ["n", "y"]];
/// Fewest rows in which values that never repeat are taken for identifiers.
const MIN_IDENTIFIERS: usize = 10;
/// Categories that a column may have, however few its rows are.
const CATEGORIES: usize = 50;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Numbers.
    Number,
    /// Dates, with or without a time; as a number, seconds since 1970.
    Date,
    /// Times of day; as a number, seconds since midnight.
    Time,
    /// Two values: true and false, yes and no, 1 and 0.
    Boolean,
    /// One of a set of values.
    Category,
    /// A value of its own for each row, or free text; left out of distances, pairs and models.
    Identifier,
    /// Nothing: every cell is missing.
    Empty,
}

impl Kind {
    /// Whether its values have an order and a distance.
    pub const fn is_numeric(self) -> bool {
        matches!(self, Self::Number | Self::Date | Self::Time)
    }

    /// Whether its values are one of a set.
    pub const fn is_categorical(self) -> bool {
        matches!(self, Self::Boolean | Self::Category)
    }

    /// Whether distances, pairs and models use it.
    pub const fn is_used(self) -> bool {
        self.is_numeric() || self.is_categorical()
    }

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Date => "date",
            Self::Time => "time",
            Self::Boolean => "boolean",
            Self::Category => "category",
            Self::Identifier => "identifier",
            Self::Empty => "empty",
        }
    }
}

/// Whether a text stands for a missing value.
pub(super) fn is_missing(text: &str) -> bool {
    MISSING.contains(&text)
}

/// What a column holds, by the distinct texts of it that are not missing and the number of its cells
/// with such a text. `keep` says that it has a purpose, so that it is no identifier.
pub(super) fn infer(name: &str, texts: &[&str], cells: usize, keep: bool) -> Kind {
    let all = |fits: &dyn Fn(&str) -> bool| texts.iter().all(|text| fits(text));
    let unique = !keep && texts.len() == cells && cells >= MIN_IDENTIFIERS;
    if texts.is_empty() {
        Kind::Empty
    } else if boolean_pair(texts) {
        Kind::Boolean
    } else if all(&|text| number(text).is_some()) && !texts.iter().any(|text| is_code(text)) {
        if unique && numbers_identify(name, texts) { Kind::Identifier } else { Kind::Number }
    } else if all(&|text| date(text).is_some()) {
        Kind::Date
    } else if all(&|text| time(text).is_some()) {
        Kind::Time
    } else if unique || (!keep && texts.len() > CATEGORIES && texts.len() > cells / 2) {
        Kind::Identifier
    } else {
        Kind::Category
    }
}

/// The number that a text stands for in a column of numbers, dates or times.
pub(super) fn as_number(kind: Kind, text: &str) -> Option<f64> {
    match kind {
        Kind::Number => number(text),
        Kind::Date => date(text),
        Kind::Time => time(text),
        Kind::Boolean | Kind::Category | Kind::Identifier | Kind::Empty => None,
    }
}

/// How a value of a set is written: `True` and `true`, `1` and `1.0` are one boolean.
pub(super) fn label(kind: Kind, text: &str) -> String {
    match (kind, number(text)) {
        (Kind::Boolean, Some(0.0)) => "0".to_owned(),
        (Kind::Boolean, Some(1.0)) => "1".to_owned(),
        (Kind::Boolean, None) => {
            let lower = text.to_ascii_lowercase();
            if PAIRS.as_flattened().contains(&lower.as_str()) { lower } else { text.to_owned() }
        }
        _ => text.to_owned(),
    }
}

/// Whether the texts are both words of a pair, however they are written.
fn boolean_pair(texts: &[&str]) -> bool {
    let mut labels: Vec<String> = texts.iter().map(|text| label(Kind::Boolean, text)).collect();
    labels.sort_unstable();
    labels.dedup();
    labels == ["0", "1"] || PAIRS.iter().any(|pair| labels == pair)
}

/// Whole numbers that never repeat are identifiers where they run without a gap, or the name says so.
fn numbers_identify(name: &str, texts: &[&str]) -> bool {
    let values: Vec<f64> = texts.iter().filter_map(|text| number(text)).collect();
    let whole = values.iter().all(|value| value.fract() == 0.0);
    let (low, high) = values.iter().fold((f64::MAX, f64::MIN), |(a, b), v| (a.min(*v), b.max(*v)));
    let named = name.eq_ignore_ascii_case("id")
        || ["_id", " id", "-id", "_ID", "Id", "ID"].iter().any(|end| name.ends_with(end));
    whole && (named || high - low + 1.0 == values.len() as f64)
}

/// A plain decimal number, or one with an exponent.
fn number(text: &str) -> Option<f64> {
    let digits = text.trim_start_matches(['+', '-']);
    // Rust reads `inf` and `nan` as well, which are words here.
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    text.parse().ok().filter(|value: &f64| value.is_finite()).map(|value| value + 0.0)
}

/// A zero in front means a code and no number: `007`, a postcode.
fn is_code(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() > 1 && bytes[0] == b'0' && bytes[1].is_ascii_digit()
}

/// `2026-03-01`, `2026-03-01 14:30`, `2026-03-01T14:30:05.25Z`, as seconds since 1970; without an offset
/// as if in UTC.
fn date(text: &str) -> Option<f64> {
    let bytes = text.as_bytes();
    if bytes.len() < 10 || bytes[4] != b'-' || bytes[7] != b'-' || !bytes[0].is_ascii_digit() {
        return None;
    }
    let moment = text.parse::<jiff::Timestamp>().ok().or_else(|| {
        let civil: jiff::civil::DateTime = text.parse().ok()?;
        jiff::tz::TimeZone::UTC.to_timestamp(civil).ok()
    })?;
    Some(moment.as_second() as f64 + f64::from(moment.subsec_nanosecond()) / 1e9)
}

/// `14:30`, `9:05`, `14:30:05`, as seconds since midnight.
fn time(text: &str) -> Option<f64> {
    let padded = if text.as_bytes().get(1) == Some(&b':') { format!("0{text}") } else { text.to_owned() };
    if padded.as_bytes().get(2) != Some(&b':') {
        return None;
    }
    let time: jiff::civil::Time = padded.parse().ok()?;
    let seconds = u32::from(time.hour().unsigned_abs()) * 3600
        + u32::from(time.minute().unsigned_abs()) * 60
        + u32::from(time.second().unsigned_abs());
    Some(f64::from(seconds) + f64::from(time.subsec_nanosecond()) / 1e9)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn kind(texts: &[&str], expected: Kind) {
        assert_eq!(infer("x", texts, texts.len() * 3, false), expected, "{texts:?}");
    }

    #[test]
    fn kinds_are_told_from_the_texts() {
        kind(&["1", "2.5", "-3e2", "+.5"], Kind::Number);
        kind(&["inf", "1"], Kind::Category);
        kind(&["1e999", "1"], Kind::Category);
        kind(
            &["2026-03-01", "2026-03-01T10:30", "2026-03-01 10:30:00.5", "2026-03-01T10:30:00+02:00"],
            Kind::Date,
        );
        kind(&["20260301", "20260302"], Kind::Number);
        kind(&["9:05", "14:30", "23:59:59"], Kind::Time);
        kind(&["True", "false", "TRUE"], Kind::Boolean);
        kind(&["0", "1.0", "1"], Kind::Boolean);
        kind(&["0", "1", "2"], Kind::Number);
        kind(&["yes", "no", "maybe"], Kind::Category);
        kind(&["01234", "98765"], Kind::Category);
        kind(&["2026-13-45", "2026-03-01"], Kind::Category);
        kind(&[], Kind::Empty);
    }

    #[test]
    fn values_that_never_repeat_are_identifiers_unless_they_measure() {
        let run: Vec<String> = (100..120).map(|n| n.to_string()).collect();
        let run: Vec<&str> = run.iter().map(String::as_str).collect();
        assert_eq!(infer("row", &run, 20, false), Kind::Identifier);
        assert_eq!(infer("row", &run, 20, true), Kind::Number, "it has a purpose");
        assert_eq!(infer("row", &run, 40, false), Kind::Number, "its values repeat");
        let gaps: Vec<String> = (0..20).map(|n| (n * n).to_string()).collect();
        let gaps: Vec<&str> = gaps.iter().map(String::as_str).collect();
        assert_eq!(infer("customer_id", &gaps, 20, false), Kind::Identifier);
        assert_eq!(infer("paid", &gaps, 20, false), Kind::Number);
        let mails: Vec<String> = (0..20).map(|n| format!("m{n}@example.org")).collect();
        let mails: Vec<&str> = mails.iter().map(String::as_str).collect();
        assert_eq!(infer("mail", &mails, 20, false), Kind::Identifier);
        assert_eq!(infer("mail", &mails, 60, false), Kind::Category);
    }

    #[test]
    fn numbers_stand_for_dates_and_times() {
        assert_eq!(as_number(Kind::Date, "1970-01-02"), Some(86_400.0));
        assert_eq!(as_number(Kind::Date, "1970-01-01T01:00:00+01:00"), Some(0.0));
        assert_eq!(as_number(Kind::Date, "1970-01-01 00:00:01.5"), Some(1.5));
        assert_eq!(as_number(Kind::Time, "1:00"), Some(3600.0));
        assert_eq!(as_number(Kind::Number, "-0").map(f64::is_sign_negative), Some(false));
        assert_eq!(label(Kind::Boolean, "1.0"), "1");
        assert_eq!(label(Kind::Category, "1.0"), "1.0");
    }
}
