//! The same suite gives the same bytes, and what is added changes nothing that was there.

use super::project::{Project, Ran};
use super::{HEAD, REQUESTS, expanded, is_variant, lineage, scenario, suite, text, written};
use holdline::expand::Case;
use holdline::suite::Suite;
use holdline::suite::schema::SuiteFile;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::process::Command;

const FAMILIES: [&str; 5] = ["\"typing\"", "\"surface\"", "\"grammar\"", "\"unicode\"", "\"context\""];
/// Entries for a second scenario, which promise something of their own.
const STATED: &str =
    "[{ family = \"meaning\", label = \"clarify\" }, { family = \"off_topic\", label = \"out_of_scope\" }]";

fn project() -> Project {
    let text = format!(
        "{HEAD}{}{}",
        scenario("books", &REQUESTS, &format!("[{}]", FAMILIES.join(", "))),
        scenario("asks back", &REQUESTS[..4], STATED),
    );
    Project::new(&[("suites/demo.toml", &text)])
}

#[test]
fn two_runs_write_the_same_bytes_in_any_locale() {
    let project = project();
    for format in ["jsonl", "csv"] {
        let export = ["expand", "--export", format];
        let first = project.holdline(&export).expect(0).out;
        assert!(first.lines().count() > REQUESTS.len() * FAMILIES.len(), "{first}");
        assert_eq!(project.holdline(&export).expect(0).out, first);
        for locale in ["C", "de_DE.UTF-8", "tr_TR.UTF-8"] {
            let mut command = project.command(&export);
            command.env("LC_ALL", locale).env("LANG", locale).env("TZ", "Asia/Kathmandu");
            assert_eq!(Ran::of(command.output().unwrap()).expect(0).out, first, "{locale}");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn one_processor_writes_what_several_write() {
    let project = project();
    let export = ["expand", "--export", "jsonl"];
    let on_all = project.holdline(&export).expect(0).out;
    let one = Command::new("taskset")
        .args(["-c", "0", env!("CARGO_BIN_EXE_holdline")])
        .args(export)
        .current_dir(project.folder.path())
        .output();
    // Not every machine has the command.
    if let Ok(one) = one {
        assert_eq!(Ran::of(one).expect(0).out, on_all);
    }
}

#[test]
fn the_order_of_scenarios_and_of_seeds_changes_no_case() {
    let all = format!("[{}]", FAMILIES.join(", "));
    let parts = [
        scenario("one", &REQUESTS[..3], &all),
        scenario("two", &REQUESTS[3..6], &all),
        scenario("three", &REQUESTS[4..], STATED),
    ];
    let cases = |order: [usize; 3]| {
        let text: String = order.iter().map(|at| parts[*at].as_str()).collect();
        written(&expanded(&suite(&text)).0)
    };
    let first = cases([0, 1, 2]);
    for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        assert_eq!(cases(order), first, "{order:?}");
    }
    let mut reversed = REQUESTS;
    reversed.reverse();
    let of = |requests: &[&str]| written(&expanded(&suite(&scenario("one", requests, &all))).0);
    assert_eq!(of(&reversed), of(&REQUESTS));
}

#[test]
fn another_seed_of_the_suite_gives_other_variants_of_the_same_seeds() {
    let suite = suite(&scenario("books", &REQUESTS, "[\"typing\"]"));
    let spec = SuiteFile { seed: 7, ..suite.spec.clone() };
    let other = Suite { spec, ..suite.clone() };
    let variants = |suite: &Suite| -> BTreeSet<String> {
        let (cases, _) = expanded(suite);
        cases.iter().filter(|case| is_variant(case)).map(|case| text(case).to_owned()).collect()
    };
    assert_ne!(variants(&suite), variants(&other));
}

/// Some of the requests, in any order.
fn requests() -> impl Strategy<Value = Vec<&'static str>> {
    proptest::sample::subsequence(REQUESTS.to_vec(), 1..=4).prop_shuffle()
}

fn families() -> impl Strategy<Value = Vec<&'static str>> {
    proptest::sample::subsequence(FAMILIES.to_vec(), 1..=3).prop_shuffle()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_seed_more_changes_no_other_case(
        requests in requests(), families in families(), at in 0_usize..5, per_seed in 1_usize..4,
    ) {
        let added = "Remind Olga of the invoice that the caterer sent";
        let expand = format!("[{}]\nper_seed = {per_seed}", families.join(", "));
        let before = written(&expanded(&suite(&scenario("books", &requests, &expand))).0);
        let mut more = requests.clone();
        more.insert(at.min(requests.len()), added);
        let (after, _) = expanded(&suite(&scenario("books", &more, &expand)));
        let seed = after.iter().find(|case| case.input == *added).unwrap().id;
        prop_assert_eq!(written(after.iter().filter(|case| case.family != seed)), before);
        prop_assert!(after.iter().any(|case| case.family == seed && case.id != seed));
    }

    #[test]
    fn a_scenario_more_changes_no_case(requests in requests(), families in families(), first: bool) {
        let expand = format!("[{}]", families.join(", "));
        let one = scenario("books", &requests, &expand);
        // With the same requests: what the one makes must not depend on what the other has made.
        let other = scenario("asks back", &requests, &format!("[{}]", FAMILIES.join(", ")));
        let before = written(&expanded(&suite(&one)).0);
        let text = if first { format!("{other}{one}") } else { format!("{one}{other}") };
        let (after, _) = expanded(&suite(&text));
        let index = usize::from(first);
        prop_assert_eq!(written(after.iter().filter(|case| case.scenario == index)), before);
    }

    #[test]
    fn an_entry_more_changes_no_case_of_the_others(
        requests in requests(), families in families(), at in 0_usize..4, per_seed in 1_usize..4,
    ) {
        let added = FAMILIES.iter().find(|family| !families.contains(family)).unwrap();
        let of = |families: &[&str]| {
            let expand = format!("[{}]\nper_seed = {per_seed}", families.join(", "));
            expanded(&suite(&scenario("books", &requests, &expand))).0
        };
        let before = written(&of(&families));
        let mut more = families.clone();
        more.insert(at.min(families.len()), added);
        let after = of(&more);
        let is_new = |case: &&Case| {
            is_variant(case) && format!("\"{}\"", lineage(case).family) == **added
        };
        prop_assert_eq!(written(after.iter().filter(|case| !is_new(case))), before);
        prop_assert!(after.iter().any(|case| is_new(&case)));
    }
}
