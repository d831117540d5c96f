//! Operators that work on what the one before them made.

use super::{REQUESTS, expanded, is_variant, lineage, scenario, suite, text};
use holdline::expand::edit::leads_to;
use holdline::expand::{Promise, operators};
use std::collections::HashSet;

#[test]
fn a_chain_applies_its_links_in_turn() {
    let (cases, ledger) = expanded(&suite(&scenario(
        "books",
        &REQUESTS,
        "[{ chain = [\"typing\", \"surface\"], per_seed = 3 }]",
    )));
    let entry = &ledger.scenarios[0].entries[0];
    assert_eq!((entry.name.as_str(), entry.requested), ("typing+surface", 24));
    let mut chains = HashSet::new();
    for case in cases.iter().filter(|case| is_variant(case)) {
        let lineage = lineage(case);
        assert_eq!((lineage.family.as_str(), lineage.promise), ("typing+surface", Promise::Same));
        let families: Vec<&str> =
            lineage.chain.iter().map(|applied| operators::find(&applied.op).unwrap().family.name()).collect();
        assert_eq!(families, ["typing", "surface"]);
        let seed = cases.iter().find(|seed| seed.id == case.family).unwrap();
        assert_eq!(seed.expect, case.expect);
        // Neither step alone leads from the seed to the variant: both left their mark.
        assert!(!leads_to(text(seed), &lineage.chain[0].edits, text(case)), "{}", case.name);
        chains.insert(lineage.operators());
    }
    assert!(entry.delivered >= 20, "{entry:?}");
    assert!(chains.len() > 4, "{chains:?}");
}

#[test]
fn a_chain_with_a_change_of_meaning_carries_what_is_stated() {
    let text = "[{ chain = [{ op = \"negation\" }, \"typing\"], label = \"clarify\", per_seed = 2 }]";
    let (cases, _) = expanded(&suite(&scenario("books", &REQUESTS[..3], text)));
    let variants: Vec<_> = cases.iter().filter(|case| is_variant(case)).collect();
    assert!(!variants.is_empty());
    for case in variants {
        assert_eq!(lineage(case).family, "meaning+typing");
        assert_eq!((lineage(case).promise, case.truth.as_deref()), (Promise::Changed, Some("clarify")));
    }
}
