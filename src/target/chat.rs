//! A target that is a model behind an OpenAI-compatible endpoint.

use super::host;
use super::http::Headers;
use super::open::{Context, OpenError, limit, template};
use super::reply::Reader;
use super::scope::{Ground, unfilled};
use super::{Answer, Asking, Host, Request, Target, TargetError, ToolCall, Usage};
use crate::model::{self, ChatRequest, Completion, Message, Role, Wire};
use crate::suite::as_text;
use crate::suite::schema::TargetSpec;
use crate::suite::template::{Scope, Template};
use serde_json::json;

/// A chat endpoint.
#[derive(Debug)]
pub(super) struct Chat {
    ground: Ground,
    base: Template,
    model: Option<Template>,
    system: Option<Template>,
    api_key: Option<Template>,
    headers: Headers,
    temperature: Option<f64>,
    max_tokens: Option<u32>,
    stream: bool,
    reader: Reader,
    wire: Wire,
    /// The host, where it is the same for every case.
    host: Option<String>,
}

impl Chat {
    pub(super) fn open(base: &str, spec: &TargetSpec, context: &Context) -> Result<Self, OpenError> {
        let optional =
            |field: &str, text: &Option<String>| text.as_ref().map(|text| template(field, text)).transpose();
        let (ground, base) = (Ground::new(context), template("chat", base)?);
        Ok(Self {
            host: host::fixed(&base, &ground),
            ground,
            base,
            model: optional("model", &spec.model)?,
            system: optional("system", &spec.system)?,
            api_key: optional("api_key", &spec.api_key)?,
            headers: Headers::parse(&spec.headers)?,
            temperature: spec.temperature,
            max_tokens: spec.max_tokens,
            stream: spec.stream,
            reader: Reader::pointed(&spec.reply, &context.secrets)?,
            wire: Wire::new(context.request_timeout, limit(spec), context.secrets.clone()),
        })
    }

    fn request(&self, ground: &Ground, request: &Request) -> Result<ChatRequest, TargetError> {
        let scope = ground.scope(request);
        let fill = |field: &str, template: &Template| {
            template.render_text(&scope).map_err(|error| unfilled(field, &error))
        };
        let optional = |field: &str, template: &Option<Template>| {
            template.as_ref().map(|template| fill(field, template)).transpose()
        };
        Ok(ChatRequest {
            base: fill("chat", &self.base)?,
            api_key: optional("api_key", &self.api_key)?,
            headers: self.headers.render(&scope)?,
            model: optional("model", &self.model)?,
            messages: self.messages(request, &scope)?,
            temperature: self.temperature,
            max_tokens: self.max_tokens,
            stream: self.stream,
            ..ChatRequest::default()
        })
    }

    /// The conversation so far: the system message, the turns, and what the user says now.
    fn messages(&self, request: &Request, scope: &Scope) -> Result<Vec<Message>, TargetError> {
        let mut messages = Vec::with_capacity(2 + 2 * request.turns.len());
        if let Some(system) = &self.system {
            let content = system.render_text(scope).map_err(|error| unfilled("system", &error))?;
            messages.push(Message { role: Role::System, content });
        }
        for turn in &request.turns {
            messages.push(Message { role: Role::User, content: as_text(&turn.user) });
            messages.push(Message { role: Role::Assistant, content: turn.answer.output.clone() });
        }
        messages.push(Message { role: Role::User, content: as_text(&request.input) });
        Ok(messages)
    }

    /// The message's own text is read by the pointers, where there are any; what they do not give
    /// comes from around it.
    fn answer(&self, completion: Completion) -> Result<Answer, TargetError> {
        let mut answer = self.reader.read_text(completion.text, "the message")?;
        if answer.calls.is_empty() {
            let call = |call: model::Call| ToolCall { name: call.name, arguments: call.arguments };
            answer.calls = completion.calls.into_iter().map(call).collect();
        }
        let usage =
            |tokens: model::Tokens| Usage { input_tokens: tokens.input, output_tokens: tokens.output };
        answer.usage = answer.usage.or(completion.usage.map(usage));
        answer.model = answer.model.or(completion.model);
        answer.latency_ms = Some(completion.latency_ms);
        answer.first_token_ms = completion.first_token_ms;
        Ok(answer)
    }
}

impl Target for Chat {
    fn ask<'a>(&'a self, request: &'a Request) -> Asking<'a> {
        Box::pin(async move {
            let completion = model::complete(&self.wire, &self.request(&self.ground, request)?).await?;
            self.answer(completion)
        })
    }

    fn host(&self, request: &Request) -> Host<'_> {
        if let Some(host) = &self.host {
            return Host::Fixed(host);
        }
        let base = self.base.render_text(&self.ground.scope(request)).ok();
        base.and_then(|base| host::of(&base)).map_or(Host::Nobody, Host::Told)
    }

    fn sends(&self, request: &Request) -> Option<Vec<u8>> {
        let ChatRequest { base, api_key, headers, model, messages, temperature, max_tokens, stream, .. } =
            self.request(&self.ground.at_rest(), request).ok()?;
        let sent = json!([base, api_key, headers, model, messages, temperature, max_tokens, stream]);
        Some(sent.to_string().into_bytes())
    }
}
