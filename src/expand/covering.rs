//! Covering arrays: few rows in which every combination of any `t` factors' values occurs.
//!
//! A model has factors with values, a strength (1 to 4), groups of factors that want a higher one,
//! constraints, rows that must appear, and weights and target shares for values. [`generate()`] answers
//! with rows that keep every constraint and cover every combination that can occur at all; [`measure`]
//! counts what any given rows cover.
//!
//! The rows are ours from end to end: a greedy construction with several candidates a row and, for
//! models without constraints, constructions over finite fields to start from; then rows are taken away
//! one at a time and a tabu search mends what went missing. All of it is bounded by counted work and
//! never by a clock, so the same model, seed and effort give the same bytes everywhere.

mod algebra;
mod constraint;
mod coverage;
mod feasible;
mod generate;
mod greedy;
mod model;
mod parse;
mod random;
mod reduce;
mod solve;
mod table;
mod weigh;

pub use constraint::{Constraint, Expr};
pub use coverage::{Coverage, ScopeCoverage, additions, measure};
pub use generate::{CoveringArray, Effort, ShareReached, generate};
pub use model::{CoveringError, Factor, Group, Model};
pub use parse::ParseError;
pub use weigh::shares_of;

/// Whether a row keeps every constraint of a model: a value of each of its factors, by index.
pub fn allows(model: &Model, row: &[usize]) -> bool {
    let row: Vec<solve::Value> = row.iter().map(|value| solve::small(*value)).collect();
    solve::Rules::of(model).hold(&row)
}
