//! The gate's own decision over one metric of one suite: the procedure of the library, and beside it the
//! asking again of flagged scenarios, which needs an application.

use holdline::gate::procedure::{
    Correction, Groups, Layout, Limits, Scores, Values, correct, is_flagged, kind, scenario_tests, suite_test,
};
use holdline::gate::{CONFIRMATIONS, FindingKind};

/// Defaults of the gate.
const SUITE: Limits = Limits { alpha: 0.04, min_effect: 0.01, tolerance: 0.05 };
const SCENARIO: Limits = Limits { alpha: 0.01, min_effect: 0.10, tolerance: 0.05 };
const POWER: f64 = 0.8;

/// Scenarios of fewer cases are not tested.
const MIN_SCENARIO_CASES: usize = 2;

/// More than the rounding of any sum: an effect above its limit by more cannot be a loss that counts.
const ROUNDING: f64 = 1e-9;

/// What can be asked.
pub trait Application {
    /// What each case came to in the runs of the baseline and of the candidate: flags, all of them graded.
    fn scores(&self) -> &Scores;
    /// Where the cases belong.
    fn layout(&self) -> &Layout;
    /// What the cases of a scenario come to in one more run of the candidate; `None` where there is none.
    fn ask_again(&mut self, scenario: usize) -> Option<Vec<bool>>;
}

/// What the gate says.
#[derive(Debug, Default)]
pub struct Said {
    /// The suite regressed.
    pub suite: bool,
    /// Scenarios that were flagged, and those of them that asking again did not refute.
    pub flagged: Vec<usize>,
    /// The latter.
    pub confirmed: Vec<usize>,
}

impl Said {
    /// Whether the build is blocked.
    pub const fn blocks(&self) -> bool {
        self.suite || !self.confirmed.is_empty()
    }
}

/// Decides. What cannot come to a block, since nothing fell by enough, is not tested.
pub fn decide(app: &mut impl Application) -> Said {
    let effects = Effects::of(app.scores(), app.layout());
    let suite = effects.suite <= -SUITE.min_effect + ROUNDING && suite_regressed(app.scores(), app.layout());
    let flagged = if effects.lowest_scenario <= -SCENARIO.min_effect + ROUNDING {
        flagged(app.scores(), app.layout())
    } else {
        Vec::new()
    };
    let steady = !flagged.is_empty() && is_steady(app.scores());
    let confirmed = flagged.iter().copied().filter(|scenario| steady || stands(app, *scenario)).collect();
    Said { suite, flagged, confirmed }
}

/// The effects, by counting alone.
struct Effects {
    suite: f64,
    lowest_scenario: f64,
}

impl Effects {
    fn of(scores: &Scores, layout: &Layout) -> Self {
        let flags = flags(scores);
        let base = (1_u32 << scores.base) - 1;
        let effect = |before: u32, now: u32, cases: usize| {
            (f64::from(now) / scores.cand as f64 - f64::from(before) / scores.base as f64) / cases as f64
        };
        let mut lowest_scenario = 0.0_f64;
        let (mut all_before, mut all_now) = (0, 0);
        for cases in layout.scenarios.iter() {
            let (mut before, mut now) = (0, 0);
            for case in cases {
                before += (flags[*case as usize] & base).count_ones();
                now += (flags[*case as usize] & !base).count_ones();
            }
            lowest_scenario = lowest_scenario.min(effect(before, now, cases.len()));
            all_before += before;
            all_now += now;
        }
        Self { suite: effect(all_before, all_now, flags.len()), lowest_scenario }
    }
}

fn suite_regressed(scores: &Scores, layout: &Layout) -> bool {
    let test = suite_test(scores, layout, 1.0, POWER);
    let tests = Correction { worse: &[test.worse.mid], better: &[test.better.mid], alpha: SUITE.alpha };
    kind(&test, correct(tests)[0], SUITE) == FindingKind::Regressed
}

/// The scenarios that are flagged.
fn flagged(scores: &Scores, layout: &Layout) -> Vec<usize> {
    let mut tests = scenario_tests(scores, &layout.scenarios);
    tests.retain(|test| test.cases >= MIN_SCENARIO_CASES);
    let worse: Vec<f64> = tests.iter().map(|test| test.worse.exact).collect();
    let better: Vec<f64> = tests.iter().map(|test| test.better.exact).collect();
    let corrected = correct(Correction { worse: &worse, better: &better, alpha: SCENARIO.alpha });
    tests
        .iter()
        .zip(corrected)
        .filter(|(test, corrected)| is_flagged(test.delta, *corrected, SCENARIO))
        .map(|(test, _)| test.scenario)
        .collect()
}

/// Whether no case ever differed over the runs of the baseline. One run cannot show it.
fn is_steady(scores: &Scores) -> bool {
    let base = (1_u32 << scores.base) - 1;
    scores.base > 1 && flags(scores).iter().all(|passed| passed & base == 0 || passed & base == base)
}

/// Whether each of the runs that a flagged scenario is asked again in says so alone. Where there are none left
/// to draw, the flag stands.
fn stands(app: &mut impl Application, scenario: usize) -> bool {
    let base = (1_u32 << app.scores().base) - 1;
    let cases = app.layout().scenarios.of(scenario);
    let before: Vec<u32> = cases.iter().map(|case| flags(app.scores())[*case as usize] & base).collect();
    let runs = app.scores().base;
    let one = Groups::new(&vec![0; before.len()], 1);
    (0..CONFIRMATIONS).all(|_| {
        let Some(said) = app.ask_again(scenario) else { return true };
        let alone = before.iter().zip(said).map(|(before, passed)| before | u32::from(passed) << runs);
        let values = Values::Flags(alone.collect());
        let alone = Scores { base: runs, cand: 1, values, graded: Vec::new() };
        scenario_tests(&alone, &one).first().is_some_and(|test| test.worse.exact <= SCENARIO.alpha)
    })
}

/// The flags by case.
pub fn flags(scores: &Scores) -> &[u32] {
    match &scores.values {
        Values::Flags(flags) => flags,
        Values::Reals(_) => &[],
    }
}
