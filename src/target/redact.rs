//! Takes secrets out of what targets return, where it is captured.

use super::{Answer, Asking, Host, Request, Target, TargetError};
use crate::suite::secret::Secrets;
use std::sync::Arc;

/// A target whose answers and errors are free of secrets.
pub(super) struct Redacted {
    target: Box<dyn Target>,
    secrets: Arc<Secrets>,
}

impl Redacted {
    pub(super) fn new(target: Box<dyn Target>, secrets: Arc<Secrets>) -> Self {
        Self { target, secrets }
    }
}

impl Target for Redacted {
    fn sends(&self, request: &Request) -> Option<Vec<u8>> {
        self.target.sends(request)
    }

    fn ask<'a>(&'a self, request: &'a Request) -> Asking<'a> {
        Box::pin(async move {
            match self.target.ask(request).await {
                Ok(mut answer) => {
                    redact_answer(&self.secrets, &mut answer);
                    Ok(answer)
                }
                Err(mut error) => {
                    redact_error(&self.secrets, &mut error);
                    Err(error)
                }
            }
        })
    }

    fn host(&self, request: &Request) -> Host<'_> {
        self.target.host(request)
    }
}

/// Takes secrets out of every text of an answer.
fn redact_answer(secrets: &Secrets, answer: &mut Answer) {
    let Answer {
        output,
        label,
        contexts,
        retrieved,
        calls,
        model,
        usage: _,
        latency_ms: _,
        first_token_ms: _,
        attempts,
        cached: _,
    } = answer;
    secrets.redact_text(output);
    label.iter_mut().chain(model).chain(contexts).for_each(|text| secrets.redact_text(text));
    for attempt in attempts {
        secrets.redact_text(&mut attempt.message);
    }
    for found in retrieved {
        secrets.redact_text(&mut found.id);
    }
    for call in calls {
        secrets.redact_text(&mut call.name);
        secrets.redact_value(&mut call.arguments);
    }
}

/// Takes secrets out of an error.
fn redact_error(secrets: &Secrets, error: &mut TargetError) {
    secrets.redact_text(&mut error.message);
    for attempt in &mut error.attempts {
        secrets.redact_text(&mut attempt.message);
    }
}
