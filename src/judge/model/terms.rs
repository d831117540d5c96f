//! On what terms a judge takes part in a run: what its verdicts depend on, and whether they count.

use super::fingerprint::fingerprint;
use super::{ModelClient, ModelJudgeError, Standing, standing_of};
use crate::suite::judges::JudgeDefinition;
use crate::suite::secret::Secrets;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What verdicts of a judge depend on, and whether they count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// 16 hex digits over all that verdicts depend on: the protocol, what is asked, what that comes to, and what
    /// the models are sent beside it. Not the address and the key of a model; what the environment fills in
    /// stands for its names.
    pub fingerprint: String,
    /// Whether verdicts count.
    pub standing: Standing,
    /// The models that answered in the check that decides that, as they call themselves.
    pub models: Vec<String>,
}

impl Terms {
    /// The terms of a judge, from files alone: it must know its models and what is kept of it
    /// ([`JudgeDefinition::bind`], [`JudgeDefinition::recall`]).
    pub fn of(judge: &JudgeDefinition) -> Result<Self, ModelJudgeError> {
        let fingerprint = of_files(judge)?;
        let standing = if judge.compares() {
            let why = "it compares an answer with the accepted one, which no labels can hold it to";
            Standing::Reports(vec![why.to_owned()])
        } else {
            standing_of(judge, &fingerprint, &judge.checks, judge.frozen.as_deref())
        };
        let models = judge.checks.iter().rev().find(|checked| checked.judge == fingerprint);
        let models = models.map(|checked| checked.models.clone()).unwrap_or_default();
        Ok(Self { fingerprint, standing, models })
    }
}

/// By the models as they are described: what the environment fills in stands for its names.
fn of_files(judge: &JudgeDefinition) -> Result<String, ModelJudgeError> {
    let mut sends = BTreeMap::new();
    for model in judge.models() {
        let client = judge.described.get(model).and_then(|spec| {
            let named = |name: &str| Some(format!("env:{name}"));
            let (secrets, _) = Secrets::gather(ModelClient::env_names(spec), named);
            ModelClient::new(spec, Arc::new(secrets)).ok()
        });
        let Some(client) = client else {
            let (judge, model) = (judge.name.clone(), model.to_owned());
            return Err(ModelJudgeError::NoClient { judge, model });
        };
        sends.insert(model, client.sends());
    }
    Ok(fingerprint(judge, &|model| sends.get(model).cloned().unwrap_or_default())?)
}
