//! A router of requests to domains, trained at start from a file of labelled requests.
//!
//! The file is a CSV in the form of CLINC150 (`item_id,domain,split,query,intent`); its path is the
//! first argument, or `train_small.csv` in the folder that `HOLDLINE_DATA` names. `--without DOMAIN`
//! (or `WITHOUT_DOMAIN`) leaves one domain's requests out of training, as a careless change of the
//! data would. It answers on 127.0.0.1 at `PORT`: `GET /health`, and `POST /route {"text"}` with
//! `{"message", "agent"}`.

#[path = "../classifier/mod.rs"]
mod classifier;

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use classifier::Classifier;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

/// The domain of requests that belong to none of the others.
const OUT_OF_SCOPE: &str = "oos";
/// The least probability at which a domain is believed. Chosen on the validation split: above it,
/// requests in scope are lost faster than those out of scope are caught.
const SURE_ENOUGH: f32 = 0.5;
/// The least share of a request that training must have seen for its domain to be believed.
const KNOWN_ENOUGH: f32 = 0.5;
/// Port used when `PORT` is not set.
const DEFAULT_PORT: u16 = 8081;

#[derive(Debug, thiserror::Error)]
enum RouterError {
    #[error("no training data; give the path of a CSV file, or name its folder in HOLDLINE_DATA")]
    NoData,
    #[error("`{0}` is not an argument; the usage is: intent_router [PATH] [--without DOMAIN]")]
    Argument(String),
    #[error("`--without` needs the name of a domain")]
    WithoutWhat,
    #[error("cannot read {path}: {source}")]
    Data { path: PathBuf, source: csv::Error },
    #[error("{path} has no requests in domain `{domain}` that could be left out")]
    UnknownDomain { path: PathBuf, domain: String },
    #[error("{path} has no requests to learn from")]
    Empty { path: PathBuf },
    #[error("PORT is `{0}`, which is not a port")]
    Port(String),
    #[error("cannot serve on port {port}: {source}")]
    Serve { port: u16, source: std::io::Error },
}

/// What the router is started with.
#[derive(Debug, PartialEq)]
struct Settings {
    data: PathBuf,
    without: Option<String>,
}

impl Settings {
    /// Reads the arguments; the environment, given as a look-up, fills in what they leave open.
    fn read(
        mut arguments: impl Iterator<Item = String>,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, RouterError> {
        let (mut data, mut without) = (None, None);
        while let Some(argument) = arguments.next() {
            if argument == "--without" {
                without = Some(arguments.next().ok_or(RouterError::WithoutWhat)?);
            } else if argument.starts_with('-') || data.is_some() {
                return Err(RouterError::Argument(argument));
            } else {
                data = Some(PathBuf::from(argument));
            }
        }
        let folder = || environment("HOLDLINE_DATA").map(|folder| Path::new(&folder).join("train_small.csv"));
        let data = data.or_else(folder).ok_or(RouterError::NoData)?;
        let without = without.or_else(|| environment("WITHOUT_DOMAIN")).filter(|domain| !domain.is_empty());
        Ok(Self { data, without })
    }
}

/// A labelled request.
#[derive(Debug, Deserialize)]
struct Row {
    domain: String,
    query: String,
}

fn train(settings: &Settings) -> Result<Classifier, RouterError> {
    let path = &settings.data;
    let failed = |source| RouterError::Data { path: path.clone(), source };
    let mut reader = csv::Reader::from_path(path).map_err(failed)?;
    let mut rows = reader.deserialize().collect::<Result<Vec<Row>, csv::Error>>().map_err(failed)?;
    if let Some(domain) = &settings.without {
        let before = rows.len();
        rows.retain(|row| row.domain != *domain);
        if rows.len() == before {
            return Err(RouterError::UnknownDomain { path: path.clone(), domain: domain.clone() });
        }
    }
    if rows.is_empty() {
        return Err(RouterError::Empty { path: path.clone() });
    }
    Ok(Classifier::train(rows.iter().map(|row| (row.query.as_str(), row.domain.as_str()))))
}

#[derive(Debug, Deserialize)]
struct Request {
    text: String,
}

#[derive(Debug, PartialEq, Serialize)]
struct Reply {
    message: String,
    agent: String,
}

/// Chooses the domain of a request.
fn route(classifier: &Classifier, text: &str) -> Reply {
    let guess = classifier.guess(text);
    let domain = match guess.ranked.first() {
        Some((domain, probability)) if *probability >= SURE_ENOUGH && guess.known >= KNOWN_ENOUGH => *domain,
        _ => OUT_OF_SCOPE,
    };
    let message = if domain == OUT_OF_SCOPE {
        "I have nobody for that. Try asking about something else.".to_owned()
    } else {
        format!("I am passing this on to {}.", domain.replace('_', " "))
    };
    Reply { message, agent: domain.to_owned() }
}

fn app(classifier: Classifier) -> Router {
    let answer = |State(classifier): State<Arc<Classifier>>, Json(request): Json<Request>| async move {
        Json(route(&classifier, &request.text))
    };
    Router::new()
        .route("/health", get(|| async { "ok" }))
        .route("/route", post(answer))
        .with_state(Arc::new(classifier))
}

async fn serve() -> Result<(), RouterError> {
    let environment = |name: &str| std::env::var(name).ok();
    let settings = Settings::read(std::env::args().skip(1), environment)?;
    let port = match environment("PORT") {
        None => DEFAULT_PORT,
        Some(text) => text.parse().map_err(|_| RouterError::Port(text))?,
    };
    let app = app(train(&settings)?);
    let failed = |source| RouterError::Serve { port, source };
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.map_err(failed)?;
    axum::serve(listener, app).await.map_err(failed)
}

#[tokio::main]
async fn main() -> ExitCode {
    match serve().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("intent_router: {error}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    const ROWS: &str = "item_id,domain,split,query,intent
1,banking,train,move fifty pounds to my savings account,transfer
2,banking,train,what is the balance of my bank account,balance
3,banking,train,freeze my account please,freeze
4,travel,train,book a flight to rome,book_flight
5,travel,train,i need a hotel in lisbon for two nights,book_hotel
6,travel,train,do i need a visa for japan,visa
";

    fn settings(arguments: &[&str], variables: &[(&str, &str)]) -> Result<Settings, RouterError> {
        Settings::read(arguments.iter().map(ToString::to_string), |name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    fn trained_without(domain: Option<&str>) -> Result<Classifier, RouterError> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(ROWS.as_bytes()).unwrap();
        train(&Settings { data: file.path().to_owned(), without: domain.map(str::to_owned) })
    }

    #[test]
    fn an_argument_goes_before_the_environment() {
        let variables = [("HOLDLINE_DATA", "data"), ("WITHOUT_DOMAIN", "work")];
        let from_environment = settings(&[], &variables).unwrap();
        assert_eq!(from_environment.data, Path::new("data").join("train_small.csv"));
        assert_eq!(from_environment.without.as_deref(), Some("work"));
        let from_arguments = settings(&["my.csv", "--without", "travel"], &variables).unwrap();
        assert_eq!(from_arguments.data, Path::new("my.csv"));
        assert_eq!(from_arguments.without.as_deref(), Some("travel"));
    }

    #[test]
    fn wrong_arguments_are_refused() {
        assert!(matches!(settings(&[], &[]), Err(RouterError::NoData)));
        assert!(
            matches!(settings(&["a.csv", "b.csv"], &[]), Err(RouterError::Argument(text)) if text == "b.csv")
        );
        assert!(
            matches!(settings(&["a.csv", "--fast"], &[]), Err(RouterError::Argument(text)) if text == "--fast")
        );
        assert!(matches!(settings(&["a.csv", "--without"], &[]), Err(RouterError::WithoutWhat)));
    }

    #[test]
    fn a_request_goes_to_its_domain_and_a_strange_one_to_none() {
        let classifier = trained_without(None).unwrap();
        assert_eq!(route(&classifier, "freeze the savings account").agent, "banking");
        assert_eq!(route(&classifier, "i need a flight to japan").agent, "travel");
        assert_eq!(route(&classifier, "zzz").agent, OUT_OF_SCOPE);
    }

    #[test]
    fn a_domain_left_out_of_training_is_never_chosen() {
        let classifier = trained_without(Some("travel")).unwrap();
        assert_ne!(route(&classifier, "book a flight to rome").agent, "travel");
    }

    #[test]
    fn leaving_out_a_domain_that_is_not_there_is_an_error() {
        assert!(matches!(trained_without(Some("sport")), Err(RouterError::UnknownDomain { .. })));
    }
}
