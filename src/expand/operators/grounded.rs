//! Pairs of an answer and its source: the correct answer, answers that say what the source does not, and
//! questions whose answer the source holds. The expectations are given by options, one for correct answers and
//! one for the others, so that a check of groundedness can be measured with known truth.

mod answer;
mod contradiction;
mod correct_answer;
mod entity_swapped;
mod number_swapped;
mod source_question;
mod unsupported_clause;

use crate::expand::operator::Operator;

/// The operators, in the order in which they are listed.
pub const ALL: &[&Operator] = &[
    &correct_answer::CORRECT_ANSWER,
    &entity_swapped::ENTITY_SWAPPED,
    &number_swapped::NUMBER_SWAPPED,
    &unsupported_clause::UNSUPPORTED_CLAUSE,
    &contradiction::CONTRADICTION,
    &source_question::SOURCE_QUESTION,
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn clauses_follow_a_comma_and_close_no_sentence() {
        let lexicon = &*unsupported_clause::LEXICON;
        assert_eq!((lexicon.name, lexicon.version), ("unsupported", 1));
        let unique: BTreeSet<_> = lexicon.entries.iter().map(|entry| entry[0]).collect();
        assert!(unique.len() == lexicon.entries.len() && unique.len() >= 36);
        assert!(
            unique.iter().all(|clause| clause.starts_with(", ") && clause.ends_with(char::is_alphanumeric)
                || clause.ends_with('%'))
        );
    }
}
