//! A target behind an HTTP endpoint.

use super::host;
use super::open::{Context, OpenError, limit, template};
use super::reply::Reader;
use super::scope::{Ground, unfilled};
use super::{Answer, Asking, Host, Request, Target, TargetError, TargetErrorKind};
use crate::model::{ModelError, ModelErrorKind, Wire};
use crate::suite::schema::{Method, TargetSpec};
use crate::suite::template::{JsonTemplate, Scope, Template};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Url, header};
use serde_json::json;
use std::collections::BTreeMap;

/// An HTTP endpoint.
#[derive(Debug)]
pub(super) struct Http {
    ground: Ground,
    address: Template,
    method: reqwest::Method,
    headers: Headers,
    payload: Payload,
    reader: Reader,
    wire: Wire,
    /// The host, where it is the same for every case.
    host: Option<String>,
    /// The address, where it is the same for every case.
    fixed: Option<Url>,
}

/// What is sent in the body.
#[derive(Debug)]
enum Payload {
    Nothing,
    /// `{"input": …}`.
    Input,
    Json(JsonTemplate),
    Form(Vec<(String, Template)>),
    Raw(Template),
}

impl Http {
    pub(super) fn open(address: &str, spec: &TargetSpec, context: &Context) -> Result<Self, OpenError> {
        let address = template("http", address)?;
        let given = Payload::parse(spec)?;
        let method = match spec.method {
            Some(Method::Get) => reqwest::Method::GET,
            Some(Method::Put) => reqwest::Method::PUT,
            Some(Method::Patch) => reqwest::Method::PATCH,
            None if given.is_none() && carries_the_case(&address) => reqwest::Method::GET,
            Some(Method::Post) | None => reqwest::Method::POST,
        };
        let payload = match given {
            Some(payload) => payload,
            None if method == reqwest::Method::GET => Payload::Nothing,
            None => Payload::Input,
        };
        let ground = Ground::new(context);
        Ok(Self {
            host: host::fixed(&address, &ground),
            fixed: host::address(&address, &ground),
            ground,
            address,
            method,
            headers: Headers::parse(&spec.headers)?,
            payload,
            reader: Reader::pointed(&spec.reply, &context.secrets)?,
            wire: Wire::new(context.request_timeout, limit(spec), context.secrets.clone()),
        })
    }

    fn address(&self, ground: &Ground, request: &Request) -> Result<String, TargetError> {
        // An address that is a value as a whole (`{{ row.url }}`) is meant as it stands.
        let source = self.address.source().trim();
        let whole = source.starts_with("{{") && source.ends_with("}}") && source.matches("{{").count() == 1;
        let scope = if whole { ground.scope(request) } else { ground.address_scope(request) };
        let address = self.address.render_text(&scope).map_err(|error| unfilled("http", &error))?;
        Ok(address.trim().to_owned())
    }

    fn request(&self, request: &Request) -> Result<reqwest::Request, TargetError> {
        let address = match &self.fixed {
            Some(address) => address.clone(),
            None => Url::parse(&self.address(&self.ground, request)?).map_err(|error| {
                let message = format!("`target.http` is not an address: {error}");
                TargetError::new(TargetErrorKind::Template, message)
            })?,
        };
        let mut http = reqwest::Request::new(self.method.clone(), address);
        let scope = self.ground.scope(request);
        if let Some((media_type, body)) = self.payload.render(request, &scope)? {
            http.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
            *http.body_mut() = Some(body.into());
        }
        let given = self.headers.render(&scope)?;
        for (name, value) in given {
            insert(http.headers_mut(), &name, &value)?;
        }
        http.headers_mut().entry(header::ACCEPT).or_insert(HeaderValue::from_static("*/*"));
        Ok(http)
    }
}

impl Target for Http {
    fn ask<'a>(&'a self, request: &'a Request) -> Asking<'a> {
        Box::pin(async move {
            let reply = self.wire.ask(self.request(request)?).await?;
            let latency_ms = Some(reply.latency_ms);
            let answer = self.reader.read_text(reply.text()?, "the reply")?;
            Ok(Answer { latency_ms, ..answer })
        })
    }

    fn host(&self, request: &Request) -> Host<'_> {
        if let Some(host) = &self.host {
            return Host::Fixed(host);
        }
        let address = self.address(&self.ground, request).ok();
        address.and_then(|url| host::of(&url)).map_or(Host::Nobody, Host::Told)
    }

    fn sends(&self, request: &Request) -> Option<Vec<u8>> {
        let ground = self.ground.at_rest();
        let scope = ground.scope(request);
        let address = self.address(&ground, request).ok()?;
        let (headers, body) = (self.headers.render(&scope).ok()?, self.payload.render(request, &scope).ok()?);
        Some(json!([self.method.as_str(), address, headers, body]).to_string().into_bytes())
    }
}

/// Whether the address itself says what is asked.
fn carries_the_case(address: &Template) -> bool {
    let roots = ["input", "row", "turns"];
    address.variables().iter().any(|path| path.split('.').next().is_some_and(|root| roots.contains(&root)))
}

impl Payload {
    /// What the suite gives, if it gives anything.
    fn parse(spec: &TargetSpec) -> Result<Option<Self>, OpenError> {
        let given = [spec.body.is_some(), spec.form.is_some(), spec.raw.is_some()];
        if given.into_iter().filter(|given| *given).count() > 1 {
            return Err(OpenError::Value {
                field: "body".into(),
                message: "stands beside `form` or `raw`; a request has one body".into(),
            });
        }
        if let Some(body) = &spec.body {
            let body = JsonTemplate::parse(body)
                .map_err(|source| OpenError::Template { field: "body".into(), source })?;
            return Ok(Some(Self::Json(body)));
        }
        if let Some(form) = &spec.form {
            let fields = form
                .iter()
                .map(|(name, value)| Ok((name.clone(), template(&format!("form.{name}"), value)?)));
            return Ok(Some(Self::Form(fields.collect::<Result<_, OpenError>>()?)));
        }
        spec.raw.as_ref().map(|raw| Ok(Self::Raw(template("raw", raw)?))).transpose()
    }

    /// The media type and the body.
    fn render(
        &self,
        request: &Request,
        scope: &Scope,
    ) -> Result<Option<(&'static str, String)>, TargetError> {
        const JSON: &str = "application/json";
        Ok(Some(match self {
            Self::Nothing => return Ok(None),
            Self::Input => (JSON, json!({ "input": request.input }).to_string()),
            Self::Json(body) => {
                (JSON, body.render(scope).map_err(|error| unfilled("body", &error))?.to_string())
            }
            Self::Form(fields) => {
                let mut form = String::new();
                for (name, value) in fields {
                    let value = value
                        .render_text(scope)
                        .map_err(|error| unfilled(&format!("form.{name}"), &error))?;
                    if !form.is_empty() {
                        form.push('&');
                    }
                    form.push_str(&crate::suite::encode::form(name));
                    form.push('=');
                    form.push_str(&crate::suite::encode::form(&value));
                }
                ("application/x-www-form-urlencoded", form)
            }
            Self::Raw(raw) => (
                "text/plain; charset=utf-8",
                raw.render_text(scope).map_err(|error| unfilled("raw", &error))?,
            ),
        }))
    }
}

/// The headers that a suite gives.
#[derive(Debug)]
pub(super) struct Headers(Vec<(String, Template)>);

impl Headers {
    pub(super) fn parse(headers: &BTreeMap<String, String>) -> Result<Self, OpenError> {
        let parse = |(name, value): (&String, &String)| {
            let field = format!("headers.{name}");
            if HeaderName::from_bytes(name.as_bytes()).is_err() {
                return Err(OpenError::Value { field, message: "is not the name of a header".into() });
            }
            Ok((name.clone(), template(&field, value)?))
        };
        headers.iter().map(parse).collect::<Result<_, _>>().map(Self)
    }

    pub(super) fn render(&self, scope: &Scope) -> Result<Vec<(String, String)>, TargetError> {
        let fill = |(name, value): &(String, Template)| {
            let value =
                value.render_text(scope).map_err(|error| unfilled(&format!("headers.{name}"), &error))?;
            Ok((name.clone(), value))
        };
        self.0.iter().map(fill).collect()
    }
}

fn insert(headers: &mut HeaderMap, name: &str, value: &str) -> Result<(), TargetError> {
    let bad =
        |what: &str| TargetError::new(TargetErrorKind::Template, format!("`target.headers.{name}` {what}"));
    let key = HeaderName::from_bytes(name.as_bytes()).map_err(|_| bad("is not the name of a header"))?;
    let value = HeaderValue::from_bytes(value.as_bytes())
        .map_err(|_| bad("holds characters that no header may hold, such as a line break"))?;
    headers.insert(key, value);
    Ok(())
}

impl From<ModelError> for TargetError {
    fn from(error: ModelError) -> Self {
        let kind = match error.kind {
            ModelErrorKind::Request => TargetErrorKind::Template,
            ModelErrorKind::Refused => TargetErrorKind::Refused,
            ModelErrorKind::Connection => TargetErrorKind::Connection,
            ModelErrorKind::Timeout => TargetErrorKind::Timeout,
            ModelErrorKind::Status => TargetErrorKind::Status,
            ModelErrorKind::TooLarge => TargetErrorKind::TooLarge,
            ModelErrorKind::NotText => TargetErrorKind::NotText,
            ModelErrorKind::NotJson => TargetErrorKind::NotJson,
            ModelErrorKind::NoCompletion => TargetErrorKind::MissingPointer,
        };
        let (status, retry_after_ms) = (error.status, error.retry_after_ms);
        Self { status, retry_after_ms, ..Self::new(kind, error.message) }
    }
}
