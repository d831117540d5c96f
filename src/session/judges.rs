//! A judge measured on answers that people labelled: the judge and its labels read, every answer judged, and
//! what both said counted.

use super::options::SessionError;
use crate::judge::Outcome;
use crate::judge::model::{Agreement, Evidence, Judged, Judgement, Measured, ModelClient, Prompt, judge};
use crate::suite::judges::{JudgeDefinition, Label};
use crate::suite::project::Project;
use crate::suite::secret::Secrets;
use std::path::Path;
use std::sync::Arc;
use tokio::task::JoinSet;

/// Why a judge cannot be asked: the model is not there to be asked. Not a mistake in a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoModel {
    /// `holdline.toml` knows no model of that name.
    #[error(
        "judge `{judge}` asks the model `{model}`, which holdline.toml does not describe: add `[models.{model}]` with `base_url` and `model`"
    )]
    Unknown {
        /// The judge.
        judge: String,
        /// The model.
        model: String,
    },
    /// Environment variables that its description refers to are not set.
    #[error("the model `{model}` refers to {names}, not set: set what is missing, then run again")]
    Unset {
        /// The model.
        model: String,
        /// The variables.
        names: String,
    },
}

/// The judge of this name with its prompt.
pub fn open(root: &Path, project: &Project, name: &str) -> Result<(JudgeDefinition, Prompt), SessionError> {
    let definition = JudgeDefinition::load(root, &project.suites, name)?;
    let prompt = Prompt::new(&definition).map_err(|error| SessionError::Usage(error.to_string()))?;
    Ok((definition, prompt))
}

/// The client for the model of a judge. The environment is read by `lookup`.
pub fn client(
    project: &Project,
    judge: &JudgeDefinition,
    lookup: impl Fn(&str) -> Option<String>,
) -> Result<Result<(ModelClient, Arc<Secrets>), NoModel>, SessionError> {
    let model = &judge.file.model;
    let Some(spec) = project.models.get(model) else {
        return Ok(Err(NoModel::Unknown { judge: judge.name.clone(), model: model.clone() }));
    };
    let (secrets, missing) = Secrets::gather(ModelClient::env_names(spec), lookup);
    if !missing.is_empty() {
        let names: Vec<String> = missing.iter().map(|name| format!("`{name}`")).collect();
        return Ok(Err(NoModel::Unset { model: model.clone(), names: names.join(", ") }));
    }
    let secrets = Arc::new(secrets);
    let client = ModelClient::new(spec, secrets.clone())
        .map_err(|error| SessionError::Usage(format!("holdline.toml, `models.{model}`: {error}")))?;
    Ok(Ok((client, secrets)))
}

/// Asks a judge about every labelled answer. `each` is told of every verdict as it comes.
pub async fn measure(
    definition: &JudgeDefinition,
    prompt: Prompt,
    (client, secrets): (ModelClient, Arc<Secrets>),
    labels: Vec<Label>,
    mut each: impl FnMut(usize),
) -> Measured {
    let fingerprint = fingerprint(definition, &prompt);
    let shared = Arc::new((prompt, client));
    let mut asked = JoinSet::new();
    for (at, label) in labels.iter().cloned().enumerate() {
        let shared = shared.clone();
        asked.spawn(async move {
            let (prompt, client) = &*shared;
            let evidence = Evidence {
                input: &label.input,
                before: &[],
                output: &label.output,
                contexts: &label.contexts,
            };
            (at, judge(prompt, client, &evidence).await)
        });
    }
    let mut found: Vec<Option<Judgement>> = vec![None; labels.len()];
    let mut done = 0;
    while let Some(joined) = asked.join_next().await {
        match joined {
            Ok((at, mut judgement)) => {
                secrets.redact_text(&mut judgement.reason);
                secrets.redact_text(&mut judgement.quote);
                found[at] = Some(judgement);
                done += 1;
                each(done);
            }
            // A panic in a task is a bug of ours and must not look like a result.
            Err(error) => {
                if let Ok(panic) = error.try_into_panic() {
                    std::panic::resume_unwind(panic);
                }
            }
        }
    }
    let (mut agreement, mut judged) = (Agreement::default(), Vec::with_capacity(labels.len()));
    for (label, judge) in labels.into_iter().zip(found) {
        let Some(judge) = judge else { continue };
        let word = shared.0.question.verdicts.iter().find(|verdict| verdict.word == label.label);
        let people = word.map_or(Outcome::CannotJudge, |verdict| verdict.outcome);
        agreement.count(people, judge.outcome, definition.file.passes_are_positive());
        judged.push(Judged { label, people, judge });
    }
    Measured { judged, agreement, fingerprint }
}

fn fingerprint(definition: &JudgeDefinition, prompt: &Prompt) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in [&crate::judge::model::PROTOCOL.to_string(), prompt.system(), &definition.file.model] {
        hasher.update(&(part.len() as u64).to_le_bytes()).update(part.as_bytes());
    }
    hasher.finalize().to_hex()[..16].to_owned()
}
