//! What the bot says, and of which kind it is.

use serde::{Deserialize, Serialize};

/// What an answer is to the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// All that was asked.
    Complete,
    /// What holds in general, and a question back.
    Partial,
    /// What was asked cannot be had; this can.
    Workaround,
    /// A person takes over.
    Escalation,
    /// Nothing that this desk can help with, or somewhere else.
    Redirect,
}

/// What a question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    Refund,
    Shipping,
    Warranty,
    Account,
    Subscription,
    Setup,
    Troubleshooting,
    Privacy,
    OutOfScope,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reply {
    #[serde(rename = "reply")]
    pub text: String,
    pub kind: Kind,
    pub topic: Topic,
}

impl Reply {
    /// An answer of this kind.
    pub fn new(kind: Kind, topic: Topic, text: impl Into<String>) -> Self {
        Self { text: text.into(), kind, topic }
    }
}
