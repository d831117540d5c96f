//! Cases that a person wants to stay: found among the cases of the suites, what waits for review, or answers from
//! production; checked, and written into the file beside the suite, or into the suite itself.

mod source;
mod write;

pub use source::{Gathered, Source, gather};
pub use write::write;

use crate::baseline::Signature;
use crate::expand::{CaseId, Promise};
use crate::suite::Diagnostics;
use crate::suite::schema::{Expect, OneOrMany};
use crate::suite::variants::{Approved, Reviewed, Truth, Variant};
use std::path::PathBuf;

/// Why cases cannot be promoted. Nothing is written then.
#[derive(Debug, thiserror::Error)]
pub enum PromoteError {
    /// The suites cannot be loaded.
    #[error(transparent)]
    Session(#[from] super::SessionError),
    /// What waits for review cannot be read.
    #[error(transparent)]
    Queue(#[from] crate::synth::candidate::QueueError),
    /// What would be written is wrong.
    #[error("{0}")]
    Suites(#[from] Diagnostics),
    /// A request that makes no sense as it stands.
    #[error("{0}")]
    Usage(String),
    /// There is a case already that asks nearly the same.
    #[error("not promoted: {0}")]
    Twin(String),
    /// What was decided about candidates cannot be read or kept.
    #[error(transparent)]
    Decision(#[from] crate::synth::decision::DecisionError),
    /// CI only checks.
    #[error("in CI nothing is written below the suites: promote on your machine and commit the file")]
    Ci,
    /// A file cannot be read or written.
    #[error("{}: {error}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the file system said.
        error: std::io::Error,
    },
}

/// What a person says must hold of a case.
#[derive(Debug, Clone, PartialEq)]
pub enum Stated {
    /// What its seed expects; of a case without a seed what its scenario expects. A case whose operators said what
    /// must hold keeps that.
    Same,
    /// This.
    Own(OneOrMany<Box<Expect>>),
}

/// A case that is to be promoted, of which it may still have to be said what must hold.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Its suite, by its place among those loaded.
    pub suite: usize,
    /// Its scenario, by its place in the suite.
    pub scenario: usize,
    /// What it becomes.
    pub variant: Variant,
    /// Its family, where it is of a seed.
    pub family: Option<CaseId>,
    /// The case of the suite that it is.
    pub pinned: Option<CaseId>,
    /// The candidate that waits for review and that it is.
    pub candidate: Option<CaseId>,
    /// What the application answered, where that is known.
    pub answer: Option<String>,
    /// What was replaced in it, in words.
    pub scrubbed: Option<String>,
}

impl Wanted {
    /// States what must hold, and who says so.
    pub fn state(&mut self, stated: Stated, signature: &Signature) {
        let variant = &mut self.variant;
        match stated {
            // What it states by now is what its seed expects in its words, or what made it says.
            Stated::Same if variant.of.is_some() => {}
            Stated::Same => {
                if variant.made.chain.is_empty() {
                    variant.expect = None;
                }
            }
            Stated::Own(expect) => {
                variant.expect = Some(expect);
                variant.promise = Promise::Own;
            }
        }
        variant.truth = Truth::Person;
        let date = signature.at.get(..10).and_then(|day| day.parse().ok());
        let reason = signature.reason.trim();
        let replaced = self.scrubbed.as_ref().map(|what| format!("replaced: {what}"));
        let said = (!reason.is_empty()).then(|| reason.to_owned());
        let notes: Vec<String> = said.into_iter().chain(replaced).collect();
        variant.review = Some(Reviewed {
            by: signature.by.clone(),
            date: date.unwrap_or(jiff::civil::Date::ZERO),
            approved: Approved::Evaluation,
            note: (!notes.is_empty()).then(|| notes.join("; ")),
            edited_from: None,
        });
    }
}
