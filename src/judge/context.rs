//! What compiling a suite's expectations needs, and keeps for the next case.

use super::error::CheckError;
use super::model::Seat;
use super::pattern::{Build, Pattern};
use crate::suite::Suite;
use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// Most patterns or schemas kept for later cases. Where every row brings its own pattern, keeping
/// them all would only cost memory.
const KEPT: usize = 64;

/// Where a suite's expectations are compiled: its folders, and what its cases share. Make one for a
/// suite; patterns and schemas that many cases have in common are then compiled once.
#[derive(Debug)]
pub struct JudgeContext {
    /// The project's root: commands run here.
    pub root: PathBuf,
    /// The suite's folder: schema files are relative to it.
    pub folder: PathBuf,
    /// The suite's judges that are models, by name.
    seats: Arc<BTreeMap<String, Arc<Seat>>>,
    patterns: Kept<Pattern>,
    build: Build,
    #[cfg(feature = "json-schema")]
    pub(super) schemas: Kept<std::sync::Arc<jsonschema::Validator>>,
}

impl JudgeContext {
    /// A context without anything compiled yet.
    pub fn new(root: impl Into<PathBuf>, folder: impl Into<PathBuf>) -> Self {
        Self {
            root: root.into(),
            folder: folder.into(),
            seats: Arc::default(),
            patterns: Kept::default(),
            build: Build::Many,
            #[cfg(feature = "json-schema")]
            schemas: Kept::default(),
        }
    }

    /// A context for the expectations of a suite, whose judges are known and cannot be asked.
    pub fn of(suite: &Suite) -> Self {
        Self::new(suite.root.clone(), suite.folder()).with_seats(known(suite))
    }

    /// The same with judges that are models.
    #[must_use]
    pub fn with_seats(self, seats: impl IntoIterator<Item = Seat>) -> Self {
        let seats = seats.into_iter().map(|seat| (seat.name().to_owned(), Arc::new(seat))).collect();
        Self { seats: Arc::new(seats), ..self }
    }

    /// The judge of this name.
    pub(super) fn seat(&self, name: &str) -> Result<Arc<Seat>, CheckError> {
        self.seats.get(name).cloned().ok_or_else(|| CheckError::UnknownJudge(name.to_owned()))
    }

    /// The same for expectations that are compiled for one answer each: their patterns are quick to build, and
    /// none is kept.
    #[must_use]
    pub fn for_one_answer(&self) -> Self {
        let new = Self::new(self.root.clone(), self.folder.clone());
        Self { build: Build::One, seats: self.seats.clone(), ..new }
    }

    /// The same where nothing is judged: patterns are read and not built, which takes a tenth of the time.
    pub fn for_syntax(suite: &Suite) -> Self {
        Self { build: Build::Nothing, ..Self::of(suite) }
    }

    /// The regular expression `pattern`, which must not be empty.
    pub(super) fn pattern(&self, pattern: &str) -> Result<Pattern, CheckError> {
        match self.build {
            Build::Many => self.patterns.get_or_make(pattern, || Pattern::new(pattern, Build::Many)),
            build => Pattern::new(pattern, build),
        }
    }
}

fn known(suite: &Suite) -> impl Iterator<Item = Seat> {
    suite.judges.iter().map(|judge| Seat::known(&judge.name))
}

/// Things compiled from a text and kept under it.
#[derive(Debug)]
pub(super) struct Kept<T>(Mutex<HashMap<String, T>>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> Kept<T> {
    /// What is kept under `text`, or else what `make` makes. Nothing is kept of a failure.
    pub(super) fn get_or_make<E>(&self, text: &str, make: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        // A map of finished things is whole whatever panicked while it was locked.
        if let Some(found) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(text) {
            return Ok(found.clone());
        }
        let new = make()?;
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < KEPT {
            kept.insert(text.to_owned(), new.clone());
        }
        Ok(new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_is_made_once_for_a_text() {
        let kept = Kept::default();
        let first: Result<u32, ()> = kept.get_or_make("a", || Ok(1));
        let second: Result<u32, ()> = kept.get_or_make("a", || Ok(2));
        let other: Result<u32, ()> = kept.get_or_make("b", || Ok(3));
        assert_eq!((first, second, other), (Ok(1), Ok(1), Ok(3)));
    }

    #[test]
    fn a_failure_is_not_kept() {
        let kept = Kept::default();
        assert_eq!(kept.get_or_make("a", || Err::<u32, _>("broken")), Err("broken"));
        assert_eq!(kept.get_or_make("a", || Ok::<_, &str>(1)), Ok(1));
    }
}
