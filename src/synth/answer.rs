//! Answers that a model wrote for judges to be tried on and for training: how they stand in a draft or a variant,
//! and how one becomes a label once a person has said what it is.
//!
//! An answer stands in the columns of a row beside the question. What the model meant it to be is `verdict`; that is
//! what it was asked for and no truth: a label needs a person's name.

use crate::suite::labels::Label;
use crate::suite::schema::OneOrMany;
use serde_json::Value;
use std::collections::BTreeMap;

/// Tag of every draft that is an answer. Its question may be asked as a case all the same.
pub const TAG: &str = "answer";
/// Column of the answer.
pub const OUTPUT: &str = "output";
/// Column of what it was meant to be: `pass` or `fail`.
pub const VERDICT: &str = "verdict";
/// Column of its kind, such as the style it was written in.
pub const KIND: &str = "kind";
/// Column of why it is right or wrong.
pub const REASON: &str = "reason";
/// Column of the passages that it is to be held against.
pub const CONTEXTS: &str = "contexts";
/// Column of what a right answer says.
pub const REFERENCE: &str = "reference";

/// An answer, as it stands in a row.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered {
    /// What was asked.
    pub input: Value,
    /// The answer.
    pub output: String,
    /// What the model meant it to be: `pass` or `fail`.
    pub meant: String,
    /// Its kind.
    pub kind: Option<String>,
    /// Why, in the model's words.
    pub reason: Option<String>,
    /// The passages that it is to be held against.
    pub contexts: Vec<String>,
    /// What a right answer says.
    pub reference: Option<String>,
}

impl Answered {
    /// The answer that stands in a row; `None` where it holds none.
    pub fn of(input: &Value, row: &BTreeMap<String, Value>) -> Option<Self> {
        let text = |column: &str| row.get(column).and_then(Value::as_str).map(str::to_owned);
        let contexts = row.get(CONTEXTS).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        Some(Self {
            input: input.clone(),
            output: text(OUTPUT)?,
            meant: text(VERDICT)?,
            kind: text(KIND),
            reason: text(REASON),
            contexts: contexts.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            reference: text(REFERENCE),
        })
    }

    /// The label that a person gives it. Nothing of what the model said of it is taken over but what a right answer
    /// says: the reason of a label teaches a judge, and is the person's.
    pub fn labelled(self, id: String, label: String, labeller: String, date: jiff::civil::Date) -> Label {
        let origin = self.kind.map(|kind| format!("written by a model as `{kind}`, meant to {}", self.meant));
        Label {
            id,
            input: self.input,
            output: self.output,
            contexts: self.contexts,
            reference: self.reference.map(OneOrMany::One),
            label,
            labeller,
            date,
            reason: None,
            note: origin,
            split: "holdout".into(),
            scenario: None,
            approved: None,
        }
    }
}
