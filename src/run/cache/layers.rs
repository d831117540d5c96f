//! The folder of this machine, and a store that machines share behind it.

use super::folder::Folder;
use super::guard::Guarded;
use super::store::{Got, Name, Put, Store, StoreError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Most uploads at once.
const UPLOADS: usize = 32;

/// Most uploads that wait for their turn: what they hold is in memory.
const WAITING: usize = 4096;

/// The shared store behind a folder.
struct Behind {
    store: Arc<Guarded<Box<dyn Store>>>,
    read_only: bool,
    slots: Arc<Semaphore>,
    places: Arc<Semaphore>,
    /// Uploads that go on while the run does.
    flying: Mutex<JoinSet<()>>,
}

/// A folder, and behind it a shared store where there is one. What is found in the shared one is kept in the
/// folder; what is put is in the folder at once, and on its way to the shared one. Whatever the shared store
/// does, a call fails only where the folder does.
pub struct Layers {
    folder: Folder,
    behind: Option<Behind>,
}

impl Layers {
    /// A folder alone.
    pub fn new(folder: Folder) -> Self {
        Self { folder, behind: None }
    }

    /// With a shared store behind it, whose calls have this limit. With `read_only` nothing is put there.
    #[must_use]
    pub fn behind(self, shared: Box<dyn Store>, limit: Duration, read_only: bool) -> Self {
        let behind = Behind {
            store: Arc::new(Guarded::new(shared, limit)),
            read_only,
            slots: Arc::new(Semaphore::new(UPLOADS)),
            places: Arc::new(Semaphore::new(UPLOADS + WAITING)),
            flying: Mutex::new(JoinSet::new()),
        };
        Self { behind: Some(behind), ..self }
    }

    /// The folder.
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// Waits for uploads to end; none takes longer than the limit on its time.
    pub async fn settle(&self) {
        let Some(behind) = &self.behind else { return };
        let flying = std::mem::take(&mut *behind.flying.lock().unwrap_or_else(PoisonError::into_inner));
        flying.join_all().await;
    }

    /// What went wrong with the shared store so far, in a line.
    pub fn trouble(&self) -> Option<String> {
        let behind = self.behind.as_ref()?;
        let (failed, first) = behind.store.failures()?;
        Some(if behind.store.is_left_alone() {
            format!(
                "the remote store of answers was left alone after {} failures in a row ({first}); no answer is \
                 lost: what was not found there was asked, and kept in the folder",
                super::guard::FAILURES
            )
        } else {
            let calls = if failed == 1 { "call" } else { "calls" };
            format!("{failed} {calls} of the remote store of answers failed ({first}); no answer is lost")
        })
    }

    async fn find(&self, name: &Name) -> Result<Option<Vec<u8>>, StoreError> {
        let here = self.folder.get(name).await;
        if let (Ok(None) | Err(_), Some(behind)) = (&here, &self.behind)
            && let Ok(Some(bytes)) = behind.store.get(name).await
        {
            // Where the folder cannot keep it, it is found behind it again.
            let _ = self.folder.put(name, bytes.clone()).await;
            return Ok(Some(bytes));
        }
        here
    }

    async fn keep(&self, name: &Name, bytes: Vec<u8>) -> Result<(), StoreError> {
        let upload = self.behind.as_ref().filter(|behind| !behind.read_only && !behind.store.is_left_alone());
        let copy = upload.map(|_| bytes.clone());
        let kept = self.folder.put(name, bytes).await;
        if let (Some(behind), Some(bytes)) = (upload, copy) {
            behind.upload(name.clone(), bytes).await;
        }
        kept
    }
}

impl Behind {
    /// Puts bytes on their way; waits only where too many are on theirs.
    async fn upload(&self, name: Name, bytes: Vec<u8>) {
        let Ok(place) = self.places.clone().acquire_owned().await else { return };
        let (slots, store) = (self.slots.clone(), self.store.clone());
        let mut flying = self.flying.lock().unwrap_or_else(PoisonError::into_inner);
        while flying.try_join_next().is_some() {}
        flying.spawn(async move {
            let slot = slots.acquire().await;
            // The store keeps count of its failures.
            let _ = store.put(&name, bytes).await;
            drop((slot, place));
        });
    }
}

impl Store for Layers {
    fn get<'a>(&'a self, name: &'a Name) -> Got<'a> {
        Box::pin(self.find(name))
    }

    fn put<'a>(&'a self, name: &'a Name, bytes: Vec<u8>) -> Put<'a> {
        Box::pin(self.keep(name, bytes))
    }
}

impl Store for Box<dyn Store> {
    fn get<'a>(&'a self, name: &'a Name) -> Got<'a> {
        (**self).get(name)
    }

    fn put<'a>(&'a self, name: &'a Name, bytes: Vec<u8>) -> Put<'a> {
        (**self).put(name, bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::cache::key::made_up;

    #[tokio::test]
    async fn what_one_machine_asked_another_finds() {
        let (shared, one, two) = (folder(), folder(), folder());
        let limit = Duration::from_secs(20);
        let layers = |own: &tempfile::TempDir, read_only| {
            Layers::new(Folder::new(own.path())).behind(
                Box::new(Folder::new(shared.path())),
                limit,
                read_only,
            )
        };
        let (name, other) = (Name::answer(&made_up("a")), Name::answer(&made_up("b")));
        let first = layers(&one, false);
        first.put(&name, b"answer".to_vec()).await.unwrap();
        first.settle().await;
        let second = layers(&two, true);
        assert_eq!(second.get(&name).await.unwrap().as_deref(), Some(b"answer".as_slice()));
        assert_eq!(Folder::new(two.path()).get(&name).await.unwrap().as_deref(), Some(b"answer".as_slice()));
        second.put(&other, b"mine".to_vec()).await.unwrap();
        second.settle().await;
        assert_eq!(first.get(&other).await.unwrap(), None, "a fork only reads");
        assert_eq!((first.trouble(), second.trouble()), (None, None));
    }

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().unwrap()
    }
}
