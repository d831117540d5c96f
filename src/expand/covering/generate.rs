//! From a model to rows: starts, reduction, weights, order.

use super::algebra;
use super::coverage::{self, Coverage};
use super::feasible;
use super::greedy::Builder;
use super::model::{CoveringError, Model};
use super::random::Random;
use super::reduce::Reducer;
use super::solve::{Rules, Solver, Value, blame, small};
use super::table::{Cover, Layout, UNSET};
use super::weigh;

/// How long rows are sought, in counted work: the same on every machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// Greedy constructions to choose from.
    pub restarts: usize,
    /// Candidates for each greedy row.
    pub candidates: usize,
    /// Counters looked at while rows are taken away, for each combination there is; about a thousand
    /// million a second.
    pub work_per_combination: u64,
    /// The same in all, at most.
    pub work: u64,
}

impl Default for Effort {
    fn default() -> Self {
        Self { restarts: 3, candidates: 20, work_per_combination: 60_000, work: 1_000_000_000 }
    }
}

impl Effort {
    /// A few rows more for a hundredth of the time.
    pub fn quick() -> Self {
        Self { restarts: 1, candidates: 5, work_per_combination: 500, work: 10_000_000 }
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
    model.check()?;
    let layout = Layout::of(model)?;
    let rules = Rules::of(model);
    check_constraints(model, &rules)?;
    let impossible = feasible::impossible(&layout, &rules)?;
    let mut random = Random::new(seed);
    let rows = fewest(model, &layout, &rules, &impossible, &mut random, effort)?;
    let rows = ordered(&layout, &impossible, rows, model.seeds.len());
    let (rows, shares) = weigh::weigh(model, &layout, &rules, &impossible, rows, &mut random)?;
    let coverage = coverage::count(model, &layout, &rules, &impossible, &rows)?;
    let rows = rows.into_iter().map(|row| row.into_iter().map(usize::from).collect()).collect();
    Ok(CoveringArray { rows, coverage, shares })
}

fn check_constraints(model: &Model, rules: &Rules) -> Result<(), CoveringError> {
    let free = vec![None; model.factors.len()];
    let mut solver = Solver::new(rules);
    if solver.complete_partial(&free)?.is_none() {
        return Err(CoveringError::Contradiction { constraints: blame(model, &free)? });
    }
    for (n, seed) in model.seeds.iter().enumerate() {
        if solver.complete_partial(seed)?.is_none() {
            return Err(CoveringError::SeedBroken { row: n + 1, constraints: blame(model, seed)? });
        }
    }
    Ok(())
}

/// As few rows as the effort finds.
fn fewest(
    model: &Model,
    layout: &Layout,
    rules: &Rules,
    impossible: &[bool],
    random: &mut Random,
    effort: Effort,
) -> Result<Vec<Vec<Value>>, CoveringError> {
    let seeds: Vec<Vec<Value>> = model
        .seeds
        .iter()
        .map(|seed| seed.iter().map(|value| value.map_or(UNSET, small)).collect())
        .collect();
    let least = least_rows(model, layout, rules, impossible);
    // Many combinations make each candidate dear.
    let candidates = effort.candidates.min(2_000_000 / layout.tuples.max(1)).max(1);
    let mut arrays = Vec::new();
    for _ in 0..effort.restarts.max(1) {
        let mut builder = Builder::new(layout, rules, Random::new(random.next()), candidates);
        arrays.push(builder.build(impossible, &seeds)?);
    }
    let most = arrays.iter().map(Vec::len).min().unwrap_or(0);
    if rules.are_none() && layout.blocks.iter().all(|block| block.factors.len() <= 2) {
        for start in algebra::starts(&layout.levels, most) {
            let mut builder = Builder::new(layout, rules, Random::new(random.next()), candidates);
            arrays.push(builder.build(impossible, &[seeds.clone(), start].concat())?);
        }
    }
    // Stable: of equals, the first.
    arrays.sort_by_key(Vec::len);
    if std::env::var("COVDEBUG").is_ok() { eprintln!("least {least} starts {:?}", arrays.iter().map(Vec::len).collect::<Vec<_>>()); }
    let per_combination = effort.work_per_combination.saturating_mul(layout.tuples as u64);
    let mut work = per_combination.min(effort.work);
    let best = &arrays[0];
    let random = Random::new(random.next());
    Reducer::new(layout, rules, &model.seeds, impossible, best, random).reduce(least, &mut work)
}

/// A number of rows that no array can be below.
fn least_rows(model: &Model, layout: &Layout, rules: &Rules, impossible: &[bool]) -> usize {
    let block = |offset: usize, size: usize| {
        impossible[offset..offset + size].iter().filter(|impossible| !**impossible).count()
    };
    let largest = layout.blocks.iter().map(|b| block(b.offset, b.size)).max().unwrap_or(1);
    let varying = layout.levels.iter().filter(|levels| **levels > 1).count();
    let pairs = if rules.are_none() && model.strength >= 2 && varying >= 2 {
        algebra::fewest_for_pairs(varying)
    } else {
        1
    };
    largest.max(pairs).max(model.seeds.len())
}

/// The rows that must appear, then always the row that covers most of what is missing.
fn ordered(layout: &Layout, impossible: &[bool], mut rows: Vec<Vec<Value>>, seeds: usize) -> Vec<Vec<Value>> {
    let mut cover = Cover::new(layout, impossible);
    for next in 0..rows.len() {
        if next >= seeds {
            // Of equals, the first.
            let best = (next..rows.len()).rev().max_by_key(|row| cover.news(&rows[*row])).unwrap_or(next);
            rows.swap(next, best);
        }
        cover.add(&rows[next]);
    }
    rows
}
