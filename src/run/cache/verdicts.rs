//! What judges that are models said, kept from one run to the next.

use super::cached::now;
use super::entry::Entry;
use super::key::{Key, verdict_key};
use super::layers::Layers;
use super::store::{Name, Store};
use crate::judge::model::{Answered, Ask, Asked, Asks, PROTOCOL, Spent};
use crate::model::{Message, Role};
use crate::suite::quantity::Age;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

/// Models in front of which their answers are kept. What is found took no requests; what could not be read or did
/// not come is never kept.
pub struct KeptVerdicts {
    behind: Arc<dyn Asks>,
    store: Arc<Layers>,
    /// Tells judges of one name apart that were frozen at different times.
    frozen: String,
    /// Whether what is kept is used.
    recalls: bool,
    max_age: Age,
}

impl std::fmt::Debug for KeptVerdicts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeptVerdicts").field("recalls", &self.recalls).finish_non_exhaustive()
    }
}

impl KeptVerdicts {
    /// Keeps what `behind` answers, for judges as they were `frozen`. Unless it `recalls`, it asks all the same.
    pub(super) fn new(
        behind: Arc<dyn Asks>,
        store: Arc<Layers>,
        frozen: String,
        (recalls, max_age): (bool, Age),
    ) -> Self {
        Self { behind, store, frozen, recalls, max_age }
    }

    async fn find(&self, key: &Key) -> Option<Answered> {
        let bytes = self.store.get(&Name::answer(key)).await.ok()??;
        let entry = Entry::<Answered>::decode(key, &bytes)?;
        let age = now().saturating_sub(entry.asked);
        (Duration::from_secs(age) <= self.max_age.get())
            .then(|| Answered { spent: Spent::default(), ..entry.answer })
    }

    /// A verdict that cannot be kept is asked for again by the next run: nothing is lost but that.
    async fn keep(&self, key: &Key, answered: &Answered) {
        let answer = Answered { spent: Spent::default(), ..answered.clone() };
        if let Some(bytes) = (Entry { asked: now(), answer }).encode(key) {
            let _ = self.store.put(&Name::answer(key), bytes).await;
        }
    }
}

/// All that decides what a model answers, and when its judge was frozen: what a model said that has become
/// another one under its name is not what it says today.
fn key(ask: &Ask<'_>, frozen: &str) -> Key {
    let message = |message: &Message| {
        let role = match message.role {
            Role::System => "system",
            Role::User => "user",
            Role::Assistant => "assistant",
        };
        json!([role, message.content])
    };
    let messages: Vec<Value> = ask.key.iter().map(message).collect();
    let parts = json!([ask.judge, messages, ask.client.sends(), ask.form.schema(), ask.sample, frozen]);
    verdict_key(PROTOCOL, &parts)
}

impl Asks for KeptVerdicts {
    fn ask<'a>(&'a self, ask: Ask<'a>) -> Asked<'a> {
        Box::pin(async move {
            let key = key(&ask, &self.frozen);
            if self.recalls
                && let Some(found) = self.find(&key).await
            {
                return Ok(found);
            }
            let answered = self.behind.ask(ask).await?;
            self.keep(&key, &answered).await;
            Ok(answered)
        })
    }
}
