//! Why shards cannot be put together. None of it may look like a run that was decided.

use crate::run::{JournalError, Part, Shard};
use std::path::PathBuf;

/// Why shards cannot be put together.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// A folder without a run.
    #[error("{}: there is no run; name the run folders of the shards, or folders that hold one each", path.display())]
    NoRun {
        /// The folder.
        path: PathBuf,
    },
    /// A folder with more than one run.
    #[error("{}: there are {} runs ({}); name the one that is meant", path.display(), runs.len(), shown(runs))]
    Several {
        /// The folder.
        path: PathBuf,
        /// The runs.
        runs: Vec<PathBuf>,
    },
    /// A folder or file cannot be read.
    #[error("{}: {error}", path.display())]
    Io {
        /// The folder or file.
        path: PathBuf,
        /// What the file system said.
        error: std::io::Error,
    },
    /// A journal cannot be read.
    #[error("{0}")]
    Journal(#[from] JournalError),
    /// A whole run, or the run of something else.
    #[error("{}: this run is no shard; shards are made by `holdline run --shard I/N`", path.display())]
    NoShard {
        /// Its folder.
        path: PathBuf,
    },
    /// Shards of different divisions.
    #[error("{} is shard {one}, and {} is shard {other}: they are parts of different runs", path.display(), with.display())]
    OtherDivision {
        /// Folder of one.
        path: PathBuf,
        /// What it is.
        one: Part,
        /// Folder of another.
        with: PathBuf,
        /// What that is.
        other: Part,
    },
    /// Families were dealt in two ways.
    #[error(
        "{} was split by `{}`, and {} by `{}`: run all shards with `--balance`, or none",
        path.display(), one.split.word(), with.display(), other.split.word()
    )]
    OtherSplit {
        /// Folder of one.
        path: PathBuf,
        /// What it is.
        one: Part,
        /// Folder of another.
        with: PathBuf,
        /// What that is.
        other: Part,
    },
    /// One shard twice.
    #[error("shard {shard} is there twice: {} and {}", first.display(), second.display())]
    Twice {
        /// The shard.
        shard: Shard,
        /// One of its folders.
        first: PathBuf,
        /// The other.
        second: PathBuf,
    },
    /// Shards that are not there.
    #[error("{} of {of} shards missing: {}", missing.len(), list(missing))]
    Missing {
        /// Those that are not there.
        missing: Vec<Shard>,
        /// How many there should be.
        of: u32,
    },
    /// A shard that did not ask its part.
    #[error("{}: shard {shard} is not complete: {why}", path.display())]
    Incomplete {
        /// Its folder.
        path: PathBuf,
        /// The shard.
        shard: Shard,
        /// What is known of why.
        why: String,
    },
    /// Lines that are not as they were written.
    #[error("{}: damaged in line {}; run shard {shard} again", path.display(), numbers(lines))]
    Damaged {
        /// The journal.
        path: PathBuf,
        /// The shard.
        shard: Shard,
        /// The lines, from 1.
        lines: Vec<usize>,
    },
    /// A shard that is about something else than what is merged here.
    #[error("{}: shard {shard} does not belong here: {what}", path.display())]
    Differs {
        /// Its folder.
        path: PathBuf,
        /// The shard.
        shard: Shard,
        /// What differs.
        what: String,
    },
    /// A case in more than one shard.
    #[error("case {case} of suite `{suite}` was asked by shard {one} and by shard {other}")]
    Overlap {
        /// Name of the suite.
        suite: String,
        /// The case.
        case: String,
        /// One that asked it.
        one: Shard,
        /// The other.
        other: Shard,
    },
    /// Cases in no shard.
    #[error("missing from every shard: {} of suite `{suite}`, the first to `{case}`", count(*answers))]
    Uncovered {
        /// Name of the suite.
        suite: String,
        /// How many answers are missing.
        answers: usize,
        /// The first case without one.
        case: String,
    },
    /// Answers to what is not asked here.
    #[error("the shards have {} to cases that are not asked here", count(*answers))]
    Foreign {
        /// How many.
        answers: usize,
    },
}

fn count(answers: usize) -> String {
    crate::report::number::count(answers, "answer", "answers")
}

fn list(shards: &[Shard]) -> String {
    /// Most that are named.
    const MOST: usize = 10;
    let named: Vec<String> = shards.iter().take(MOST).map(Shard::to_string).collect();
    let more = shards.len().saturating_sub(MOST);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    named.join(", ") + &rest
}

fn numbers(lines: &[usize]) -> String {
    lines.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")
}

fn shown(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
}
