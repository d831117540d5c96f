//! An application that is asked: what each case comes to in each run, drawn from the noise model.
//!
//! z = √0.85 · difficulty + √0.15 · noise of the run, and a case passes where z < Φ⁻¹(base). Difficulty and
//! noise each have a part that the scenario shares, one that the family shares and one of the case's own.

use super::cell::{Cell, Design};
use super::gate::Application;
use super::noise::{Noise, narrow};
use holdline::expand::stream::Stream;
use holdline::gate::procedure::{Layout, Scores, Values};
use holdline::stats::special::normal_quantile;

/// Share of the variance that is the difficulty of cases, and what is left to the noise of runs.
const DIFFICULTY: f64 = 0.85;

/// A suite and an application, draw after draw.
pub struct World {
    cell: Cell,
    design: Design,
    stream: Stream,
    noise: Noise,
    /// Deviations of the parts of noise of a scenario, a family and a case.
    parts: [f32; 3],
    /// Of each case, in deviations of a run's noise: how much it can take before the case fails, in the
    /// baseline and in the candidate.
    room: [Vec<f32>; 2],
    /// The scenario that the candidate has lost.
    pub lost: Option<usize>,
    scores: Scores,
}

impl World {
    /// The draws of a cell under a seed.
    pub fn new(cell: &Cell, seed: u64) -> Self {
        let stream = Stream::new(&[b"gate simulation", &seed.to_le_bytes(), cell.name().as_bytes()]);
        Self {
            cell: *cell,
            design: Design::of(cell),
            noise: Noise::of(stream.clone()),
            stream,
            parts: cell.parts().map(|share| narrow(share.sqrt())),
            room: [Vec::new(), Vec::new()],
            lost: None,
            scores: Scores {
                base: cell.runs,
                cand: 1,
                values: Values::Flags(Vec::new()),
                graded: Vec::new(),
            },
        }
    }

    /// Draws the suite with this number: whatever was drawn before, it is the same.
    pub fn draw(&mut self, number: u64) {
        self.noise = Noise::of(self.stream.at(number));
        let count = self.design.scenarios.len();
        self.lost = self.cell.loses.then(|| usize::try_from(number).unwrap_or(0) % count);
        self.difficulties();
        let mut flags = match &mut self.scores.values {
            Values::Flags(flags) => std::mem::take(flags),
            Values::Reals(_) => Vec::new(),
        };
        flags.clear();
        flags.resize(self.cell.cases, 0);
        for run in 0..=self.cell.runs {
            let arm = usize::from(run == self.cell.runs);
            for scenario in 0..count {
                self.ask(scenario, arm, |case, passed| flags[case] |= u32::from(passed) << run);
            }
        }
        self.scores.values = Values::Flags(flags);
    }

    /// Draws how difficult each case is.
    fn difficulties(&mut self) {
        let bars = [self.cell.base, self.cell.base - self.cell.drop].map(normal_quantile);
        let bars = bars.map(|bar| narrow(bar / (1.0 - DIFFICULTY).sqrt()));
        let scale = narrow((DIFFICULTY / (1.0 - DIFFICULTY)).sqrt());
        let mut room = std::mem::take(&mut self.room);
        room.iter_mut().for_each(Vec::clear);
        for cases in &self.design.scenarios {
            let own = &self.design.family;
            each_part(
                &mut self.noise,
                self.parts,
                cases.clone().map(|case| (case, own[case])),
                |_, parts| {
                    for (room, bar) in room.iter_mut().zip(bars) {
                        room.push(bar - scale * parts);
                    }
                },
            );
        }
        self.room = room;
    }

    /// Asks the cases of a scenario once: arm 0 is the baseline, 1 the candidate.
    fn ask(&mut self, scenario: usize, arm: usize, mut each: impl FnMut(usize, bool)) {
        let cases = self.design.scenarios[scenario].clone();
        if arm == 1 && self.lost == Some(scenario) {
            cases.for_each(|case| each(case, false));
        } else if self.cell.base >= 1.0 && self.cell.drop <= 0.0 {
            cases.for_each(|case| each(case, true));
        } else {
            let (own, room) = (&self.design.family, &self.room[arm]);
            each_part(&mut self.noise, self.parts, cases.map(|case| (case, own[case])), |case, noise| {
                each(case, noise < room[case]);
            });
        }
    }
}

/// Draws the sum of the three parts for each of a scenario's cases, given with their families.
fn each_part(
    noise: &mut Noise,
    [of_scenario, of_family, of_case]: [f32; 3],
    cases: impl Iterator<Item = (usize, u32)>,
    mut each: impl FnMut(usize, f32),
) {
    let scenario = if of_scenario > 0.0 { of_scenario * noise.normal() } else { 0.0 };
    let (mut last, mut shared) = (None, scenario);
    for (case, family) in cases {
        if of_family > 0.0 && last != Some(family) {
            shared = scenario + of_family * noise.normal();
            last = Some(family);
        }
        each(case, shared + of_case * noise.normal());
    }
}

impl Application for World {
    fn scores(&self) -> &Scores {
        &self.scores
    }

    fn layout(&self) -> &Layout {
        &self.design.layout
    }

    fn ask_again(&mut self, scenario: usize) -> Option<Vec<bool>> {
        let mut said = Vec::with_capacity(self.design.scenarios[scenario].len());
        self.ask(scenario, 1, |_, passed| said.push(passed));
        Some(said)
    }
}
