//! How long the gate's test takes at its full size, on one core: `cargo bench --bench permutation`. Fails when
//! the bar is missed: 1,000 scenarios of 100 cases and 200 metrics, five runs against one, in a second.

use holdline::stats::permutation::{Block, RunLabel, Scores, run_label, run_label_flags};
use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

const SCENARIOS: usize = 1000;
const CASES: usize = 100;
const METRICS: usize = 200;
const BASE: u32 = 5;
const RUNS: u32 = 6;
const ALL: u32 = 0b11_1111;
const MOST_SECONDS: f64 = 1.0;

/// Where what differs between runs lies.
#[derive(Clone, Copy)]
enum Informative {
    /// In 30 % of the cases of every scenario.
    Cases,
    /// In every case of 30 % of the scenarios.
    Scenarios,
}

/// Numbers that look random and are always the same.
struct Stream(u64);

impl Stream {
    fn below(&mut self, bound: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as u32) % bound
    }

    /// The runs that a case passes in: all or none, or one to five of the six.
    fn case(&mut self, informative: bool) -> u32 {
        if informative { 1 + self.below(ALL - 1) } else { ALL * u32::from(self.below(10) > 0) }
    }

    /// The cases of all scenarios, for one metric.
    fn metric(&mut self, which: Informative) -> Vec<u32> {
        let mut masks = Vec::with_capacity(SCENARIOS * CASES);
        for _ in 0..SCENARIOS {
            let whole = self.below(10) < 3;
            for _ in 0..CASES {
                let informative = match which {
                    Informative::Cases => self.below(10) < 3,
                    Informative::Scenarios => whole,
                };
                masks.push(self.case(informative));
            }
        }
        masks
    }
}

/// Sums of the runs, by scenario.
fn sums(masks: &[u32]) -> Vec<[f64; RUNS as usize]> {
    let of = |masks: &[u32]| {
        std::array::from_fn(|run| f64::from(masks.iter().map(|mask| mask >> run & 1).sum::<u32>()))
    };
    masks.chunks(CASES).map(of).collect()
}

fn suite_test(sums: &[[f64; RUNS as usize]]) -> RunLabel {
    let blocks: Vec<Block<'_>> = sums
        .iter()
        .map(|sums| Block { base: &sums[..BASE as usize], cand: &sums[BASE as usize..] })
        .collect();
    run_label(&blocks, Scores::Counts)
}

fn main() -> ExitCode {
    let mut missed = false;
    for (name, which, all_graded) in [
        ("30 % of cases", Informative::Cases, true),
        ("30 % of scenarios", Informative::Scenarios, true),
        ("30 % of scenarios, 1 run in 20 ungraded", Informative::Scenarios, false),
    ] {
        let mut stream = Stream(7);
        let (mut scenario_time, mut suite_time) = (Duration::ZERO, Duration::ZERO);
        let mut approximated = 0;
        for _ in 0..METRICS {
            let masks = stream.metric(which);
            let graded: Vec<u32> = masks
                .iter()
                .map(|_| (0..RUNS).fold(0, |mask, run| mask | u32::from(stream.below(20) > 0) << run))
                .collect();
            let sums = sums(&masks);
            let start = Instant::now();
            for (masks, graded) in masks.chunks(CASES).zip(graded.chunks(CASES)) {
                black_box(run_label_flags(masks, (!all_graded).then_some(graded), BASE, 1));
            }
            scenario_time += start.elapsed();
            let start = Instant::now();
            approximated += usize::from(black_box(suite_test(&sums)).approximated);
            suite_time += start.elapsed();
        }
        let seconds = (scenario_time + suite_time).as_secs_f64();
        missed |= seconds > MOST_SECONDS;
        println!(
            "{name:<40} | {:>5.0} ns a scenario test | {:>6.3} ms a suite test ({approximated} approximated) | {seconds:.2} s",
            scenario_time.as_secs_f64() * 1e9 / (METRICS * SCENARIOS) as f64,
            suite_time.as_secs_f64() * 1e3 / METRICS as f64,
        );
    }
    as_blocks();
    largest_law();
    if missed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// The same scenario tests of one metric by the general way.
fn as_blocks() {
    let masks = Stream(7).metric(Informative::Cases);
    let scores: Vec<[f64; RUNS as usize]> =
        masks.iter().map(|mask| std::array::from_fn(|run| f64::from(mask >> run & 1))).collect();
    let start = Instant::now();
    for scenario in scores.chunks(CASES) {
        black_box(suite_test(scenario));
    }
    println!(
        "30 % of cases, as blocks: {:.0} ns a scenario test",
        start.elapsed().as_secs_f64() * 1e9 / SCENARIOS as f64
    );
}

/// The largest law that is still exact: 300 clusters whose sums range over 11 steps.
fn largest_law() {
    let mut stream = Stream(11);
    let mut cluster = || {
        let mut sums: [f64; RUNS as usize] = std::array::from_fn(|_| f64::from(stream.below(12)));
        (sums[0], sums[1]) = (0.0, 11.0);
        sums
    };
    let sums: Vec<_> = (0..300).map(|_| cluster()).collect();
    let start = Instant::now();
    let found = black_box(suite_test(&sums));
    assert!(!found.approximated);
    println!("the largest exact law: {:.3} ms", start.elapsed().as_secs_f64() * 1e3);
}
