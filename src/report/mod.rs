//! The record of a run, and its projections: one file an output.

pub mod escape;
mod record;

pub use record::{CaseRecord, FORMAT, Record, ScenarioRecord, SuiteRecord};
