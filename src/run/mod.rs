//! Runs a plan against a target and keeps what came of it.

mod conversation;
mod early;
mod events;
mod execute;
pub mod folder;
mod journal;
mod plan;
mod shard;
mod transcript;

pub use conversation::{Asker, Script, ScriptError};
pub use early::{Early, Watch, families};
pub use events::{Events, Silent};
pub use execute::{End, ExecuteError, Execution, not_asked, stopped};
pub use journal::{
    FILE as JOURNAL_FILE, FORMAT as JOURNAL_FORMAT, Header, Journal, JournalError, Past, SuiteHeader,
};
pub use plan::{Plan, Question, Selection, full_name};
pub use shard::{
    Deal, OFF as SHARD_OFF, Part, SHARDS_VARIABLE, Shard, ShardError, Split, VARIABLE as SHARD_VARIABLE,
    Weight, of_environment as shard_of_environment,
};
pub use transcript::{Graded, Transcript};
