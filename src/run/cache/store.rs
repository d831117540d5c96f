//! A place for bytes by name, and why it may fail.

use super::key::Key;
use std::path::PathBuf;
use std::pin::Pin;
use std::time::Duration;

/// A future with the bytes under a name; `None` where there are none.
pub type Got<'a> = Pin<Box<dyn Future<Output = Result<Option<Vec<u8>>, StoreError>> + Send + 'a>>;
/// A future that ends when bytes are kept.
pub type Put<'a> = Pin<Box<dyn Future<Output = Result<(), StoreError>> + Send + 'a>>;

/// Where bytes are kept by name. Several processes, and machines, may use one at once: what is read under a
/// name was written under it as a whole, by one of them.
pub trait Store: Send + Sync {
    /// The bytes under a name.
    fn get<'a>(&'a self, name: &'a Name) -> Got<'a>;

    /// Keeps bytes under a name, in place of what was there.
    fn put<'a>(&'a self, name: &'a Name, bytes: Vec<u8>) -> Put<'a>;

    /// Keeps a file of a run, by the run's id and the file's name.
    fn put_run<'a>(&'a self, id: &'a str, file: &'a str, bytes: Vec<u8>) -> Put<'a> {
        Box::pin(async move { self.put(&Name::run(id, file)?, bytes).await })
    }

    /// A file of a run, by the run's id and the file's name.
    fn get_run<'a>(&'a self, id: &'a str, file: &'a str) -> Got<'a> {
        Box::pin(async move { self.get(&Name::run(id, file)?).await })
    }
}

/// A name in a store: parts with `/` between them, none of which is hidden or leads upwards.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Name(String);

impl Name {
    /// The name of an answer: `answers/`, two digits of its key, and the others.
    pub fn answer(key: &Key) -> Self {
        let (first, rest) = key.as_str().split_at(2);
        Self(format!("{ANSWERS}/{first}/{rest}"))
    }

    /// The name of a file of a run: `runs/`, the run's id and the file's name, each of letters, digits, `-`, `_`
    /// and `.`, and none with a dot in front.
    pub fn run(id: &str, file: &str) -> Result<Self, StoreError> {
        let is_plain = |part: &str| {
            let sound = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
            !part.is_empty() && !part.starts_with('.') && part.chars().all(sound)
        };
        if is_plain(id) && is_plain(file) {
            Ok(Self(format!("runs/{id}/{file}")))
        } else {
            Err(StoreError::Name(format!("{id}/{file}")))
        }
    }

    /// The name as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where answers stand among the names.
pub(super) const ANSWERS: &str = "answers";

/// Why a store has not done what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A file cannot be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// A name that no run has.
    #[error("`{0}` is not the name of a file of a run")]
    Name(String),
    /// A remote store says no, or cannot be reached.
    #[error("{place}: {message}")]
    Remote {
        /// The store.
        place: String,
        /// What it said; free of secrets.
        message: String,
    },
    /// A remote store did not answer in time.
    #[error("no answer within {limit:?}")]
    Late {
        /// The limit.
        limit: Duration,
    },
    /// A remote store that failed so often that it is left alone.
    #[error("left alone after {0} failures in a row")]
    LeftAlone(u32),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_runs_stay_where_runs_are() {
        assert_eq!(
            Name::run("20260101T000000-1", "report.json").unwrap().as_str(),
            "runs/20260101T000000-1/report.json"
        );
        for (id, file) in
            [("..", "a"), ("a", "../b"), ("", "a"), ("a", ""), ("a/b", "c"), ("a", ".hidden"), ("a", "b c")]
        {
            assert!(Name::run(id, file).is_err(), "{id}/{file}");
        }
    }
}
