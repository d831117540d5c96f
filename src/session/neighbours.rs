//! Cases beside a suite: a failure is reduced, its neighbourhood is asked, and the boundary behind which a
//! scenario breaks is looked for. Nothing that gates is written.

mod bench;
mod explore;
mod find;
mod offer;
mod probe;
mod reduce;
mod written;

pub use bench::{Bench, records_of_neighbours};
pub use explore::explore;
pub use find::{Found, Plans, Scene, find, find_scene};
pub use offer::Known;
pub use probe::{ProbeWishes, probe};
pub use reduce::reduce;
pub use written::written;

/// Why cases cannot be asked beside a suite.
#[derive(Debug, thiserror::Error)]
pub enum NeighboursError {
    /// The run cannot be begun or had to be given up.
    #[error(transparent)]
    Session(#[from] super::SessionError),
    /// There is no neighbourhood as it is wanted.
    #[error(transparent)]
    Around(#[from] crate::distil::neighbours::NeighboursError),
    /// What would be offered cannot be put aside.
    #[error(transparent)]
    Queue(#[from] crate::synth::candidate::QueueError),
    /// What was decided about candidates cannot be read.
    #[error(transparent)]
    Decisions(#[from] crate::synth::decision::DecisionError),
    /// A request that makes no sense as it stands.
    #[error("{0}")]
    Usage(String),
}
