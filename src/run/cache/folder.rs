//! A folder as a store: a file a name. A file is written beside its place and renamed, so that no reader sees a
//! part of it; two that write the same name leave one of the two there.

use super::store::{Got, Name, Put, Store, StoreError};
use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// How old the note of a file's last use may be before it is made anew: a use is not worth a write each time.
const USED: Duration = Duration::from_hours(1);

/// Beginning of the names of files that are being written.
pub(super) const WRITING: &str = ".writing-";

/// A folder. Nothing is made before there is something to keep.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// The store in a folder.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// Where it is.
    pub fn root(&self) -> &Path {
        &self.root
    }

    fn path(&self, name: &Name) -> PathBuf {
        self.root.join(name.as_str())
    }

    /// Files are small and near: they are read where the caller stands.
    fn read(&self, name: &Name) -> Result<Option<Vec<u8>>, StoreError> {
        let path = self.path(name);
        let mut file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(StoreError::Io { path, source }),
        };
        let mut bytes = Vec::new();
        let read = file.metadata().and_then(|metadata| {
            note_use(&file, metadata.modified()?);
            bytes.reserve_exact(usize::try_from(metadata.len()).unwrap_or(0).min(64 << 20));
            file.read_to_end(&mut bytes)
        });
        match read {
            Ok(_) => Ok(Some(bytes)),
            Err(source) => Err(StoreError::Io { path, source }),
        }
    }

    fn write(&self, name: &Name, bytes: &[u8]) -> Result<(), StoreError> {
        let path = self.path(name);
        let folder = path.parent().unwrap_or(&self.root);
        let new = || tempfile::Builder::new().prefix(WRITING).tempfile_in(folder);
        let written = new()
            .or_else(|error| match error.kind() {
                ErrorKind::NotFound => {
                    std::fs::create_dir_all(folder)?;
                    new()
                }
                _ => Err(error),
            })
            .and_then(|mut file| {
                file.write_all(bytes)?;
                file.persist(&path).map_err(|error| error.error)
            });
        written.map(drop).map_err(|source| StoreError::Io { path, source })
    }
}

/// Notes that a file is used, in the time of its last change: what was not used for longest is removed first.
/// Where that cannot be noted, the file only seems older than it is.
fn note_use(file: &File, noted: SystemTime) {
    let now = SystemTime::now();
    if now.duration_since(noted).is_ok_and(|age| age >= USED) {
        let _ = file.set_modified(now);
    }
}

impl Store for Folder {
    fn get<'a>(&'a self, name: &'a Name) -> Got<'a> {
        Box::pin(std::future::ready(self.read(name)))
    }

    fn put<'a>(&'a self, name: &'a Name, bytes: Vec<u8>) -> Put<'a> {
        Box::pin(std::future::ready(self.write(name, &bytes)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::cache::key::made_up;

    #[tokio::test]
    async fn what_is_put_is_got_and_replaced_as_a_whole() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::new(root.path().join("cache"));
        let name = Name::answer(&made_up("a"));
        assert_eq!(folder.get(&name).await.unwrap(), None);
        assert!(!folder.root().exists(), "nothing is made for a look");
        folder.put(&name, b"one".to_vec()).await.unwrap();
        folder.put(&name, b"another".to_vec()).await.unwrap();
        assert_eq!(folder.get(&name).await.unwrap().as_deref(), Some(b"another".as_slice()));
        let place = folder.path(&name);
        let beside = std::fs::read_dir(place.parent().unwrap()).unwrap().count();
        assert_eq!(beside, 1, "nothing is left from writing");
    }

    #[tokio::test]
    async fn files_of_runs_are_kept_by_their_names() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::new(root.path());
        folder.put_run("20260101T000000-1", "report.json", b"{}".to_vec()).await.unwrap();
        let got = folder.get_run("20260101T000000-1", "report.json").await.unwrap();
        assert_eq!(got.as_deref(), Some(b"{}".as_slice()));
        assert_eq!(folder.get_run("20260101T000000-2", "report.json").await.unwrap(), None);
        assert!(folder.get_run("../x", "report.json").await.is_err());
    }

    #[tokio::test]
    async fn a_use_is_noted_in_the_time_of_the_file() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::new(root.path());
        let name = Name::answer(&made_up("a"));
        folder.put(&name, b"one".to_vec()).await.unwrap();
        let path = folder.path(&name);
        let old = SystemTime::now() - Duration::from_hours(48);
        File::options().write(true).open(&path).unwrap().set_modified(old).unwrap();
        folder.get(&name).await.unwrap();
        let noted = path.metadata().unwrap().modified().unwrap();
        assert!(noted > old + Duration::from_hours(24));
    }
}
