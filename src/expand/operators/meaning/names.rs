//! Names that are known by their kind: people, places, months, weekdays.

use crate::expand::lexicon::Lexicon;
use std::collections::HashMap;
use std::sync::LazyLock;

/// The lexicon.
pub static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::parse(include_str!("../../lexicon/entities.txt")));

static KINDS: LazyLock<HashMap<&'static str, &'static str>> =
    LazyLock::new(|| LEXICON.entries.iter().filter_map(|entry| Some((*entry.get(1)?, entry[0]))).collect());

/// The kind of a name, as it is written; names of two words are known as a whole only.
pub fn kind(name: &str) -> Option<&'static str> {
    KINDS.get(name).copied()
}

/// The names of a kind, in the order of the lexicon.
pub fn of_kind(kind: &str) -> impl Iterator<Item = &'static str> {
    LEXICON.entries.iter().filter(move |entry| entry[0] == kind).filter_map(|entry| entry.get(1).copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_one_kind() {
        assert_eq!((LEXICON.name, LEXICON.version), ("entities", 1));
        assert_eq!(KINDS.len(), LEXICON.entries.len());
        let kinds = ["person", "surname", "city", "country", "organisation", "month", "weekday"];
        assert!(LEXICON.entries.iter().all(|entry| entry.len() == 2 && kinds.contains(&entry[0])));
        for (kind, least) in [("person", 120), ("city", 70), ("country", 45), ("surname", 40)] {
            assert!(of_kind(kind).count() >= least, "{kind}");
        }
        assert_eq!((kind("Lisbon"), kind("March"), kind("lisbon")), (Some("city"), Some("month"), None));
    }
}
