//! Runs a plan against a target and keeps what came of it.

pub mod cache;
mod conversation;
mod early;
mod events;
mod execute;
pub mod folder;
mod journal;
mod plan;
mod recall;
mod transcript;

pub use conversation::{Asker, Script, ScriptError};
pub use early::{Early, Watch, families};
pub use events::{Events, Silent};
pub use execute::{End, ExecuteError, Execution, not_asked, stopped};
pub use journal::{FORMAT as JOURNAL_FORMAT, Header, Journal, JournalError, Past, SuiteHeader};
pub use plan::{Plan, Question, Selection, full_name};
pub use transcript::{Graded, Transcript};
