//! A meeting assistant: an intent router over three agents (scheduling, summaries, documents) that
//! asks back when it cannot tell which is meant, remembers what a conversation is about, and says
//! what it can do when asked for something else.
//!
//! It answers on 127.0.0.1 at `PORT`: `GET /health`, and `POST /route {"text", "session"}` with
//! `{"message", "agent", "confidence"}`. `APP_VERSION` chooses the version; the default is 1.

mod assistant;
#[path = "../classifier/mod.rs"]
mod classifier;
mod details;
mod guard;
mod intent;
mod reply;
mod session;
mod tidy;

use assistant::{Assistant, Policy};
use axum::extract::{DefaultBodyLimit, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use session::{Session, Sessions};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

/// Port used when `PORT` is not set.
const DEFAULT_PORT: u16 = 8080;
/// Largest request body that is read.
const MAX_BODY: usize = 64 * 1024;

#[derive(Debug, thiserror::Error)]
enum ServiceError {
    #[error("{name} is `{value}`, which is not {wanted}")]
    Setting { name: &'static str, value: String, wanted: &'static str },
    #[error("cannot read the phrases: {0}")]
    Phrases(#[from] toml::de::Error),
    #[error("cannot serve on port {port}: {source}")]
    Serve { port: u16, source: std::io::Error },
}

#[derive(Debug, Deserialize)]
struct Request {
    text: String,
    /// Name of the conversation; without one, nothing is remembered.
    session: Option<String>,
}

#[derive(Debug, Serialize)]
struct Answer {
    message: String,
    agent: &'static str,
    confidence: f32,
}

struct Service {
    assistant: Assistant,
    sessions: Mutex<Sessions>,
}

impl Service {
    fn answer(&self, request: &Request) -> Answer {
        let lock = || self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        let name = request.session.as_deref();
        let mut session = name.map_or_else(Session::default, |name| lock().get(name));
        let reply = self.assistant.answer(&request.text, &mut session);
        if let Some(name) = name {
            lock().put(name, session);
        }
        Answer { message: reply.message, agent: reply.agent, confidence: reply.confidence }
    }
}

fn app(version: u32) -> Result<Router, ServiceError> {
    let assistant = Assistant::new(Policy::of_version(version))?;
    let service = Arc::new(Service { assistant, sessions: Mutex::default() });
    let answer = |State(service): State<Arc<Service>>, Json(request): Json<Request>| async move {
        Json(service.answer(&request))
    };
    Ok(Router::new()
        .route("/health", get(|| async { "ok" }))
        .route("/route", post(answer))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(service))
}

/// A setting from the environment, or its default.
fn setting<T: std::str::FromStr>(
    name: &'static str,
    default: T,
    wanted: &'static str,
) -> Result<T, ServiceError> {
    match std::env::var(name) {
        Err(_) => Ok(default),
        Ok(value) => value.parse().map_err(|_| ServiceError::Setting { name, value, wanted }),
    }
}

async fn serve() -> Result<(), ServiceError> {
    let port = setting("PORT", DEFAULT_PORT, "a port")?;
    let app = app(setting("APP_VERSION", 1, "a version")?)?;
    let failed = |source| ServiceError::Serve { port, source };
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.map_err(failed)?;
    axum::serve(listener, app).await.map_err(failed)
}

#[tokio::main]
async fn main() -> ExitCode {
    match serve().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("meeting_assistant: {error}");
            ExitCode::FAILURE
        }
    }
}
