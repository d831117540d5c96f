//! Re-draws of runs that are made case by case.

use holdline::baseline::Accepted;
use holdline::doctor::{Alarms, Examined, Source, Stored, StoredCase, StoredRun, flips, page, redraw, sees};
use holdline::expand::CaseId;
use holdline::expand::stream::Stream;
use holdline::gate::Blocks;
use holdline::report::Style;
use holdline::suite::Row;
use holdline::suite::schema::{GateSpec, Kind, MustPass};
use std::collections::BTreeMap;

const ALPHA: f64 = 0.05;
const WIDE: Style = Style { colour: false, width: 100 };
const NARROW: Style = Style { colour: false, width: 60 };

/// A suite of so many cases in scenarios of 12, each a seed; `passes` says what each came to in each run.
fn suite(cases: usize, runs: usize, passes: impl Fn(usize, usize) -> bool) -> Stored {
    let case = |n: usize| StoredCase {
        id: CaseId::of(&[b"case", &n.to_le_bytes()]),
        family: CaseId::of(&[b"case", &n.to_le_bytes()]),
        scenario: n / 12,
        name: format!("question {n}"),
        variant: None,
        knobs: Row::default(),
        tags: Vec::new(),
        must_pass: MustPass::No,
        truth: None,
        number: None,
        runs: (0..runs)
            .map(|run| StoredRun {
                outcome: if passes(n, run) { Accepted::Pass } else { Accepted::Fail },
                label: None,
                number: None,
            })
            .collect(),
    };
    Stored {
        suite: "support".into(),
        kind: Kind::Regression,
        spec: GateSpec::default(),
        labels: Vec::new(),
        scenarios: (0..cases.div_ceil(12)).map(|n| (format!("s{n}"), format!("scenario {n}"))).collect(),
        seed: 0,
        source: Source::Baseline,
        runs,
        left_out: 0,
        quarantined: 0,
        cases: (0..cases).map(case).collect(),
        metrics: BTreeMap::new(),
    }
}

/// Every answer passes or not by the throw of a coin.
fn coin() -> Stored {
    let coins = Stream::new(&[b"coins of a test"]);
    suite(60, 6, |case, run| coins.at((6 * case + run) as u64).chance(0.5))
}

fn drawn(stored: &Stored, draws: usize) -> (Alarms, Blocks) {
    redraw(std::slice::from_ref(stored), draws, ALPHA, None).0.remove(0)
}

fn read(stored: &Stored, draws: usize, style: Style) -> String {
    let (alarms, blocks) = drawn(stored, draws);
    let blocked = alarms.blocked;
    let examined = Examined {
        stored,
        alarms,
        blocks,
        flips: flips(stored),
        seen: sees(stored, blocks),
        against_baseline: None,
    };
    page(&[examined], blocked, ALPHA, style)
}

#[test]
fn what_never_differs_never_alarms() {
    let steady = suite(48, 5, |case, _| case != 3);
    let (alarms, _) = drawn(&steady, 50);
    assert_eq!((alarms.draws, alarms.distinct, alarms.blocked, alarms.said), (50, 1, 0, [0, 50, 0, 0]));
    assert_eq!(alarms.in_turn, (0, 5));
    let flips = flips(&steady);
    // 48 cases of 5 runs: 10 pairs each.
    assert_eq!((flips.pairs, flips.differ, flips.cases), (480, 0, 0));
    insta::assert_snapshot!("steady", read(&steady, 50, WIDE));
}

/// A case of which 2 of 5 runs pass has 2·3 = 6 pairs of 10 that differ.
#[test]
fn the_flip_rate_is_the_share_of_pairs_that_differ() {
    let stored = suite(10, 5, |case, run| case > 1 || run < 2 + 2 * case);
    let flips = flips(&stored);
    // Case 0: 2 of 5, 6 pairs; case 1: 4 of 5, 4 pairs.
    assert_eq!((flips.pairs, flips.differ, flips.cases), (100, 10, 2));
    assert!((flips.rate() - 0.1).abs() < 1e-12);
    assert_eq!(flips.worst, [(0, 2, 5), (1, 4, 5)]);
}

/// 60 seeds of which 30 pass in 2 of 4 runs: a variance of 1/3 each, 10 in all. With 1 run on either side the
/// spread is 10·(1 + 1) + 2 = 22, so SE = √(62/61 · 22)/62; with 5 before, 10·(1 + 1/5) + 2 = 14.
#[test]
fn the_smallest_drop_can_be_worked_out_by_hand() {
    let seen = sees(&suite(60, 4, |case, run| case >= 30 || run < 2), Blocks::Families);
    assert_eq!((seen.clusters, seen.cases), (60, 60));
    assert!((seen.within - 10.0).abs() < 1e-9, "{seen:?}");
    let z = 2.486_474_860_524_387;
    let expected = |spread: f64| z * (62.0_f64 / 61.0 * spread).sqrt() / 62.0;
    assert!((seen.smallest(1, 1, 1) - expected(22.0)).abs() < 1e-9);
    assert!((seen.smallest(1, 5, 1) - expected(14.0)).abs() < 1e-9);
    // Twice the seeds: 120 clusters, spread 20·1.2 + 2 = 26.
    let twice = z * (122.0_f64 / 121.0 * 26.0).sqrt() / 122.0;
    assert!((seen.smallest(2, 5, 1) - twice).abs() < 1e-9);
    assert!(seen.smallest(1, 5, 3) < seen.smallest(1, 5, 1));
    // ½·2^−4 = 0.031 and ½·6^−2 = 0.014 are below 0.04; ½·2^−3 and ½·6^−1 are not.
    assert_eq!((seen.fewest(1, 0.04), seen.fewest(5, 0.04)), (4, 2));
}

#[test]
fn coins_alarm_no_more_often_than_they_may() {
    let coin = coin();
    let (alarms, blocks) = drawn(&coin, 400);
    assert_eq!((alarms.draws, alarms.before, blocks), (400, 5, Blocks::Families));
    assert_eq!(alarms.distinct, 400);
    // 7.5 % is the most that any cell of the procedure's own table may have.
    assert!(alarms.blocked * 1000 <= 400 * 75, "{alarms:?}");
    let sum = alarms.blocked + alarms.undecided + alarms.said.iter().sum::<usize>();
    assert_eq!(sum, 400);
}

#[test]
fn pages_read_well() {
    insta::assert_snapshot!("coin_wide", read(&coin(), 400, WIDE));
    insta::assert_snapshot!("coin_narrow", read(&coin(), 400, NARROW));
    for line in read(&coin(), 50, NARROW).lines() {
        assert!(line.chars().count() <= 60, "{line}");
    }
}

#[test]
fn the_same_seed_draws_the_same() {
    let suites = [coin()];
    let of = |seed| redraw(&suites, 100, ALPHA, seed);
    assert_eq!(of(Some(7)), of(Some(7)));
    assert_eq!(of(None), of(Some(0)), "the suite's own seed is 0");
    assert_ne!(of(Some(7)).0[0].0.said, of(Some(8)).0[0].0.said);
}

/// The third of five runs lost a third of its cases. Set against the others, which agree, it blocks; dealt
/// anew family by family the bad day is spread over all draws, which is what re-draws cannot show.
#[test]
fn a_bad_day_is_seen_in_turn() {
    let stored = suite(60, 5, |case, run| run != 2 || case % 3 != 0);
    let (alarms, _) = drawn(&stored, 50);
    assert_eq!(alarms.in_turn, (1, 5));
}

/// One case that must pass and does so in 4 of 5 runs: every fifth draw is an alarm, whatever the statistics.
#[test]
fn a_case_that_must_pass_and_flips_is_named_as_what_alarms() {
    let mut stored = suite(60, 5, |case, run| case != 0 || run != 0);
    stored.cases[0].must_pass = MustPass::Every;
    let (alarms, _) = drawn(&stored, 500);
    assert_eq!((alarms.blocked, alarms.by_suite, alarms.by_scenario), (alarms.by_case, 0, 0));
    assert!((70..=130).contains(&alarms.blocked), "{alarms:?}");
    insta::assert_snapshot!("must_pass", read(&stored, 500, WIDE));
}

/// With eight runs there are two left to ask a flagged scenario again.
#[test]
fn flagged_scenarios_are_asked_again_where_enough_runs_are_left() {
    assert!(!drawn(&suite(24, 7, |case, run| (case + run) % 3 > 0), 5).0.confirmed);
    assert!(drawn(&suite(24, 8, |case, run| (case + run) % 3 > 0), 5).0.confirmed);
}

#[test]
fn suites_are_decided_as_one_build() {
    let mut other = coin();
    other.suite = "other".into();
    let suites = [coin(), other];
    let (alarms, build) = redraw(&suites, 200, ALPHA, None);
    let each: usize = alarms.iter().map(|(alarms, _)| alarms.blocked).sum();
    assert!(build <= each && build * 1000 <= 200 * 75, "{build} of {each}");
}

#[test]
fn hostile_names_do_nothing_to_a_terminal() {
    let mut stored = coin();
    for case in &mut stored.cases {
        case.name = "\u{1b}[2J\u{202e}x\n::error::y".into();
    }
    stored.suite = "a\u{7}b".into();
    let text = read(&stored, 5, WIDE);
    assert!(text.chars().all(|c| c == '\n' || !(c.is_control() || c == '\u{202e}')), "{text:?}");
}
