//! What is kept of a verdict that a model gave, beside its outcome and its reason.

use super::Part;
use crate::suite::secret::Secrets;
use crate::target::Usage;
use serde::{Deserialize, Serialize};

/// What a judge that is a model said of an answer. Texts are untrusted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct ModelVerdict {
    /// The judge's name.
    pub judge: String,
    /// The verdict in the judge's own words; none where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub word: Option<String>,
    /// What the judge quotes from the answer.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub quote: String,
    /// Whether the quote occurs where it should; nothing where nothing is quoted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified: Option<bool>,
    /// A number beside the verdict: the level of a `score`, the share of the claims that are supported, the share
    /// of the principles that hold; of several samples the mean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// What it is made of, where it is made of several verdicts: claims, principles, orders, samples, judges.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
    /// Verdicts that came before and do not count: what was confirmed, or overruled by a stronger model.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Part>,
    /// How probable the verdict was to the model, 0 to 1, where it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
    /// Whether something was cut off before it was shown to the judge.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cut: bool,
    /// The models that answered, where they say so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub models: Vec<String>,
    /// Requests that were sent for it; none for what was in the cache, or needs no model.
    #[serde(default)]
    pub requests: u32,
    /// Replies that were in the cache.
    #[serde(default, skip_serializing_if = "is_none")]
    pub cached: u32,
    /// Tokens of these requests; none where a reply does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    /// Cost by the price table; none where usage or price is unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<f64>,
    /// Whether the judge reports and does not gate: such a verdict counts for nothing in what the case comes
    /// to.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reports_only: bool,
}

impl ModelVerdict {
    /// Redacts what it says.
    pub fn redact(&mut self, secrets: &Secrets) {
        secrets.redact_text(&mut self.quote);
        for part in self.parts.iter_mut().chain(&mut self.earlier) {
            for text in [&mut part.name, &mut part.reason, &mut part.quote] {
                secrets.redact_text(text);
            }
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
const fn is_none(count: &u32) -> bool {
    *count == 0
}
