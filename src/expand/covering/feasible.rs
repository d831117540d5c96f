//! Which combinations can occur at all under the constraints, exactly.

use super::model::CoveringError;
use super::random::Random;
use super::solve::{Rules, Solver, Value, small};
use super::table::Layout;

/// For each combination, whether no valid row has it. One valid row settles all the combinations in it,
/// so that rows are searched for few of them.
pub(super) fn impossible(layout: &Layout, rules: &Rules) -> Result<Vec<bool>, CoveringError> {
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
            Some(row) => {
                for block in &layout.blocks {
                    seen[layout.encode(block, &row)] = true;
                }
            }
            None => impossible[tuple] = true,
        }
        solver.undo(mark);
    }
    Ok(impossible)
}
