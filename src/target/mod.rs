//! The ways to reach an application: one file each, all behind [`Target`].

mod answer;

pub use answer::{Answer, Request, Retrieved, TargetError, TargetErrorKind, ToolCall, Turn, Usage};

use std::pin::Pin;

/// A future that a target returns.
pub type Asking<'a> = Pin<Box<dyn Future<Output = Result<Answer, TargetError>> + Send + 'a>>;

/// A way to reach an application.
pub trait Target: Send + Sync {
    /// Asks one thing and waits for the answer. Whatever goes wrong is a [`TargetError`]: no panic,
    /// and never an empty answer in place of none.
    fn ask<'a>(&'a self, request: &'a Request) -> Asking<'a>;
}
