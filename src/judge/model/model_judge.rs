//! A judge that is ready to be asked: what its file says, with the models that it asks.

use super::PROTOCOL;
use super::ask::{Ask, Asks};
use super::client::ModelClient;
use super::evidence::Evidence;
use super::judgement::Judgement;
use super::prompt::{Prompt, PromptError};
use crate::judge::Outcome;
use crate::suite::judges::JudgeDefinition;
use serde_json::json;
use std::sync::Arc;

/// Why a judge cannot be asked.
#[derive(Debug, thiserror::Error)]
pub enum ModelJudgeError {
    /// Its prompt cannot be made.
    #[error(transparent)]
    Prompt(#[from] PromptError),
    /// There is no client for a model that it asks.
    #[error("judge `{judge}` asks the model `{model}`, and there is no client for it")]
    NoClient {
        /// The judge.
        judge: String,
        /// The model, as the project names it.
        model: String,
    },
}

/// A judge with the models that it asks.
#[derive(Debug)]
pub struct ModelJudge {
    name: String,
    asks: Arc<dyn Asks>,
    prompt: Prompt,
    model: String,
    client: Arc<ModelClient>,
}

impl ModelJudge {
    /// A judge whose requests are answered by `asks`. `client` gives the client for a model, by the name that the
    /// project knows it by ([`JudgeDefinition::models`] lists those that are needed).
    pub fn new(
        definition: &JudgeDefinition,
        client: &dyn Fn(&str) -> Option<Arc<ModelClient>>,
        asks: Arc<dyn Asks>,
    ) -> Result<Self, ModelJudgeError> {
        let model = definition.file.model.clone();
        let client = client(&model).ok_or_else(|| ModelJudgeError::NoClient {
            judge: definition.name.clone(),
            model: model.clone(),
        })?;
        Ok(Self { name: definition.name.clone(), asks, prompt: Prompt::new(definition)?, model, client })
    }

    /// Judges an answer.
    pub async fn judge(&self, evidence: &Evidence<'_>) -> Judgement {
        self.again(evidence, 0).await
    }

    /// Judges an answer once more: what is asked in one round has no verdict in common with any other round.
    pub async fn again(&self, evidence: &Evidence<'_>, round: u32) -> Judgement {
        if let Some(known) = Judgement::without_asking(evidence) {
            return known;
        }
        let (messages, cut) = self.prompt.messages(evidence);
        let asked = self
            .asks
            .ask(Ask {
                judge: &self.name,
                client: &self.client,
                messages,
                key: self.prompt.key(evidence),
                form: &self.prompt.form,
                sample: round,
            })
            .await;
        let judgement = match &asked {
            Err(unanswered) => Judgement::plain(unanswered.kind.outcome(), unanswered.to_string()),
            Ok(answered) => match answered.said.as_slice() {
                [said] => {
                    let quote = said.evidence.trim().to_owned();
                    let verdict = self.prompt.question.verdict(&said.verdict);
                    Judgement {
                        word: Some(said.verdict.clone()),
                        verified: (!quote.is_empty()).then(|| evidence.holds(&quote)),
                        quote,
                        confidence: answered.confidence,
                        ..Judgement::plain(
                            verdict.map_or(Outcome::JudgeError, |verdict| verdict.outcome),
                            &said.reasoning,
                        )
                    }
                }
                _ => Judgement::plain(Outcome::JudgeError, "the reply holds no verdict"),
            },
        };
        Judgement { cut, ..judgement }.took(&asked)
    }

    /// Fingerprint of what its verdicts depend on, 16 hex digits: the protocol, what it is asked, what that comes
    /// to, and the models with what is sent to them. Keys, addresses and limits of the asking are not in it.
    pub fn fingerprint(&self) -> String {
        let verdicts: Vec<_> = self
            .prompt
            .question
            .verdicts
            .iter()
            .map(|verdict| json!([verdict.word, verdict.outcome]))
            .collect();
        let what = json!({
            "protocol": PROTOCOL,
            "system": self.prompt.system(),
            "schema": self.prompt.form.schema(),
            "verdicts": verdicts,
            "model": self.model,
            "sends": self.client.sends(),
        });
        blake3::hash(what.to_string().as_bytes()).to_hex()[..16].to_owned()
    }
}
