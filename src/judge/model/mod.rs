//! Judges that are models: what they are asked, how their replies are read, and how far they can be trusted.
//!
//! The question stands in the system message, and everything that is judged in one user message, as data
//! behind a fence that the data cannot know. A reply is JSON with one verdict out of a fixed set; what cannot
//! be read is an error of the judge and never a verdict.

mod attack;
mod calibration;
pub mod canary;
mod client;
mod corrected;
mod evidence;
mod measured;
mod prompt;
mod question;
mod reply;
mod standing;

pub use attack::{Attack, Attempt, wrong_answers};
pub use calibration::{Agreement, Calibrated, Standing};
pub use canary::{Regraded, Steadiness};
pub use client::{ModelClient, Unanswered, UnansweredKind};
pub use corrected::{Corrected, RunVerdicts, corrected};
pub use evidence::Evidence;
pub use measured::{Judged, Measured};
pub use prompt::{Prompt, PromptError};
pub use question::{Question, VerdictWord};
pub use reply::{Said, Unreadable};
pub use standing::standing_of;

use crate::judge::Outcome;

/// Version of what is sent to a judge and of how its replies are read: verdicts made under another one are
/// not comparable.
pub const PROTOCOL: u32 = 1;

/// What a judge made of an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// What it came to.
    pub outcome: Outcome,
    /// The verdict in the judge's own words; none where there is none.
    pub word: Option<String>,
    /// Why, in the judge's words or ours. Untrusted.
    pub reason: String,
    /// What the judge quotes. Untrusted.
    pub quote: String,
    /// Whether the quote occurs in the answer; nothing where nothing is quoted.
    pub verified: Option<bool>,
    /// Whether something was cut off before it was shown to the judge.
    pub cut: bool,
    /// The model that answered, where it says so.
    pub model: Option<String>,
}

/// Asks a judge about an answer.
pub async fn judge(prompt: &Prompt, client: &ModelClient, evidence: &Evidence<'_>) -> Judgement {
    let nothing = |outcome, reason: String, cut| Judgement {
        outcome,
        word: None,
        reason,
        quote: String::new(),
        verified: None,
        cut,
        model: None,
    };
    if let Some(why) = evidence.says_nothing() {
        return nothing(Outcome::Fail, why.to_owned(), false);
    }
    let (messages, cut) = prompt.messages(evidence);
    match client.decide(messages, &prompt.question).await {
        Err(unanswered) => nothing(Outcome::JudgeError, unanswered.to_string(), cut),
        Ok((said, model)) => {
            let quote = said.evidence.trim().to_owned();
            let verified = (!quote.is_empty()).then(|| evidence.holds(&quote));
            Judgement {
                outcome: said.outcome,
                word: Some(said.verdict),
                reason: said.reasoning,
                quote,
                verified,
                cut,
                model,
            }
        }
    }
}
