//! How many variants there are: what was asked for, what was kept, and what is told of the rest.

use super::{REQUESTS, expanded, is_variant, lineage, scenario, suite, suite_with, text};
use holdline::expand::{Case, Reason};
use holdline::suite::load;
use holdline::suite::schema::Origin;
use std::collections::BTreeMap;
use std::path::Path;

const TEMPLATE: &str = r#"[[scenario]]
name = "greets"
template = "Good {{ time }}, {{ name }}, please open the weekly sales report"
expect = { contains = "hello" }
expand = ["typing"]
[scenario.knobs]
time = ["morning", "evening"]
name = ["Ana", "Ben", "Cem"]
"#;

fn count(cases: &[Case], of: impl Fn(&Case) -> bool) -> usize {
    cases.iter().filter(|case| of(case)).count()
}

/// Variants of each seed and family.
fn by_seed_and_family(cases: &[Case]) -> BTreeMap<(String, String), usize> {
    let mut out = BTreeMap::new();
    for case in cases.iter().filter(|case| is_variant(case)) {
        *out.entry((case.family.to_string(), lineage(case).family.clone())).or_default() += 1;
    }
    out
}

#[test]
fn per_seed_is_what_the_entry_says_or_the_scenario_or_the_suite() {
    let requests = &REQUESTS[..3];
    let counts = |keys: &str, expand: &str| {
        let (cases, _) = expanded(&suite_with(keys, &scenario("books", requests, expand)));
        let mut counts: Vec<usize> = by_seed_and_family(&cases).into_values().collect();
        counts.dedup();
        counts
    };
    assert_eq!(counts("", "[\"typing\"]"), [2]);
    assert_eq!(counts("[expand]\nper_seed = 5\n", "[\"typing\"]"), [5]);
    assert_eq!(counts("[expand]\nper_seed = 5\n", "[\"typing\"]\nper_seed = 3"), [3]);
    assert_eq!(
        counts("[expand]\nper_seed = 5\n", "[{ family = \"typing\", per_seed = 1 }]\nper_seed = 3"),
        [1]
    );
}

#[test]
fn the_budget_of_a_scenario_leaves_people_and_other_scenarios_alone() {
    let text = |total: &str| {
        scenario("books", &REQUESTS, &format!("[\"typing\", \"surface\"]\nper_seed = 3\n{total}"))
            + &scenario("asks", &REQUESTS[..2], "[\"typing\"]")
    };
    let (all, _) = expanded(&suite(&text("")));
    let (some, ledger) = expanded(&suite(&text("total = 20")));
    assert_eq!(count(&some, |case| case.scenario == 0 && is_variant(case)), 20);
    assert_eq!(count(&some, |case| case.scenario == 0 && !is_variant(case)), REQUESTS.len());
    assert_eq!(count(&some, |case| case.scenario == 1), count(&all, |case| case.scenario == 1));
    // What is kept is as it was.
    assert!(super::written(&some).is_subset(&super::written(&all)));
    // One of each of the two families for each of the eight seeds fits into twenty.
    assert_eq!(
        by_seed_and_family(&some)
            .into_keys()
            .filter(|(seed, _)| {
                some.iter().any(|case| case.scenario == 0 && case.id.to_string() == *seed)
            })
            .count(),
        16
    );
    let entries = &ledger.scenarios[0].entries;
    let sum = |of: fn(&holdline::expand::EntryLedger) -> usize| entries.iter().map(of).sum::<usize>();
    assert_eq!(sum(|entry| entry.delivered), 20);
    assert_eq!(
        sum(|entry| entry.over_budget),
        count(&all, |case| case.scenario == 0 && is_variant(case)) - 20
    );
}

#[test]
fn the_budget_of_a_suite_goes_to_rows_first_and_then_to_one_of_each_family_and_seed() {
    let text =
        format!("{}{TEMPLATE}", scenario("books", &REQUESTS[..4], "[\"typing\", \"surface\"]\nper_seed = 3"));
    let kept = |total: usize| expanded(&suite_with(&format!("[expand]\ntotal = {total}\n"), &text)).0;
    let rows = |cases: &[Case]| count(cases, |case| case.provenance.origin == Origin::Template);
    // Three rows of the six, and no variant.
    let cases = kept(3);
    assert_eq!((rows(&cases), count(&cases, is_variant), cases.len()), (3, 0, 3 + 4));
    // Six rows of the template; then four seeds with two families and six rows with one.
    let cases = kept(6 + 14);
    assert_eq!((rows(&cases), count(&cases, is_variant)), (6, 14));
    let counts = by_seed_and_family(&cases);
    assert_eq!((counts.len(), counts.values().all(|count| *count == 1)), (14, true), "{counts:?}");
    // A few short of that: none twice, and no family left out.
    let counts = by_seed_and_family(&kept(6 + 5));
    assert_eq!((counts.values().sum::<usize>(), counts.len()), (5, 5), "{counts:?}");
    for family in ["typing", "surface"] {
        assert!(counts.keys().any(|(_, of)| of == family), "{counts:?}");
    }
}

#[test]
fn variants_of_failures_come_before_those_that_are_most_different() {
    let root = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = root.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("suites/failed.csv", "text\nPlease cancel the supplier call of this afternoon\n");
    let failed = "[[scenario]]\nname = \"failed before\"\ninputs = { file = \"failed.csv\", input = \"text\", origin = \"failure\" }\nexpect = { label = \"scheduling\" }\nexpand = [\"typing\"]\nper_seed = 4\n";
    let text = format!(
        "{}[expand]\ntotal = 7\n{}{failed}",
        super::HEAD,
        scenario("books", &REQUESTS[..4], "[\"typing\"]\nper_seed = 4")
    );
    write("suites/demo.toml", &text);
    let suite = load(root.path(), Path::new("suites/demo.toml")).unwrap();
    let (cases, _) = expanded(&suite);
    // One for each of the five seeds, and two more: both of the failure.
    assert_eq!(count(&cases, is_variant), 7);
    assert_eq!(count(&cases, |case| is_variant(case) && case.scenario == 1), 3);
}

#[test]
fn nothing_is_silently_short() {
    let text = scenario(
        "books",
        &["ok", "Book a meeting with Maria", "12:30"],
        "[\"typing\", \"diacritics\", { family = \"surface\", per_seed = 40 }]",
    );
    let (cases, ledger) = expanded(&suite(&text));
    let entries = &ledger.scenarios[0].entries;
    assert_eq!(
        entries.iter().map(|entry| (entry.name.as_str(), entry.requested)).collect::<Vec<_>>(),
        [("typing", 6), ("diacritics", 6), ("surface", 120)]
    );
    for entry in entries {
        let lines = entry.operators.values();
        assert_eq!(lines.clone().map(|line| line.delivered).sum::<usize>(), entry.delivered);
        assert!(entry.delivered < entry.requested, "{}", entry.name);
        assert!(lines.map(|line| line.rejected.values().sum::<usize>()).sum::<usize>() > 0, "{}", entry.name);
    }
    // No seed has an accent to leave out.
    assert_eq!(entries[1].delivered, 0);
    assert_eq!(entries[1].operators["diacritics"].rejected, BTreeMap::from([(Reason::NoSite, 3)]));
    assert_eq!(entries.iter().map(|entry| entry.delivered).sum::<usize>(), count(&cases, is_variant));
    assert_eq!(ledger.cases(), cases.len());
}

#[test]
fn inputs_that_are_no_text_are_counted() {
    let root = tempfile::tempdir().unwrap();
    std::fs::create_dir(root.path().join("suites")).unwrap();
    let write = |name: &str, text: &str| std::fs::write(root.path().join("suites").join(name), text).unwrap();
    write(
        "rows.jsonl",
        "{\"in\": {\"price\": 3}}\n{\"in\": \"book a meeting with Maria\"}\n{\"in\": [1, 2]}\n",
    );
    write(
        "demo.toml",
        &format!(
            "{}[[scenario]]\nname = \"prices\"\ninputs = {{ file = \"rows.jsonl\", input = \"in\" }}\nexpect = {{ label = \"clarify\" }}\nexpand = [\"typing\", \"surface\"]\n",
            super::HEAD
        ),
    );
    let (cases, ledger) = expanded(&load(root.path(), Path::new("suites/demo.toml")).unwrap());
    for entry in &ledger.scenarios[0].entries {
        assert_eq!((entry.requested, entry.delivered), (6, 2));
        assert_eq!(entry.operators[&entry.name].rejected[&Reason::NotText], 2);
    }
    assert_eq!(count(&cases, is_variant), 4);
    assert!(cases.iter().filter(|case| is_variant(case)).all(|case| text(case).len() > 10));
}

#[test]
fn an_attempt_for_a_canary_that_there_is_none_of_says_so() {
    let asked = scenario("books", &REQUESTS[..2], "[\"prompt_leak\"]");
    let (cases, ledger) = expanded(&suite(&asked));
    assert_eq!(count(&cases, is_variant), 0);
    let rejected = &ledger.scenarios[0].entries[0].operators["prompt_leak"].rejected;
    assert_eq!(rejected, &BTreeMap::from([(Reason::NoCanary, 2)]));
    let (cases, _) = expanded(&suite_with("[expand]\ncanary = \"CANARY-7f3a\"\n", &asked));
    assert_eq!(count(&cases, is_variant), 4);
    for case in cases.iter().filter(|case| is_variant(case)) {
        let excludes = serde_json::to_value(&*case.expect).unwrap().to_string();
        assert!(excludes.contains("CANARY-7f3a") && !text(case).contains("CANARY-7f3a"), "{excludes}");
    }
}
