//! Templates and knobs, from the suite file to the cases, the ledger and the gate.
#![cfg(feature = "cli")]

#[expect(dead_code, reason = "other test files use the rest")]
mod project;

use holdline::expand::{Case, Expansion, Ledger, Reason, cases_of};
use holdline::suite::schema::Origin;
use holdline::suite::{Suite, load};
use project::Project;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const HEAD: &str = "feature = \"Answers questions\"\n[target]\nrecorded = \"answers.jsonl\"\n";

const SUPPORT: &str = r#"[[scenario]]
name = "helps with a feature"
template = "I am a {{ persona }} and my {{ knobs.feature }} {{ problem }}"
expect = { contains = "{{ knobs.feature }}" }
tags = ["support"]
[scenario.knobs]
persona = ["new user", "admin", "guest"]
feature = ["import", "admin export", "search", "login"]
problem = ["is slow", "fails", "is empty"]
[scenario.cover]
constraints = ['not (persona = "new user" and feature = "admin export")']
"#;

const GREETING: &str = r#"[[scenario]]
name = "greets"
template = ["Good {{ time }}, {{ name }}", "{{ name }}, good {{ time }}"]
expect = { contains = "hello" }
[scenario.knobs]
time = ["morning", "evening"]
name = ["Ana", "Ben", "Cem"]
"#;

fn suite(text: &str) -> Suite {
    let root = tempfile::tempdir().unwrap();
    std::fs::create_dir(root.path().join("suites")).unwrap();
    std::fs::write(root.path().join("suites/demo.toml"), format!("{HEAD}{text}")).unwrap();
    std::fs::write(root.path().join("suites/answers.jsonl"), "").unwrap();
    load(root.path(), Path::new("suites/demo.toml"))
        .unwrap_or_else(|told| panic!("{}", told.render(100, false)))
}

fn expanded(text: &str) -> (Vec<Case>, Ledger) {
    let suite = suite(text);
    let mut cases = Vec::new();
    let ledger = Expansion::new(&suite).unwrap().visit(&mut |case| cases.push(case)).unwrap();
    (cases, ledger)
}

fn knobs(case: &Case) -> BTreeMap<String, String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    case.knobs.columns.iter().cloned().zip(case.knobs.values.iter().map(text)).collect()
}

fn row(knobs: &[(&str, &str)]) -> BTreeMap<String, String> {
    knobs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// Every pair of values of two knobs that a row has.
fn pairs(row: &BTreeMap<String, String>) -> BTreeSet<[(String, String); 2]> {
    let all: Vec<(String, String)> = row.clone().into_iter().collect();
    let with = |(at, one): (usize, &(String, String))| {
        all[at + 1..].iter().map(|other| [one.clone(), other.clone()]).collect::<Vec<_>>()
    };
    all.iter().enumerate().flat_map(with).collect()
}

fn ids(cases: &[Case]) -> BTreeSet<String> {
    cases.iter().map(|case| case.id.to_string()).collect()
}

fn of(cases: &[Case], scenario: usize) -> Vec<Case> {
    cases.iter().filter(|case| case.scenario == scenario).cloned().collect()
}

#[test]
fn every_pair_that_may_occur_does_and_none_that_may_not() {
    let (cases, ledger) = expanded(SUPPORT);
    let rows: Vec<_> = cases.iter().map(knobs).collect();
    let covered: BTreeSet<_> = rows.iter().flat_map(pairs).collect();
    // 3 × 4 + 3 × 3 + 4 × 3 = 33 pairs, one of them ruled out.
    assert_eq!(covered.len(), 32);
    let ruled_out =
        |row: &BTreeMap<String, String>| row["persona"] == "new user" && row["feature"] == "admin export";
    assert!(!rows.iter().any(ruled_out));
    // Twelve rows at least: four features with three problems each.
    assert!((12..=14).contains(&rows.len()), "{}", rows.len());
    let template = ledger.scenarios[0].template.as_ref().unwrap();
    assert_eq!(
        (template.requested, template.delivered, template.covered()),
        (rows.len(), rows.len(), (32, 32))
    );
    assert!(template.rejected.is_empty());
}

#[test]
fn a_row_is_filled_into_its_template_and_its_expectation() {
    let (cases, _) = expanded(SUPPORT);
    for case in &cases {
        let knobs = knobs(case);
        let wanted = format!("I am a {} and my {} {}", knobs["persona"], knobs["feature"], knobs["problem"]);
        assert_eq!(case.input, json!(wanted));
        assert_eq!(case.expect[0].contains.as_deref(), Some(knobs["feature"].as_str()));
        assert_eq!(
            (case.provenance.origin, &case.row_id, case.tags.as_slice()),
            (Origin::Template, &None, &["support".to_owned()][..])
        );
        // `template` stands in the third line of the scenario, behind the three of the head.
        assert_eq!((&*case.provenance.place.file, case.provenance.place.line), ("suites/demo.toml", 6));
    }
}

#[test]
fn several_templates_are_used_in_turn() {
    let (cases, _) = expanded(GREETING);
    assert_eq!(cases.len(), 6);
    for (at, case) in cases.iter().enumerate() {
        let knobs = knobs(case);
        let wanted = if at % 2 == 0 {
            format!("Good {}, {}", knobs["time"], knobs["name"])
        } else {
            format!("{}, good {}", knobs["name"], knobs["time"])
        };
        assert_eq!(case.input, json!(wanted));
    }
}

#[test]
fn the_same_suite_gives_the_same_rows_and_no_scenario_changes_those_of_another() {
    let (first, _) = expanded(SUPPORT);
    let (again, _) = expanded(SUPPORT);
    let bytes = |cases: &[Case]| {
        cases.iter().map(|case| format!("{} {} {}", case.id, case.name, case.input)).collect::<Vec<_>>()
    };
    assert_eq!(bytes(&first), bytes(&again));
    let (before, _) = expanded(&format!("{GREETING}{SUPPORT}"));
    let (after, _) = expanded(&format!("{SUPPORT}{GREETING}"));
    assert_eq!(bytes(&of(&before, 1)), bytes(&first));
    assert_eq!(bytes(&of(&after, 0)), bytes(&first));
    assert_eq!(bytes(&of(&before, 0)), bytes(&of(&after, 1)));
}

#[test]
fn the_order_of_knobs_and_the_suites_description_change_nothing_and_the_seed_changes_the_rows() {
    let (first, _) = expanded(SUPPORT);
    let moved = SUPPORT.replace("problem = [\"is slow\", \"fails\", \"is empty\"]\n", "").replace(
        "[scenario.knobs]\n",
        "[scenario.knobs]\nproblem = [\"is slow\", \"fails\", \"is empty\"]\n",
    );
    assert_eq!(ids(&expanded(&moved).0), ids(&first));
    let seeded = suite(SUPPORT);
    let seeded =
        Suite { spec: holdline::suite::schema::SuiteFile { seed: 7, ..seeded.spec.clone() }, ..seeded };
    assert_ne!(ids(&cases_of(&seeded).unwrap()), ids(&first));
}

/// A weight moves rows, and a row that both suites have is the same case in both.
#[test]
fn a_row_that_stays_keeps_its_identity() {
    let (first, _) = expanded(SUPPORT);
    let weighed = SUPPORT.replace(
        "problem = [\"is slow\", \"fails\", \"is empty\"]",
        "problem = { values = [\"is slow\", \"fails\", \"is empty\"], weights = [5, 1, 1] }",
    ) + "count = 20\n";
    let (second, _) = expanded(&weighed);
    assert_eq!(second.len(), 20);
    let by_row: BTreeMap<_, _> = first.iter().map(|case| (knobs(case), case.id)).collect();
    let both: Vec<_> = second.iter().filter_map(|case| Some((case.id, *by_row.get(&knobs(case))?))).collect();
    assert!(!both.is_empty());
    assert!(both.iter().all(|(new, old)| new == old));
    let worded = SUPPORT.replace("I am a", "I'm a");
    assert!(ids(&expanded(&worded).0).is_disjoint(&ids(&first)), "another text is another case");
}

#[test]
fn rows_that_must_appear_do_and_a_group_is_covered_with_its_own_strength() {
    let text = format!(
        "{SUPPORT}rows = [{{ persona = \"guest\", feature = \"login\", problem = \"fails\" }}]\n\
         groups = [{{ knobs = [\"persona\", \"feature\", \"problem\"], strength = 3 }}]\n"
    );
    let (cases, ledger) = expanded(&text);
    let rows: BTreeSet<_> = cases.iter().map(knobs).collect();
    assert!(rows.contains(&row(&[("persona", "guest"), ("feature", "login"), ("problem", "fails")])));
    // 3 × 4 × 3 = 36 rows, three of them with the pair that is ruled out.
    assert_eq!((cases.len(), rows.len()), (33, 33));
    assert_eq!(ledger.scenarios[0].template.as_ref().unwrap().covered(), (32 + 33, 32 + 33));
}

#[test]
fn fewer_rows_than_needed_leave_combinations_out_and_say_so() {
    let (cases, ledger) = expanded(&format!("{SUPPORT}count = 5\n"));
    let covered: BTreeSet<_> = cases.iter().map(knobs).flat_map(|row| pairs(&row)).collect();
    let template = ledger.scenarios[0].template.as_ref().unwrap();
    assert_eq!((cases.len(), template.covered()), (5, (covered.len(), 32)));
    assert!(covered.len() < 32);
}

const TWINS: &str = r#"[[scenario]]
name = "helps"
template = "{{ greeting if tone == 'warm' else '' }} help"
expect = { contains = "help" }
[scenario.knobs]
tone = ["warm", "cold"]
greeting = ["hi", "hey", "hello"]
"#;

#[test]
fn a_row_that_asks_the_same_is_rejected_unless_it_has_a_combination_of_its_own() {
    // Six rows; the three cold ones ask the same, and each has a pair that no other has.
    let (cases, ledger) = expanded(TWINS);
    let template = ledger.scenarios[0].template.as_ref().unwrap();
    assert_eq!((template.requested, template.delivered, template.flagged), (6, 6, 2));
    assert_eq!(template.rejected, BTreeMap::from([(Reason::Duplicate, 2)]));
    assert_eq!((ids(&cases).len(), template.covered()), (6, (6, 6)));
    // With values alone to be covered and all six rows asked for, what asks the same is kept for a value at most.
    let (cases, ledger) = expanded(&format!("{TWINS}[scenario.cover]\nstrength = 1\ncount = 6\n"));
    let template = ledger.scenarios[0].template.as_ref().unwrap();
    let inputs: BTreeSet<_> = cases.iter().map(|case| case.input.to_string()).collect();
    assert_eq!(inputs.len() + template.flagged, cases.len());
    assert_eq!(
        template.requested - template.delivered + template.flagged,
        template.rejected[&Reason::Duplicate]
    );
    assert_eq!(template.covered(), (5, 5));
}

#[test]
fn an_empty_input_takes_the_next_template_or_is_left_out() {
    let text =
        GREETING.replace("\"Good {{ time }}, {{ name }}\"", "\"{{ name if time == 'morning' else '' }}\"");
    let (cases, ledger) = expanded(&text);
    let template = ledger.scenarios[0].template.as_ref().unwrap();
    assert_eq!((template.requested, template.delivered), (6, 6));
    assert!(cases.iter().all(|case| !case.input.as_str().unwrap().trim().is_empty()));
    let alone = text.replace(", \"{{ name }}, good {{ time }}\"", "");
    let (cases, ledger) = expanded(&alone);
    let template = ledger.scenarios[0].template.as_ref().unwrap();
    assert_eq!((cases.len(), template.requested, template.delivered), (3, 6, 3));
    assert_eq!(
        (template.rejected.clone(), template.covered()),
        (BTreeMap::from([(Reason::Schema, 3)]), (3, 6))
    );
}

#[test]
fn inputs_stand_beside_the_rows_and_none_is_asked_twice() {
    // Each of the six pairs is a row, and each is said by one of the two templates.
    let (rows, _) = expanded(GREETING);
    let said = rows[0].input.as_str().unwrap();
    let text = GREETING.replace("expect =", &format!("inputs = [\"{said}\", \"Hello\"]\nexpect ="));
    let (cases, ledger) = expanded(&text);
    let template = ledger.scenarios[0].template.as_ref().unwrap();
    // What the input says already is said in the words of the other template.
    assert_eq!(
        (template.delivered, template.rejected.clone()),
        (6, BTreeMap::from([(Reason::Duplicate, 1)]))
    );
    let inputs: BTreeSet<_> = cases.iter().map(|case| case.input.to_string()).collect();
    assert_eq!((cases.len(), inputs.len()), (8, 8));
    assert_eq!(ledger.scenarios[0].origins[&Origin::Written], 2);
}

#[test]
fn a_budget_leaves_rows_out_and_says_what_that_costs() {
    let (cases, ledger) =
        expanded(&GREETING.replace("expect =", "inputs = [\"Hello\"]\ntotal = 4\nexpect ="));
    let template = ledger.scenarios[0].template.as_ref().unwrap();
    assert_eq!((template.delivered, template.over_budget, template.covered()), (4, 2, (4, 6)));
    // What people wrote stays beyond any budget.
    assert_eq!((cases.len(), ledger.scenarios[0].origins[&Origin::Written]), (5, 1));
}

/// A project whose recorded answers are right, for the rows that `answered` lets through.
fn project(gate: &str) -> Project {
    let files =
        [("suites/demo.toml", format!("{HEAD}{GREETING}{gate}")), ("suites/answers.jsonl", String::new())];
    let project = Project::new(&files.iter().map(|(name, text)| (*name, text.as_str())).collect::<Vec<_>>());
    let export = project.holdline(&["expand", "--export", "jsonl"]).expect(0);
    let answer = |line: &str| {
        let case: Value = serde_json::from_str(line).unwrap();
        json!({ "input": case["input"], "output": "hello" }).to_string() + "\n"
    };
    project.write("suites/answers.jsonl", &export.out.lines().map(answer).collect::<String>());
    project
}

#[test]
fn knob_coverage_is_gated_by_a_floor() {
    let gate =
        |floor: &str| format!("[gate.metrics]\npass_rate = {{}}\nknob_coverage = {{ floor = {floor} }}\n");
    let whole = project(&gate("1.0"));
    whole.holdline(&["run", "--json", "report.json"]).expect(0);
    let report: Value = serde_json::from_str(&whole.read("report.json")).unwrap();
    let all = report["suites"][0]["measurements"].as_array().unwrap();
    let found: Vec<_> = all.iter().filter(|one| one["metric"] == "knob_coverage").collect();
    assert_eq!(found.len(), 2, "the suite and its scenario");
    assert!(found.iter().all(|one| one["value"] == 1.0 && one["n"] == 6), "{found:?}");
    // Four of the six pairs, and no more cases than that.
    let part = project(&gate("0.9").replace("[gate", "[scenario.cover]\ncount = 4\n[gate"));
    part.holdline(&["run", "--json", "report.json"]).expect(1);
    let report: Value = serde_json::from_str(&part.read("report.json")).unwrap();
    let all = report["suites"][0]["measurements"].as_array().unwrap();
    let found = all.iter().find(|one| one["metric"] == "knob_coverage" && one["slice"] == "suite").unwrap();
    assert!((found["value"].as_f64().unwrap() - 4.0 / 6.0).abs() < 1e-12);
    assert_eq!(found["reason"], "2 of 6 combinations were not asked");
}

#[test]
fn knobs_reach_what_is_sent_and_what_is_expected() {
    let project = Project::new(&[(
        "suites/demo.toml",
        r#"feature = "Echoes"
[target]
command = ["cat"]
format = "text"
body = "{{ input }} / {{ knobs.lang }}"
[[scenario]]
name = "echoes"
template = "say {{ word }}"
# The last turn is judged: it has to echo what the user said then.
expect = { equals = "again in {{ knobs.lang }} / {{ knobs.lang }}" }
conversation = [{ user = "again in {{ knobs.lang }}" }]
[scenario.knobs]
word = ["yes", "no"]
lang = ["de", "fr"]
"#,
    )]);
    project.holdline(&["run", "--json", "report.json"]).expect(0);
    let report: Value = serde_json::from_str(&project.read("report.json")).unwrap();
    // Rows that say the same in two languages are two cases, for the language is sent.
    let cases = report["suites"][0]["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 4);
    let first = |case: &Value| {
        case["graded"]["transcript"]["turns"][0]["answer"]["output"].as_str().map(str::to_owned)
    };
    let said: BTreeSet<_> = cases.iter().filter_map(first).collect();
    let wanted = ["say no / de", "say no / fr", "say yes / de", "say yes / fr"];
    assert_eq!(said, wanted.into_iter().map(str::to_owned).collect());
}

#[test]
fn coverage_is_printed() {
    let text = format!(
        "{HEAD}{SUPPORT}groups = [{{ knobs = [\"persona\", \"feature\", \"problem\"], strength = 3 }}]\n{GREETING}[scenario.cover]\ncount = 4\n"
    );
    let project = Project::new(&[("suites/demo.toml", &text), ("suites/answers.jsonl", "")]);
    let ran = project.holdline(&["expand", "--coverage"]).expect(0);
    insta::assert_snapshot!(ran.out, @r#"
    demo: helps with a feature
      33 rows over feature (4), persona (3), problem (3)
      pairs: 32 of 32 covered; 1 ruled out, such as feature = "admin export" and persona = "new user"
      triples of persona × feature × problem: 33 of 33 covered; 3 ruled out, such as feature = "admin export" and persona = "new user" and problem = "is slow"

    demo: greets
      4 rows over name (3), time (2)
      pairs: 4 of 6 covered, missing such as name = "Ana" and time = "evening"
    "#);
    let plain = Project::new(&[(
        "suites/demo.toml",
        "feature = \"f\"\n[target]\nhttp = \"http://127.0.0.1:1\"\n[[scenario]]\nname = \"a\"\ninputs = [\"b\"]\nexpect = { contains = \"c\" }\n",
    )]);
    plain.holdline(&["expand", "--coverage"]).expect(2);
}

#[test]
fn the_recorded_plan_has_a_line_for_a_template() {
    let suite = suite(SUPPORT);
    let ledger = Expansion::new(&suite).unwrap().visit(&mut |_| {}).unwrap();
    let rows = ledger.cases();
    let text = holdline::expand::lock::text(&suite, &ledger);
    assert!(
        text.contains(&format!("\n  template requested {rows} delivered {rows} covered 32 of 32\n")),
        "{text}"
    );
}
