//! Proposals of a model for failures that nobody has sorted: what is open is asked about, each answer on the disk
//! before it counts.

use super::judges::NoModel;
use super::options::SessionError;
use crate::distil::coding::{Proposals, form, messages};
use crate::distil::failure::Failure;
use crate::distil::ledger::LedgerError;
use crate::distil::taxonomy::Taxonomy;
use crate::judge::model::{ModelClient, Spent};
use crate::suite::project::Project;
use crate::suite::secret::Secrets;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::task::JoinSet;

/// What asking came to, counted in failures.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Asked {
    /// That had a proposal already, by the same taxonomy.
    pub known: usize,
    /// For which a category was proposed, by category.
    pub proposed: BTreeMap<String, usize>,
    /// Of which the model said that no category fits.
    pub none: usize,
    /// Of which the model said nothing, by why.
    pub unanswered: BTreeMap<String, usize>,
    /// That were not asked about, since it was enough.
    pub left: usize,
    /// What it took.
    pub spent: Spent,
}

impl Asked {
    /// Of how many the model said something.
    pub fn answered(&self) -> usize {
        self.none + self.proposed.values().sum::<usize>()
    }

    /// About how many it was asked.
    pub fn asked(&self) -> usize {
        self.answered() + self.unanswered.values().sum::<usize>()
    }
}

/// The client for a model, by the name that the project knows it by. The environment is read by `lookup`.
pub fn client(
    project: &Project,
    model: &str,
    lookup: impl Fn(&str) -> Option<String>,
) -> Result<Result<Arc<ModelClient>, NoModel>, SessionError> {
    let asks = "holdline code propose";
    let Some(spec) = project.models.get(model) else {
        return Ok(Err(NoModel::Unknown { judge: asks.to_owned(), model: model.to_owned() }));
    };
    let (secrets, missing) = Secrets::gather(ModelClient::env_names(spec), lookup);
    if !missing.is_empty() {
        let names: Vec<String> = missing.iter().map(|name| format!("`{name}`")).collect();
        return Ok(Err(NoModel::Unset { model: model.to_owned(), names: names.join(", ") }));
    }
    let client = ModelClient::new(spec, Arc::new(secrets))
        .map_err(|error| SessionError::Usage(format!("holdline.toml, `models.{model}`: {error}")))?;
    Ok(Ok(Arc::new(client)))
}

/// Asks about failures that have no proposal yet, `most` of them in all, and adds what comes to `asked`.
pub async fn propose(
    client: &Arc<ModelClient>,
    failures: &[Failure],
    taxonomy: &Taxonomy,
    proposals: &mut Proposals,
    most: usize,
    asked: &mut Asked,
) -> Result<(), LedgerError> {
    let (known, open): (Vec<&Failure>, Vec<&Failure>) =
        failures.iter().partition(|failure| proposals.for_failure(failure, taxonomy).is_some());
    asked.known += known.len();
    let room = most.saturating_sub(asked.asked());
    asked.left += open.len().saturating_sub(room);
    let form = Arc::new(form(taxonomy));
    let mut going = JoinSet::new();
    for (at, failure) in open.iter().take(room).enumerate() {
        let (client, form, messages) = (client.clone(), form.clone(), messages(failure, taxonomy));
        going.spawn(async move { (at, client.decide(messages, &form).await) });
    }
    while let Some(joined) = going.join_next().await {
        let (at, answer) = match joined {
            Ok(done) => done,
            // A panic in a task is a bug of ours and must not look like a model that is silent.
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(_) => continue,
            },
        };
        match answer {
            Ok(answered) => {
                asked.spent = asked.spent.and(answered.spent);
                let Some(said) = answered.said.first() else { continue };
                let model = answered.model.as_deref().unwrap_or("unknown");
                let proposal = Proposals::said(open[at], taxonomy, &said.verdict, &said.reasoning, model);
                match &proposal.category {
                    Some(category) => *asked.proposed.entry(category.clone()).or_default() += 1,
                    None => asked.none += 1,
                }
                proposals.add(vec![proposal])?;
            }
            Err(unanswered) => {
                asked.spent = asked.spent.and(unanswered.spent);
                *asked.unanswered.entry(unanswered.to_string()).or_default() += 1;
            }
        }
    }
    Ok(())
}
