//! Answers logged in production, judged offline: by the checks of a suite, by its judges on a sample, and by what
//! users and people said; how they drift; and what is asked there that the suite does not know.
//!
//! One direction: [`read`](mod@read) makes [`Logged`] answers of lines and spans, [`Expected`] says what must hold of
//! each, a `Window` keeps what is counted, and [`watch()`] makes the [`Report`] of it all.

mod drift;
mod expected;
mod features;
mod groups;
mod judged;
mod least;
mod line;
mod messages;
mod opinion;
mod propose;
pub mod read;
mod record;
mod refusal;
pub mod report;
mod scrub;
mod shown;
mod sources;
mod spans;
mod watch;
mod window;
mod written;

pub use expected::{Expected, ExpectedError, Route, Routed};
pub use opinion::{Opinion, Said, Scale};
pub use read::{Bad, BadKind, Log, ReadError};
pub use record::Logged;
pub use report::Report;
pub use scrub::Scrub;
pub use watch::{Against, BAR, MonitorError, Watched, Wish, watch};
