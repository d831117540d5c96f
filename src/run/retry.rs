//! Asks again where a request came to nothing that may come to something: no connection, no answer in time,
//! status 429 or 5xx. A complete answer is never asked for a second time.

mod tally;

pub use tally::Retried;

use crate::expand::stream::Stream;
use crate::target::{Asking, Attempt, Request, Target, TargetError, TargetErrorKind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout_at};

/// The longest that may be waited before the first request is repeated; twice as long before the next.
const FIRST: Duration = Duration::from_millis(500);

/// The longest that is waited of our own accord.
const LONGEST: Duration = Duration::from_secs(30);

/// The longest `Retry-After` that is waited for. Where a server asks for more, coming back earlier would be
/// refused again, and coming back then would hold up the run: the error stands.
pub(super) const PATIENCE: Duration = Duration::from_mins(2);

/// So many requests in a row without an answer, however often they were repeated, say that there is nobody:
/// from then on nothing is repeated until an answer comes, or a 429. A run against an application that died
/// ends soon.
const BARREN: u32 = 32;

/// A target that is asked again where an attempt came to nothing. What it waits between attempts is drawn
/// from the suite's seed, the case, the repeat, the turn and the attempt, so that it is the same in every run
/// and different for requests that failed together.
pub struct Retrying {
    target: Arc<dyn Target>,
    retries: u32,
    seed: u64,
    deadline: Option<Instant>,
    barren: AtomicU32,
}

impl Retrying {
    /// Repeats a request up to `retries` times, and waits for nothing beyond `deadline`, the end of the run.
    pub fn new(target: Arc<dyn Target>, retries: u32, seed: u64, deadline: Option<Instant>) -> Self {
        Self { target, retries, seed, deadline, barren: AtomicU32::new(0) }
    }

    /// One attempt. One that is not the first is given up by us when the time of the case is over, so that
    /// those before it are not forgotten with it.
    async fn attempt(&self, request: &Request, earlier: usize) -> Result<crate::target::Answer, TargetError> {
        let asking = self.target.ask(request);
        let Some(deadline) = request.deadline.filter(|_| earlier > 0) else { return asking.await };
        timeout_at(deadline.into(), asking).await.unwrap_or_else(|_| {
            let message = format!("the time of the case was over during attempt {}", earlier + 1);
            Err(TargetError::new(TargetErrorKind::Timeout, message))
        })
    }

    /// How long to wait before the next attempt; `None` where the error stands.
    fn wait(&self, request: &Request, earlier: u32, error: &TargetError) -> Option<Duration> {
        // Who says that it is too much, or that the request is wrong, is there.
        let is_there = !may_be_repeated(error) || error.status == Some(429);
        if is_there {
            self.heard();
        }
        if !may_be_repeated(error) {
            return None;
        }
        if earlier >= self.retries || self.barren.load(Ordering::Relaxed) >= BARREN {
            if !is_there {
                self.barren.fetch_add(1, Ordering::Relaxed);
            }
            return None;
        }
        let asked_for = error.retry_after_ms.map_or(Duration::ZERO, Duration::from_millis);
        if asked_for > PATIENCE {
            return None;
        }
        // Behind what the server asks for, lest all that were refused together come back together.
        let wait = asked_for + back_off(self.seed, request, earlier);
        let end = request.deadline.map(Instant::from).into_iter().chain(self.deadline).min();
        end.is_none_or(|end| Instant::now() + wait < end).then_some(wait)
    }

    /// Somebody is there.
    fn heard(&self) {
        if self.barren.load(Ordering::Relaxed) > 0 {
            self.barren.store(0, Ordering::Relaxed);
        }
    }
}

impl Target for Retrying {
    fn ask<'a>(&'a self, request: &'a Request) -> Asking<'a> {
        Box::pin(async move {
            let mut attempts = Vec::new();
            loop {
                match self.attempt(request, attempts.len()).await {
                    Ok(answer) => {
                        self.heard();
                        return Ok(crate::target::Answer { attempts, ..answer });
                    }
                    Err(error) => {
                        let earlier = u32::try_from(attempts.len()).unwrap_or(u32::MAX);
                        let Some(wait) = self.wait(request, earlier, &error) else {
                            return Err(TargetError { attempts, ..error });
                        };
                        attempts.push(Attempt {
                            kind: error.kind,
                            message: error.message,
                            waited_ms: u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
                        });
                        sleep(wait).await;
                    }
                }
            }
        })
    }
}

/// Whether another attempt may come to something. A reply that was read to its end and cannot be used, one
/// that is too large, and a status that says that the request is wrong stay what they are. 501 and 505 say
/// that the server will never do it.
fn may_be_repeated(error: &TargetError) -> bool {
    match error.kind {
        TargetErrorKind::Refused | TargetErrorKind::Connection | TargetErrorKind::Timeout => true,
        TargetErrorKind::Status => {
            error.status.is_some_and(|status| matches!(status, 429 | 500 | 502..=504 | 506..=599))
        }
        _ => false,
    }
}

/// What is waited before attempt `earlier + 2`: from nothing to half a second that doubles with each attempt,
/// to 30 seconds at most (full jitter).
fn back_off(seed: u64, request: &Request, earlier: u32) -> Duration {
    let turn = u64::try_from(request.turns.len()).unwrap_or(u64::MAX);
    let mut stream = Stream::new(&[
        b"retry",
        &seed.to_be_bytes(),
        &request.case.as_u64().to_be_bytes(),
        &request.repeat.to_be_bytes(),
        &turn.to_be_bytes(),
        &earlier.to_be_bytes(),
    ]);
    most(earlier).mul_f64(stream.unit())
}

/// The most that is waited after so many attempts and one.
fn most(earlier: u32) -> Duration {
    2_u32.checked_pow(earlier).map_or(LONGEST, |times| FIRST.saturating_mul(times).min(LONGEST))
}

#[cfg(test)]
mod tests;
