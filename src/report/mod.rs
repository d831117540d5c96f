//! The record of a run, and its projections: one file an output.

pub mod escape;
mod record;
#[cfg(feature = "cli")]
pub mod review;

pub use record::{CaseRecord, FORMAT, Record, ScenarioRecord, SuiteRecord};
