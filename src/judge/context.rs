//! What compiling a suite's expectations needs, and keeps for the next case.

use super::error::CheckError;
use regex::{Regex, RegexBuilder};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// Largest compiled form of a pattern, and largest memory for matching it, in bytes.
const PATTERN_LIMIT: usize = 10 << 20;

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
    patterns: Kept<Regex>,
    /// Stands for every pattern where only their syntax is looked at.
    stand_in: Option<Regex>,
    #[cfg(feature = "json-schema")]
    pub(super) schemas: Kept<std::sync::Arc<jsonschema::Validator>>,
}

impl JudgeContext {
    /// A context without anything compiled yet.
    pub fn new(root: impl Into<PathBuf>, folder: impl Into<PathBuf>) -> Self {
        Self {
            root: root.into(),
            folder: folder.into(),
            patterns: Kept::default(),
            stand_in: None,
            #[cfg(feature = "json-schema")]
            schemas: Kept::default(),
        }
    }

    /// The same where nothing is judged: patterns are read and not built, which takes a tenth of the time.
    pub fn for_syntax(root: impl Into<PathBuf>, folder: impl Into<PathBuf>) -> Self {
        Self { stand_in: Regex::new("").ok(), ..Self::new(root, folder) }
    }

    /// The regular expression `pattern`, which must not be empty.
    pub(super) fn pattern(&self, pattern: &str) -> Result<Regex, CheckError> {
        if pattern.is_empty() {
            return Err(CheckError::EmptyText);
        }
        if let Some(stand_in) = &self.stand_in {
            let read = regex_syntax::parse(pattern).map_err(|error| regex::Error::Syntax(error.to_string()));
            return match read {
                Ok(_) => Ok(stand_in.clone()),
                Err(error) => Err(CheckError::Pattern { pattern: pattern.into(), message: told(&error) }),
            };
        }
        self.patterns.get_or_make(pattern, || {
            RegexBuilder::new(pattern)
                .size_limit(PATTERN_LIMIT)
                .dfa_size_limit(PATTERN_LIMIT)
                .build()
                .map_err(|error| CheckError::Pattern { pattern: pattern.into(), message: told(&error) })
        })
    }
}

/// What the regex compiler says, on one line. Its own text of a syntax error draws the pattern with
/// an arrow below, over several lines; the last of them says what is wrong.
fn told(error: &regex::Error) -> String {
    match error {
        regex::Error::CompiledTooBig(limit) => {
            format!("compiled it would take more than {} MiB", limit >> 20)
        }
        error => {
            let text = error.to_string();
            let last = text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
            last.trim().trim_start_matches("error: ").to_owned()
        }
    }
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

    #[test]
    fn a_pattern_that_cannot_be_used_is_told_on_one_line() {
        let context = JudgeContext::new(".", ".");
        let told = context.pattern("(a").unwrap_err().to_string();
        assert_eq!(told, "`(a` is not a regular expression that can be used here: unclosed group");
        let told = context.pattern("(?:\\w{1000}){1000}").unwrap_err().to_string();
        assert!(told.ends_with("compiled it would take more than 10 MiB"), "{told}");
        assert!(matches!(context.pattern(""), Err(CheckError::EmptyText)));
    }
}
