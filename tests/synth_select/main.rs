//! What is kept of what models write: the common filter over a real suite, and scores, principles, votes, rankings
//! and transformations asked of a model on loopback.

mod asked;
#[path = "../model/mod.rs"]
#[expect(dead_code, reason = "other test files use the rest")]
mod model;
#[path = "../project/mod.rs"]
#[expect(dead_code, reason = "other test files use the rest")]
mod project;
mod sieve;
#[cfg(unix)]
mod verify;

use holdline::expand::Promise;
use holdline::suite::variants::Truth;
use holdline::synth::draft::Draft;
use serde_json::json;
use std::collections::BTreeMap;

/// A draft of a text with an expectation of its own.
fn draft(text: &str) -> Draft {
    Draft {
        input: json!(text),
        turns: Vec::new(),
        of: None,
        promise: Promise::Own,
        expect: None,
        row: BTreeMap::new(),
        knobs: BTreeMap::new(),
        sources: Vec::new(),
        tags: Vec::new(),
        truth: Truth::Model,
    }
}
