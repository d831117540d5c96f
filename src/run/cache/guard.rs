//! A store that may be slow or down: every call has a limit on its time, and a store that failed some times in a
//! row is left alone.

use super::store::{Got, Name, Put, Store, StoreError};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// After so many failures in a row a store is left alone.
pub const FAILURES: u32 = 3;

/// A store with a limit on the time of each call, which is left alone for good after `FAILURES` failures in a
/// row.
pub struct Guarded<S> {
    store: S,
    limit: Duration,
    in_a_row: AtomicU32,
    failed: AtomicU32,
    /// What the first failure was.
    first: Mutex<Option<String>>,
}

impl<S: Store> Guarded<S> {
    /// Guards a store.
    pub fn new(store: S, limit: Duration) -> Self {
        let (in_a_row, failed) = (AtomicU32::new(0), AtomicU32::new(0));
        Self { store, limit, in_a_row, failed, first: Mutex::new(None) }
    }

    /// Whether the store is left alone.
    pub fn is_left_alone(&self) -> bool {
        self.in_a_row.load(Ordering::Relaxed) >= FAILURES
    }

    /// How many calls failed, and what the first of them said; `None` where none did.
    pub fn failures(&self) -> Option<(u32, String)> {
        let first = self.first.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        first.map(|first| (self.failed.load(Ordering::Relaxed), first))
    }

    async fn guarded<T>(&self, call: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
        if self.is_left_alone() {
            return Err(StoreError::LeftAlone(FAILURES));
        }
        let outcome = tokio::time::timeout(self.limit, call).await;
        let outcome = outcome.unwrap_or(Err(StoreError::Late { limit: self.limit }));
        match &outcome {
            // A late success among calls that were in flight together does not bring the store back.
            Ok(_) if self.is_left_alone() => {}
            Ok(_) => self.in_a_row.store(0, Ordering::Relaxed),
            Err(error) => {
                self.in_a_row.fetch_add(1, Ordering::Relaxed);
                self.failed.fetch_add(1, Ordering::Relaxed);
                let mut first = self.first.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                first.get_or_insert_with(|| crate::exit::chain(error));
            }
        }
        outcome
    }
}

impl<S: Store> Store for Guarded<S> {
    fn get<'a>(&'a self, name: &'a Name) -> Got<'a> {
        Box::pin(self.guarded(self.store.get(name)))
    }

    fn put<'a>(&'a self, name: &'a Name, bytes: Vec<u8>) -> Put<'a> {
        Box::pin(self.guarded(self.store.put(name, bytes)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::cache::key::made_up;
    use std::sync::Arc;

    /// Answers every call as its script says: comes, fails, or hangs. Counts the calls.
    pub struct Scripted {
        script: Mutex<Vec<char>>,
        calls: Arc<AtomicU32>,
    }

    impl Scripted {
        fn new(script: &str) -> (Self, Arc<AtomicU32>) {
            let calls = Arc::new(AtomicU32::new(0));
            (Self { script: Mutex::new(script.chars().rev().collect()), calls: calls.clone() }, calls)
        }

        async fn act(&self) -> Result<(), StoreError> {
            self.calls.fetch_add(1, Ordering::Relaxed);
            let next = self.script.lock().unwrap().pop();
            match next.expect("no more calls than the script has") {
                'c' => Ok(()),
                'f' => Err(StoreError::Remote { place: "s3://b".into(), message: "503".into() }),
                _ => std::future::pending().await,
            }
        }
    }

    impl Store for Scripted {
        fn get<'a>(&'a self, _: &'a Name) -> Got<'a> {
            Box::pin(async { self.act().await.map(|()| None) })
        }

        fn put<'a>(&'a self, _: &'a Name, _: Vec<u8>) -> Put<'a> {
            Box::pin(self.act())
        }
    }

    async fn call(store: &Guarded<Scripted>, times: usize) -> Vec<bool> {
        let name = Name::answer(&made_up("a"));
        let mut came = Vec::new();
        for _ in 0..times {
            came.push(store.get(&name).await.is_ok());
        }
        came
    }

    #[tokio::test]
    async fn a_store_that_hangs_costs_its_limit_three_times_and_no_more() {
        let (store, calls) = Scripted::new("hhh");
        let store = Guarded::new(store, Duration::from_millis(20));
        let begun = std::time::Instant::now();
        assert_eq!(call(&store, 100).await, [false; 100]);
        assert!(begun.elapsed() >= Duration::from_millis(60));
        assert_eq!(calls.load(Ordering::Relaxed), 3);
        assert!(store.is_left_alone());
        assert_eq!(store.failures(), Some((3, "no answer within 20ms".into())));
    }

    #[tokio::test]
    async fn failures_with_successes_between_them_do_not_add_up() {
        let (store, _) = Scripted::new("ffcffchc");
        let store = Guarded::new(store, Duration::from_millis(20));
        assert_eq!(call(&store, 8).await, [false, false, true, false, false, true, false, true]);
        assert!(!store.is_left_alone());
        assert_eq!(store.failures(), Some((5, "s3://b: 503".into())));
    }
}
