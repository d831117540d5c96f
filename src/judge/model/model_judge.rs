//! A judge that is ready to be asked: what its file says, with the models that it asks, as often as it says.

use super::ask::Asks;
use super::decide::together;
use super::evidence::Evidence;
use super::judgement::{Judgement, Part};
use super::prompt::PromptError;
use super::single::Single;
use crate::judge::Outcome;
use crate::model::ModelClient;
use crate::suite::judges::JudgeDefinition;
use crate::suite::schema::judge::{Decide, JudgeKind, Words};
use std::pin::Pin;
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
///
/// Its verdict is that of one request, or of several: samples of one judge or the judges of a panel, which decide
/// together. On a fail, or where the judge cannot tell, fresh verdicts are asked for where the file says `confirm`,
/// and what most of them say counts in place of the first. What is then still a fail, no verdict or an error, or what
/// the samples or judges did not agree on, goes to the strong model where there is one; its verdict counts, also
/// where it is an error. An error is not confirmed: its request was sent again already where that may help.
#[derive(Debug)]
pub struct ModelJudge {
    name: String,
    asks: Arc<dyn Asks>,
    ground: Ground,
    decide: Decide,
    confirm: u32,
    /// The same questions for a stronger model.
    strong: Vec<Single>,
    words: Words,
}

/// What the first verdict comes from.
#[derive(Debug)]
enum Ground {
    One { single: Box<Single>, samples: u32 },
    Panel(Vec<ModelJudge>),
}

type Judging<'a> = Pin<Box<dyn Future<Output = Judgement> + Send + 'a>>;

impl ModelJudge {
    /// A judge whose requests are answered by `asks`. `client` gives the client for a model, by the name that the
    /// project knows it by ([`JudgeDefinition::models`] lists those that are needed).
    pub fn new(
        definition: &JudgeDefinition,
        client: &dyn Fn(&str) -> Option<Arc<ModelClient>>,
        asks: Arc<dyn Asks>,
    ) -> Result<Self, ModelJudgeError> {
        let (file, name) = (&definition.file, &definition.name);
        let ground = if file.kind == JudgeKind::Panel {
            let member = |member| Self::new(member, client, asks.clone());
            Ground::Panel(definition.members.iter().map(member).collect::<Result<_, _>>()?)
        } else {
            Ground::One {
                single: Box::new(Single::new(definition, name, &file.model, client)?),
                samples: file.samples.max(1),
            }
        };
        let mut strong: Vec<Single> = Vec::new();
        if let Some(model) = &file.strong {
            for asked in definition.single() {
                // Judges of a panel that differ in nothing but their model are one question for another one.
                let single = Single::new(asked, name, model, client)?;
                if !strong.iter().any(|other| other.asks_as(&single)) {
                    strong.push(single);
                }
            }
        }
        Ok(Self {
            name: name.clone(),
            asks,
            ground,
            decide: file.decide,
            confirm: file.confirm,
            strong,
            words: file.words.clone(),
        })
    }

    /// Judges an answer.
    pub async fn judge(&self, evidence: &Evidence<'_>) -> Judgement {
        self.again(evidence, 0).await
    }

    /// Judges an answer once more: no request of one round has the sample number of one of another round.
    pub async fn again(&self, evidence: &Evidence<'_>, round: u32) -> Judgement {
        self.round(evidence, round).await
    }

    fn round<'a>(&'a self, evidence: &'a Evidence<'a>, round: u32) -> Judging<'a> {
        Box::pin(async move {
            let first = self.first(evidence, round).await;
            if self.is_known(evidence) {
                return first;
            }
            let disagrees =
                self.is_several() && first.parts.windows(2).any(|two| two[0].outcome != two[1].outcome);
            let is_open = matches!(first.outcome, Outcome::Fail | Outcome::CannotJudge);
            let found = if is_open && self.confirm > 0 {
                self.confirmed(first, evidence, round).await
            } else {
                first
            };
            let is_doubtful = disagrees
                || matches!(found.outcome, Outcome::Fail | Outcome::CannotJudge | Outcome::JudgeError);
            if is_doubtful && !self.strong.is_empty() {
                self.overruled(found, evidence, round).await
            } else {
                found
            }
        })
    }

    /// Whether nothing has to be asked about an answer.
    fn is_known(&self, evidence: &Evidence<'_>) -> bool {
        match &self.ground {
            Ground::One { single, .. } => single.without_asking(evidence).is_some(),
            Ground::Panel(members) => members.iter().all(|member| member.is_known(evidence)),
        }
    }

    /// Whether several verdicts make the first one.
    fn is_several(&self) -> bool {
        match &self.ground {
            Ground::One { samples, .. } => *samples > 1,
            Ground::Panel(_) => true,
        }
    }

    /// The first verdict of a round.
    async fn first(&self, evidence: &Evidence<'_>, round: u32) -> Judgement {
        match &self.ground {
            Ground::One { single, samples } => {
                let asks = self.asks.as_ref();
                let number = self.numbers(round);
                if *samples == 1 || self.is_known(evidence) {
                    return single.opinion(asks, evidence, number).await;
                }
                let mut several = Vec::new();
                for sample in 0..*samples {
                    let one = single.opinion(asks, evidence, number + sample).await;
                    several.push((format!("sample {}", sample + 1), one));
                }
                together(self.decide, several)
            }
            Ground::Panel(members) => self.panel(members, evidence, self.numbers(round)).await,
        }
    }

    /// A verdict that was not there before: one more sample, or the panel once more.
    async fn fresh(&self, evidence: &Evidence<'_>, round: u32, nth: u32) -> Judgement {
        let number = self.numbers(round);
        match &self.ground {
            Ground::One { single, samples } => {
                single.opinion(self.asks.as_ref(), evidence, number + samples + nth).await
            }
            Ground::Panel(members) => self.panel(members, evidence, number + 1 + nth).await,
        }
    }

    /// What all judges of a panel say in this round of theirs.
    async fn panel(&self, members: &[Self], evidence: &Evidence<'_>, round: u32) -> Judgement {
        let mut several = Vec::new();
        for member in members {
            several.push((member.name.clone(), member.round(evidence, round).await));
        }
        let whole = together(self.decide, several);
        // What its judges call their verdicts, and the numbers beside them, need not be of one kind.
        Judgement { word: self.word(whole.outcome), score: None, ..whole }
    }

    /// What most of the fresh verdicts say, in place of the first.
    async fn confirmed(&self, first: Judgement, evidence: &Evidence<'_>, round: u32) -> Judgement {
        let mut several = Vec::new();
        for nth in 0..self.confirm {
            let one = self.fresh(evidence, round, nth).await;
            several.push((format!("confirmation {}", nth + 1), one));
        }
        instead(together(Decide::Majority, several), first, "first")
    }

    /// What the strong model says, in place of what was found.
    async fn overruled(&self, found: Judgement, evidence: &Evidence<'_>, round: u32) -> Judgement {
        // Samples of the first model come before; a panel asks nothing in its own name before.
        let (number, name) = match &self.ground {
            Ground::One { single, samples } => {
                (self.numbers(round) + samples + self.confirm, single.model.as_str())
            }
            Ground::Panel(_) => (round, self.name.as_str()),
        };
        let mut said = Vec::new();
        for single in &self.strong {
            said.push(single.opinion(self.asks.as_ref(), evidence, number).await);
        }
        let strong = if said.len() == 1 {
            said.remove(0)
        } else {
            let named = said.into_iter().zip(1..);
            together(self.decide, named.map(|(one, nth)| (format!("question {nth}"), one)).collect())
        };
        let word = if self.is_panel() { self.word(strong.outcome) } else { strong.word.clone() };
        instead(Judgement { word, ..strong }, found, name)
    }

    fn is_panel(&self) -> bool {
        matches!(self.ground, Ground::Panel(_))
    }

    fn word(&self, outcome: Outcome) -> Option<String> {
        match outcome {
            Outcome::Pass => Some(self.words.pass.clone()),
            Outcome::Fail => Some(self.words.fail.clone()),
            _ => None,
        }
    }

    /// The first number of a round: of a sample, or of the rounds of a panel's judges.
    fn numbers(&self, round: u32) -> u32 {
        round
            * match &self.ground {
                // Samples, confirmations and the strong model.
                Ground::One { samples, .. } => samples + self.confirm + 1,
                Ground::Panel(_) => 1 + self.confirm,
            }
    }
}

/// A judgement that counts in place of an earlier one, which is kept beside it.
fn instead(mut counts: Judgement, mut earlier: Judgement, name: &str) -> Judgement {
    counts.adds(&earlier);
    counts.earlier.append(&mut earlier.earlier);
    counts.earlier.append(&mut earlier.parts);
    counts.earlier.push(Part::of(name, earlier));
    counts
}
