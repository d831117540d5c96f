//! The decision: whether something that worked has got worse.

mod finding;
mod input;

pub use finding::{Concentration, Decision, Finding, FindingKind, Flip, Problem, ProblemKind, Standing};
pub use input::{GateCase, GateInput, GateOptions, GateOutput};
