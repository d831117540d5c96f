//! What a run is asked to do, and why it cannot be done at all.

use super::merge::{MergeError, Shards};
use super::params::Setting;
use super::rejudge::{KeptRun, KeptRuns};
use crate::baseline::UpdateMode;
use crate::run::cache::{CacheError, Caching};
use crate::run::{Events, ExecuteError, JournalError, Part, Selection, Silent, folder};
use crate::suite::Diagnostics;
use crate::suite::project::BudgetSpec;
use crate::target::Closures;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::watch;

/// What a run is asked to do.
#[derive(Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a wish of its own, and most are flags of the command"
)]
pub struct Options {
    /// The project's root.
    pub root: PathBuf,
    /// Folder of the suites, relative to the root; the project's own when `None`.
    pub suites: Option<PathBuf>,
    /// Folder of the baselines, relative to the root; the project's own when `None`.
    pub baselines: Option<PathBuf>,
    /// Names of the suites to run; empty: all but live ones, which need a model.
    pub only: Vec<String>,
    /// Whether no name stands for live suites as well: for what asks nothing.
    pub live: bool,
    /// Which of their cases.
    pub selection: Selection,
    /// Which part of a larger run to ask; such a run gates nothing, offers nothing and asks nothing again.
    pub shard: Option<Part>,
    /// Shards whose answers are taken in place of asking.
    pub merge: Option<Arc<Shards>>,
    /// What is kept beside baselines and stands in for the applications: nothing is asked or started.
    pub rejudge: Option<Arc<KeptRuns>>,
    /// Parameters set for the run.
    pub set: Vec<Setting>,
    /// Only the suites that what changed in this range of git's history affects; the others are carried over
    /// from their baselines. `None`: all are run.
    pub affected: Option<String>,
    /// Only the cases that failed or erred in the newest run.
    pub last_failed: bool,
    /// How often every case is asked, whatever the suites say; `None`: as they say.
    pub repeats: Option<u32>,
    /// Whether flagged scenarios are asked again before they count as regressed.
    pub confirm: bool,
    /// Whether suites that say so may stop before their end.
    pub early: bool,
    /// What the run may take, in place of what the project and the suites say.
    pub budget: BudgetSpec,
    /// Take up the newest run that did not come to its end.
    pub resume: bool,
    /// What is written for review.
    pub update: UpdateMode,
    /// Why a run is accepted at once (`--update always`).
    pub reason: Option<String>,
    /// Whether this is CI.
    pub ci: bool,
    /// The day, by which quarantines end. Of the system's clock, in UTC.
    pub today: jiff::civil::Date,
    /// Closures for in-process targets.
    pub closures: Closures,
    /// How many records of a suite's cases the record that is returned holds at most, those that fail, moved or
    /// waver. The record on the disk has all.
    pub hold: usize,
    /// The cache of answers.
    pub cache: Caching,
    /// How many runs are kept below `.holdline/runs`.
    pub keep: usize,
    /// Who watches.
    pub events: Arc<dyn Events>,
    /// Turns true when the run is to end.
    pub stop: watch::Receiver<bool>,
}

impl Options {
    /// A run of everything below `root`, watched by nobody, that nothing stops.
    pub fn new(root: PathBuf, ci: bool) -> Self {
        Self {
            root,
            suites: None,
            baselines: None,
            only: Vec::new(),
            live: false,
            selection: Selection::default(),
            shard: None,
            merge: None,
            rejudge: None,
            set: Vec::new(),
            affected: None,
            last_failed: false,
            repeats: None,
            confirm: true,
            early: true,
            budget: BudgetSpec::default(),
            resume: false,
            update: UpdateMode::Auto,
            reason: None,
            ci,
            today: jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::now()).date(),
            closures: Closures::default(),
            hold: usize::MAX,
            cache: Caching::default(),
            keep: folder::KEPT,
            events: Arc::new(Silent),
            stop: watch::channel(false).1,
        }
    }

    /// What is kept beside the baseline of a suite, where that stands in for the application.
    pub fn kept(&self, suite: &str) -> Option<&KeptRun> {
        self.rejudge.as_ref()?.of(suite)
    }

    /// How many runs like this one ask at the same time, by which limits that hold for all are divided.
    pub fn shards(&self) -> u32 {
        self.shard.map_or(1, |part| part.shard.of)
    }
}

/// Why a run cannot be begun, or had to be given up. What goes wrong with the application or with
/// single cases is in the record instead.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The suites or the project file have mistakes.
    #[error("{0}")]
    Suites(#[from] Diagnostics),
    /// A request that makes no sense as it stands.
    #[error("{0}")]
    Usage(String),
    /// git cannot say what has changed.
    #[error("{0}")]
    Changes(#[from] super::changes::ChangesError),
    /// A baseline cannot be read or written.
    #[error("{0}")]
    Baseline(#[from] crate::baseline::BaselineError),
    /// The journal cannot be read or written.
    #[error("{0}")]
    Journal(#[from] JournalError),
    /// Shards cannot be put together.
    #[error("{0}")]
    Merge(#[from] MergeError),
    /// The cases cannot be asked.
    #[error("{0}")]
    Execute(#[from] ExecuteError),
    /// There is no cache as the project or a suite wants it.
    #[error("{}", crate::exit::chain(.0))]
    Cache(#[from] CacheError),
    /// Somebody wanted the run to end at once.
    #[error("stopped at once, before anything could be decided")]
    Stopped,
    /// The target cannot be opened as the suite describes it.
    #[error("suite `{suite}`: {error}")]
    Target {
        /// Name of the suite.
        suite: String,
        /// What is wrong.
        error: crate::target::OpenError,
    },
    /// The run's folder or its record cannot be written.
    #[error("{}: {error}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the file system said.
        error: std::io::Error,
    },
    /// A record cannot be read or written.
    #[error("{0}")]
    Record(#[from] crate::report::json::JsonError),
}
