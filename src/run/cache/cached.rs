//! A target whose answers are kept, and taken from what is kept.

use super::entry::Entry;
use super::key::{Key, content, key, settled};
use super::layers::Layers;
use super::prune::trim;
use super::store::{Name, Store};
use crate::suite::quantity::{Age, Size};
use crate::target::{Answer, Asking, Recalling, Request, Target};
use serde::{Deserialize, Serialize};
use std::ops::Add;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How many answers of a suite were taken from the cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Taken {
    /// Answers that came from the cache.
    pub cached: usize,
    /// All answers, those that were asked for and did not come among them.
    pub answers: usize,
}

impl Taken {
    /// What is told of it, where anything came from the cache.
    pub fn note(self) -> Option<String> {
        (self.cached > 0).then(|| {
            let Self { cached, answers } = self;
            format!("cache: {cached} of {answers} answers came from the cache; `--fresh target` asks again")
        })
    }
}

impl Add for Taken {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { cached: self.cached + other.cached, answers: self.answers + other.answers }
    }
}

/// A target in front of which answers are kept. [`Target::recall`] finds what was kept; [`Target::ask`] always
/// asks, and keeps what comes. An answer is kept whole, and given without the times that were measured when it
/// was asked: they say nothing of this run.
pub struct Cached {
    /// Says what is sent.
    sender: Arc<dyn Target>,
    /// Asks.
    target: Arc<dyn Target>,
    store: Arc<Layers>,
    ground: blake3::Hash,
    /// Whether what is kept is used.
    recalls: bool,
    limits: (Size, Age),
    asked: AtomicUsize,
    taken: AtomicUsize,
    kept: AtomicBool,
    /// Why an answer could not be kept, the first time.
    unkept: Mutex<Option<String>>,
}

impl Cached {
    /// Keeps the answers of `target`. `sender` is the way to the application itself, which says what is sent;
    /// `ground` what decides all answers alike.
    pub(super) fn new(
        sender: Arc<dyn Target>,
        target: Arc<dyn Target>,
        store: Arc<Layers>,
        ground: blake3::Hash,
        recalls: bool,
        limits: (Size, Age),
    ) -> Self {
        let (asked, taken, kept) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicBool::new(false));
        Self { sender, target, store, ground, recalls, limits, asked, taken, kept, unkept: Mutex::default() }
    }

    /// How many answers were taken from the cache so far, of how many.
    pub fn taken(&self) -> Taken {
        let cached = self.taken.load(Ordering::Relaxed);
        Taken { cached, answers: cached + self.asked.load(Ordering::Relaxed) }
    }

    /// Ends the use: waits for what is on its way to a shared store, keeps the folder within its size where
    /// something was added, and says what is worth knowing.
    pub async fn finish(&self) -> Vec<String> {
        self.store.settle().await;
        let mut notes = Vec::new();
        if let Some(why) = &*self.unkept.lock().unwrap_or_else(PoisonError::into_inner) {
            notes.push(format!("cache: not every answer could be kept: {why}"));
        }
        notes.extend(self.store.trouble().map(|trouble| format!("cache: {trouble}")));
        if self.kept.load(Ordering::Relaxed) {
            let (size, age) = self.limits;
            if let Err(error) = trim(self.store.folder().root(), size, age) {
                notes.push(format!(
                    "cache: it cannot be kept within its limits: {}",
                    crate::exit::chain(&error)
                ));
            }
        }
        notes
    }

    fn key(&self, request: &Request) -> Option<Key> {
        let settled = settled(request);
        Some(key(&self.ground, &settled, &self.sender.sends(&settled)?))
    }

    async fn find(&self, request: &Request) -> Option<Answer> {
        let key = self.key(request)?;
        let bytes = self.store.get(&Name::answer(&key)).await.ok()??;
        let entry = Entry::<Answer>::decode(&key, &bytes)?;
        let age = now().saturating_sub(entry.asked);
        (Duration::from_secs(age) <= self.limits.1.get())
            .then(|| Answer { cached: true, ..content(&entry.answer) })
    }

    async fn keep(&self, request: &Request, answer: &Answer) {
        let Some(key) = self.key(request) else { return };
        // What came before the answer is of the run that asked.
        let answer = Answer { attempts: Vec::new(), cached: false, ..answer.clone() };
        let Some(bytes) = (Entry { asked: now(), answer }).encode(&key) else { return };
        match self.store.put(&Name::answer(&key), bytes).await {
            Ok(()) => self.kept.store(true, Ordering::Relaxed),
            Err(error) => {
                let mut unkept = self.unkept.lock().unwrap_or_else(PoisonError::into_inner);
                unkept.get_or_insert_with(|| crate::exit::chain(&error));
            }
        }
    }
}

/// Seconds since 1970.
pub(super) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

impl Target for Cached {
    fn ask<'a>(&'a self, request: &'a Request) -> Asking<'a> {
        Box::pin(async move {
            self.asked.fetch_add(1, Ordering::Relaxed);
            let answer = self.target.ask(request).await?;
            self.keep(request, &answer).await;
            Ok(answer)
        })
    }

    fn recalls(&self) -> bool {
        self.recalls
    }

    fn recall<'a>(&'a self, request: &'a Request) -> Recalling<'a> {
        Box::pin(self.find(request))
    }

    fn recalled(&self, answers: usize) {
        self.taken.fetch_add(answers, Ordering::Relaxed);
    }
}
