//! The one way that every request of a generator goes: what is asked, what came of it, and the seam at which the
//! replies kept on the disk and the budget stand before the network.

use crate::model::{Form, Message, ModelClient, Spent, Unanswered, conforms, json_object};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

/// Version of how replies are asked for and read: a reply kept under another one is not found.
pub const PROTOCOL: u32 = 1;

/// Says what is wrong with a reply, in words for the model that wrote it.
pub type CheckReply = Arc<dyn Fn(&Value) -> Result<(), String> + Send + Sync>;

/// What a reply must look like.
#[derive(Clone)]
pub struct JsonForm {
    /// The name of the schema: letters, digits, `_` and `-`, up to 64 of them.
    pub name: String,
    /// The JSON schema: an object.
    pub schema: Value,
    /// What the schema cannot say.
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

impl JsonForm {
    /// A form whose schema says all.
    pub fn new(name: impl Into<String>, schema: Value) -> Self {
        Self { name: name.into(), schema, check: Arc::new(|_| Ok(())) }
    }

    /// With something that the schema cannot say.
    #[must_use]
    pub fn checked(self, check: impl Fn(&Value) -> Result<(), String> + Send + Sync + 'static) -> Self {
        Self { check: Arc::new(check), ..self }
    }

    /// Reads a reply: exactly one JSON object, every key once, as the schema and the check say. Otherwise what is
    /// wrong, in words for the model.
    pub fn read(&self, text: &str) -> Result<Value, String> {
        let value = json_object(text)?;
        self.holds(&value)?;
        Ok(value)
    }

    /// Whether a value is of this form.
    pub fn holds(&self, value: &Value) -> Result<(), String> {
        conforms(&self.schema, value)?;
        (self.check)(value)
    }

    /// Asks a model for a reply of this form; what comes is redacted.
    pub(super) async fn of(
        &self,
        client: &ModelClient,
        messages: Vec<Message>,
    ) -> Result<(Value, Option<String>, Spent), Unanswered> {
        let form = Form { name: &self.name, what: "Gives the reply.", schema: self.schema.clone() };
        let got = client.reply(messages, &form, |text| self.read(text)).await?;
        let (mut value, mut answered) = (got.value, got.completion.model);
        client.redact_value(&mut value);
        if let Some(model) = &mut answered {
            client.redact_text(model);
        }
        Ok((value, answered, got.spent))
    }
}

/// One request of a generator, of a filter or of a transformation.
#[derive(Debug)]
pub struct JsonAsk<'a> {
    /// What it is for, with its version: `queries@1`. A part of what a kept reply is found by.
    pub purpose: &'a str,
    /// What is sent; its fences have the code that is always the same, and get a new one when it is sent.
    pub messages: Vec<Message>,
    /// What the reply must look like.
    pub form: &'a JsonForm,
    /// Tells requests apart that say the same and are asked anew on purpose.
    pub sample: u32,
    /// The model asked, as the project names it; `None`: the one whose turn it is by what is asked.
    pub model: Option<&'a str>,
}

/// What came of a request. Its texts are redacted, and untrusted all the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JsonReply {
    /// What the model said, of the form that was asked for.
    pub value: Value,
    /// The model that was asked, as the project names it.
    pub model: String,
    /// The model that answered, where the endpoint tells.
    pub answered: Option<String>,
    /// Hash over the messages with the fences' constant code, 16 hex digits.
    pub prompt: String,
    /// What was sent beside the messages: model, temperature, limit of tokens, and the sample's number.
    pub sampling: Value,
    /// Hash over the value, 16 hex digits.
    pub reply: String,
    /// What it took now: nothing where it was kept.
    pub spent: Spent,
    /// Whether it came from the disk.
    pub kept: bool,
}

/// A future with the reply to a request.
pub type JsonAsked<'a> = Pin<Box<dyn Future<Output = Result<JsonReply, Unanswered>> + Send + 'a>>;

/// Who answers requests for JSON.
pub trait AsksJson: fmt::Debug + Send + Sync {
    /// Answers a request, or says why there is no reply.
    fn ask<'a>(&'a self, ask: JsonAsk<'a>) -> JsonAsked<'a>;
}

/// The first 64 bits of blake3 over a text, as 16 hex digits.
pub fn short_hash(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex()[..16].to_owned()
}
