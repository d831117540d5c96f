//! From a model to rows: starts, reduction, then weights.

use super::algebra;
use super::coverage::{self, Coverage};
use super::feasible::Problem;
use super::greedy::Builder;
use super::model::{CoveringError, Model};
use super::random::Random;
use super::reduce::Reducer;
use super::solve::{Value, small};
use super::table::{Block, UNSET};
use super::weigh;

/// How long rows are sought, in counted work: the same on every machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// Greedy constructions to choose from.
    pub restarts: usize,
    /// Candidates for each greedy row.
    pub candidates: usize,
    /// Counters looked at while rows are taken away, for each combination there is; about a hundred
    /// million a second.
    pub work_per_combination: u64,
    /// The same in all, at most.
    pub work: u64,
}

impl Default for Effort {
    fn default() -> Self {
        Self { restarts: 3, candidates: 20, work_per_combination: 20_000, work: 60_000_000 }
    }
}

impl Effort {
    /// A few rows more for a tenth of the time.
    pub fn quick() -> Self {
        Self { restarts: 1, candidates: 5, work_per_combination: 500, work: 5_000_000 }
    }
}

/// Rows that cover a model.
#[derive(Clone, Debug, PartialEq)]
pub struct CoveringArray {
    /// Each row's value of each factor, by index: the rows that must appear, then the rest so that
    /// however few are taken from the front cover as much as they can.
    pub rows: Vec<Vec<usize>>,
    /// What they cover.
    pub coverage: Coverage,
    /// What became of the target shares.
    pub shares: Vec<ShareReached>,
}

/// A target share and what the rows have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ShareReached {
    /// The factor's index.
    pub factor: usize,
    /// The value's index.
    pub value: usize,
    /// The share asked for.
    pub wanted: f64,
    /// The rows that have the value.
    pub rows: usize,
    /// Whether they are the share of all rows, to within one row.
    pub met: bool,
}

/// Makes rows for a model: few, valid, covering, and the same for the same arguments on every machine.
pub fn generate(model: &Model, seed: u64, effort: Effort) -> Result<CoveringArray, CoveringError> {
    let problem = Problem::of(model)?;
    let mut random = Random::new(seed);
    let rows = fewest(&problem, &mut random, effort)?;
    let (rows, shares) = weigh::settle(&problem, rows, &mut random)?;
    let coverage = coverage::count(&problem, &rows);
    let rows = rows.into_iter().map(|row| row.into_iter().map(usize::from).collect()).collect();
    Ok(CoveringArray { rows, coverage, shares })
}

/// As few rows as the effort finds.
fn fewest(problem: &Problem, random: &mut Random, effort: Effort) -> Result<Vec<Vec<Value>>, CoveringError> {
    let least = least_rows(problem);
    let best = shortest_start(problem, least, random, effort)?;
    let per_combination = effort.work_per_combination.saturating_mul(problem.layout.tuples as u64);
    let mut work = per_combination.min(effort.work);
    Reducer::new(problem, &best, Random::new(random.next())).reduce(least, &mut work)
}

/// The shortest of several arrays: greedy ones, and completed constructions where there are any.
fn shortest_start(
    problem: &Problem,
    least: usize,
    random: &mut Random,
    effort: Effort,
) -> Result<Vec<Vec<Value>>, CoveringError> {
    let seeds: Vec<Vec<Value>> = problem
        .model
        .seeds
        .iter()
        .map(|seed| seed.iter().map(|value| value.map_or(UNSET, small)).collect())
        .collect();
    let layout = &problem.layout;
    // Many combinations make each candidate and each array dear.
    let most = (2_000_000 / layout.tuples.max(1)).max(1);
    let mut build = |partial: &[Vec<Value>], candidates: usize| {
        Builder::new(problem, Random::new(random.next()), candidates.min(most)).build(partial)
    };
    let mut best = build(&seeds, effort.candidates)?;
    for _ in 1..effort.restarts.min(most) {
        if best.len() > least {
            let other = build(&seeds, effort.candidates)?;
            best = shorter(best, other);
        }
    }
    if problem.rules.are_none() && layout.blocks.iter().all(|block| block.strength == 2) {
        for start in
            algebra::starts(&layout.levels, best.len().saturating_sub(seeds.len())).into_iter().take(most)
        {
            if best.len() > least {
                // Little is open in these, and so there is little to choose from.
                let other = build(&[seeds.clone(), start].concat(), effort.candidates / 4)?;
                best = shorter(best, other);
            }
        }
    }
    Ok(best)
}

fn shorter(best: Vec<Vec<Value>>, other: Vec<Vec<Value>>) -> Vec<Vec<Value>> {
    if other.len() < best.len() { other } else { best }
}

/// A number of rows that no array can be below.
fn least_rows(problem: &Problem) -> usize {
    let Problem { model, layout, rules, impossible, .. } = problem;
    let possible = |block: &Block| {
        impossible[block.offset..block.offset + block.size].iter().filter(|impossible| !**impossible).count()
    };
    let largest = layout.blocks.iter().map(possible).max().unwrap_or(1);
    let varying = layout.levels.iter().filter(|levels| **levels > 1).count();
    let pairs = if rules.are_none() && model.strength >= 2 && varying >= 2 {
        algebra::fewest_for_pairs(varying)
    } else {
        1
    };
    largest.max(pairs).max(model.seeds.len())
}
