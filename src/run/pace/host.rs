//! One host: who may send to it now, who waits, and what it said last.

use super::bucket::Bucket;
use super::turns::Turns;
use super::window::Window;
use crate::run::retry::PATIENCE;
use crate::target::{Answer, TargetError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep_until};

/// A host with its limits. Where nobody waits, letting a request through takes its lock for a moment, and
/// once more when the request is done.
#[derive(Debug, Default)]
pub(super) struct Host {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    in_flight: usize,
    window: Window,
    bucket: Option<Bucket>,
    /// Nothing is sent before.
    rests_until: Option<Instant>,
    turns: Turns<oneshot::Sender<Pass>>,
    /// Whether somebody will look after those who wait for a moment to come.
    is_watched: bool,
}

/// What a request came to, as far as limits are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heard {
    /// An answer.
    Answered,
    /// 429 or 503, with what the host asks to wait.
    Refused(Option<Duration>),
    /// Anything else, or nothing.
    Other,
}

impl Heard {
    pub(super) fn of(asked: &Result<Answer, TargetError>) -> Self {
        match asked {
            Ok(_) => Self::Answered,
            Err(error) if matches!(error.status, Some(429 | 503)) => {
                Self::Refused(error.retry_after_ms.map(Duration::from_millis))
            }
            Err(_) => Self::Other,
        }
    }
}

/// Leave to send one request. The host hears what it came to when this is dropped.
#[derive(Debug)]
pub(super) struct Pass {
    host: Arc<Host>,
    halved: u32,
    /// What the request came to.
    pub(super) heard: Heard,
}

impl Drop for Pass {
    fn drop(&mut self) {
        self.host.done(self.halved, self.heard);
    }
}

impl Host {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds the limits of a suite: the larger number at once and the longer interval hold.
    pub(super) fn limit(&self, concurrency: usize, interval: Option<Duration>) {
        let mut state = self.lock();
        state.window.raise(concurrency.max(1));
        if let Some(interval) = interval {
            state.bucket.get_or_insert(Bucket::new(interval)).slow_down(interval);
        }
    }

    /// Waits until a request of this suite may be sent.
    pub(super) async fn pass(self: &Arc<Self>, suite: usize) -> Pass {
        loop {
            let waiting = {
                let mut state = self.lock();
                if state.turns.is_empty()
                    && state.window.admits(state.in_flight)
                    && state.closed_until().is_none()
                {
                    return state.admit(self);
                }
                let (sender, waiting) = oneshot::channel();
                state.turns.push(suite, sender);
                self.serve(state);
                waiting
            };
            // The host keeps who waits until he may go or is gone, so that there is an answer.
            if let Ok(pass) = waiting.await {
                return pass;
            }
        }
    }

    /// A request is done.
    fn done(self: &Arc<Self>, halved: u32, heard: Heard) {
        let mut state = self.lock();
        match heard {
            Heard::Answered => state.window.answered(halved),
            Heard::Refused(rest) => {
                let in_flight = state.in_flight;
                state.window.refused(halved, in_flight);
                // One who asks for more would hold up the run: what is sent meets a refusal, and is told so.
                if let Some(rest) = rest.filter(|rest| *rest <= PATIENCE) {
                    state.rests_until = state.rests_until.max(Some(Instant::now() + rest));
                }
            }
            Heard::Other => {}
        }
        state.in_flight -= 1;
        if !state.turns.is_empty() {
            self.serve(state);
        }
    }

    /// Lets through whoever may go, and sees to it that somebody comes back for the others.
    fn serve(self: &Arc<Self>, mut state: MutexGuard<'_, State>) {
        let mut served = Vec::new();
        let mut moment = None;
        // Where as many are in flight as may be, one of them will come by here when it is done.
        while state.window.admits(state.in_flight) && !state.turns.is_empty() {
            moment = state.closed_until();
            if moment.is_some() {
                break;
            }
            let Some(next) = state.turns.pop(oneshot::Sender::is_closed) else { break };
            served.push((next, state.admit(self)));
        }
        if let Some(moment) = moment.filter(|_| !state.is_watched)
            && let Ok(runtime) = Handle::try_current()
        {
            state.is_watched = true;
            let host = Arc::downgrade(self);
            runtime.spawn(async move {
                sleep_until(moment).await;
                if let Some(host) = host.upgrade() {
                    let mut state = host.lock();
                    state.is_watched = false;
                    host.serve(state);
                }
            });
        }
        // Without the lock: the pass of one who went away in this very moment comes back at once.
        drop(state);
        for (next, pass) in served {
            let _ = next.send(pass);
        }
    }
}

impl State {
    /// When the next request may be sent, as far as that hangs on a moment that is still to come.
    fn closed_until(&self) -> Option<Instant> {
        if self.rests_until.is_none() && self.bucket.is_none() {
            // The clock need not be asked.
            return None;
        }
        let now = Instant::now();
        let rested = self.rests_until.filter(|until| *until > now);
        rested.max(self.bucket.and_then(|bucket| bucket.wait(now)))
    }

    fn admit(&mut self, host: &Arc<Host>) -> Pass {
        self.in_flight += 1;
        if let Some(bucket) = &mut self.bucket {
            bucket.take(Instant::now());
        }
        Pass { host: Arc::clone(host), halved: self.window.halved, heard: Heard::Other }
    }
}
