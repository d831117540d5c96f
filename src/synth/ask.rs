//! The one way that every request of a generator goes: what is asked, what came of it, and the seam at which what
//! is kept and a budget stand before the network.

use crate::judge::model::{Spent, Unanswered};
use crate::model::Message;
use serde_json::Value;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

/// Says what is wrong with a reply, in words for the model that wrote it.
pub type CheckReply = Arc<dyn Fn(&Value) -> Result<(), String> + Send + Sync>;

/// What a reply must look like.
#[derive(Clone)]
pub struct JsonForm {
    /// What the reply is called, in letters, digits and `_`.
    pub name: String,
    /// Its JSON schema.
    pub schema: Value,
    /// What must hold of it beside.
    pub check: CheckReply,
}

impl fmt::Debug for JsonForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JsonForm")
            .field("name", &self.name)
            .field("schema", &self.schema)
            .finish_non_exhaustive()
    }
}

/// One request of a generator, of a filter or of a transformation.
#[derive(Debug)]
pub struct JsonAsk<'a> {
    /// What it is for, with its version: `queries@1`.
    pub purpose: &'a str,
    /// What is sent.
    pub messages: Vec<Message>,
    /// What the reply must look like.
    pub form: &'a JsonForm,
    /// Tells requests apart that say the same and are asked anew on purpose.
    pub sample: u32,
    /// The model that is asked, by the project's name for it; without one the next in turn.
    pub model: Option<&'a str>,
}

/// What a model replied. Its texts are redacted, and untrusted all the same.
#[derive(Debug, Clone, PartialEq)]
pub struct JsonReply {
    /// The reply.
    pub value: Value,
    /// The model that was asked, by the project's name for it.
    pub model: String,
    /// The model that answered, where the endpoint tells.
    pub answered: Option<String>,
    /// The first 16 hex digits of blake3 over the messages.
    pub prompt: String,
    /// What was sent beside the messages: temperature and the like.
    pub sampling: Value,
    /// The first 16 hex digits of blake3 over the reply.
    pub reply: String,
    /// What it took; nothing where it was kept from before.
    pub spent: Spent,
    /// Whether it was kept from before and nothing was asked.
    pub kept: bool,
}

/// A future with the reply to a request.
pub type JsonAsked<'a> = Pin<Box<dyn Future<Output = Result<JsonReply, Unanswered>> + Send + 'a>>;

/// Who answers the requests.
pub trait AsksJson: fmt::Debug + Send + Sync {
    /// Answers a request, or says why there is no reply.
    fn ask<'a>(&'a self, ask: JsonAsk<'a>) -> JsonAsked<'a>;
}
