//! The ways to reach an application: one file each, all behind [`Target`].

mod answer;
mod chat;
mod command;
mod host;
mod http;
mod in_process;
mod kept;
mod open;
mod pointer;
mod process;
mod reach;
mod recorded;
mod redact;
mod reply;
mod scope;
mod serve;
#[cfg(unix)]
mod watchdog;

pub use answer::{Answer, Attempt, Request, Retrieved, TargetError, TargetErrorKind, ToolCall, Turn, Usage};
pub use host::Host;
pub use in_process::Closures;
pub use kept::{AllSaid, Kept, Said};
pub use open::{Context, OpenError, kind, open};
pub use reach::leaves_loopback;
pub use recorded::check_recording;
pub use serve::{ServeError, Served};

use std::pin::Pin;

/// A future that a target returns.
pub type Asking<'a> = Pin<Box<dyn Future<Output = Result<Answer, TargetError>> + Send + 'a>>;

/// A future with an answer from before, where there is one.
pub type Recalling<'a> = Pin<Box<dyn Future<Output = Option<Answer>> + Send + 'a>>;

/// A way to reach an application.
pub trait Target: Send + Sync {
    /// Asks one thing and waits for the answer. Whatever goes wrong is a [`TargetError`]: no panic,
    /// and never an empty answer in place of none.
    fn ask<'a>(&'a self, request: &'a Request) -> Asking<'a>;

    /// Whom it asks, for the limits of hosts.
    fn host(&self, _: &Request) -> Host<'_> {
        Host::Nobody
    }

    /// What would be sent, with words in place of secrets and of the port of an application that is started for
    /// the run: the same bytes for the same question, in every run. `None` where answers cannot be kept for
    /// another run (recorded answers, closures), or where the request cannot be made.
    fn sends(&self, _: &Request) -> Option<Vec<u8>> {
        None
    }

    /// Whether [`Target::recall`] may find anything.
    fn recalls(&self) -> bool {
        false
    }

    /// The answer that an earlier run got to this, where it is kept. Nothing is asked.
    fn recall<'a>(&'a self, _: &'a Request) -> Recalling<'a> {
        Box::pin(std::future::ready(None))
    }

    /// Is told when so many answers that were recalled stand for a case.
    fn recalled(&self, _answers: usize) {}
}
