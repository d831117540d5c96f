//! The one way that every request of a judge goes: what is asked, what came of it, and the seam at which a
//! cache or a budget can stand before the network.

use super::reply::{ReplyForm, Said};
use crate::model::{Message, ModelClient, Spent, Unanswered};
use serde::{Deserialize, Serialize};
use std::pin::Pin;

/// One request of a judge.
#[derive(Debug)]
pub struct Ask<'a> {
    /// The judge that asks.
    pub judge: &'a str,
    /// The model that is asked.
    pub client: &'a ModelClient,
    /// What is sent.
    pub messages: Vec<Message>,
    /// The same with a fence that is always the same: what a kept verdict is found by.
    pub key: Vec<Message>,
    /// What the reply must look like.
    pub form: &'a ReplyForm,
    /// Tells requests apart that say the same and are asked anew on purpose: samples, confirmations, repeats.
    pub sample: u32,
}

/// What a model answered to a request. Its texts are redacted, and untrusted all the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answered {
    /// What it said: one verdict, or one for each part that was asked about.
    pub said: Vec<Said>,
    /// The model that answered, where the endpoint tells.
    pub model: Option<String>,
    /// How probable the tokens of its verdict were to it, 0 to 1, where the endpoint tells; of several verdicts
    /// the least.
    pub confidence: Option<f64>,
    /// What it took.
    pub spent: Spent,
}

/// A future with the answer to a request.
pub type Asked<'a> = Pin<Box<dyn Future<Output = Result<Answered, Unanswered>> + Send + 'a>>;

/// Who answers the requests of judges.
pub trait Asks: std::fmt::Debug + Send + Sync {
    /// Answers a request, or says why there is no answer.
    fn ask<'a>(&'a self, ask: Ask<'a>) -> Asked<'a>;
}

/// The models themselves, with nothing before them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Network;

impl Asks for Network {
    fn ask<'a>(&'a self, ask: Ask<'a>) -> Asked<'a> {
        Box::pin(ask.client.decide(ask.messages, ask.form))
    }
}
