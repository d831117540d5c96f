//! Verification of a draft by a program of the user's: an argument list, JSON in and out, a limit on time and
//! on what is written.
//!
//! The program reads `{ suite, scenario, input, turns, promise, expect, row, knobs, sources }` and writes
//! `{ "pass": true or false, "reason": "…" }`. Anything else it does is no verdict, and a draft without one is
//! not let in.

use super::sieve::Rejection;
use crate::expand::{Promise, Reason};
use crate::judge::Program;
use crate::suite::schema::{Expect, OneOrMany};
use crate::suite::variants::SourceSpan;
use crate::synth::draft::Draft;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

/// A program that verifies drafts.
#[derive(Debug)]
pub struct Verifier(Program);

/// What the program reads.
#[derive(Serialize)]
struct Question<'a> {
    suite: &'a str,
    scenario: &'a str,
    input: &'a Value,
    turns: &'a [String],
    promise: Promise,
    expect: &'a Option<OneOrMany<Box<Expect>>>,
    row: &'a BTreeMap<String, Value>,
    knobs: &'a BTreeMap<String, Value>,
    sources: &'a [SourceSpan],
}

/// What a program said of a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verified {
    /// It passes.
    Yes,
    /// It does not, and why. Untrusted.
    No(String),
    /// The program gave no verdict, and why. Untrusted.
    NoVerdict(String),
}

impl Verified {
    /// Lets a draft in that passed.
    pub fn hold(self) -> Result<(), Rejection> {
        match self {
            Self::Yes => Ok(()),
            Self::No(why) => Err(Rejection::new(Reason::Unverified, why)),
            Self::NoVerdict(why) => Err(Rejection::new(Reason::Unverified, format!("no verdict: {why}"))),
        }
    }
}

impl Verifier {
    /// A program by its name and its arguments, which runs in the root; `None` without a name. Without a limit
    /// it has 30 seconds for each draft.
    pub fn new(run: &[String], root: &Path, timeout: Option<Duration>) -> Option<Self> {
        Program::new(run, root, timeout).map(Self)
    }

    /// What the program says of a draft.
    pub async fn verify(&self, suite: &str, scenario: &str, draft: &Draft) -> Verified {
        let Draft { input, turns, promise, expect, row, knobs, sources, .. } = draft;
        let question =
            Question { suite, scenario, input, turns, promise: *promise, expect, row, knobs, sources };
        match self.0.ask(&question).await {
            Ok(passes) if passes.pass => Verified::Yes,
            Ok(passes) => Verified::No(passes.reason.unwrap_or_else(|| "the program gave no reason".into())),
            Err(why) => Verified::NoVerdict(why),
        }
    }
}
