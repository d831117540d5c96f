//! One judge with one model: what it makes of an answer when it is asked once.

use super::ask::{Ask, Asks};
use super::compare::{self, Side};
use super::evidence::{Evidence, Place};
use super::judgement::Judgement;
use super::model_judge::ModelJudgeError;
use super::prompt::Prompt;
use super::reply::Said;
use super::{claims, principles};
use crate::judge::Outcome;
use crate::model::ModelClient;
use crate::suite::judges::JudgeDefinition;
use crate::suite::schema::judge::{JudgeFile, JudgeKind};
use std::sync::Arc;

/// A judge that asks one model.
#[derive(Debug)]
pub(super) struct Single {
    /// The model as the project names it.
    pub model: String,
    name: String,
    file: JudgeFile,
    prompt: Prompt,
    client: Arc<ModelClient>,
}

impl Single {
    /// A judge that is no panel, with the model of this name, asking in the name of `name`.
    pub fn new(
        definition: &JudgeDefinition,
        name: &str,
        model: &str,
        client: &dyn Fn(&str) -> Option<Arc<ModelClient>>,
    ) -> Result<Self, ModelJudgeError> {
        let client = client(model).ok_or_else(|| ModelJudgeError::NoClient {
            judge: definition.name.clone(),
            model: model.to_owned(),
        })?;
        Ok(Self {
            model: model.to_owned(),
            name: name.to_owned(),
            file: definition.file.clone(),
            prompt: Prompt::new(definition)?,
            client,
        })
    }

    /// What is known without asking.
    pub fn without_asking(&self, evidence: &Evidence<'_>) -> Option<Judgement> {
        Judgement::without_asking(self.file.kind, evidence)
    }

    /// Asks once: one request, or one in each order.
    pub async fn opinion(&self, asks: &dyn Asks, evidence: &Evidence<'_>, sample: u32) -> Judgement {
        if let Some(known) = self.without_asking(evidence) {
            return known;
        }
        let mut orders = Vec::new();
        for place in self.prompt.places() {
            let one = self.request(asks, evidence, *place, sample).await;
            // One error is enough to have no verdict.
            let has_failed = one.outcome == Outcome::JudgeError;
            orders.push(one);
            if has_failed {
                break;
            }
        }
        if self.file.kind == JudgeKind::Compare {
            return compare::judgement(orders, self.file.inconsistent);
        }
        orders.pop().unwrap_or_else(|| Judgement::plain(Outcome::JudgeError, "nothing was asked"))
    }

    async fn request(
        &self,
        asks: &dyn Asks,
        evidence: &Evidence<'_>,
        place: Place,
        sample: u32,
    ) -> Judgement {
        let (messages, cut) = self.prompt.messages(evidence, place);
        let key = self.prompt.key(evidence, place);
        let (judge, client, form) = (self.name.as_str(), self.client.as_ref(), &self.prompt.form);
        let asked = asks.ask(Ask { judge, client, messages, key, form, sample }).await;
        let mut judgement = match &asked {
            Err(unanswered) => Judgement::plain(Outcome::JudgeError, unanswered.to_string()),
            Ok(answered) => {
                let read = self.read(&answered.said, evidence, place);
                Judgement { confidence: answered.confidence, ..read }
            }
        };
        judgement.cut |= cut;
        judgement.took(&asked)
    }

    /// What a reply comes to.
    fn read(&self, said: &[Said], evidence: &Evidence<'_>, place: Place) -> Judgement {
        match self.file.kind {
            JudgeKind::Claims => return claims::judgement(said, &self.file, evidence),
            JudgeKind::Principles => return principles::judgement(said, &self.file, evidence),
            _ => {}
        }
        let [said] = said else { return Judgement::plain(Outcome::JudgeError, "the reply is no verdict") };
        let quote = said.evidence.trim().to_owned();
        let quoted = |holds: bool| (!quote.is_empty()).then_some(holds);
        let word = Some(said.verdict.clone());
        if self.file.kind == JudgeKind::Compare {
            let side = Side::of(&said.verdict, place);
            return Judgement {
                word: side.word().map(str::to_owned),
                verified: quoted(evidence.either_holds(&quote)),
                quote,
                ..Judgement::plain(side.outcome(), &said.reasoning)
            };
        }
        let Some(verdict) = self.prompt.question.verdict(&said.verdict) else {
            return Judgement::plain(Outcome::JudgeError, "the reply is none of the verdicts");
        };
        let is_level = self.file.kind == JudgeKind::Score && verdict.outcome.is_graded();
        Judgement {
            word,
            verified: quoted(evidence.holds(&quote)),
            quote,
            score: said.verdict.parse().ok().filter(|_| is_level),
            ..Judgement::plain(verdict.outcome, &said.reasoning)
        }
    }

    /// Whether both ask the same, whichever model they ask.
    pub fn asks_as(&self, other: &Self) -> bool {
        self.prompt.decides(&self.file) == other.prompt.decides(&other.file)
    }
}
