//! On what terms a judge takes part in a run: what its verdicts depend on, and whether they count.

use super::{PROTOCOL, Prompt, PromptError, Standing};
use crate::suite::judges::JudgeDefinition;

/// What verdicts of a judge depend on, and whether they count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// 16 hex digits over all that verdicts depend on: the protocol, what is asked, and what the models are
    /// sent beside it. Not the address and the key of a model.
    pub fingerprint: String,
    /// Whether verdicts count.
    pub standing: Standing,
}

impl Terms {
    /// The terms of a judge, from its files alone. See [`JudgeDefinition::bind`].
    pub fn of(judge: &JudgeDefinition) -> Result<Self, PromptError> {
        let fingerprint = fingerprint(judge)?;
        Ok(Self { fingerprint, standing: Standing::Gates })
    }
}

/// A hash over all that verdicts depend on.
fn fingerprint(judge: &JudgeDefinition) -> Result<String, PromptError> {
    let mut hasher = blake3::Hasher::new();
    let mut add = |part: &str| {
        hasher.update(&(part.len() as u64).to_le_bytes()).update(part.as_bytes());
    };
    add(&PROTOCOL.to_string());
    add(Prompt::new(judge)?.system());
    for (name, spec) in &judge.described {
        add(name);
        add(&spec.model);
        add(&format!("{:?} {:?}", spec.temperature, spec.max_tokens));
    }
    Ok(hasher.finalize().to_hex()[..16].to_owned())
}
