//! Names of the months, for operators that must know a date from a number.

/// Written out, in lower case.
pub const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Shortened, in lower case; May has no shorter form.
const SHORT: [&str; 12] =
    ["jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"];

/// Whether a word in lower case names a month, written out or shortened.
pub fn is_month(word: &str) -> bool {
    MONTHS.contains(&word) || SHORT.contains(&word)
}
