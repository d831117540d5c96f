//! How long the gate takes to decide at its full size, on one core: `cargo bench --bench decision`.
//!
//! 1,000 scenarios of 100 cases, 200 metrics, five runs of the baseline and one of the candidate: every suite
//! test, every scenario test, both corrections, and what all of them come to. Fails when a decision takes
//! three times its bar or the process more memory than its own.

use holdline::expand::stream::Stream;
use holdline::gate::FindingKind;
use holdline::gate::procedure::{
    Correction, Groups, Layout, Limits, ScenarioTest, Scores, SuiteTest, Values, common_noise, correct,
    is_flagged, kind, scenario_tests, stands_out, suite_test,
};
use std::fs;
use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

const SCENARIOS: usize = 1000;
const CASES: usize = 100;
const METRICS: usize = 200;
const BASE: usize = 5;
const CAND: usize = 1;
/// The bits of a case that passes in every run.
const ALL: u32 = (1 << (BASE + CAND)) - 1;

/// The bar in seconds of one core, and what fails: a slower machine than ours, or a busy one, must not.
const BAR: f64 = 1.0;
const MOST_SECONDS: f64 = 3.0 * BAR;
const MOST_MEBIBYTES: f64 = 200.0;

const SUITE: Limits = Limits { alpha: 0.04, min_effect: 0.01, tolerance: 0.05 };
const SCENARIO: Limits = Limits { alpha: 0.01, min_effect: 0.10, tolerance: 0.05 };

/// Where cases lie whose runs differ.
struct Kind {
    name: &'static str,
    /// Share of the scenarios that have such cases, and the share of those scenarios' cases.
    scenarios: f64,
    cases: f64,
}

const KINDS: [Kind; 3] = [
    Kind { name: "every case of 30 % of scenarios", scenarios: 0.3, cases: 1.0 },
    Kind { name: "30 % of cases of 30 % of scenarios", scenarios: 0.3, cases: 0.3 },
    Kind { name: "30 % of cases of all scenarios", scenarios: 1.0, cases: 0.3 },
];

fn main() -> ExitCode {
    println!("{:<36} |  suite | scenario | correct | decided | loops | flagged | regressed", "informative");
    let mut missed = false;
    for kind in &KINDS {
        let seconds = decide(kind);
        missed |= seconds > MOST_SECONDS;
    }
    let peak = peak_mebibytes();
    match peak {
        Some(peak) => println!("memory at the peak: {peak:.0} MiB; bar {MOST_MEBIBYTES} MiB"),
        None => println!("memory at the peak is not known here"),
    }
    println!("bar: {BAR} s decided; fails above {MOST_SECONDS} s");
    missed |= peak.is_some_and(|peak| peak > MOST_MEBIBYTES);
    if missed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Decides a build, prints what each part took, and returns the seconds of the whole.
fn decide(of: &Kind) -> f64 {
    let of_scenario: Vec<u32> = (0..SCENARIOS).flat_map(|number| [number32(number); CASES]).collect();
    let groups = Groups::new(&of_scenario, SCENARIOS);
    let layout = Layout { clusters: groups.clone(), scenarios: groups };
    let stream = Stream::new(&[b"decision", of.name.as_bytes()]);

    // All of them are held, so that each part is timed in one piece: the system counts a core's time in ticks.
    let metrics: Vec<Scores> =
        (0..METRICS).map(|metric| metric_scores(of, &mut stream.at(metric as u64))).collect();
    let (suite_time, suites) = timed(|| {
        metrics.iter().map(|scores| suite_test(scores, &layout, 1.0, 0.8)).collect::<Vec<SuiteTest>>()
    });
    let (scenario_time, scenarios) = timed(|| {
        metrics
            .iter()
            .flat_map(|scores| scenario_tests(scores, &layout.scenarios))
            .collect::<Vec<ScenarioTest>>()
    });
    let (correct_time, (regressed, flagged)) = timed(|| verdicts(&suites, &scenarios));
    let whole = suite_time + scenario_time + correct_time;
    println!(
        "{:<36} | {suite_time:>4.2} s | {scenario_time:>6.2} s | {correct_time:>5.2} s | {whole:>5.2} s | {:>5.1} | {flagged:>7} | {regressed:>9}",
        of.name,
        whole / calibration(),
    );
    whole
}

/// Corrects all tests of the build and counts the suites that regressed and the scenarios that are flagged.
fn verdicts(suites: &[SuiteTest], scenarios: &[ScenarioTest]) -> (usize, usize) {
    let worse: Vec<f64> = suites.iter().map(|test| test.worse.mid).collect();
    let better: Vec<f64> = suites.iter().map(|test| test.better.mid).collect();
    let corrected = correct(Correction { worse: &worse, better: &better, alpha: SUITE.alpha });
    let said = suites.iter().zip(corrected).map(|(test, corrected)| kind(test, corrected, SUITE));
    let regressed = said.filter(|kind| *kind == FindingKind::Regressed).count();

    let worse: Vec<f64> = scenarios.iter().map(|test| test.worse.exact).collect();
    let better: Vec<f64> = scenarios.iter().map(|test| test.better.exact).collect();
    let corrected = correct(Correction { worse: &worse, better: &better, alpha: SCENARIO.alpha });
    // What whole scenarios share is told metric by metric.
    let common: Vec<f64> = scenarios
        .chunks(SCENARIOS)
        .map(|tests| common_noise(&tests.iter().map(|test| (test.delta, test.error)).collect::<Vec<_>>()))
        .collect();
    let flagged = scenarios
        .iter()
        .zip(corrected)
        .enumerate()
        .filter(|(_, (test, corrected))| is_flagged(test.delta, *corrected, SCENARIO))
        .filter(|(at, (test, _))| stands_out(test.delta, test.error, common[at / SCENARIOS]))
        .count();
    (regressed, flagged)
}

/// The scores of a metric: nine of ten cases pass in every run and the others in none, but for those whose runs
/// differ, which pass in one to five of the six. In one scenario of fifty of those the candidate fails.
fn metric_scores(of: &Kind, stream: &mut Stream) -> Scores {
    let mut flags = Vec::with_capacity(SCENARIOS * CASES);
    for _ in 0..SCENARIOS {
        let differs = stream.chance(of.scenarios);
        let broken = differs && stream.chance(0.02);
        for _ in 0..CASES {
            let mask = if differs && stream.chance(of.cases) {
                number32(1 + stream.index(ALL as usize - 1))
            } else {
                ALL * u32::from(stream.chance(0.9))
            };
            flags.push(if broken { mask & (ALL >> CAND) } else { mask });
        }
    }
    Scores { base: BASE, cand: CAND, values: Values::Flags(flags), graded: Vec::new() }
}

fn number32(number: usize) -> u32 {
    u32::try_from(number).expect("small")
}

/// What something comes to, and the seconds of this core that it took.
fn timed<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let (clock, before) = (Instant::now(), core_seconds());
    let done = black_box(work());
    let wall = clock.elapsed().as_secs_f64();
    let own = before.and_then(|before| Some(core_seconds()? - before));
    (own.unwrap_or(wall), done)
}

/// Seconds that this thread has had of a core; `None` where the system does not say. The clock on the wall
/// counts what others take of a shared machine.
fn core_seconds() -> Option<f64> {
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(text.split_whitespace().next()?.parse::<f64>().ok()? / 1e9)
}

/// Seconds that a fixed piece of arithmetic takes here, some hundredths of a second: what a decision
/// takes in such loops says less of the machine than seconds do.
fn calibration() -> f64 {
    let work = || {
        (0..40_000_000_u64)
            .fold(1_u64, |x, i| x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(black_box(i)))
    };
    timed(work).0
}

/// The most memory that this process has held.
fn peak_mebibytes() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<f64>().ok()? / 1024.0)
}
