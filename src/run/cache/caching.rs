//! The cache of a run: what the user wants of it, opened once, and put before the targets of its suites.

use super::cached::{Cached, Taken};
use super::folder::Folder;
use super::key::ground;
use super::layers::Layers;
use super::store::{Store, StoreError};
use super::verdicts::KeptVerdicts;
use crate::judge::model::Asks;
use crate::run::folder::below;
use crate::suite::Suite;
use crate::suite::fingerprint::{FingerprintError, Globs};
use crate::suite::schema::CacheSpec;
use crate::suite::template::TemplateError;
use crate::target::{Context, Target};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// The environment variable that names the folder of the cache.
const DIR: &str = "HOLDLINE_CACHE_DIR";

/// The environment variable that keeps a run from putting anything into the remote store.
pub const READ_ONLY: &str = "HOLDLINE_CACHE_READ_ONLY";

/// What is asked for anew although it may be in the cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fresh {
    /// Answers of the application.
    pub target: bool,
    /// Verdicts of judges that are models.
    pub judge: bool,
}

/// Why there is no cache as the project wants it.
#[derive(Debug, thiserror::Error)]
pub enum CacheError {
    /// The remote store needs a feature that this build lacks.
    #[error(
        "`[cache] remote` in holdline.toml needs a Holdline built with the feature `remote` \
         (`cargo install holdline --features remote`); leave the key out to keep answers in the folder alone"
    )]
    NoRemote,
    /// The remote store cannot be reached as it is described.
    #[error("`[cache] remote`")]
    Remote(#[from] StoreError),
    /// The files that the application is made of.
    #[error("suite `{suite}`, `target.fingerprint`: {error}")]
    Files {
        /// Name of the suite.
        suite: String,
        /// What is wrong.
        error: FingerprintError,
    },
    /// The version of the application.
    #[error("suite `{suite}`, `target.version`: {error}")]
    Version {
        /// Name of the suite.
        suite: String,
        /// What is wrong.
        error: TemplateError,
    },
}

/// The cache of a run, or of several with the same project. Clones are the same cache.
#[derive(Clone, Default)]
pub struct Caching {
    /// What is asked anew.
    pub fresh: Fresh,
    opened: Arc<OnceLock<(CacheSpec, Arc<Layers>)>>,
}

impl Caching {
    /// Opens the stores; to be called before anything is asked, so that a mistake costs nothing. What is open
    /// already stays as it is.
    pub fn open(&self, root: &Path, spec: &CacheSpec) -> Result<(), CacheError> {
        if self.opened.get().is_some() {
            return Ok(());
        }
        let layers = Layers::new(Folder::new(folder_of(root, spec)));
        let layers = match remote(spec)? {
            None => layers,
            Some(store) => layers.behind(store, spec.timeout.get(), spec.read_only || is_set(READ_ONLY)),
        };
        // Whoever came first opened the same.
        let _ = self.opened.set((spec.clone(), Arc::new(layers)));
        Ok(())
    }

    /// Puts the cache before the models that the judges of a suite ask; as they were where there is none.
    pub fn before_judges(&self, suite: &Suite, asks: Arc<dyn Asks>) -> Arc<dyn Asks> {
        let Some((limits, layers)) = self.opened.get() else { return asks };
        let canaries = suite.judges.iter().filter_map(|judge| judge.frozen.as_ref());
        let frozen: Vec<String> =
            canaries.map(|canary| format!("{} {}", canary.name, canary.digest())).collect();
        Arc::new(KeptVerdicts::new(
            asks,
            layers.clone(),
            frozen.join("\n"),
            (!self.fresh.judge, limits.max_age),
        ))
    }

    /// Puts the cache before the target of a suite, where the suite says what its application is made of.
    /// `sender` is the way to the application itself, `target` the same with whatever stands before it.
    pub fn before(
        &self,
        suite: &Suite,
        context: &Context,
        sender: &Arc<dyn Target>,
        target: Arc<dyn Target>,
    ) -> Result<Before, CacheError> {
        let spec = &suite.spec.target;
        let Some((limits, layers)) = self.opened.get() else { return Ok(Before::plain(target)) };
        let is_lasting = spec.recorded.is_none() && spec.in_process.is_none();
        if !is_lasting || spec.fingerprint.is_empty() && spec.version.is_none() {
            return Ok(Before::plain(target));
        }
        let files = |globs: &[String]| Globs::parse(globs).and_then(|globs| globs.hash(&suite.root));
        let files = (!spec.fingerprint.is_empty()).then(|| files(&spec.fingerprint)).transpose();
        let files = files.map_err(|error| CacheError::Files { suite: suite.name.clone(), error })?;
        let ground = ground(suite, context, files, |name| std::env::var(name).ok())
            .map_err(|error| CacheError::Version { suite: suite.name.clone(), error })?;
        let cached = Arc::new(Cached::new(
            sender.clone(),
            target,
            layers.clone(),
            ground,
            !self.fresh.target,
            (limits.max_size, limits.max_age),
        ));
        Ok(Before { target: cached.clone(), cached: Some(cached) })
    }
}

/// A target with the cache before it, or as it was.
pub struct Before {
    /// What is asked.
    pub target: Arc<dyn Target>,
    cached: Option<Arc<Cached>>,
}

impl Before {
    /// A target without a cache before it.
    pub fn plain(target: Arc<dyn Target>) -> Self {
        Self { target, cached: None }
    }

    /// Ends the use of the cache: how many answers came from it, and what is worth knowing. `None` where there
    /// is none before the target.
    pub async fn finish(&self) -> Option<(Taken, Vec<String>)> {
        let cached = self.cached.as_ref()?;
        let notes = cached.finish().await;
        Some((cached.taken(), notes))
    }
}

/// The folder of the cache: that of the environment, or else of the project.
pub fn folder_of(root: &Path, spec: &CacheSpec) -> PathBuf {
    let named = std::env::var_os(DIR).filter(|dir| !dir.is_empty());
    let folder = named.map_or_else(|| PathBuf::from(&spec.folder), PathBuf::from);
    below(root, &folder)
}

fn is_set(name: &str) -> bool {
    std::env::var(name).is_ok_and(|value| !matches!(value.as_str(), "" | "0" | "false"))
}

#[cfg(not(feature = "remote"))]
fn remote(spec: &CacheSpec) -> Result<Option<Box<dyn Store>>, CacheError> {
    if spec.remote.is_some() { Err(CacheError::NoRemote) } else { Ok(None) }
}

#[cfg(feature = "remote")]
fn remote(spec: &CacheSpec) -> Result<Option<Box<dyn Store>>, CacheError> {
    let Some((bucket, prefix)) = spec.bucket() else { return Ok(None) };
    let remote = super::remote::Remote::open(bucket, prefix, spec.timeout.get())?;
    Ok(Some(Box::new(remote)))
}
