//! Rows one after another, each the best of several candidates: a combination that is still missing,
//! then the other factors in random order, each with the value that closes most.

use super::feasible::Problem;
use super::model::{CoveringError, MAX_ROWS};
use super::random::Random;
use super::solve::{Solver, Value, small};
use super::table::{Cover, UNSET};

/// Constraint checks after which there is but one candidate a row.
const MANY_STEPS: u64 = 2_000_000;

/// Where rows are built.
pub(super) struct Builder<'a> {
    problem: &'a Problem<'a>,
    solver: Solver<'a>,
    random: Random,
    /// Candidates for each row.
    candidates: usize,
}

impl<'a> Builder<'a> {
    pub fn new(problem: &'a Problem, random: Random, candidates: usize) -> Self {
        Self { problem, solver: Solver::new(&problem.rules), random, candidates }
    }

    /// Completes `partial` rows in order, then adds rows until nothing is missing.
    pub fn build(&mut self, partial: &[Vec<Value>]) -> Result<Vec<Vec<Value>>, CoveringError> {
        let mut cover = Cover::new(self.problem);
        let mut rows = Vec::with_capacity(partial.len());
        for row in partial {
            let row = self.best(&cover, row)?;
            cover.add(&row);
            rows.push(row);
        }
        let blank = vec![UNSET; self.problem.factors()];
        while !cover.open.is_empty() {
            if rows.len() == MAX_ROWS {
                return Err(CoveringError::TooManyRows { limit: MAX_ROWS });
            }
            let row = self.best(&cover, &blank)?;
            cover.add(&row);
            rows.push(row);
        }
        Ok(rows)
    }

    fn best(&mut self, cover: &Cover, partial: &[Value]) -> Result<Vec<Value>, CoveringError> {
        let blank = partial.iter().all(|value| *value == UNSET);
        let mut best: Option<(usize, Vec<Value>)> = None;
        for n in 0..self.candidates.max(1) {
            // Where rows are hard to find at all, the first has to do.
            if n > 0 && self.solver.steps > MANY_STEPS {
                break;
            }
            let mut row = partial.to_vec();
            if blank && !cover.open.is_empty() {
                let tuple = cover.open[self.random.below(cover.open.len())] as usize;
                for (factor, value) in self.problem.layout.decode(tuple) {
                    row[factor] = value;
                }
            }
            self.fill(cover, &mut row)?;
            let news = cover.news(&row);
            if best.as_ref().is_none_or(|(most, _)| news > *most) {
                best = Some((news, row));
            }
        }
        Ok(best.map_or_else(|| partial.to_vec(), |(_, row)| row))
    }

    /// Gives every place that is not set the value that closes most and leaves a valid row.
    fn fill(&mut self, cover: &Cover, row: &mut [Value]) -> Result<(), CoveringError> {
        let mark = self.solver.mark();
        // A valid row that agrees with all that is set so far.
        let mut witness = None;
        if !self.problem.rules.are_none() {
            for (factor, value) in row.iter().enumerate().filter(|(_, value)| **value != UNSET) {
                self.solver.assign(factor, usize::from(*value));
            }
            let prefer = self.problem.anything(&mut self.random);
            witness = self.solver.complete(&prefer)?;
        }
        let mut order: Vec<usize> = (0..row.len()).filter(|factor| row[*factor] == UNSET).collect();
        self.random.shuffle(&mut order);
        for factor in order {
            let gains = cover.gains(row, factor).into_iter().enumerate();
            let mut values: Vec<(usize, u64, Value)> =
                gains.map(|(value, gain)| (gain, self.random.next(), small(value))).collect();
            values.sort_unstable_by(|a, b| b.cmp(a));
            for (_, _, value) in values {
                let free = !self.problem.rules.touch(factor);
                if free || witness.as_ref().is_none_or(|row: &Vec<Value>| row[factor] == value) {
                    row[factor] = value;
                    if !free {
                        self.solver.assign(factor, usize::from(value));
                    }
                    break;
                }
                let here = self.solver.mark();
                let prefer = witness.clone().unwrap_or_default();
                if self.solver.assign(factor, usize::from(value))
                    && let Some(other) = self.solver.complete(&prefer)?
                {
                    witness = Some(other);
                    row[factor] = value;
                    break;
                }
                self.solver.undo(here);
            }
        }
        self.solver.undo(mark);
        Ok(())
    }
}
