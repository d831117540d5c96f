//! Models in rotation: which one is asked, the replies kept on the disk, and the budget before the network.

use super::ask::{AsksJson, JsonAsk, JsonAsked, JsonReply, PROTOCOL, short_hash};
use super::tally::Tally;
use crate::model::fence::coded;
use crate::model::{Message, ModelClient, Role, Spent, Unanswered, UnansweredKind};
use crate::run::cache::{Key, Replies};
use crate::run::{Budget, Charge, NO_ROOM};
use crate::suite::project::Project;
use serde_json::{Value, json};
use std::sync::{Arc, OnceLock};

/// The account of the budget that requests of generators are paid from.
pub const ACCOUNT: &str = "synth";

/// Models that are asked in turn. A reply is on the disk before it is handed out, and what is on the disk is not
/// asked for again.
#[derive(Debug)]
pub struct Rotation {
    models: Vec<(String, Arc<ModelClient>)>,
    /// Models that are asked by name alone.
    beside: Vec<(String, Arc<ModelClient>)>,
    replies: Replies,
    /// Whether what is on the disk is used.
    recalls: bool,
    budget: Arc<Budget>,
    project: Arc<Project>,
    tally: Tally,
    /// Why replies cannot be kept any more.
    broken: OnceLock<String>,
}

impl Rotation {
    /// Models by the names that the project knows them by, in their order; at least one. What they cost is paid
    /// from the [`ACCOUNT`] of the budget.
    pub fn new(
        models: Vec<(String, Arc<ModelClient>)>,
        replies: Replies,
        budget: Arc<Budget>,
        project: Arc<Project>,
    ) -> Self {
        let (tally, broken) = (Tally::default(), OnceLock::new());
        Self { models, beside: Vec::new(), replies, recalls: true, budget, project, tally, broken }
    }

    /// With models that have no turn and are asked by name alone.
    #[must_use]
    pub fn with(self, beside: Vec<(String, Arc<ModelClient>)>) -> Self {
        Self { beside, ..self }
    }

    /// Asks anew what may be on the disk. What comes is kept.
    #[must_use]
    pub fn anew(self) -> Self {
        Self { recalls: false, ..self }
    }

    /// The names of the models, in their order; of those that have no turn last.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.models.iter().chain(&self.beside).map(|(name, _)| name.as_str())
    }

    /// The model whose turn it is for a request with this number, so that the same request always goes to the
    /// same one.
    pub fn turn(&self, number: usize) -> &str {
        self.models.get(number % self.models.len().max(1)).map_or("", |(name, _)| name)
    }

    /// What the models were asked and what came of it, so far.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// The budget.
    pub fn budget(&self) -> &Budget {
        &self.budget
    }

    /// Why replies cannot be kept, where they cannot: then nothing more is asked.
    pub fn broken(&self) -> Option<&str> {
        self.broken.get().map(String::as_str)
    }

    /// Whether a reply to a request is on the disk.
    pub async fn has(&self, ask: &JsonAsk<'_>) -> bool {
        let Some((name, client)) = self.model(ask) else { return false };
        self.find(&key(ask, name, client), ask).await.is_some()
    }

    /// The model that a request goes to: the one that it names, or one by what it says. A number would depend on
    /// who comes first.
    fn model(&self, ask: &JsonAsk<'_>) -> Option<(&str, &Arc<ModelClient>)> {
        let found = if let Some(name) = ask.model {
            self.models.iter().chain(&self.beside).find(|(known, _)| known == name)
        } else {
            let hash = blake3::hash(json!([prompt(&ask.messages), ask.sample]).to_string().as_bytes());
            let mut first = [0; 8];
            first.copy_from_slice(&hash.as_bytes()[..8]);
            let place = u64::from_le_bytes(first) % self.models.len().max(1) as u64;
            usize::try_from(place).ok().and_then(|place| self.models.get(place))
        };
        found.map(|(name, client)| (name.as_str(), client))
    }

    async fn find(&self, key: &Key, ask: &JsonAsk<'_>) -> Option<JsonReply> {
        // What cannot be read is asked again; that it cannot be written is told then.
        let reply: JsonReply = self.replies.find(key).await.ok()??;
        // A check may have changed since.
        ask.form.holds(&reply.value).ok()?;
        Some(JsonReply { kept: true, spent: Spent::default(), ..reply })
    }

    async fn asked(
        &self,
        ask: JsonAsk<'_>,
        name: &str,
        client: &ModelClient,
    ) -> Result<JsonReply, Unanswered> {
        let not_asked = |message: &str| Unanswered {
            kind: UnansweredKind::NotAsked,
            message: message.to_owned(),
            spent: Spent::default(),
        };
        let key = key(&ask, name, client);
        if self.recalls
            && let Some(reply) = self.find(&key, &ask).await
        {
            return Ok(reply);
        }
        if let Some(why) = self.broken() {
            return Err(not_asked(why));
        }
        let Some(hold) = self.budget.hold(ACCOUNT).await else { return Err(not_asked(NO_ROOM)) };
        let prompt = short_hash(&prompt(&ask.messages));
        let sampling = sampling(client, ask.sample);
        let got = ask.form.of(client, coded(&ask.messages)).await;
        let (spent, answered) = match &got {
            Ok((_, answered, spent)) => (*spent, answered.clone()),
            Err(unanswered) => (unanswered.spent, None),
        };
        let priced = self.priced(client, answered.as_deref());
        hold.settle(Charge::of_reply(spent, Some(&priced), got.is_ok(), &self.project));
        let (value, answered, spent) = got?;
        let reply = short_hash(&value.to_string());
        let model = name.to_owned();
        let reply = JsonReply { value, model, answered, prompt, sampling, reply, spent, kept: false };
        if let Err(error) = self.replies.keep(&key, &reply).await {
            let why = format!("a reply cannot be kept: {error}");
            let why = self.broken.get_or_init(|| why);
            return Err(Unanswered { kind: UnansweredKind::NoReply, message: why.clone(), spent });
        }
        Ok(reply)
    }

    /// The name that a reply's price is looked up by: that of the model that answered, or that of the one asked
    /// where only that one has a price.
    fn priced(&self, client: &ModelClient, answered: Option<&str>) -> String {
        let sends = client.sends();
        let asked = sends["model"].as_str().unwrap_or_default();
        let known = answered.filter(|answered| self.project.prices.contains_key(*answered));
        let fallback =
            if self.project.prices.contains_key(asked) { asked } else { answered.unwrap_or(asked) };
        known.unwrap_or(fallback).to_owned()
    }

    fn cost(&self, client: &ModelClient, asked: &Result<JsonReply, Unanswered>) -> Option<f64> {
        let (spent, answered) = match asked {
            Ok(reply) => (reply.spent, reply.answered.as_deref()),
            Err(unanswered) => (unanswered.spent, None),
        };
        self.project.price(&self.priced(client, answered), spent.usage?)
    }
}

impl AsksJson for Rotation {
    fn ask<'a>(&'a self, ask: JsonAsk<'a>) -> JsonAsked<'a> {
        Box::pin(async move {
            let Some((name, client)) = self.model(&ask) else {
                let message =
                    format!("`{}` is none of the models in rotation", ask.model.unwrap_or_default());
                let (kind, spent) = (UnansweredKind::NotAsked, Spent::default());
                return Err(Unanswered { kind, message, spent });
            };
            let asked = self.asked(ask, name, client).await;
            self.tally.count(name, &asked, self.cost(client, &asked));
            asked
        })
    }
}

/// The messages as one text, with the fences' constant code.
fn prompt(messages: &[Message]) -> String {
    let role = |role| match role {
        Role::System => "system",
        Role::User => "user",
        Role::Assistant => "assistant",
    };
    let all: Vec<Value> = messages.iter().map(|of| json!([role(of.role), of.content])).collect();
    Value::Array(all).to_string()
}

/// What is sent beside the messages.
fn sampling(client: &ModelClient, sample: u32) -> Value {
    let mut sends = client.sends();
    if let Value::Object(sends) = &mut sends {
        sends.insert("sample".into(), json!(sample));
    }
    sends
}

/// All that decides a reply.
fn key(ask: &JsonAsk<'_>, name: &str, client: &ModelClient) -> Key {
    let parts = json!([
        ask.purpose,
        prompt(&ask.messages),
        name,
        client.sends(),
        ask.form.name,
        ask.form.schema,
        ask.sample
    ]);
    Replies::key(PROTOCOL, &parts)
}
