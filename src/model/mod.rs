//! The one small client for what is asked over HTTP: limits and errors for any endpoint, chat completions of
//! OpenAI-compatible ones, for chat targets, judges and generators alike, and replies in JSON of a form.

mod chat;
mod client;
mod conform;
mod error;
pub mod fence;
mod form;
mod json;
mod retry_after;
mod sse;
mod stamp;
mod stream;
mod unanswered;
mod wire;

pub use chat::{Call, ChatRequest, Completion, Message, Role, Token, Tokens, complete};
pub use client::{Got, ModelClient};
pub use conform::conforms;
pub use error::{ModelError, ModelErrorKind};
pub use form::Form;
pub use json::object as json_object;
pub use unanswered::{Spent, Unanswered, UnansweredKind};
pub use wire::{Reply, Wire, address};

pub(crate) use error::excerpt;
