//! The meaning changed in a stated way: the suite says what must hold of the variants.

mod condition_removed;
pub(super) mod label_reversed;
mod missing_slot;
pub(super) mod names;
mod negation;
pub(super) mod quantity_over_limit;
mod question;
pub(super) mod request;
mod role_without_permission;
pub(super) mod sentence;
mod slots;
pub(super) mod statement;
pub(super) mod verbs;
mod when;

use crate::expand::operator::Operator;

/// The operators, in the order in which they are listed.
pub const ALL: &[&Operator] = &[
    &negation::NEGATION,
    &condition_removed::CONDITION_REMOVED,
    &quantity_over_limit::QUANTITY_OVER_LIMIT,
    &role_without_permission::ROLE_WITHOUT_PERMISSION,
    &missing_slot::MISSING_SLOT,
    &label_reversed::LABEL_REVERSED,
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn antonyms_pair_form_with_form_and_their_guards_are_known() {
        let lexicon = &*label_reversed::LEXICON;
        assert_eq!((lexicon.name, lexicon.version), ("antonyms", 1));
        assert!(lexicon.entries.len() >= 100, "{}", lexicon.entries.len());
        let mut pairs = BTreeSet::new();
        for entry in &lexicon.entries {
            let (left, right) = (entry[0].split('|').count(), entry[1].split('|').count());
            assert!(left == right && matches!(left, 1 | 4), "{entry:?}");
            let first = |side: usize| entry[side].split('|').next().unwrap_or_default();
            assert!(first(0) != first(1) && pairs.insert((first(0), first(1))), "{entry:?}");
            assert!(!pairs.contains(&(first(1), first(0))), "{entry:?}");
            for guard in &entry[2..] {
                let name = guard.split('=').next().unwrap_or_default().trim_end_matches(['1', '2']);
                let known = ["not-before", "not-after", "only-before", "only-after", "prep", "never"];
                assert!(known.contains(&name), "{guard}");
                assert!(!guard.contains("||") && !guard.ends_with(['=', '|']), "{guard}");
            }
        }
    }

    #[test]
    fn roles_are_sentences() {
        let lexicon = &*role_without_permission::LEXICON;
        assert_eq!((lexicon.name, lexicon.version), ("roles", 1));
        let unique: BTreeSet<_> = lexicon.entries.iter().map(|entry| entry[0]).collect();
        assert!(unique.len() == lexicon.entries.len() && unique.len() >= 24);
        assert!(unique.iter().all(|role| role.starts_with(char::is_uppercase) && role.ends_with('.')));
    }
}
