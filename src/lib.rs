//! Holdline is a regression gate for applications that call language models.
//!
//! A team describes the behaviours it cares about in `suites/`; Holdline runs them against the
//! application, judges the answers, compares the metrics with the accepted `baselines/`, and fails
//! the build only when something that worked has really got worse.

pub mod baseline;
pub mod check;
#[cfg(feature = "cli")]
pub mod cli;
pub mod compare;
pub mod distil;
pub mod doctor;
pub mod exit;
pub mod expand;
pub mod finetune;
pub mod gate;
pub mod harness;
pub mod judge;
pub mod metric;
pub mod model;
pub mod monitor;
pub mod quality;
pub mod report;
pub mod run;
pub mod session;
pub mod stats;
pub mod suite;
pub mod synth;
pub mod target;

pub use harness::Harness;
pub use target::{Answer, Request};
