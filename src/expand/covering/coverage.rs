//! How much of what should be covered some rows do cover.

use super::feasible::Problem;
use super::model::{CoveringError, Model};
use super::solve::{Value, small};
use super::table::Scope;

/// What rows cover, by strength.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// The base strength over all factors, then each group in the model's order.
    pub scopes: Vec<ScopeCoverage>,
    /// Values that no valid row has, as factor and value.
    pub impossible: Vec<(usize, usize)>,
    /// Rows that break a constraint, by index; they cover nothing.
    pub broken: Vec<usize>,
}

/// What rows cover of one strength.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeCoverage {
    /// The group's name; `None` for the base strength.
    pub group: Option<String>,
    /// How many factors are combined.
    pub strength: usize,
    /// Combinations that valid rows can have.
    pub required: usize,
    /// Those of them that the rows have.
    pub covered: usize,
    /// Combinations that the constraints rule out.
    pub infeasible: usize,
    /// The first combination that is missing, as factors and values.
    pub missing_example: Option<Vec<(usize, usize)>>,
    /// The first combination that is ruled out, as factors and values.
    pub infeasible_example: Option<Vec<(usize, usize)>>,
}

impl Coverage {
    /// Whether nothing that can occur is missing.
    pub fn is_complete(&self) -> bool {
        self.scopes.iter().all(|scope| scope.covered == scope.required)
    }
}

/// Counts what any rows over the model's factors cover: all of those generated, or those a filter left.
pub fn measure(model: &Model, rows: &[Vec<usize>]) -> Result<Coverage, CoveringError> {
    let problem = Problem::of(model)?;
    Ok(count(&problem, &checked(&problem, rows)?))
}

/// Whether each of `others`, in this order, has a combination to be covered that neither `rows` nor those
/// of the others before it that were needed have.
pub fn additions(
    model: &Model,
    rows: &[Vec<usize>],
    others: &[Vec<usize>],
) -> Result<Vec<bool>, CoveringError> {
    let problem = Problem::of(model)?;
    let mut covered = vec![false; problem.layout.tuples];
    for row in checked(&problem, rows)?.iter().filter(|row| problem.rules.hold(row)) {
        problem.layout.each(row, |tuple| covered[tuple] = true);
    }
    let mut adds = Vec::with_capacity(others.len());
    for row in checked(&problem, others)? {
        let mut new = false;
        if problem.rules.hold(&row) {
            problem.layout.each(&row, |tuple| new |= !std::mem::replace(&mut covered[tuple], true));
        }
        adds.push(new);
    }
    Ok(adds)
}

/// The rows, where they are rows of the model.
fn checked(problem: &Problem, rows: &[Vec<usize>]) -> Result<Vec<Vec<Value>>, CoveringError> {
    let mut checked = Vec::with_capacity(rows.len());
    for (n, row) in rows.iter().enumerate() {
        if row.len() != problem.factors() {
            let wanted = problem.factors();
            return Err(CoveringError::RowLength { row: n + 1, length: row.len(), wanted });
        }
        for (factor, value) in problem.model.factors.iter().zip(row) {
            if *value >= factor.values.len() {
                let factor = factor.name.clone();
                return Err(CoveringError::RowValue { row: n + 1, factor, value: *value });
            }
        }
        checked.push(row.iter().map(|value| small(*value)).collect());
    }
    Ok(checked)
}

/// The same for rows that fit the model.
pub(super) fn count(problem: &Problem, rows: &[Vec<Value>]) -> Coverage {
    let layout = &problem.layout;
    let mut covered = vec![false; layout.tuples];
    let mut broken = Vec::new();
    for (n, row) in rows.iter().enumerate() {
        if problem.rules.hold(row) {
            layout.each(row, |tuple| covered[tuple] = true);
        } else {
            broken.push(n);
        }
    }
    let scopes = layout.scopes.iter().map(|scope| scoped(problem, scope, &covered)).collect();
    Coverage { scopes, impossible: problem.impossible_values.clone(), broken }
}

fn scoped(problem: &Problem, scope: &Scope, covered: &[bool]) -> ScopeCoverage {
    let layout = &problem.layout;
    let example = |tuple: usize| -> Vec<(usize, usize)> {
        layout.decode(tuple).into_iter().map(|(factor, value)| (factor, usize::from(value))).collect()
    };
    let mut result = ScopeCoverage {
        group: scope.group.clone(),
        strength: scope.strength,
        required: 0,
        covered: 0,
        infeasible: 0,
        missing_example: None,
        infeasible_example: None,
    };
    for block in scope.blocks.iter().map(|block| &layout.blocks[*block]) {
        for (tuple, is_covered) in covered.iter().enumerate().skip(block.offset).take(block.size) {
            if problem.impossible[tuple] {
                result.infeasible += 1;
                result.infeasible_example.get_or_insert_with(|| example(tuple));
                continue;
            }
            result.required += 1;
            if *is_covered {
                result.covered += 1;
            } else {
                result.missing_example.get_or_insert_with(|| example(tuple));
            }
        }
    }
    result
}
