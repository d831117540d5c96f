//! What a variant promises is what it expects; and it is made as it says.

use super::{expanded, is_variant, lineage, shipped, suite, suite_with, text};
use holdline::expand::edit::leads_to;
use holdline::expand::operator::Family;
use holdline::expand::{Case, Promise, operators};
use holdline::suite::Suite;
use holdline::suite::schema::{ExpandEntry, ExpandTable, Expect, OneOrMany, Origin};
use regex::Regex;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// The shipped suite with every family of operators in every scenario; the families that need it state a
/// label.
fn every_family() -> Suite {
    let mut suite = shipped();
    for scenario in &mut suite.scenarios {
        scenario.spec.per_seed = Some(3);
        scenario.spec.expand = Family::ALL
            .into_iter()
            .map(|family| {
                let stated = matches!(
                    family,
                    Family::Meaning | Family::HardNegatives | Family::Terse | Family::OffTopic
                );
                ExpandEntry::Table(Box::new(ExpandTable {
                    family: Some(family.name().to_owned()),
                    label: stated.then(|| OneOrMany::One("clarify".to_owned())),
                    ..ExpandTable::default()
                }))
            })
            .collect();
    }
    suite
}

static EVERY_FAMILY: LazyLock<Vec<Case>> = LazyLock::new(|| expanded(&every_family()).0);

/// Variants with their seeds.
fn pairs(cases: &[Case]) -> Vec<(&Case, &Case)> {
    let seeds: HashMap<_, _> =
        cases.iter().filter(|case| !is_variant(case)).map(|case| (case.id, case)).collect();
    cases.iter().filter(|case| is_variant(case)).map(|case| (case, seeds[&case.family])).collect()
}

fn family_of(case: &Case) -> Family {
    operators::find(&lineage(case).chain[0].op).unwrap().family
}

#[test]
fn every_variant_of_every_family_keeps_its_promise() {
    let cases = &*EVERY_FAMILY;
    let clarify = Expect { label: Some(OneOrMany::One("clarify".to_owned())), ..Expect::default() };
    let mut met = HashSet::new();
    for (case, seed) in pairs(cases) {
        let family = family_of(case);
        met.insert(family);
        let told = format!("{}: {} from {}", case.name, case.input, seed.input);
        let promise = lineage(case).promise;
        match family {
            Family::Typing | Family::Surface | Family::Grammar | Family::Unicode | Family::Context => {
                assert_eq!(
                    (promise, &case.expect, &case.row.values),
                    (Promise::Same, &seed.expect, &seed.row.values),
                    "{told}"
                );
            }
            Family::Entity => assert_eq!(promise, Promise::Same, "{told}"),
            Family::Meaning => {
                assert_eq!((promise, &*case.expect), (Promise::Changed, &[clarify.clone()][..]), "{told}");
            }
            Family::HardNegatives | Family::Terse | Family::OffTopic => {
                assert_eq!((promise, &*case.expect), (Promise::Own, &[clarify.clone()][..]), "{told}");
            }
            Family::Adversarial => {
                assert_eq!(promise, Promise::Own, "{told}");
                assert!(
                    case.expect.starts_with(&seed.expect) && case.expect.len() > seed.expect.len(),
                    "{told}"
                );
            }
            Family::Grounded => panic!("no row of the suite has a source: {told}"),
        }
        let truth = match family {
            Family::Meaning | Family::HardNegatives | Family::Terse | Family::OffTopic => Some("clarify"),
            _ => seed.truth.as_deref(),
        };
        assert_eq!(case.truth.as_deref(), truth, "{told}");
        assert_eq!(
            (&case.tags, case.must_pass, &case.knobs.values, case.scenario, &case.row_id),
            (&seed.tags, seed.must_pass, &seed.knobs.values, seed.scenario, &None),
            "{told}"
        );
    }
    assert_eq!(met.len(), Family::ALL.len() - 1, "every family but the one that needs a source: {met:?}");
}

#[test]
fn every_variant_tells_how_it_was_made() {
    let cases = &*EVERY_FAMILY;
    let mut ordinals = HashSet::new();
    for (case, seed) in pairs(cases) {
        let lineage = lineage(case);
        assert_eq!(
            (lineage.parent, case.family, case.provenance.origin),
            (seed.id, seed.id, Origin::Operator)
        );
        assert_eq!(case.provenance.place, seed.provenance.place);
        let [applied] = lineage.chain.as_slice() else { panic!("{}: {:?}", case.name, lineage.chain) };
        let operator = operators::find(&applied.op).unwrap();
        assert_eq!((applied.version, lineage.family.as_str()), (operator.version, operator.family.name()));
        assert!(!applied.edits.is_empty(), "{}", case.name);
        assert!(leads_to(text(seed), &applied.edits, text(case)), "{}: {:?}", case.name, applied.edits);
        assert_ne!(seed.input, case.input, "{}", case.name);
        assert!(ordinals.insert((seed.id, applied.op.clone(), lineage.ordinal)), "{}", case.name);
    }
}

#[test]
fn no_two_cases_share_an_id_or_a_name() {
    let cases = &*EVERY_FAMILY;
    let (mut ids, mut names) = (HashSet::new(), HashSet::new());
    for case in cases {
        assert!(ids.insert(case.id), "{}", case.name);
        assert!(names.insert((case.scenario, case.name.as_str())), "{}", case.name);
        assert!(!case.name.contains("::") && !case.name.chars().any(char::is_control), "{:?}", case.name);
    }
}

/// Checked with patterns of our own, without the edits and without the code that protects.
#[test]
fn numbers_addresses_and_quotations_come_through_unharmed() {
    let tokens = Regex::new(r#""[^"]+"|\S+@\S+\w|https?://\S+\w|\b\w*\d[\w:.%-]*\w\b|\b\d\b"#).unwrap();
    let cases = &*EVERY_FAMILY;
    let mut checked = 0;
    for (case, seed) in pairs(cases) {
        let kept = matches!(
            family_of(case),
            Family::Typing | Family::Surface | Family::Grammar | Family::Unicode | Family::Context
        );
        // Numbers as words, and abbreviations that hold a digit, are the purpose of these two.
        if !kept || ["number_words", "informal"].contains(&lineage(case).chain[0].op.as_str()) {
            continue;
        }
        let mut rest = text(case);
        for token in tokens.find_iter(text(seed)) {
            let at = rest.find(token.as_str());
            let at = at.unwrap_or_else(|| panic!("{}: `{}` in {}", case.name, token.as_str(), case.input));
            rest = &rest[at + token.len()..];
            checked += 1;
        }
    }
    assert!(checked > 500, "{checked}");
}

#[test]
fn what_an_answer_must_repeat_stands_in_every_variant() {
    let cases = &*EVERY_FAMILY;
    let mut checked = 0;
    for (case, seed) in pairs(cases).into_iter().filter(|(case, _)| lineage(case).promise == Promise::Same) {
        let told = |expect: &[Expect]| -> Vec<String> {
            let texts = expect.iter().flat_map(|entry| {
                entry
                    .contains
                    .iter()
                    .chain(entry.contains_all.iter().flatten())
                    .map(|text| text.to_lowercase())
            });
            texts.collect()
        };
        let (before, after) = (text(seed).to_lowercase(), text(case).to_lowercase());
        for (old, new) in told(&seed.expect).iter().zip(told(&case.expect)) {
            if old.chars().count() > 1 && before.contains(old.as_str()) {
                assert!(after.contains(&new), "{}: `{new}` in {}", case.name, case.input);
                checked += 1;
            }
        }
    }
    assert!(checked > 500, "{checked}");
}

#[test]
fn a_column_that_is_expected_is_protected_and_a_word_that_is_not_is_mistyped() {
    let inputs = r#"[{ text = "Recap the architecture workshop", who = "architecture workshop" }]"#;
    let of = |expect: &str| {
        let text = format!(
            "[[scenario]]\nname = \"recaps\"\ninputs = {inputs}\nexpect = {expect}\nexpand = [\"typing\"]\nper_seed = 12\n"
        );
        let (cases, _) = expanded(&suite(&text));
        let variants: Vec<String> = cases.iter().filter(|case| is_variant(case)).map(text_of).collect();
        variants
    };
    let text_of_all = of(r#"{ contains = "{{ row.who }}" }"#);
    assert!(!text_of_all.is_empty());
    assert!(text_of_all.iter().all(|text| text.contains("architecture workshop")), "{text_of_all:?}");
    let free = of("{ label = \"documents\" }");
    assert!(free.iter().any(|text| !text.contains("architecture workshop")), "{free:?}");
}

fn text_of(case: &Case) -> String {
    text(case).to_owned()
}

#[test]
fn tokens_of_the_suite_are_protected_for_all_scenarios_and_for_one() {
    let scenario = |protect: &str| {
        format!(
            "[[scenario]]\nname = \"files\"\ninputs = [\"please file the zebra crossing permit\"]\nexpect = {{ label = \"documents\" }}\nexpand = [\"typing\"]\nper_seed = 12\n{protect}\n"
        )
    };
    for (keys, protect) in
        [("[expand]\nprotect = ['zebra \\w+']\n", ""), ("", "protect = ['zebra \\w+']"), ("", "")]
    {
        let (cases, _) = expanded(&suite_with(keys, &scenario(protect)));
        let harmed =
            cases.iter().filter(|case| is_variant(case) && !text(case).contains("zebra crossing")).count();
        assert_eq!(harmed == 0, !(keys.is_empty() && protect.is_empty()), "{keys}{protect}: {harmed}");
    }
}

#[test]
fn a_swapped_entity_is_swapped_in_the_expectation_the_row_and_what_follows() {
    let (cases, _) = expanded(&suite(
        r#"[[scenario]]
name = "books"
inputs = [{ text = "Book a call with Ana on Friday", who = "Ana", then = "with Ana, yes" }]
expect = { label = "scheduling", contains = "{{ row.who }}" }
conversation = [{ user = "{{ row.then }}" }]
expand = [{ op = "name", per_seed = 4 }]
"#,
    ));
    let variants: Vec<&Case> = cases.iter().filter(|case| is_variant(case)).collect();
    assert_eq!(variants.len(), 4);
    for case in variants {
        let who = case.row.get("who").unwrap().as_str().unwrap();
        assert_ne!(who, "Ana");
        assert_eq!(text(case), format!("Book a call with {who} on Friday"));
        assert_eq!(case.expect[0].contains.as_deref(), Some(who));
        assert_eq!(case.row.get("then").unwrap(), &serde_json::json!(format!("with {who}, yes")));
        assert_eq!((lineage(case).promise, case.truth.as_deref()), (Promise::Same, Some("scheduling")));
    }
}

#[test]
fn what_the_suite_states_replaces_what_the_seed_expects_and_can_keep_it() {
    let of = |stated: &str| {
        let text = format!(
            "[[scenario]]\nname = \"books\"\ninputs = [{{ text = \"Book a call with Maria\", who = \"Maria\" }}]\nexpect = {{ label = \"scheduling\" }}\nexpand = [{{ op = \"negation\", {stated}, per_seed = 1 }}]\n"
        );
        let (cases, _) = expanded(&suite(&text));
        let variant = cases.into_iter().find(is_variant).unwrap();
        (variant.truth.clone(), variant.expect.to_vec(), lineage(&variant).promise)
    };
    let label = |label: &str| Expect { label: Some(OneOrMany::One(label.to_owned())), ..Expect::default() };
    assert_eq!(
        of("label = \"clarify\""),
        (Some("clarify".to_owned()), vec![label("clarify")], Promise::Changed)
    );
    assert_eq!(
        of("expect = \"seed\""),
        (Some("scheduling".to_owned()), vec![label("scheduling")], Promise::Changed)
    );
    let contains = Expect { contains: Some("not Maria".to_owned()), ..Expect::default() };
    assert_eq!(
        of("label = \"clarify\", expect = { contains = \"not {{ row.who }}\" }"),
        (Some("clarify".to_owned()), vec![label("clarify"), contains], Promise::Changed)
    );
}

#[test]
fn an_answer_with_its_source_makes_a_correct_one_and_hallucinated_ones() {
    let (cases, _) = expanded(&suite(
        r#"[[scenario]]
name = "judges answers"
inputs = [{ text = "When was the bridge opened?", answer = "The bridge was opened by Maria in 1932.", source = "The bridge was opened by Maria in 1932 after eight years of work." }]
expect = { label = "clarify" }
expand = [{ family = "grounded", per_seed = 6, correct = { label = "documents" }, hallucinated = { label = "out_of_scope" } }]
"#,
    ));
    let mut met = HashSet::new();
    for case in cases.iter().filter(|case| is_variant(case)) {
        let op = lineage(case).chain[0].op.as_str();
        met.insert(op);
        let says_1932 = text(case).contains("1932");
        match op {
            "correct_answer" => assert_eq!(case.truth.as_deref(), Some("documents")),
            "source_question" => assert_eq!(lineage(case).promise, Promise::Own),
            "number_swapped" => assert_eq!((case.truth.as_deref(), says_1932), (Some("out_of_scope"), false)),
            _ => assert_eq!(case.truth.as_deref(), Some("out_of_scope"), "{op}"),
        }
    }
    for op in ["correct_answer", "number_swapped", "contradiction"] {
        assert!(met.contains(op), "{op} in {met:?}");
    }
}
