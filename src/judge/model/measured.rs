//! What a judge said of answers that people labelled.

use super::{Agreement, Judgement};
use crate::judge::Outcome;
use crate::suite::judges::Label;

/// A labelled answer, and what the judge made of it.
#[derive(Debug, Clone)]
pub struct Judged {
    /// What people said.
    pub label: Label,
    /// What that comes to.
    pub people: Outcome,
    /// What the judge said.
    pub judge: Judgement,
}

/// A judge measured.
#[derive(Debug, Clone)]
pub struct Measured {
    /// The labelled answers in the order of their file.
    pub judged: Vec<Judged>,
    /// What both said, counted.
    pub agreement: Agreement,
    /// Fingerprint of what the judge is: 16 hex digits over the protocol, the prompt and the model asked.
    pub fingerprint: String,
}
