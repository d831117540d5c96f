//! Metrics: values over a suite, a scenario or a tag, each with what it rests on.

mod measurement;
mod observation;

pub use measurement::{Direction, Measurement, Slice, Unit};
pub use observation::Observation;
