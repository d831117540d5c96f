//! A target that is a closure of the test program.

use super::open::{Context, OpenError, limit};
use super::{Answer, Asking, Request, Target, TargetError, TargetErrorKind};
use crate::model::excerpt;
use crate::suite::schema::TargetSpec;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

type Answering = Pin<Box<dyn Future<Output = Result<Answer, String>> + Send>>;
type Closure = Arc<dyn Fn(Request) -> Answering + Send + Sync>;

/// The closures of a test program, by the names that suites call them.
#[derive(Clone, Default)]
pub struct Closures {
    by_name: BTreeMap<String, Closure>,
}

impl Closures {
    /// Registers a closure; a name that is there already is taken over.
    pub fn register<F, Answered, A, E>(&mut self, name: impl Into<String>, closure: F)
    where
        F: Fn(Request) -> Answered + Send + Sync + 'static,
        Answered: Future<Output = Result<A, E>> + Send + 'static,
        A: Into<Answer>,
        E: Display,
    {
        let closure: Closure = Arc::new(move |request| {
            let answered = closure(request);
            Box::pin(async move { answered.await.map(Into::into).map_err(|error| error.to_string()) })
        });
        self.by_name.insert(name.into(), closure);
    }

    /// The names registered.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }
}

impl std::fmt::Debug for Closures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

impl From<String> for Answer {
    fn from(output: String) -> Self {
        Self { output, ..Self::default() }
    }
}

impl From<&str> for Answer {
    fn from(output: &str) -> Self {
        output.to_owned().into()
    }
}

/// A closure.
pub(super) struct InProcess {
    closure: Closure,
    timeout: Duration,
    limit: u64,
}

impl InProcess {
    pub(super) fn open(spec: &TargetSpec, context: &Context) -> Result<Self, OpenError> {
        let name = spec.in_process.as_deref().unwrap_or_default();
        let closures = &context.closures;
        let closure = closures.by_name.get(name).ok_or_else(|| OpenError::NoClosure {
            name: name.to_owned(),
            known: closures.names().map(str::to_owned).collect(),
        })?;
        Ok(Self { closure: Arc::clone(closure), timeout: context.request_timeout, limit: limit(spec) })
    }

    async fn run(&self, request: &Request) -> Result<Answer, TargetError> {
        let (closure, request) = (Arc::clone(&self.closure), request.clone());
        let started = Instant::now();
        // A task of its own, so that a panic ends there; the guard ends it with this future.
        let mut tasks = tokio::task::JoinSet::new();
        tasks.spawn(async move { closure(request).await });
        let failed = |message: String| TargetError::new(TargetErrorKind::InProcess, message);
        let mut answer = match tokio::time::timeout(self.timeout, tasks.join_next()).await {
            Err(_) => {
                let message = format!("the closure did not answer within {:?}", self.timeout);
                return Err(TargetError::new(TargetErrorKind::Timeout, message));
            }
            Ok(Some(Ok(Ok(answer)))) => answer,
            Ok(Some(Ok(Err(message)))) => return Err(failed(message)),
            Ok(Some(Err(error))) if error.is_panic() => {
                let payload = error.into_panic();
                let words = payload
                    .downcast_ref::<&str>()
                    .copied()
                    .or_else(|| payload.downcast_ref::<String>().map(String::as_str));
                let words = words.map(|words| format!(": {}", excerpt(words))).unwrap_or_default();
                return Err(failed(format!("the closure panicked{words}")));
            }
            Ok(Some(Err(_)) | None) => return Err(failed("the closure was cancelled".into())),
        };
        let size = answer.output.len() as u64;
        if size > self.limit {
            let message = format!("the answer has {size} bytes; the limit is {} (`max_answer`)", self.limit);
            return Err(TargetError::new(TargetErrorKind::TooLarge, message));
        }
        answer.latency_ms.get_or_insert_with(|| started.elapsed().as_secs_f64() * 1e3);
        Ok(answer)
    }
}

impl Target for InProcess {
    fn ask<'a>(&'a self, request: &'a Request) -> Asking<'a> {
        Box::pin(self.run(request))
    }
}
