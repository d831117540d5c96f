//! How much of what should be covered some rows do cover.

use super::feasible;
use super::model::{CoveringError, Model};
use super::solve::{Rules, Value, small};
use super::table::{Layout, Scope};

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
    model.check()?;
    let rules = Rules::of(model);
    let layout = Layout::of(model)?;
    let impossible = feasible::impossible(&layout, &rules)?;
    let mut checked = Vec::with_capacity(rows.len());
    for (n, row) in rows.iter().enumerate() {
        if row.len() != layout.levels.len() {
            let wanted = layout.levels.len();
            return Err(CoveringError::RowLength { row: n + 1, length: row.len(), wanted });
        }
        for (factor, value) in model.factors.iter().zip(row) {
            if *value >= factor.values.len() {
                let factor = factor.name.clone();
                return Err(CoveringError::RowValue { row: n + 1, factor, value: *value });
            }
        }
        checked.push(row.iter().map(|value| small(*value)).collect());
    }
    count(model, &layout, &rules, &impossible, &checked)
}

/// The same with what is already known.
pub(super) fn count(
    model: &Model,
    layout: &Layout,
    rules: &Rules,
    impossible: &[bool],
    rows: &[Vec<Value>],
) -> Result<Coverage, CoveringError> {
    let mut covered = vec![false; layout.tuples];
    let mut broken = Vec::new();
    for (n, row) in rows.iter().enumerate() {
        if rules.hold(row) {
            for block in &layout.blocks {
                covered[layout.encode(block, row)] = true;
            }
        } else {
            broken.push(n);
        }
    }
    let scopes = layout.scopes.iter().map(|scope| scoped(layout, scope, impossible, &covered)).collect();
    // Single values are combinations of strength 1.
    let singles = Model {
        strength: 1,
        groups: Vec::new(),
        factors: model.factors.clone(),
        constraints: model.constraints.clone(),
        ..Model::default()
    };
    let singles = Layout::of(&singles)?;
    let none = feasible::impossible(&singles, rules)?;
    let impossible = (0..singles.tuples)
        .filter(|tuple| none[*tuple])
        .flat_map(|tuple| singles.decode(tuple))
        .map(|(factor, value)| (factor, usize::from(value)))
        .collect();
    Ok(Coverage { scopes, impossible, broken })
}

fn scoped(layout: &Layout, scope: &Scope, impossible: &[bool], covered: &[bool]) -> ScopeCoverage {
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
        for tuple in block.offset..block.offset + block.size {
            if impossible[tuple] {
                result.infeasible += 1;
                result.infeasible_example.get_or_insert_with(|| example(tuple));
                continue;
            }
            result.required += 1;
            if covered[tuple] {
                result.covered += 1;
            } else {
                result.missing_example.get_or_insert_with(|| example(tuple));
            }
        }
    }
    result
}
