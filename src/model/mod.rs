//! The one small client for what is asked over HTTP: limits and errors for any endpoint, and chat
//! completions of OpenAI-compatible ones, for chat targets, judges and generators alike.

mod chat;
mod error;
pub mod fence;
mod retry_after;
mod sse;
mod stamp;
mod stream;
mod wire;

pub use chat::{Call, ChatRequest, Completion, Message, Role, Token, Tokens, complete};
pub use error::{ModelError, ModelErrorKind};
pub use wire::{Reply, Wire, address};

pub(crate) use error::excerpt;
