//! Sets to train a model on, made of what people reviewed: examples are gathered, those that people approved
//! for training are kept, what gates a build is refused, and the rest is balanced, split and written.
//!
//! Reads files alone, and asks nothing. The same files give the same bytes.

mod difficulty;
mod example;
mod export;
mod format;
mod gather;
mod gating;
mod manifest;
mod merge;
mod split;

pub use difficulty::{Balance, BalanceError};
pub use example::{Answer, Example, Left, LeftOut, Role, Said, Source};
pub use export::{Export, ExportError, File, Options, export, prepare};
pub use format::{Format, Task};
pub use gather::{Gathered, TAGS, Wanted, gather};
pub use gating::{Gates, Gating, THRESHOLD};
pub use manifest::{Counts, FORMAT, FileMade, Guarded, Manifest};
pub use split::{Split, SplitError, Splits};
