//! A support desk for Perchlight, a bird feeder with a camera: it answers from a written policy, looks orders
//! up, asks back for what it needs to know, and hands over to a person what is not its own to decide.
//!
//! It answers on 127.0.0.1 at `PORT`: `GET /health`, and `POST /reply {"message", "session"?, "today"?}` with
//! `{"reply", "kind", "topic"}`. `APP_VERSION` chooses the version; the default is 1.
//!
//! What it cannot do: it answers one question of a message and no second one, reads English alone, and takes
//! the words of a question for what is meant by them.

mod bot;
mod intent;
mod message;
mod orders;
mod policy;
mod reply;
mod rules;
mod session;
#[path = "../meeting_assistant/tidy.rs"]
mod tidy;

use axum::extract::{DefaultBodyLimit, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use bot::{Bot, BotError};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use reply::Reply;
use serde::Deserialize;
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
    #[error(transparent)]
    Bot(#[from] BotError),
    #[error("cannot serve on port {port}: {source}")]
    Serve { port: u16, source: std::io::Error },
}

#[derive(Debug, Deserialize)]
struct Request {
    message: String,
    /// Name of the conversation; without one, nothing is remembered.
    session: Option<String>,
    /// The day that the periods of the policy are counted to; without one, the clock's.
    today: Option<Date>,
}

struct Service {
    bot: Bot,
    sessions: Mutex<Sessions>,
}

impl Service {
    fn answer(&self, request: &Request) -> Reply {
        let lock = || self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        let today = request.today.unwrap_or_else(|| jiff::Timestamp::now().to_zoned(TimeZone::UTC).date());
        let name = request.session.as_deref();
        let mut session = name.map_or_else(Session::default, |name| lock().get(name));
        let reply = self.bot.answer(&request.message, today, &mut session);
        if let Some(name) = name {
            lock().put(name, session);
        }
        reply
    }
}

fn app(version: u32) -> Result<Router, ServiceError> {
    let service = Arc::new(Service { bot: Bot::of_version(version)?, sessions: Mutex::default() });
    let answer = |State(service): State<Arc<Service>>, Json(request): Json<Request>| async move {
        Json(service.answer(&request))
    };
    Ok(Router::new()
        .route("/health", get(|| async { "ok" }))
        .route("/reply", post(answer))
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
            eprintln!("support_bot: {error}");
            ExitCode::FAILURE
        }
    }
}
