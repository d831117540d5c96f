//! Far less than a request, or far more: the suite says what must hold, or that the seed's expectation does.

mod emoji_only;
mod empty;
mod keywords;
mod other_language;
mod repeated_token;
mod very_long;

use crate::expand::operator::Operator;

/// The operators, in the order in which they are listed.
pub const ALL: &[&Operator] = &[
    &keywords::KEYWORDS,
    &emoji_only::EMOJI_ONLY,
    &empty::EMPTY,
    &very_long::VERY_LONG,
    &repeated_token::REPEATED_TOKEN,
    &other_language::OTHER_LANGUAGE,
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_lexicons_are_unique_and_as_large_as_they_should_be() {
        for (lexicon, name, least) in [
            (&*keywords::LEXICON, "stop_words", 250),
            (&*emoji_only::LEXICON, "emoji_words", 250),
            (&*very_long::LEXICON, "small_talk", 60),
        ] {
            assert_eq!((lexicon.name, lexicon.version), (name, 1));
            let unique: BTreeSet<_> = lexicon.entries.iter().map(|entry| entry[0]).collect();
            assert!(unique.len() == lexicon.entries.len() && unique.len() >= least, "{name}");
        }
        assert!(emoji_only::LEXICON.entries.iter().all(|entry| entry.len() == 2 && !entry[1].is_ascii()));
        // Harmless: nothing is asked for and nobody is addressed.
        assert!(
            very_long::LEXICON.entries.iter().all(|entry| entry[0].ends_with('.') && !entry[0].contains('?'))
        );
    }

    #[test]
    fn every_language_has_five_frames() {
        let lexicon = &*other_language::LEXICON;
        assert_eq!((lexicon.name, lexicon.version), ("languages", 1));
        for language in other_language::LANGUAGES {
            assert_eq!(lexicon.entries.iter().filter(|entry| entry[0] == *language).count(), 5, "{language}");
        }
        assert_eq!(lexicon.entries.len(), 5 * other_language::LANGUAGES.len());
        assert!(lexicon.entries.iter().all(|entry| entry[1].matches("{request}").count() == 1));
    }
}
