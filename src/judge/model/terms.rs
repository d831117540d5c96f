//! On what terms a judge takes part in a run: what its verdicts depend on, and whether they count.

use super::{ModelClient, ModelJudge, ModelJudgeError, Network, Standing, standing_of};
use crate::suite::judges::JudgeDefinition;
use crate::suite::secret::Secrets;
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
        let fingerprint = fingerprint(judge)?;
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

fn fingerprint(judge: &JudgeDefinition) -> Result<String, ModelJudgeError> {
    let client = |model: &str| {
        let spec = judge.described.get(model)?;
        let named = |name: &str| Some(format!("env:{name}"));
        let (secrets, _) = Secrets::gather(ModelClient::env_names(spec), named);
        ModelClient::new(spec, Arc::new(secrets)).ok().map(Arc::new)
    };
    Ok(ModelJudge::new(judge, &client, Arc::new(Network))?.fingerprint())
}
