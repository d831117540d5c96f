//! Limits of hosts, shared by all suites of a run: requests in a time, requests at once, and rest where a
//! host refuses.

mod bucket;
mod host;
mod turns;
mod window;

use crate::suite::quantity::Rate;
use crate::suite::schema::RunSpec;
use crate::target::{self, Asking, Request, Target};
use host::{Heard, Host};
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// The hosts of a run, each with its limits. A host is a name and a port.
///
/// - No more requests are in flight to a host than the largest `concurrency` of the suites that ask it.
/// - No more are sent in a time than the smallest `rate` of these suites, and a quarter of a second's worth at
///   once.
/// - A host that answers 429 or 503 gets half as many at once, and none before its `Retry-After` is over (two
///   minutes at most). For every ten answers it then gets one more, up to where it was.
/// - Requests that wait are let through suite by suite in turn: a small suite does not stand behind a large
///   one.
#[derive(Debug)]
pub struct Pace {
    hosts: Mutex<HashMap<String, Arc<Host>>>,
    shards: u32,
    suites: AtomicUsize,
}

impl Pace {
    /// The hosts of a run that is one of `shards` which go on at the same time: each has its part of every
    /// `rate`. 0 counts as 1.
    pub fn new(shards: u32) -> Self {
        Self { hosts: Mutex::default(), shards: shards.max(1), suites: AtomicUsize::new(0) }
    }

    /// A target whose requests keep to the limits of the hosts that they go to.
    pub fn paced(self: &Arc<Self>, target: Arc<dyn Target>, run: &RunSpec) -> Paced {
        Paced {
            target,
            pace: Arc::clone(self),
            suite: self.suites.fetch_add(1, Ordering::Relaxed),
            concurrency: run.concurrency,
            rate: run.rate,
            fixed: OnceLock::new(),
        }
    }

    fn host(&self, name: &str, concurrency: usize, rate: Option<Rate>) -> Arc<Host> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        let host = if let Some(host) = hosts.get(name) {
            Arc::clone(host)
        } else {
            Arc::clone(hosts.entry(name.to_owned()).or_default())
        };
        host.limit(concurrency, rate.map(|rate| rate.interval().saturating_mul(self.shards)));
        host
    }
}

/// A target whose requests keep to the limits of hosts. Made by [`Pace::paced`].
pub struct Paced {
    target: Arc<dyn Target>,
    pace: Arc<Pace>,
    suite: usize,
    concurrency: usize,
    rate: Option<Rate>,
    fixed: OnceLock<Arc<Host>>,
}

impl Target for Paced {
    fn ask<'a>(&'a self, request: &'a Request) -> Asking<'a> {
        let told = |name: &str| self.pace.host(name, self.concurrency, self.rate);
        let host = match self.target.host(request) {
            target::Host::Nobody => return self.target.ask(request),
            target::Host::Fixed(name) => Arc::clone(self.fixed.get_or_init(|| told(name))),
            target::Host::Told(name) => told(&name),
        };
        Box::pin(async move {
            let mut pass = host.pass(self.suite).await;
            let asked = self.target.ask(request).await;
            pass.heard = Heard::of(&asked);
            asked
        })
    }
}

#[cfg(test)]
mod tests;
