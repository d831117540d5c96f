//! Runs a plan against a target and keeps what came of it.

mod answered;
mod budget;
mod budget_hold;
mod budgeted;
pub mod cache;
mod cases;
mod conversation;
mod course;
mod early;
mod events;
mod execute;
pub mod folder;
mod journal;
mod judge_budget;
mod judged;
mod layers;
mod pace;
mod plan;
mod recall;
mod retry;
mod shard;
mod spool;
mod transcript;

pub use answered::{AnswerReader, Answered, not_asked, place_of};
pub use budget::{Budget, Charge, Limits, Over, Reserve, Spending, Taken};
pub(crate) use budget_hold::NO_ROOM;
pub use budgeted::Budgeted;
pub use cases::{CaseReader, Cases, CasesWriter};
pub use conversation::{Asker, Script, ScriptError};
pub use early::{Early, Watch, families};
pub use events::{Events, Silent};
pub use execute::{End, ExecuteError, Execution, scripts, stopped};
pub use journal::{
    FILE as JOURNAL_FILE, FORMAT as JOURNAL_FORMAT, Header, Journal, JournalError, LineReader, Past,
    SuiteHeader,
};
pub use judge_budget::BudgetedJudges;
pub use judged::{JudgeCounts, Judged};
pub use layers::layers;
pub use pace::{Pace, Paced};
pub use plan::{Plan, PlanError, Question, Selection, full_name};
pub use retry::{Retried, Retrying};
pub use shard::{
    Deal, OFF as SHARD_OFF, Part, SHARDS_VARIABLE, Shard, ShardError, Split, VARIABLE as SHARD_VARIABLE,
    Weight, of_environment as shard_of_environment,
};
pub use transcript::{Graded, GradedText, ReadBack, Transcript};
