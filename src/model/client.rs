//! Asks a model for a reply of a form: by schema, by tool or by JSON object, whichever the endpoint takes, with
//! one attempt to have an unreadable reply mended.

use super::chat::{ChatRequest, Completion, Message, Role, complete};
use super::error::{ModelError, ModelErrorKind, excerpt};
use super::form::{Form, WAYS};
use super::unanswered::{Spent, Unanswered, UnansweredKind};
use super::wire::Wire;
use crate::suite::schema::judge::ModelSpec;
use crate::suite::secret::Secrets;
use crate::suite::template::{Scope, Template, TemplateError};
use crate::target::Usage;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;
use tokio::sync::Semaphore;

/// Most bytes of a reply.
const MOST: u64 = 1 << 20;

/// The first wait before a request is sent again; each further one is twice as long.
const WAIT: Duration = Duration::from_millis(250);

/// Longest wait before a request is sent again. A model that asks for more is not waited for.
const LONGEST: Duration = Duration::from_secs(30);

/// A reply that could be read. All of it is untrusted.
#[derive(Debug, Clone, PartialEq)]
pub struct Got<T> {
    /// What it says.
    pub value: T,
    /// The completion that it stands in.
    pub completion: Completion,
    /// What it took.
    pub spent: Spent,
}

/// A model that judges and generators ask.
#[derive(Debug)]
pub struct ModelClient {
    wire: Wire,
    request: ChatRequest,
    retries: u32,
    permits: Semaphore,
    secrets: Arc<Secrets>,
    /// The way to ask for JSON that the endpoint is known to take, or that is tried next.
    way: AtomicU8,
}

impl ModelClient {
    /// The environment variables that a model's description refers to.
    pub fn env_names(spec: &ModelSpec) -> BTreeSet<String> {
        let texts = [Some(&spec.base_url), Some(&spec.model), spec.api_key.as_ref()];
        let texts = texts.into_iter().flatten().chain(spec.headers.values());
        let parsed = texts.filter_map(|text| Template::parse(text).ok());
        parsed.flat_map(|template| template.env().iter().cloned().collect::<Vec<_>>()).collect()
    }

    /// A client for a model, with the values of the environment that its description refers to.
    pub fn new(spec: &ModelSpec, secrets: Arc<Secrets>) -> Result<Self, TemplateError> {
        let scope = Scope::new(&secrets);
        let fill = |text: &String| Template::parse(text)?.render_text(&scope);
        let header = |(name, value): (&String, &String)| Ok((name.clone(), fill(value)?));
        let request = ChatRequest {
            base: fill(&spec.base_url)?,
            api_key: spec.api_key.as_ref().map(fill).transpose()?,
            headers: spec.headers.iter().map(header).collect::<Result<_, TemplateError>>()?,
            model: Some(fill(&spec.model)?),
            temperature: spec.temperature,
            max_tokens: spec.max_tokens,
            further: if spec.logprobs {
                Map::from_iter([("logprobs".to_owned(), json!(true))])
            } else {
                Map::new()
            },
            ..ChatRequest::default()
        };
        let way = WAYS.iter().position(|way| *way == spec.structure).unwrap_or(0);
        Ok(Self {
            wire: Wire::new(spec.timeout.get(), MOST, secrets.clone()),
            request,
            retries: spec.retries,
            permits: Semaphore::new(spec.concurrency.clamp(1, Semaphore::MAX_PERMITS)),
            secrets,
            way: AtomicU8::new(u8::try_from(way).unwrap_or(0)),
        })
    }

    /// What is sent with every request beside the messages: the model, the temperature and the limit of tokens.
    pub fn sends(&self) -> Value {
        let ChatRequest { model, temperature, max_tokens, .. } = &self.request;
        json!({ "model": model, "temperature": temperature, "max_tokens": max_tokens })
    }

    /// Keeps secrets out of a text that came from the model.
    pub fn redact_text(&self, text: &mut String) {
        self.secrets.redact_text(text);
    }

    /// Keeps secrets out of every text of a value that came from the model, keys among them.
    pub fn redact_value(&self, value: &mut Value) {
        self.secrets.redact_value(value);
    }

    /// Asks for a reply of a form, which `read` reads or says what is wrong with it, in words for the model
    /// itself. Every request of every judge and generator passes through here. What is read is not redacted.
    ///
    /// What no reply came to is sent again where that may help (no connection, time-outs, 408, 429 and 5xx
    /// but 501 and 505). A reply that cannot be read is sent back once, with what is wrong with it. A reply
    /// that was cut off, filtered or refused is none, and is not asked for again.
    pub async fn reply<T>(
        &self,
        messages: Vec<Message>,
        form: &Form<'_>,
        read: impl Fn(&str) -> Result<T, String> + Sync,
    ) -> Result<Got<T>, Unanswered> {
        // Closed never.
        let _permit = self.permits.acquire().await;
        let mut spent = Spent::default();
        match self.mended(messages, form, &read, &mut spent).await {
            Ok((value, completion)) => Ok(Got { value, completion, spent }),
            Err((kind, mut message)) => {
                self.secrets.redact_text(&mut message);
                Err(Unanswered { kind, message, spent })
            }
        }
    }

    /// What the model says, with the reply it stands in; asked once more where that cannot be read.
    async fn mended<T>(
        &self,
        mut messages: Vec<Message>,
        form: &Form<'_>,
        read: &(impl Fn(&str) -> Result<T, String> + Sync),
        spent: &mut Spent,
    ) -> Result<(T, Completion), Failure> {
        let completion = self.ask(&messages, form, spent).await?;
        let written = whole(form, &completion)?;
        let unreadable = match read(&written) {
            Ok(value) => return Ok((value, completion)),
            Err(unreadable) => unreadable,
        };
        messages.push(Message { role: Role::Assistant, content: written });
        let mend =
            format!("That reply cannot be used: {unreadable}. Reply again, with the one JSON object alone.");
        messages.push(Message { role: Role::User, content: mend });
        let completion = self.ask(&messages, form, spent).await?;
        match read(&whole(form, &completion)?) {
            Ok(value) => Ok((value, completion)),
            Err(message) => Err((UnansweredKind::Unreadable, message)),
        }
    }

    /// Sends messages in the first way that the endpoint takes.
    async fn ask(
        &self,
        messages: &[Message],
        form: &Form<'_>,
        spent: &mut Spent,
    ) -> Result<Completion, Failure> {
        let mut at = usize::from(self.way.load(Ordering::Relaxed)).min(WAYS.len() - 1);
        loop {
            let mut request = self.request.clone();
            request.messages = messages.to_vec();
            form.put(WAYS[at], &mut request);
            match self.send(&request, spent).await {
                Ok(completion) => {
                    self.way.store(u8::try_from(at).unwrap_or(0), Ordering::Relaxed);
                    return Ok(completion);
                }
                Err(error) if is_refused_way(&error) && at + 1 < WAYS.len() => at += 1,
                Err(error) => return Err((UnansweredKind::NoReply, error.message)),
            }
        }
    }

    /// Sends a request, again where it got no reply.
    async fn send(&self, request: &ChatRequest, spent: &mut Spent) -> Result<Completion, ModelError> {
        let mut wait = WAIT;
        for _ in 0..self.retries {
            let error = match self.send_once(request, spent).await {
                Err(error) if may_help(&error) => error,
                done => return done,
            };
            let asked = error.retry_after_ms.map(Duration::from_millis);
            if asked.is_some_and(|asked| asked > LONGEST) {
                return Err(error);
            }
            tokio::time::sleep(asked.unwrap_or(wait)).await;
            wait = (wait * 2).min(LONGEST);
        }
        self.send_once(request, spent).await
    }

    async fn send_once(&self, request: &ChatRequest, spent: &mut Spent) -> Result<Completion, ModelError> {
        let done = complete(&self.wire, request).await;
        let usage = match &done {
            Ok(completion) => completion
                .usage
                .map(|tokens| Usage { input_tokens: tokens.input, output_tokens: tokens.output }),
            Err(error) => wrote_nothing(error).then(Usage::default),
        };
        *spent = spent.and(Spent { requests: 1, usage });
        done
    }
}

/// Why there is no reply, while what it took is still being counted.
type Failure = (UnansweredKind, String);

/// Whether no model read or wrote anything for a request that failed. What broke off later may have cost.
fn wrote_nothing(error: &ModelError) -> bool {
    matches!(error.kind, ModelErrorKind::Request | ModelErrorKind::Refused | ModelErrorKind::Status)
}

/// Whether a request that got no reply may get one when it is sent again.
fn may_help(error: &ModelError) -> bool {
    match error.kind {
        ModelErrorKind::Refused | ModelErrorKind::Connection | ModelErrorKind::Timeout => true,
        ModelErrorKind::Status => {
            error.status.is_some_and(|status| matches!(status, 408 | 429 | 500 | 502..=504 | 506..=599))
        }
        _ => false,
    }
}

/// Whether an endpoint may have refused the way in which JSON was asked for, rather than the request.
fn is_refused_way(error: &ModelError) -> bool {
    matches!(error.status, Some(400 | 404 | 415 | 422 | 501))
}

/// What a completion says; an error where it is no reply at all.
fn whole(form: &Form<'_>, completion: &Completion) -> Result<String, Failure> {
    let kind = match completion.finish_reason.as_deref() {
        _ if completion.refused => UnansweredKind::Refused,
        Some("length") => UnansweredKind::CutOff,
        Some("content_filter") => UnansweredKind::Filtered,
        _ => return Ok(form.words(completion)),
    };
    let message = match excerpt(&completion.text) {
        empty if empty.is_empty() => "nothing was said".to_owned(),
        beginning => beginning,
    };
    Err((kind, message))
}
