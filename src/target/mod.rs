//! The ways to reach an application: one file each, all behind [`Target`].

mod answer;
mod chat;
mod command;
mod host;
mod http;
mod in_process;
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
pub use open::{Context, OpenError, kind, open};
pub use reach::is_beyond_loopback;
pub use recorded::check_recording;
pub use serve::{ServeError, Served};

use std::pin::Pin;

/// A future that a target returns.
pub type Asking<'a> = Pin<Box<dyn Future<Output = Result<Answer, TargetError>> + Send + 'a>>;

/// A way to reach an application.
pub trait Target: Send + Sync {
    /// Asks one thing and waits for the answer. Whatever goes wrong is a [`TargetError`]: no panic,
    /// and never an empty answer in place of none.
    fn ask<'a>(&'a self, request: &'a Request) -> Asking<'a>;

    /// Whom it asks, for the limits of hosts.
    fn host(&self, _: &Request) -> Host<'_> {
        Host::Nobody
    }
}
