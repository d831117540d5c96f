//! Weights, target shares and the number of rows wanted, once everything is covered.
//!
//! A factor with weights or shares has a distribution that its values should have: shares as they are
//! given, what is left of 1 over the other values by weight. First, places that can change without a
//! combination going missing take the value that is furthest below its due. Then rows are added: up to
//! the number wanted, or else for as long as that meets more shares, to at most [`GROWTH`] times the
//! rows. Added rows are drawn by what is still due, valid, and distinct while there are others.

use super::feasible::Problem;
use super::generate::ShareReached;
use super::model::{CoveringError, Factor, MAX_ROWS, Model};
use super::random::Random;
use super::solve::{Solver, Value, small};
use super::table::Cover;
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

/// How many times as many rows there may be for the sake of shares.
const GROWTH: usize = 10;
/// Draws before a row that is not there yet is searched for.
const DRAWS: usize = 30;
/// Rounds over all places before changing them by weight ends.
const ROUNDS: usize = 10;

/// The rows as they are handed out, and what became of the shares.
pub(super) fn settle(
    problem: &Problem,
    rows: Vec<Vec<Value>>,
    random: &mut Random,
) -> Result<(Vec<Vec<Value>>, Vec<ShareReached>), CoveringError> {
    let dues: Vec<Option<Vec<f64>>> = problem.model.factors.iter().map(due).collect();
    let mut rows = ordered(problem, rows);
    let wanted = problem.model.rows;
    rows.truncate(wanted.unwrap_or(rows.len()));
    if dues.iter().any(Option::is_some) {
        refill(problem, &dues, &mut rows, wanted, random);
        rows = ordered(problem, rows);
    }
    let mut draw = Draw::new(problem, &dues, rows, random);
    match wanted {
        Some(wanted) => {
            while draw.rows.len() < wanted {
                draw.add(wanted)?;
            }
        }
        None => draw.grow()?,
    }
    let shares = reached(problem, &draw.rows);
    Ok((draw.rows, shares))
}

/// The share of the rows that each value should have; `None` where nobody asked.
fn due(factor: &Factor) -> Option<Vec<f64>> {
    if factor.weights.is_none() && factor.shares.is_empty() {
        return None;
    }
    let mut due = factor.weights.clone().unwrap_or_else(|| vec![1.0; factor.values.len()]);
    for (value, _) in &factor.shares {
        due[*value] = 0.0;
    }
    let left: f64 = 1.0 - factor.shares.iter().map(|(_, share)| share).sum::<f64>();
    let sum: f64 = due.iter().sum();
    if sum > 0.0 {
        for weight in &mut due {
            *weight *= left.max(0.0) / sum;
        }
    }
    for (value, share) in &factor.shares {
        due[*value] = *share;
    }
    Some(due)
}

/// The rows that must appear, then always the row that covers most of what is missing.
fn ordered(problem: &Problem, rows: Vec<Vec<Value>>) -> Vec<Vec<Value>> {
    let mut cover = Cover::new(problem);
    let mut rest = rows;
    let mut ordered: Vec<Vec<Value>> = rest.drain(..problem.model.seeds.len()).collect();
    for row in &ordered {
        cover.add(row);
    }
    // What a row would add only falls as others are taken, so that a row that is still worth what it was
    // when last counted, and was worth most then, is worth most now. Of equals, the first.
    let mut heap: BinaryHeap<(usize, Reverse<usize>)> =
        rest.iter().enumerate().map(|(n, row)| (cover.news(row), Reverse(n))).collect();
    while let Some((worth, Reverse(n))) = heap.pop() {
        let now = cover.news(&rest[n]);
        if now < worth {
            heap.push((now, Reverse(n)));
        } else {
            cover.add(&rest[n]);
            ordered.push(std::mem::take(&mut rest[n]));
        }
    }
    ordered
}

/// How many rows have each value of a factor.
fn counts(rows: &[Vec<Value>], factor: usize, levels: usize) -> Vec<usize> {
    let mut counts = vec![0; levels];
    for row in rows {
        counts[usize::from(row[factor])] += 1;
    }
    counts
}

/// Changes places that nothing depends on towards what each value is due.
fn refill(
    problem: &Problem,
    dues: &[Option<Vec<f64>>],
    rows: &mut [Vec<Value>],
    wanted: Option<usize>,
    random: &mut Random,
) {
    let total = wanted.unwrap_or(rows.len()) as f64;
    let mut cover = Cover::new(problem);
    for row in rows.iter() {
        cover.add(row);
    }
    let mut known: BTreeSet<Vec<Value>> = rows.iter().cloned().collect();
    let mut places: Vec<(usize, usize)> = (0..rows.len())
        .flat_map(|row| (0..problem.factors()).map(move |factor| (row, factor)))
        .filter(|(row, factor)| dues[*factor].is_some() && !problem.is_fixed(*row, *factor))
        .collect();
    random.shuffle(&mut places);
    let mut counts: Vec<Vec<usize>> =
        (0..problem.factors()).map(|factor| counts(rows, factor, problem.layout.levels[factor])).collect();
    for _ in 0..ROUNDS {
        let mut changed = false;
        for (n, factor) in &places {
            let (row, factor) = (&mut rows[*n], *factor);
            let Some(due) = &dues[factor] else { continue };
            let lacks = |value: usize, count: usize| due[value] * total - count as f64;
            let now = usize::from(row[factor]);
            let without = lacks(now, counts[factor][now]) + 1.0;
            let mut values: Vec<usize> = (0..due.len())
                .filter(|value| *value != now && lacks(*value, counts[factor][*value]) > without + 1e-9)
                .collect();
            if values.is_empty() || cover.loss(row, factor) > 0 {
                continue;
            }
            values.sort_by(|a, b| lacks(*b, counts[factor][*b]).total_cmp(&lacks(*a, counts[factor][*a])));
            let fitting = values.into_iter().find(|value| {
                let mut other = row.clone();
                other[factor] = small(*value);
                problem.rules.hold_around(&other, factor) && !known.contains(&other)
            });
            if let Some(value) = fitting {
                known.remove(row.as_slice());
                cover.set(row, factor, small(value));
                known.insert(row.clone());
                counts[factor][now] -= 1;
                counts[factor][value] += 1;
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
}

/// Whether so many rows of all are the share, to within one row.
fn is_met(count: usize, share: f64, rows: usize) -> bool {
    (count as f64 - share * rows as f64).abs() <= 1.0 + 1e-9
}

fn reached(problem: &Problem, rows: &[Vec<Value>]) -> Vec<ShareReached> {
    shares(problem.model, rows.len(), |factor, value| {
        rows.iter().filter(|row| usize::from(row[factor]) == value).count()
    })
}

/// What any rows over the model's factors have of the target shares.
pub fn shares_of(model: &Model, rows: &[Vec<usize>]) -> Vec<ShareReached> {
    shares(model, rows.len(), |factor, value| {
        rows.iter().filter(|row| row.get(factor) == Some(&value)).count()
    })
}

fn shares(model: &Model, rows: usize, having: impl Fn(usize, usize) -> usize) -> Vec<ShareReached> {
    let mut shares = Vec::new();
    for (factor, named) in model.factors.iter().enumerate() {
        for (value, wanted) in named.shares.iter().copied() {
            let count = having(factor, value);
            let met = is_met(count, wanted, rows);
            shares.push(ShareReached { factor, value, wanted, rows: count, met });
        }
    }
    shares
}

/// Draws further rows.
struct Draw<'a> {
    problem: &'a Problem<'a>,
    dues: &'a [Option<Vec<f64>>],
    rows: Vec<Vec<Value>>,
    counts: Vec<Vec<usize>>,
    known: BTreeSet<Vec<Value>>,
    solver: Solver<'a>,
    random: &'a mut Random,
    /// Every valid row is there already.
    exhausted: bool,
}

impl<'a> Draw<'a> {
    fn new(
        problem: &'a Problem<'a>,
        dues: &'a [Option<Vec<f64>>],
        rows: Vec<Vec<Value>>,
        random: &'a mut Random,
    ) -> Self {
        let levels = &problem.layout.levels;
        let counts = (0..levels.len()).map(|factor| counts(&rows, factor, levels[factor])).collect();
        let known = rows.iter().cloned().collect();
        let solver = Solver::new(&problem.rules);
        Self { problem, dues, rows, counts, known, solver, random, exhausted: false }
    }

    /// Adds rows for as long as that meets more shares.
    fn grow(&mut self) -> Result<(), CoveringError> {
        let factors = self.problem.model.factors.iter().enumerate();
        let shares: Vec<(usize, usize, f64)> = factors
            .flat_map(|(n, factor)| factor.shares.iter().map(move |(value, share)| (n, *value, *share)))
            .collect();
        let met = |draw: &Self| {
            let rows = draw.rows.len();
            shares.iter().filter(|(n, value, share)| is_met(draw.counts[*n][*value], *share, rows)).count()
        };
        let most = (self.rows.len() * GROWTH).min(MAX_ROWS);
        let mut best = (met(self), self.rows.len());
        while best.0 < shares.len() && self.rows.len() < most {
            self.add(self.rows.len() + 1)?;
            let now = met(self);
            if now > best.0 {
                best = (now, self.rows.len());
            }
        }
        self.rows.truncate(best.1);
        Ok(())
    }

    /// Adds one row towards what is due among `total`.
    fn add(&mut self, total: usize) -> Result<(), CoveringError> {
        let mut row = self.draw(total)?;
        for _ in 1..DRAWS {
            if self.exhausted || !self.known.contains(&row) {
                break;
            }
            row = self.draw(total)?;
        }
        if !self.exhausted && self.known.contains(&row) {
            let (known, mut other) = (&self.known, None);
            self.solver.search(&row, true, &mut |row| {
                if !known.contains(row) {
                    other = Some(row.to_vec());
                }
                other.is_some()
            })?;
            self.exhausted = other.is_none();
            row = other.unwrap_or(row);
        }
        for (factor, value) in row.iter().enumerate() {
            self.counts[factor][usize::from(*value)] += 1;
        }
        self.known.insert(row.clone());
        self.rows.push(row);
        Ok(())
    }

    fn draw(&mut self, total: usize) -> Result<Vec<Value>, CoveringError> {
        let mark = self.solver.mark();
        let prefer = self.problem.anything(self.random);
        let mut row = self.solver.complete(&prefer)?.unwrap_or(prefer);
        let mut order: Vec<usize> = (0..row.len()).collect();
        self.random.shuffle(&mut order);
        for factor in order {
            let mut weights = self.weights(factor, total);
            // The row is always one that can be; values that cannot join it are struck out.
            while let Some(value) = pick(&weights, self.random) {
                weights[value] = 0.0;
                let here = self.solver.mark();
                if self.solver.assign(factor, value) {
                    let mut prefer = row.clone();
                    prefer[factor] = small(value);
                    if let Some(found) = self.solver.complete(&prefer)? {
                        row = found;
                        break;
                    }
                }
                self.solver.undo(here);
            }
            self.solver.assign(factor, usize::from(row[factor]));
        }
        self.solver.undo(mark);
        Ok(row)
    }

    /// How much each value is still due; where none is, how much it is due at all.
    fn weights(&self, factor: usize, total: usize) -> Vec<f64> {
        let Some(due) = &self.dues[factor] else {
            return vec![1.0; self.problem.layout.levels[factor]];
        };
        let counts = self.counts[factor].iter();
        let left: Vec<f64> = due
            .iter()
            .zip(counts)
            .map(|(due, count)| (due * total as f64 - *count as f64).max(0.0))
            .collect();
        if left.iter().any(|left| *left > 0.0) { left } else { due.clone() }
    }
}

/// An index by weight; `None` where no weight is above 0.
fn pick(weights: &[f64], random: &mut Random) -> Option<usize> {
    let sum: f64 = weights.iter().sum();
    let mut at = random.unit() * sum;
    let mut last = None;
    for (n, weight) in weights.iter().enumerate().filter(|(_, weight)| **weight > 0.0) {
        last = Some(n);
        if at < *weight {
            break;
        }
        at -= weight;
    }
    last
}
