//! The record of a run, and its projections: one file an output.

#[cfg(feature = "cli")]
pub mod candidate;
mod case;
pub mod coding;
#[cfg(feature = "cli")]
pub mod compare;
#[cfg(feature = "cli")]
pub mod distil;
pub mod escape;
pub mod evidence;
pub mod explain;
#[cfg(feature = "cli")]
pub mod export;
pub(crate) mod file;
#[cfg(feature = "cli")]
pub mod generators;
pub mod github;
mod headline;
mod held;
mod in_record;
pub mod json;
#[cfg(feature = "cli")]
pub mod judge_attack;
#[cfg(feature = "cli")]
pub mod judge_check;
#[cfg(feature = "cli")]
pub mod judge_trust;
mod judges;
#[cfg(feature = "cli")]
pub mod junit;
pub mod markdown;
mod mistakes;
#[cfg(feature = "cli")]
pub mod monitor;
#[cfg(feature = "cli")]
pub mod neighbours;
pub(crate) mod number;
#[cfg(feature = "cli")]
mod outputs;
pub(crate) mod page;
#[cfg(feature = "cli")]
pub mod probe;
#[cfg(feature = "cli")]
pub mod promote;
mod ranking;
mod record;
pub mod rejudge;
pub mod repeats;
#[cfg(feature = "cli")]
pub mod review;
pub mod robustness;
#[cfg(feature = "cli")]
pub mod synth;
#[cfg(feature = "cli")]
pub mod talk;
pub mod terminal;
#[cfg(feature = "cli")]
pub mod transform;
pub mod unnamed;

pub use case::{case, case_repeat};
pub use held::{Held, LeftOut, is_notable};
pub use judges::JudgeRecord;
#[cfg(feature = "cli")]
pub use outputs::{OutputError, Outputs};
pub use record::{
    Carried, CaseHead, CaseRecord, CaseTail, FORMAT, JudgedBy, QuarantineRecord, Record, RejudgedRun,
    ScenarioRecord, SuiteRecord, Unnamed,
};
pub use terminal::Style;
