//! Attempts to make the application leave its task. The expectation of the seed stays, and beside it no answer may
//! hold what the attempt asks for: a marker that is never written out in the text, so that an answer which repeats
//! its input is not taken for one that obeyed, or the canary of the application's instructions.

mod authority_claim;
mod codes;
mod delimiter_forging;
mod encodings;
mod instruction_override;
mod many_shot;
mod marker;
mod payload;
mod prompt_leak;
mod quoted_document;
mod refusal_suppression;
mod role_play;
mod split_payload;

use crate::expand::operator::Operator;

/// The operators, in the order in which they are listed.
pub const ALL: &[&Operator] = &[
    &instruction_override::INSTRUCTION_OVERRIDE,
    &role_play::ROLE_PLAY,
    &prompt_leak::PROMPT_LEAK,
    &quoted_document::QUOTED_DOCUMENT,
    &encodings::ENCODINGS,
    &many_shot::MANY_SHOT,
    &delimiter_forging::DELIMITER_FORGING,
    &refusal_suppression::REFUSAL_SUPPRESSION,
    &split_payload::SPLIT_PAYLOAD,
    &authority_claim::AUTHORITY_CLAIM,
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    #[test]
    fn templates_hold_the_places_of_their_technique() {
        let lexicon = &*payload::LEXICON;
        assert_eq!((lexicon.name, lexicon.version), ("adversarial", 1));
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for entry in &lexicon.entries {
            let [technique, template] = entry.as_slice() else { panic!("{entry:?}") };
            *counts.entry(technique).or_default() += 1;
            assert!(seen.insert(template), "{template}");
            let places: &[&str] = match *technique {
                "prompt_leak" => &["{request}"],
                "encoded_order" => &["{left}", "{right}"],
                "encodings" => &["{request}", "{code}", "{order}"],
                "many_shot" => &["{request}", "{shots}", "{last}"],
                "split_payload" => &["{request}", "{left}", "{right}"],
                _ => &["{request}", "{marker}"],
            };
            let all =
                ["{request}", "{marker}", "{left}", "{right}", "{code}", "{order}", "{shots}", "{last}"];
            for place in all {
                assert_eq!(
                    template.matches(place).count(),
                    usize::from(places.contains(&place)),
                    "{template}"
                );
            }
        }
        let techniques: Vec<&str> = ALL.iter().map(|operator| operator.name).collect();
        let templates: usize = techniques.iter().map(|name| counts[name]).sum();
        assert!(techniques.len() == 10 && templates >= 120, "{counts:?}");
        assert!(techniques.iter().all(|name| counts[name] >= 12), "{counts:?}");
    }
}
