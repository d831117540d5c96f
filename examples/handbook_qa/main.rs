//! Questions about a handbook: finds the passages of a folder of Markdown that a question is about, and
//! answers with their sentences, or says that the handbook does not answer. The handbook is that of a company
//! that does not exist.
//!
//! It answers on 127.0.0.1 at `PORT`: `GET /health`, and `POST /ask {"question"}` with
//! `{"answer", "sources": [{"id", "score"}], "contexts"}`. `APP_VERSION` chooses the version; the default
//! is 1.

mod answer;
mod bm25;
mod chunk;
mod pages;
mod words;

use answer::{Handbook, Reply};
use axum::extract::{DefaultBodyLimit, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use chunk::Chunker;
use pages::PagesError;
use serde::Deserialize;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

/// Port used when `PORT` is not set.
const DEFAULT_PORT: u16 = 8080;
/// Largest request body that is read.
const MAX_BODY: usize = 64 * 1024;
/// Where the pages are.
const PAGES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/handbook_qa/handbook");

#[derive(Debug, thiserror::Error)]
enum ServiceError {
    #[error("{name} is `{value}`, which is not {wanted}")]
    Setting { name: &'static str, value: String, wanted: &'static str },
    #[error(transparent)]
    Pages(#[from] PagesError),
    #[error("cannot serve on port {port}: {source}")]
    Serve { port: u16, source: std::io::Error },
}

#[derive(Debug, Deserialize)]
struct Request {
    question: String,
}

fn app(version: u32) -> Result<Router, ServiceError> {
    let handbook = Handbook::new(&pages::read(Path::new(PAGES))?, Chunker::of_version(version));
    let ask = |State(handbook): State<Arc<Handbook>>, Json(request): Json<Request>| async move {
        Json::<Reply>(handbook.ask(&request.question))
    };
    Ok(Router::new()
        .route("/health", get(|| async { "ok" }))
        .route("/ask", post(ask))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(Arc::new(handbook)))
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
            eprintln!("handbook_qa: {error}");
            ExitCode::FAILURE
        }
    }
}
