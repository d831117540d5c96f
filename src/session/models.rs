//! The models of a project, made ready to be asked: for judges, for generators and for whoever else asks.

use super::options::SessionError;
use crate::model::ModelClient;
use crate::suite::project::Project;
use crate::suite::secret::Secrets;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Why a model cannot be asked. Not a mistake in a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Absent {
    /// `holdline.toml` knows no model of that name.
    #[error(
        "holdline.toml does not describe the model `{0}`: add `[models.{0}]` with `base_url` and `model`"
    )]
    Unknown(String),
    /// Environment variables that its description refers to are not set.
    #[error("the model `{model}` refers to {names}, not set: set what is missing, then run again")]
    Unset {
        /// The model.
        model: String,
        /// The variables.
        names: String,
    },
}

/// The clients for these models, by the names that the project knows them by. The environment is read by `lookup`.
pub fn clients<'a>(
    project: &Project,
    models: impl Iterator<Item = &'a str> + Clone,
    lookup: impl Fn(&str) -> Option<String>,
) -> Result<Result<BTreeMap<String, Arc<ModelClient>>, Absent>, SessionError> {
    let mut env = BTreeSet::new();
    for model in models.clone() {
        let Some(spec) = project.models.get(model) else {
            return Ok(Err(Absent::Unknown(model.to_owned())));
        };
        env.extend(ModelClient::env_names(spec));
        let (_, missing) = Secrets::gather(ModelClient::env_names(spec), &lookup);
        if !missing.is_empty() {
            let names: Vec<String> = missing.iter().map(|name| format!("`{name}`")).collect();
            return Ok(Err(Absent::Unset { model: model.to_owned(), names: names.join(", ") }));
        }
    }
    // What one model says may hold what another was sent: the values of all are kept out of each.
    let secrets = Arc::new(Secrets::gather(env, &lookup).0);
    let mut clients = BTreeMap::new();
    for model in models {
        let Some(spec) = project.models.get(model) else { continue };
        let client = ModelClient::new(spec, secrets.clone())
            .map_err(|error| SessionError::Usage(format!("holdline.toml, `models.{model}`: {error}")))?;
        clients.insert(model.to_owned(), Arc::new(client));
    }
    Ok(Ok(clients))
}
