//! What a request to a model took, and why there is no reply that can be used.

use crate::target::Usage;
use serde::{Deserialize, Serialize};

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

/// Why there is no reply that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind}: {message}")]
pub struct Unanswered {
    /// What went wrong, as a word of a fixed set.
    pub kind: UnansweredKind,
    /// What went wrong, in words, redacted. Untrusted: may hold parts of the reply.
    pub message: String,
    /// What it took.
    pub spent: Spent,
}

/// The ways in which asking a model for a reply of a form can fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnansweredKind {
    /// The endpoint gave no reply.
    NoReply,
    /// The reply is not what was asked for, also after it was sent back once.
    Unreadable,
    /// The reply ends before its end.
    CutOff,
    /// A filter of the endpoint's kept the reply back.
    Filtered,
    /// The model will not do it.
    Refused,
    /// It was not asked: no budget was left to ask with.
    NotAsked,
}

impl UnansweredKind {
    /// Its code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoReply => "no_reply",
            Self::Unreadable => "unreadable",
            Self::CutOff => "cut_off",
            Self::Filtered => "filtered",
            Self::Refused => "refused",
            Self::NotAsked => "not_asked",
        }
    }
}

impl std::fmt::Display for UnansweredKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NoReply => "no reply",
            Self::Unreadable => "unreadable reply",
            Self::CutOff => "reply cut off",
            Self::Filtered => "reply filtered",
            Self::Refused => "refused",
            Self::NotAsked => "not asked",
        })
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
