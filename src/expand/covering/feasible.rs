//! A model made ready: its combinations numbered, and which of them can occur at all, exactly.

use super::model::{CoveringError, Model};
use super::random::Random;
use super::solve::{Rules, Solver, Value, blame, small};
use super::table::Layout;

/// A checked model with what follows from it.
pub(super) struct Problem<'a> {
    pub model: &'a Model,
    pub rules: Rules,
    pub layout: Layout,
    /// For each combination, whether no valid row has it.
    pub impossible: Vec<bool>,
    /// Values that no valid row has, as factor and value.
    pub impossible_values: Vec<(usize, usize)>,
}

impl<'a> Problem<'a> {
    pub fn of(model: &'a Model) -> Result<Self, CoveringError> {
        model.check()?;
        let layout = Layout::of(model)?;
        let rules = Rules::of(model);
        rows_exist(model, &rules)?;
        let impossible = impossible(&layout, &rules)?;
        let singles = Layout::singles(model)?;
        let impossible_values = self::impossible(&singles, &rules)?
            .into_iter()
            .enumerate()
            .filter(|(_, impossible)| *impossible)
            .flat_map(|(tuple, _)| singles.decode(tuple))
            .map(|(factor, value)| (factor, usize::from(value)))
            .collect();
        Ok(Self { model, rules, layout, impossible, impossible_values })
    }

    pub fn factors(&self) -> usize {
        self.layout.levels.len()
    }

    /// Whether a row that must appear says what stands there.
    pub fn is_fixed(&self, row: usize, factor: usize) -> bool {
        self.model.seeds.get(row).is_some_and(|seed| seed[factor].is_some())
    }

    /// Any value for each factor, whether or not they go together.
    pub fn anything(&self, random: &mut Random) -> Vec<Value> {
        self.layout.levels.iter().map(|levels| small(random.below(*levels))).collect()
    }
}

/// Whether the constraints leave a row at all, and each row that must appear.
fn rows_exist(model: &Model, rules: &Rules) -> Result<(), CoveringError> {
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

/// For each combination, whether no valid row has it. One valid row settles all the combinations in it,
/// so that rows are searched for few of them.
fn impossible(layout: &Layout, rules: &Rules) -> Result<Vec<bool>, CoveringError> {
    let mut impossible = vec![false; layout.tuples];
    if rules.are_none() {
        return Ok(impossible);
    }
    let mut seen = vec![false; layout.tuples];
    let mut solver = Solver::new(rules);
    // Rows that differ a lot settle more; which ones they are changes no answer.
    let mut random = Random::new(0);
    for tuple in 0..layout.tuples {
        if seen[tuple] {
            continue;
        }
        let mark = solver.mark();
        let fits = layout.decode(tuple).into_iter().all(|(factor, v)| solver.assign(factor, usize::from(v)));
        let prefer: Vec<Value> = layout.levels.iter().map(|levels| small(random.below(*levels))).collect();
        match if fits { solver.complete(&prefer)? } else { None } {
            Some(row) => layout.each(&row, |tuple| seen[tuple] = true),
            None => impossible[tuple] = true,
        }
        solver.undo(mark);
    }
    Ok(impossible)
}
