//! Metrics: values over a suite, a scenario or a tag, each with what it rests on.

mod catalogue;
mod classification;
mod confusion;
mod dialog;
mod display;
mod exclusion;
mod measure;
mod measurement;
mod observation;
mod operations;
mod rates;

pub use catalogue::{Gating, Metric, Scope, catalogue, definitions_version, find};
pub use confusion::{Averages, Confusion, LabelCounts, NO_LABEL};
pub use display::{display, display_delta};
pub use measure::{MeasureInput, confusion, measure, notes};
pub use measurement::{Direction, Measurement, Slice, Unit};
pub use observation::Observation;
