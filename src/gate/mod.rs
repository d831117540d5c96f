//! The decision: whether something that worked has got worse.
//!
//! [`decide`] is a pure function of what was measured and what was accepted before. For each suite it
//! pairs the cases, compares every gating metric over families and the pass rate of every scenario over
//! cases, corrects all tests of the run together, and says what each metric, each case and the suite come
//! to. Scenarios are always tested by their pass rate, whatever metrics gate the suite.

mod assess;
mod compare;
mod concentrate;
mod confirm;
mod decide;
mod distance;
mod early;
mod finding;
mod input;
mod latency;
mod limits;
mod mean;
mod pair;
mod phrase;
mod places;
pub mod procedure;
mod ratio;
mod report;
mod robust;
mod score;
mod standing;
mod standings;
mod subject;

pub use compare::Blocks;
pub use confirm::{CONFIRMATIONS, Confirmation};
pub(crate) use decide::spoils;
pub use decide::{decide, needs_runs};
pub use early::{MIN_SEEDS, Sequential, suite_tests};
pub use finding::{
    Concentration, Decision, Evidence, Finding, FindingKind, Flip, Problem, ProblemKind, Standing,
};
pub(crate) use limits::stops;

pub use input::{GateInput, GateOptions, GateOutput, Times, Whys};
pub use standings::Standings;
