//! What was accepted: the baseline file, its pending successor, and the answers and timings beside it.

mod accepted;

pub use accepted::{
    Acceptance, Accepted, AcceptedCase, AcceptedMetric, Baseline, FORMAT, Fingerprints, KEPT_RUNS,
};
