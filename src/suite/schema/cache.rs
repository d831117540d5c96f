//! How `holdline.toml` says where answers are kept, and for how long.

use crate::suite::quantity::{Age, Duration, Size};
use serde::{Deserialize, Serialize};

/// Where answers are kept so that they need not be asked for again, and for how long.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct CacheSpec {
    /// Folder of the cache, relative to this file; `HOLDLINE_CACHE_DIR` goes before it.
    pub folder: String,
    /// Most that the folder may hold; what was not used for longest goes first.
    pub max_size: Size,
    /// How old an answer may be that is still used.
    pub max_age: Age,
    /// An S3-compatible store behind the folder, `s3://bucket/prefix` (feature `remote`). Endpoint, region and
    /// credentials come from the environment.
    pub remote: Option<String>,
    /// Take answers from the remote store and put none there; also by `HOLDLINE_CACHE_READ_ONLY=1`.
    pub read_only: bool,
    /// Limit on the time of one call to the remote store.
    pub timeout: Duration,
}

impl Default for CacheSpec {
    fn default() -> Self {
        Self {
            folder: ".holdline/cache".into(),
            max_size: Size::from_bytes(1 << 30),
            max_age: Age::from_days(30),
            remote: None,
            read_only: false,
            timeout: Duration::from_secs(2),
        }
    }
}

impl CacheSpec {
    /// Bucket and prefix of the remote store; `None` without one, or where `remote` is not an address of a
    /// bucket. The prefix has no `/` at either end and may be empty.
    pub fn bucket(&self) -> Option<(&str, &str)> {
        let (bucket, prefix) = match self.remote.as_deref()?.strip_prefix("s3://")? {
            all if all.contains('/') => all.split_once('/')?,
            bucket => (bucket, ""),
        };
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        let prefix = prefix.trim_matches('/');
        let is_sound = !bucket.is_empty()
            && bucket.chars().all(is_name)
            && prefix.chars().all(|c| is_name(c) || c == '/')
            && !prefix.split('/').any(|part| matches!(part, "." | ".."));
        is_sound.then_some((bucket, prefix))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remote_is_a_bucket_with_or_without_a_prefix() {
        for (remote, wanted) in [
            ("s3://team", Some(("team", ""))),
            ("s3://team/", Some(("team", ""))),
            ("s3://team/holdline/a/", Some(("team", "holdline/a"))),
            ("s3:///x", None),
            ("s3://", None),
            ("https://team/x", None),
            ("s3://te am/x", None),
            ("s3://team/a/../b", None),
        ] {
            let spec = CacheSpec { remote: Some(remote.into()), ..CacheSpec::default() };
            assert_eq!(spec.bucket(), wanted, "{remote}");
        }
    }
}
