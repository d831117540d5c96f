//! What was accepted: the baseline file, its pending successor, and the answers and timings beside it.

mod accepted;
mod answers;
mod cases;
mod compare;
mod error;
mod field;
mod files;
mod kept_answer;
mod latencies;
mod lines;
mod next;
mod signature;
mod snap;
mod store;
mod timings;
mod update;

pub use accepted::{Acceptance, Accepted, AcceptedMetric, Baseline, FORMAT, Fingerprints, KEPT_RUNS};
pub use answers::{Answers, FILE_LIMIT};
pub use cases::{AcceptedCase, AcceptedCases, AcceptedRun};
pub use compare::{MetricChange, Moved, Review, Way, compare};
pub use error::BaselineError;
pub use kept_answer::{Extent, KeptAnswer, REST_LIMIT, Rest, TEXT_LIMIT};
pub use latencies::Latencies;
pub use next::{NewRun, next, rejudged};
pub use signature::{Signature, signer};
pub use snap::{BY_CARGO_INSTA, NO_REASON, Snap, UNKNOWN_TIME};
pub use store::{Beside, Offer, Offered, Store};
pub use timings::{Host, Timings};
pub use update::{UPDATE_VARIABLE, UpdateMode, UpdateModeError, in_ci};
