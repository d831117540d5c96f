//! Requests and answers close to another one that mean something else: the suite says what must hold.

mod near_miss_intent;
mod partial_answer;
pub(super) mod phrases;
mod stale_fact;
mod wrong_unit;

use crate::expand::operator::Operator;

/// The operators, in the order in which they are listed.
pub const ALL: &[&Operator] = &[
    &near_miss_intent::NEAR_MISS_INTENT,
    &partial_answer::PARTIAL_ANSWER,
    &stale_fact::STALE_FACT,
    &wrong_unit::WRONG_UNIT,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expand::lexicon::Lexicon;
    use std::collections::BTreeSet;

    fn holds(lexicon: &Lexicon, name: &str, least: usize) {
        assert_eq!((lexicon.name, lexicon.version), (name, 1));
        assert!(lexicon.entries.len() >= least, "{name}: {}", lexicon.entries.len());
        let unique: BTreeSet<_> = lexicon.entries.iter().map(|entry| entry[0]).collect();
        assert_eq!(unique.len(), lexicon.entries.len(), "{name}");
        for entry in &lexicon.entries {
            assert!(entry.len() == 2 && entry[0] == entry[0].to_lowercase(), "{entry:?}");
            let alternatives: Vec<&str> = entry[1].split('|').collect();
            let other =
                |alternative: &&str| !alternative.is_empty() && !alternative.eq_ignore_ascii_case(entry[0]);
            // "mb" stands for megabits too: "MB" is another unit in other letters.
            assert!(alternatives.iter().all(other) || name == "units", "{entry:?}");
        }
    }

    #[test]
    fn the_lexicons_have_every_phrase_once_and_another_text_for_it() {
        holds(&near_miss_intent::LEXICON, "near_miss", 120);
        holds(&stale_fact::LEXICON, "stale", 70);
        holds(&wrong_unit::LEXICON, "units", 90);
    }
}
