//! The record of a run, and its projections: one file an output.

pub mod escape;
mod evidence;
mod file;
mod headline;
#[cfg(feature = "cli")]
pub mod junit;
mod number;
mod ranking;
mod record;
#[cfg(feature = "cli")]
pub mod review;

pub use record::{CaseRecord, FORMAT, Record, ScenarioRecord, SuiteRecord};
