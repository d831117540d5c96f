//! A sales forecast: what a sale of a small coffee shop will bring, from what is bought, how it is paid and
//! when. It learns at its start, from a year of synthetic sales.
//!
//! It answers on 127.0.0.1 at `PORT`: `GET /health`, and `POST /predict` of a sale
//! (`{"product", "type", "calories", "price", "quantity", "payment", "sold_at"}`) with `{"amount": 12.34}`.
//! What no sale can have is refused with status 422 and `{"error"}`. `APP_VERSION` chooses the version; the
//! default is 1.

mod features;
mod forecast;
mod history;
mod ridge;
mod sale;

use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use features::Policy;
use forecast::{Forecast, TrainError};
use history::HistoryError;
use sale::Sale;
use serde::Serialize;
use std::process::ExitCode;
use std::sync::Arc;

/// Port used when `PORT` is not set.
const DEFAULT_PORT: u16 = 8080;
/// Largest request body that is read.
const MAX_BODY: usize = 64 * 1024;

#[derive(Debug, thiserror::Error)]
enum ServiceError {
    #[error("{name} is `{value}`, which is not {wanted}")]
    Setting { name: &'static str, value: String, wanted: &'static str },
    #[error("cannot read the sales to learn from: {0}")]
    History(#[from] HistoryError),
    #[error("cannot learn: {0}")]
    Train(#[from] TrainError),
    #[error("cannot serve on port {port}: {source}")]
    Serve { port: u16, source: std::io::Error },
}

#[derive(Debug, Serialize)]
struct Answer {
    amount: f64,
}

#[derive(Debug, Serialize)]
struct Refusal {
    error: String,
}

fn answer(forecast: &Forecast, sale: &Sale) -> Response {
    match forecast.amount(sale) {
        Ok(amount) => Json(Answer { amount }).into_response(),
        Err(error) => {
            (StatusCode::UNPROCESSABLE_ENTITY, Json(Refusal { error: error.to_string() })).into_response()
        }
    }
}

fn app(version: u32) -> Result<Router, ServiceError> {
    let forecast = Arc::new(Forecast::train(Policy::of_version(version), &history::sales()?)?);
    let predict = |State(forecast): State<Arc<Forecast>>, Json(sale): Json<Sale>| async move {
        answer(&forecast, &sale)
    };
    Ok(Router::new()
        .route("/health", get(|| async { "ok" }))
        .route("/predict", post(predict))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(forecast))
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
            eprintln!("sales_forecast: {error}");
            ExitCode::FAILURE
        }
    }
}
