//! Fewer rows: one is taken away, and a search mends what went missing by changing the others.
//!
//! Each step picks a missing combination and the one changed value that brings it back at the least
//! cost over all rows, among places that were not changed just before (a short tabu list). Where every
//! such change is tabu or breaks a constraint, a random row takes the whole combination.

use super::feasible::Problem;
use super::model::CoveringError;
use super::random::Random;
use super::solve::{Solver, Value};
use super::table::Cover;

/// The longest a changed place stays as it is, in steps.
const TENURE: usize = 10;

/// The work that a constraint check counts for.
const STEP_WORK: usize = 50;

/// Rows that are being searched over.
pub(super) struct Reducer<'a> {
    problem: &'a Problem<'a>,
    solver: Solver<'a>,
    cover: Cover<'a>,
    random: Random,
    /// All rows, one after another.
    cells: Vec<Value>,
    width: usize,
    /// The step until which each place stays as it is.
    tabu: Vec<u64>,
    step: u64,
}

impl<'a> Reducer<'a> {
    pub fn new(problem: &'a Problem, rows: &[Vec<Value>], random: Random) -> Self {
        let mut cover = Cover::new(problem);
        for row in rows {
            cover.add(row);
        }
        let cells = rows.concat();
        let tabu = vec![0; cells.len()];
        let solver = Solver::new(&problem.rules);
        Self { problem, solver, cover, random, cells, width: problem.factors(), tabu, step: 0 }
    }

    fn rows(&self) -> usize {
        self.cells.len() / self.width
    }

    fn row(&self, row: usize) -> &[Value] {
        &self.cells[row * self.width..][..self.width]
    }

    /// Takes rows away for as long as the `work` lasts, down to `least` rows; the fewest rows found that
    /// miss nothing. One unit of work is one counter looked at.
    pub fn reduce(&mut self, least: usize, work: &mut u64) -> Result<Vec<Vec<Value>>, CoveringError> {
        let mut best = self.cells.clone();
        while self.rows() > least.max(self.problem.model.seeds.len()) {
            // To find the row, each row's combinations are looked at.
            *work = work.saturating_sub((self.rows() * self.problem.layout.blocks.len()) as u64);
            self.drop_row();
            if !self.mend(work)? {
                break;
            }
            best.clone_from(&self.cells);
        }
        Ok(best.chunks(self.width).map(<[Value]>::to_vec).collect())
    }

    /// Takes away the row whose combinations are missed least.
    fn drop_row(&mut self) {
        let least =
            (self.problem.model.seeds.len()..self.rows()).min_by_key(|row| self.cover.alone(self.row(*row)));
        if let Some(row) = least {
            let place = row * self.width;
            self.cover.take(&self.cells[place..place + self.width]);
            self.cells.drain(place..place + self.width);
            self.tabu.drain(place..place + self.width);
        }
    }

    /// Changes values until nothing is missing; false when the work is used up first.
    fn mend(&mut self, work: &mut u64) -> Result<bool, CoveringError> {
        while !self.cover.open.is_empty() {
            let tuple = self.cover.open[self.random.below(self.cover.open.len())] as usize;
            let wanted = self.problem.layout.decode(tuple);
            let spent = self.step(&wanted)?;
            if spent > *work {
                *work = 0;
                return Ok(false);
            }
            *work -= spent;
        }
        Ok(true)
    }

    /// One change towards the wanted combination; what it took.
    fn step(&mut self, wanted: &[(usize, Value)]) -> Result<u64, CoveringError> {
        let problem = self.problem;
        self.step += 1;
        let mut spent = self.rows() / 2;
        let mut best: Option<(isize, usize, usize, Value)> = None;
        let mut ties = 0;
        for n in 0..self.rows() {
            let place = n * self.width;
            let row = &mut self.cells[place..place + self.width];
            let mut differing = wanted.iter().filter(|(factor, value)| row[*factor] != *value);
            let (Some((factor, value)), None) = (differing.next(), differing.next()) else {
                continue;
            };
            if self.tabu[place + factor] > self.step || problem.is_fixed(n, *factor) {
                continue;
            }
            if self.problem.rules.touch(*factor) {
                let before = std::mem::replace(&mut row[*factor], *value);
                let valid = self.problem.rules.hold_around(row, *factor);
                row[*factor] = before;
                if !valid {
                    continue;
                }
            }
            spent += 2 * self.problem.layout.degree(*factor);
            let gain = self.cover.gain(row, *factor, *value).cast_signed();
            let change = gain - self.cover.loss(row, *factor).cast_signed();
            let most = best.map_or(isize::MIN, |(most, ..)| most);
            if change > most {
                ties = 0;
            }
            if change >= most {
                ties += 1;
                if self.random.below(ties) == 0 {
                    best = Some((change, n, *factor, *value));
                }
            }
        }
        match best {
            Some((_, row, factor, value)) => self.change(row, factor, value),
            None => spent += self.force(wanted)?,
        }
        Ok(spent as u64)
    }

    fn change(&mut self, row: usize, factor: usize, value: Value) {
        let place = row * self.width;
        self.cover.set(&mut self.cells[place..place + self.width], factor, value);
        self.tabu[place + factor] = self.step + 1 + self.random.below(TENURE) as u64;
    }

    /// Gives a random row the wanted combination, with whatever else the constraints then need.
    fn force(&mut self, wanted: &[(usize, Value)]) -> Result<usize, CoveringError> {
        let row = self.random.below(self.rows());
        let blocked = |(factor, value): &(usize, Value)| {
            self.problem.is_fixed(row, *factor) && self.row(row)[*factor] != *value
        };
        if wanted.iter().any(blocked) {
            return Ok(wanted.len());
        }
        let mut spent = self.width;
        let mut target = self.row(row).to_vec();
        for (factor, value) in wanted {
            target[*factor] = *value;
        }
        if !self.problem.rules.hold(&target) {
            let mark = self.solver.mark();
            let kept = self.problem.model.seeds.get(row).into_iter().flatten().enumerate();
            let kept = kept.filter_map(|(factor, value)| value.map(|value| (factor, value)));
            let wanted = wanted.iter().map(|(factor, value)| (*factor, usize::from(*value)));
            let solver = &mut self.solver;
            let steps = solver.steps;
            let fits = kept.chain(wanted).all(|(factor, value)| solver.assign(factor, value));
            let row = if fits { solver.complete(&target)? } else { None };
            solver.undo(mark);
            spent += usize::try_from(solver.steps - steps).unwrap_or(usize::MAX) * STEP_WORK;
            match row {
                Some(row) => target = row,
                None => return Ok(spent),
            }
        }
        for (factor, value) in target.into_iter().enumerate() {
            if self.row(row)[factor] != value {
                self.change(row, factor, value);
                spent += 2 * self.problem.layout.degree(factor);
            }
        }
        Ok(spent)
    }
}
