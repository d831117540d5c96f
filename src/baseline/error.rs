//! What can go wrong with the files of a baseline.

use super::accepted::{FORMAT, KEPT_RUNS};
use std::io;
use std::path::{Path, PathBuf};

/// What can go wrong with the files of a baseline. Each says what mends it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BaselineError {
    /// A file is there and cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file cannot be written, renamed or removed.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file is larger than any that Holdline writes.
    #[error("{} has over {limit} bytes, more than Holdline reads; {}", path.display(), restore(path))]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The most bytes that are read.
        limit: u64,
    },
    /// A file is not UTF-8.
    #[error("{} is not text in UTF-8; {}", path.display(), restore(path))]
    NotText {
        /// The file.
        path: PathBuf,
    },
    /// Two branches changed the baseline and nobody has chosen between them.
    #[error(
        "{}:{line}: a merge conflict is not resolved. Two runs cannot be merged line by line: take one side \
         whole (`git checkout --ours -- {}`, or `--theirs`), run `holdline run {}`, then accept what it shows",
        path.display(), path.display(), suite_of(path)
    )]
    Conflict {
        /// The file.
        path: PathBuf,
        /// Line of the first marker, from 1.
        line: usize,
    },
    /// A newer Holdline wrote the file.
    #[error(
        "{}:{line}: the file has format {found} and this Holdline ({}) reads up to {FORMAT}: a newer version \
         wrote it; update Holdline", path.display(), env!("CARGO_PKG_VERSION")
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// The format it has.
        found: u32,
    },
    /// A line is not what it should be.
    #[error("{}:{line}: {what}; {}", path.display(), restore(path))]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// What is wrong with it.
        what: String,
    },
    /// A suite's name that cannot be the name of a file.
    #[error("`{suite}` cannot be the name of a suite: it would name a file elsewhere")]
    Name {
        /// The name, made printable.
        suite: String,
    },
    /// CI only checks.
    #[error("in CI nothing is written below {}: accept on your machine and commit the file", dir.display())]
    Ci {
        /// The folder of the baselines.
        dir: PathBuf,
    },
    /// There is nothing to accept or reject.
    #[error(
        "suite `{suite}` has no pending baseline: `holdline run {suite}` makes one when something moved, or while \
         fewer than {KEPT_RUNS} runs are kept"
    )]
    NoPending {
        /// The suite.
        suite: String,
    },
    /// Another baseline was accepted since the pending one was made.
    #[error(
        "the pending baseline of suite `{suite}` was compared with another baseline than the one accepted now: \
         run `holdline run {suite}` again, then review"
    )]
    Stale {
        /// The suite.
        suite: String,
    },
    /// An acceptance without a reason.
    #[error("accepting a baseline wants a reason: add `--reason \"why the new values are right\"`")]
    NoReason,
}

impl BaselineError {
    pub(super) fn write(path: &Path, source: io::Error) -> Self {
        Self::Write { path: path.to_owned(), source }
    }
}

/// The suite that a file of its baseline is named after.
fn suite_of(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let stem = [".snap.new", ".snap"].iter().find_map(|ending| name.strip_suffix(ending));
    stem.filter(|stem| !stem.is_empty()).unwrap_or("SUITE").to_owned()
}

fn restore(path: &Path) -> String {
    let suite = suite_of(path);
    format!(
        "restore it from version control, or remove it, run `holdline run {suite}` and accept what it shows"
    )
}
