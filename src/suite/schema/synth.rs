//! How `holdline.toml` says which models write cases.

use serde::{Deserialize, Serialize};

/// What holds for `holdline synth` where the command line says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct SynthSpec {
    /// Models that write cases, by their names in `[models]`, in rotation: each gets every n-th request. Default:
    /// the only one that `[models]` describes.
    pub models: Vec<String>,
}
