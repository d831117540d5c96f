//! Judges that are models: what they are asked, how their replies are read, and how far they can be trusted.
//!
//! The question stands in the system message, and everything that is judged in one user message, as data
//! behind a fence that the data cannot know. A reply is JSON with one verdict out of a fixed set; what cannot
//! be read is an error of the judge and never a verdict.

mod ask;
mod attack;
mod calibration;
pub mod canary;
mod claims;
mod client;
mod compare;
mod confidence;
mod corrected;
mod decide;
mod evidence;
mod fingerprint;
mod judgement;
mod measured;
mod model_judge;
mod principles;
mod prompt;
mod question;
mod reply;
mod seat;
mod single;
mod standing;
mod terms;
mod verdict;
mod wording;

pub use crate::model::{ModelClient, Spent, Unanswered, UnansweredKind};
pub use ask::{Answered, Ask, Asked, Asks, Network};
pub use attack::{Attack, Attempt, wrong_answers};
pub use calibration::{Agreement, Calibrated, MOST_UNGRADED, Standing};
pub use canary::{Regraded, Steadiness};
pub use corrected::{Corrected, RunVerdicts, corrected};
pub use evidence::{Evidence, Place};
pub use fingerprint::fingerprint;
pub use judgement::{Judgement, Part};
pub use measured::{Judged, Measured};
pub use model_judge::{ModelJudge, ModelJudgeError};
pub use prompt::{Prompt, PromptError};
pub use question::{Question, VerdictWord};
pub use reply::{ReplyForm, Said, Unreadable};
pub use seat::{Chair, Ruled, Seat};
pub use standing::standing_of;
pub use terms::Terms;
pub use verdict::ModelVerdict;

/// Version of what is sent to a judge and of how its replies are read: verdicts made under another one are
/// not comparable.
pub const PROTOCOL: u32 = 1;
