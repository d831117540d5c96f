//! What the templates of a target may refer to, for one request.

use super::open::Context;
use super::{Request, TargetError, TargetErrorKind};
use crate::suite::params::PARAMS;
use crate::suite::secret::Secrets;
use crate::suite::template::{Scope, TemplateError};
use crate::suite::{Params, encode};
use serde::Serialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// What is the same for every request of a target.
#[derive(Debug, Clone)]
pub(super) struct Ground {
    pub(super) secrets: Arc<Secrets>,
    pub(super) params: Arc<Params>,
    serve_port: Option<u16>,
    /// What stands for the secrets where a request is told from others and not sent.
    names: Arc<Secrets>,
}

impl Ground {
    pub(super) fn new(context: &Context) -> Self {
        Self {
            secrets: Arc::clone(&context.secrets),
            params: Arc::clone(&context.params),
            serve_port: context.serve_port,
            names: Arc::new(names(&context.secrets)),
        }
    }

    /// The same with a word for every secret, and no port of this run.
    pub(super) fn at_rest(&self) -> Self {
        Self {
            secrets: Arc::clone(&self.names),
            params: Arc::clone(&self.params),
            serve_port: self.serve_port.map(|_| 0),
            names: Arc::clone(&self.names),
        }
    }

    /// A scope without any case.
    pub(super) fn bare(secrets: &Secrets, params: &Params, serve_port: Option<u16>) -> Scope {
        let scope = Scope::new(secrets).with(PARAMS, params.values());
        match serve_port {
            Some(port) => scope.with("serve", json!({ "port": port })),
            None => scope,
        }
    }

    /// The scope of every request, without its case.
    pub(super) fn without_a_case(&self) -> Scope {
        Self::bare(&self.secrets, &self.params, self.serve_port)
    }

    /// The scope of a request.
    pub(super) fn scope(&self, request: &Request) -> Scope {
        Self::bare(&self.secrets, &self.params, self.serve_port)
            .with("input", &request.input)
            .with("row", &request.row)
            .with("knobs", &request.knobs)
            .with("turns", &request.turns)
            .with("conversation", json!({ "id": request.conversation }))
    }

    /// The scope of a request for an address: texts of the case are percent-encoded, so that an `&`
    /// in an input stays a part of the input. Parameters stand as they are: one may be a whole address.
    pub(super) fn address_scope(&self, request: &Request) -> Scope {
        Self::bare(&self.secrets, &self.params, self.serve_port)
            .with("input", encoded(&request.input))
            .with("row", encoded(&request.row))
            .with("knobs", encoded(&request.knobs))
            .with("turns", encoded(&request.turns))
            .with("conversation", json!({ "id": encode::percent(&request.conversation) }))
    }
}

/// Secrets of the same names, each with its name for a value.
fn names(secrets: &Secrets) -> Secrets {
    let names = secrets.values().keys().cloned();
    Secrets::gather(names, |name| Some(format!("env:{name}"))).0
}

fn encoded(value: impl Serialize) -> Value {
    // Only maps with keys that are no texts cannot become JSON, and a request holds none.
    let mut value = serde_json::to_value(value).unwrap_or_default();
    encode_texts(&mut value);
    value
}

fn encode_texts(value: &mut Value) {
    match value {
        Value::String(text) => *text = encode::percent(text),
        Value::Array(list) => list.iter_mut().for_each(encode_texts),
        Value::Object(fields) => fields.values_mut().for_each(encode_texts),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A template of the target that cannot be filled in for this request.
pub(super) fn unfilled(field: &str, error: &TemplateError) -> TargetError {
    TargetError::new(TargetErrorKind::Template, format!("`target.{field}`: {error}"))
}
