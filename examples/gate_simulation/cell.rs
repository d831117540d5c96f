//! What is simulated: a suite, and an application with its noise.

use holdline::gate::procedure::{Groups, Layout};
use std::ops::Range;

/// Scenarios of a suite whose clusters are families: too few to be the clusters themselves.
const FEW_SCENARIOS: usize = 10;

/// Scenarios of a suite whose clusters they are: as few as the gate takes for them.
const MANY_SCENARIOS: usize = 20;

/// ICC in a family of what its scenario does not share, where scenarios share noise.
const ICC_WITHIN: f64 = 0.3;

/// What shares difficulty and noise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shared {
    /// The variants of a seed, with this ICC. The clusters are families.
    Family(f64),
    /// The cases of a scenario, with this ICC; and the variants of a seed what is left, with an ICC of 0.3.
    /// The clusters are scenarios.
    Scenario(f64),
}

/// A suite and an application.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell {
    /// Cases of the suite.
    pub cases: usize,
    /// Variants of each seed, itself included.
    pub variants: usize,
    /// Probability that a case passes, over all cases.
    pub base: f64,
    /// How much lower it is in the candidate.
    pub drop: f64,
    /// Whether the candidate loses a scenario entirely.
    pub loses: bool,
    /// What shares noise.
    pub shared: Shared,
    /// Runs of the baseline.
    pub runs: usize,
}

impl Cell {
    /// A suite of single cases with independent noise, whose application does not change.
    pub const fn single(cases: usize, base: f64, runs: usize) -> Self {
        Self { cases, variants: 1, base, drop: 0.0, loses: false, shared: Shared::Family(0.0), runs }
    }

    /// The parts of noise and difficulty that a scenario, a family and a case have of their own: their shares
    /// of the variance.
    pub fn parts(&self) -> [f64; 3] {
        match self.shared {
            // A family of one shares with nobody.
            Shared::Family(_) if self.variants == 1 => [0.0, 0.0, 1.0],
            Shared::Family(icc) => [0.0, icc, 1.0 - icc],
            Shared::Scenario(icc) if self.variants == 1 => [icc, 0.0, 1.0 - icc],
            Shared::Scenario(icc) => [icc, (1.0 - icc) * ICC_WITHIN, (1.0 - icc) * (1.0 - ICC_WITHIN)],
        }
    }

    /// The same in words, for the seed of the cell's stream: no two cells have the same.
    pub fn name(&self) -> String {
        format!("{self:?}")
    }
}

/// Where the cases of a suite belong. Cases of a family, and families of a scenario, stand together.
pub struct Design {
    /// The family of each case.
    pub family: Vec<u32>,
    /// The cases of each scenario.
    pub scenarios: Vec<Range<usize>>,
    /// Clusters and scenarios, as the gate takes them.
    pub layout: Layout,
}

impl Design {
    /// Of a suite. A scenario does not end within a family, where clusters are families; where they are
    /// scenarios, a family ends with its scenario, so that one of few cases has fewer variants a seed.
    pub fn of(cell: &Cell) -> Self {
        let families = cell.cases.div_ceil(cell.variants);
        let scenario: Vec<usize> = match cell.shared {
            Shared::Family(_) => {
                let count = FEW_SCENARIOS.min(families);
                (0..cell.cases).map(|case| case / cell.variants * count / families).collect()
            }
            Shared::Scenario(_) => (0..cell.cases).map(|case| case * MANY_SCENARIOS / cell.cases).collect(),
        };
        let count = scenario.last().map_or(0, |last| last + 1);
        let scenarios: Vec<Range<usize>> = (0..count)
            .map(|own| {
                let start = scenario.partition_point(|of| *of < own);
                start..scenario.partition_point(|of| *of <= own)
            })
            .collect();
        let mut family = Vec::with_capacity(cell.cases);
        let mut next = 0;
        for cases in &scenarios {
            for (place, _) in cases.clone().enumerate() {
                next += u32::from(place % cell.variants == 0);
                family.push(next - 1);
            }
        }
        let of_scenario: Vec<u32> = scenario.iter().map(|own| number(*own)).collect();
        let groups = Groups::new(&of_scenario, count);
        let clusters = match cell.shared {
            Shared::Family(_) => Groups::new(&family, next as usize),
            Shared::Scenario(_) => groups.clone(),
        };
        Self { family, scenarios, layout: Layout { clusters, scenarios: groups } }
    }
}

/// A number of a group.
pub fn number(of: usize) -> u32 {
    u32::try_from(of).expect("a suite is small")
}
