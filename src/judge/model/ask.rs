//! The one way that every request of a judge goes: what is asked, what came of it, and the seam at which a
//! cache or a budget can stand before the network.

use super::client::{ModelClient, Unanswered};
use super::reply::{ReplyForm, Said};
use crate::model::Message;
use crate::target::Usage;
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

/// Requests sent, and the tokens that models read and wrote for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Spent {
    /// Requests that were sent, those that got no reply among them.
    pub requests: u32,
    /// Tokens of them all; none where one of them is not told.
    pub usage: Option<Usage>,
}

impl Spent {
    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let usage = match (self.requests, other.requests) {
            (0, _) => other.usage,
            (_, 0) => self.usage,
            _ => self.usage.zip(other.usage).map(|(one, other)| Usage {
                input_tokens: one.input_tokens + other.input_tokens,
                output_tokens: one.output_tokens + other.output_tokens,
            }),
        };
        Self { requests: self.requests + other.requests, usage }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_add_up_and_what_one_request_does_not_tell_the_sum_does_not_know() {
        let spent = |requests, usage: Option<(u64, u64)>| Spent {
            requests,
            usage: usage.map(|(input_tokens, output_tokens)| Usage { input_tokens, output_tokens }),
        };
        assert_eq!(spent(1, Some((10, 5))).and(spent(2, Some((7, 1)))), spent(3, Some((17, 6))));
        assert_eq!(Spent::default().and(spent(1, Some((10, 5)))), spent(1, Some((10, 5))));
        assert_eq!(spent(1, Some((10, 5))).and(Spent::default()), spent(1, Some((10, 5))));
        assert_eq!(spent(1, Some((10, 5))).and(spent(1, None)), spent(2, None));
    }
}
