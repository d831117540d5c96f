//! What people read of every kind of finding.

use super::recorded::{record, record_of};
use super::world::World;
use holdline::gate::Finding;
use holdline::gate::FindingKind::{
    Held, Improved, Incomparable, Inconclusive, Missing, New, Regressed, Unchanged,
};
use holdline::judge::Outcome::{self, Fail, Pass, Skipped, TargetError};
use holdline::report::explain::{Asked, asked, explain, told};
use holdline::report::{Record, Style, markdown, terminal};
use holdline::suite::quantity::Share;

const WIDE: Style = Style { colour: false, width: 110 };
const NARROW: Style = Style { colour: false, width: 60 };

/// Cases over scenarios of so many cases each, of which the first of every scenario broke and the second of
/// every scenario was fixed, as far as there are so many.
fn spread(cases: usize, each: usize, broke: usize, fixed: usize) -> World {
    let mut world = World::new();
    let scenarios = cases / each;
    for case in 0..cases {
        let (scenario, place) = (case / each, case % each);
        let number = place * scenarios + scenario;
        let (before, now) = if number < broke {
            (Pass, Fail)
        } else if number < broke + fixed {
            (Fail, Pass)
        } else {
            (Pass, Pass)
        };
        world.case(scenario, before, now);
    }
    world
}

/// 20 scenarios of 12 cases of which one did not always pass; in the first every case fails now.
fn scenario_down(again: [&[Outcome]; 12], steady: bool) -> World {
    let mut world = World::new();
    for scenario in 0..20 {
        for case in 0..12 {
            let shaky = !steady && scenario == 7 && case == 0;
            let before = if shaky { [Pass, Fail] } else { [Pass, Pass] };
            world.case_of_runs(scenario, &before, &[if scenario == 0 { Fail } else { Pass }]);
        }
    }
    for (case, outcomes) in again.into_iter().enumerate() {
        world.asked_again(case, outcomes);
    }
    world
}

fn drifting() -> World {
    let mut world = World::new();
    for case in 0..200 {
        let bad = if case % 4 == 0 { Fail } else { Pass };
        let now = if case % 5 == 0 { Fail } else { Pass };
        world.case_of_runs(case / 40, &[Pass, Pass, bad, Pass, Pass], &[now]);
    }
    world
}

/// 12 seeds with 40 variants each.
fn few_families() -> World {
    let mut world = spread(480, 40, 1, 1);
    for case in 0..480 {
        world.family_of(case, case / 40);
    }
    world
}

/// Every kind of finding, with the metric that shows it.
fn worlds() -> Vec<(&'static str, &'static str, World)> {
    let failed: &[Outcome] = &[Fail, Fail];
    let partly: &[Outcome] = &[Pass, Fail];
    let mut incomparable = spread(60, 10, 3, 0);
    incomparable.fingerprints.judges = "another".into();
    let mut new = spread(60, 10, 3, 0);
    new.without_baseline();
    let mut missing = spread(60, 10, 3, 0);
    missing.rename_first(30);
    let mut floor = spread(100, 10, 1, 0);
    floor.floor("pass_rate", 0.995);
    let mut below = spread(2000, 100, 14, 0);
    below.spec.cluster = holdline::suite::schema::ClusterBy::Family;
    below.spec.tolerance = Share::from_points(3.0);
    let mut two = spread(200, 20, 9, 0);
    two.spec.metrics.entry("pass_rate".into()).or_default();
    two.spec.metrics.entry("error_rate".into()).or_default();
    let mut five = World::new();
    for case in 0..100 {
        five.case_of_runs(case / 20, &[Pass; 5], &[if case % 20 < 2 { Fail } else { Pass }]);
    }
    vec![
        ("held", "pass_rate", spread(400, 40, 3, 1)),
        ("unchanged", "pass_rate", spread(60, 10, 0, 0)),
        ("improved", "pass_rate", spread(200, 20, 0, 15)),
        ("regressed", "pass_rate", spread(200, 20, 20, 2)),
        ("regressed_of_two_tests", "pass_rate", two),
        ("regressed_after_five_runs", "pass_rate", five),
        ("scenario_confirmed", "pass_rate@s0", scenario_down([failed; 12], false)),
        ("scenario_not_needed", "pass_rate@s0", scenario_down([&[]; 12], true)),
        ("scenario_not_asked", "pass_rate@s0", scenario_down([&[]; 12], false)),
        ("scenario_refuted", "pass_rate@s0", scenario_down([partly; 12], false)),
        ("inconclusive_power", "pass_rate", spread(100, 10, 8, 5)),
        ("inconclusive_few_clusters", "pass_rate", few_families()),
        ("inconclusive_cannot_block", "pass_rate", spread(60, 10, 3, 0)),
        ("inconclusive_drift", "pass_rate", drifting()),
        ("incomparable", "pass_rate", incomparable),
        ("new", "pass_rate", new),
        ("missing", "pass_rate", missing),
        ("floor", "pass_rate", floor),
        ("below_the_minimum_effect", "pass_rate", below),
    ]
}

fn named(name: &str) -> (&'static str, World) {
    let found = worlds().into_iter().find(|(of, ..)| *of == name).expect("a world of that name");
    (found.1, found.2)
}

fn found<'a>(record: &'a Record, key: &str) -> &'a Finding {
    match asked(&record.suites[0], key) {
        Ok(Asked::Found(finding)) => finding,
        other => panic!("{other:?}"),
    }
}

/// The lines of the report as far as they are of findings, and the page that explains one of them.
fn read(name: &str, style: Style) -> String {
    let (key, world) = named(name);
    let (record, baseline) = record(&[&world]);
    let suite = &record.suites[0];
    let report = terminal::render(&record, style);
    let until_cases: Vec<&str> = report
        .lines()
        .take_while(|line| {
            let own =
                ["fail the build", "does not fail the build", "fails the build", "measured  ", "note  "];
            !own.iter().any(|start| line.contains(start))
        })
        .collect();
    let page = explain(&record, suite, &[found(&record, key)], baseline.as_ref(), style);
    format!("{}\n{:-<60}\n{page}", until_cases.join("\n").trim_end(), "")
}

#[test]
fn every_kind_of_finding_reads_well() {
    for (name, ..) in worlds() {
        insta::assert_snapshot!(name, read(name, WIDE));
    }
}

#[test]
fn a_few_of_them_on_a_narrow_terminal() {
    for name in ["regressed", "inconclusive_power", "scenario_confirmed", "held"] {
        insta::assert_snapshot!(format!("narrow_{name}"), read(name, NARROW));
    }
}

#[test]
fn each_world_is_what_its_name_says() {
    let kind = |name: &str| {
        let (key, world) = named(name);
        let (record, _) = record(&[&world]);
        let of = found(&record, key);
        (of.kind, of.gates)
    };
    let expected = [
        ("held", (Held, true)),
        ("unchanged", (Unchanged, true)),
        ("improved", (Improved, true)),
        ("regressed", (Regressed, true)),
        ("scenario_confirmed", (Regressed, true)),
        ("scenario_not_needed", (Regressed, true)),
        ("scenario_not_asked", (Regressed, true)),
        ("scenario_refuted", (Inconclusive, false)),
        ("inconclusive_power", (Inconclusive, true)),
        ("inconclusive_few_clusters", (Inconclusive, true)),
        ("inconclusive_cannot_block", (Inconclusive, true)),
        ("inconclusive_drift", (Inconclusive, true)),
        ("incomparable", (Incomparable, true)),
        ("new", (New, true)),
        ("missing", (Missing, true)),
        ("floor", (Regressed, true)),
        ("below_the_minimum_effect", (Held, true)),
    ];
    for (name, of) in expected {
        assert_eq!(kind(name), of, "{name}");
    }
}

/// The record alone gives the same advice as the record with its baseline, where one run was accepted.
#[test]
fn how_many_must_pass_again_is_known_without_the_baseline() {
    let (key, world) = named("regressed");
    let (record, baseline) = record(&[&world]);
    let suite = &record.suites[0];
    let page = |baseline| explain(&record, suite, &[found(&record, key)], baseline, WIDE);
    assert_eq!(page(None), page(baseline.as_ref()));
    // 20 broke and 2 were fixed. By hand, McNemar's mid-p of b broken and 2 fixed: b = 7 gives
    // (1 + 9 + 36/2) / 512 = 0.0547, b = 8 gives (1 + 10 + 45/2) / 1024 = 0.0327. At most 0.04 blocks, so 13 of
    // the 20 would have to pass again.
    assert!(page(None).contains("13 of the 20 cases that broke would have to pass again"), "{}", page(None));
}

/// Five runs before: the record does not have them, and the baseline does.
#[test]
fn what_the_record_does_not_hold_is_not_guessed() {
    let (key, world) = named("regressed_after_five_runs");
    let (record, baseline) = record(&[&world]);
    let suite = &record.suites[0];
    let page = |baseline| explain(&record, suite, &[found(&record, key)], baseline, WIDE);
    // 6^−k/2 is at most 0.04 from k = 2 on: 9 of 10 would have to pass.
    assert!(page(baseline.as_ref()).contains("9 of the 10 cases that broke"), "{}", page(baseline.as_ref()));
    assert!(page(None).contains("9 pt beyond the smallest that blocks, 1 pt"), "{}", page(None));
}

#[test]
fn an_old_record_says_that_it_has_no_numbers() {
    let (key, world) = named("inconclusive_power");
    let (mut record, _) = record(&[&world]);
    record.suites[0].findings[0].evidence = None;
    let page = explain(&record, &record.suites[0], &[found(&record, key)], None, WIDE);
    insta::assert_snapshot!("old_record", page);
}

/// 14 of 200 cases were asked when a loss was sure: 10 of them broke.
#[test]
fn a_run_that_stopped_early_says_what_it_went_by() {
    let mut world = World::new();
    for case in 0..200 {
        world.case(
            case / 20,
            Pass,
            if case >= 14 {
                Skipped
            } else if case < 10 {
                Fail
            } else {
                Pass
            },
        );
    }
    let mut input = world.input();
    input.stopped_early = true;
    let (record, baseline) = record_of(&[input]);
    let suite = &record.suites[0];
    let page = explain(&record, suite, &[found(&record, "pass_rate")], baseline.as_ref(), WIDE);
    insta::assert_snapshot!("stopped_early", page);
}

#[test]
fn an_unknown_metric_is_told_with_the_nearest_and_the_list() {
    let (record, _) = record(&[&spread(60, 10, 3, 0)]);
    let error = asked(&record.suites[0], "pas_rate").expect_err("there is none");
    assert!(error.contains("did you mean `pass_rate`?") && error.contains("error_rate"), "{error}");
}

#[test]
fn what_does_not_gate_and_moved_is_told_and_explained_on_request() {
    let mut world = World::new();
    for case in 0..200 {
        world.case(case / 20, Pass, if case % 10 == 0 { TargetError } else { Pass });
    }
    world.spec.max_target_errors = Share::from_points(20.0);
    let (record, _) = record(&[&world]);
    let suite = &record.suites[0];
    let title = "Also moved (does not gate; at most 1 in 10 of such lines is chance)";
    for page in [terminal::render(&record, WIDE), markdown::render(&record)] {
        let at = page.find(title.split('(').next().unwrap_or_default()).expect("the section");
        assert!(page[at..].contains("error"), "{page}");
    }
    assert!(told(suite).iter().all(|finding| finding.metric != "error_rate"));
    insta::assert_snapshot!("watched", explain(&record, suite, &[found(&record, "error_rate")], None, WIDE));
}

/// All suites of a run share the tests: 9 broken cases of 200 block alone, and not beside two others.
#[test]
fn the_other_suites_of_the_run_count() {
    let one = spread(200, 20, 6, 1);
    let (record, baseline) = record(&[&one, &spread(60, 10, 0, 0), &spread(60, 10, 2, 0)]);
    let suite = &record.suites[0];
    let page = explain(&record, suite, &told(suite), baseline.as_ref(), WIDE);
    assert!(page.contains("3 tests of whole suites share a false alarm in 4 % of builds"), "{page}");
}

#[test]
fn hostile_names_do_nothing_to_a_terminal() {
    let (mut record, _) = record(&[&spread(60, 10, 3, 0)]);
    let suite = &mut record.suites[0];
    suite.name = "a\u{1b}[2Jb\n::error::x".into();
    suite.scenarios[0].name = "\u{202e}evil".into();
    suite.findings[0].reason = "\u{1b}]0;title\u{7}".into();
    suite.findings[0].evidence = None;
    let page = explain(&record, &record.suites[0], &told(&record.suites[0]), None, WIDE);
    assert!(page.chars().all(|c| c == '\n' || !(c.is_control() || c == '\u{202e}')), "{page:?}");
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for (name, ..) in worlds() {
        for line in read(name, NARROW).lines() {
            assert!(line.chars().count() <= 60, "{name}: {line}");
        }
    }
}
