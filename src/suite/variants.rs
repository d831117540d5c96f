//! Cases that stand beside a suite: `suites/<suite>.variants.jsonl`, one JSON object a line. A model, an operator
//! or production gave their words; a person reviewed each, and the file is committed.

mod file;
mod pedigree;

pub use file::VariantFile;
pub(crate) use file::by_scenario;
pub use pedigree::{Approved, GeneratorRef, Made, MadeBy, ModelMade, Pedigree, Reviewed, SourceSpan, Truth};

use super::schema::{Expect, OneOrMany};
use crate::expand::{CaseId, Promise};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A case that stands beside a suite, or one that waits to be reviewed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    /// The scenario that it belongs to, by its id.
    pub scenario: String,
    /// What the application is asked first: a text, or any JSON value. Data, never a template.
    pub input: Value,
    /// What the user says next, one after the other, whatever is answered; in place of the conversation of the
    /// scenario. Data, never templates.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub turns: Vec<String>,
    /// The seed that it was made from and whose family it belongs to; without one it is a seed of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<SeedRef>,
    /// What it promises.
    #[serde(default = "own", skip_serializing_if = "is_own")]
    pub promise: Promise,
    /// What must hold of the answer. Without it what its seed expects, or what the scenario expects where it has
    /// no seed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expect: Option<OneOrMany<Box<Expect>>>,
    /// Columns for templates, such as a reference answer.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub row: BTreeMap<String, Value>,
    /// The values of knobs that it was made for.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub knobs: BTreeMap<String, Value>,
    /// Words to select and to group by, beside those of its scenario.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// How it was made.
    pub made: Made,
    /// Who said what the right answer is.
    pub truth: Truth,
    /// Who reviewed it; nobody yet where it waits to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<Reviewed>,
}

fn own() -> Promise {
    Promise::Own
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands out a reference")]
fn is_own(promise: &Promise) -> bool {
    *promise == Promise::Own
}

/// How a seed is found in its scenario: it keeps its words, or its row's id, when what is expected of it changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeedRef {
    /// By the id of its row.
    Row(String),
    /// By its input.
    Input(Value),
}

impl SeedRef {
    /// How a seed with this input, and this id of its row, is referred to.
    pub fn of(row_id: Option<&str>, input: &Value) -> Self {
        row_id.map_or_else(|| Self::Input(input.clone()), |id| Self::Row(id.to_owned()))
    }

    /// A text that two references share only where they are of the same seed.
    pub(crate) fn key(&self) -> String {
        json!(self).to_string()
    }
}

/// A variant with the line of the file where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// The variant.
    pub variant: Variant,
    /// Line of the file, from 1.
    pub line: u32,
}

impl Variant {
    /// Its identity before it is a case, as a candidate: what is asked, of what, and what must hold.
    pub fn id(&self, suite: &str) -> CaseId {
        let said =
            json!([self.scenario, self.input, self.turns, self.of, self.promise, self.expect, self.row]);
        CaseId::of(&[b"candidate", suite.as_bytes(), said.to_string().as_bytes()])
    }

    /// Whether it is a case: one that is approved for training alone is none, so that nothing that is trained on
    /// gates.
    pub fn is_case(&self) -> bool {
        self.review.as_ref().is_none_or(|review| review.approved != Approved::Training)
    }

    /// Where it comes from, for the record.
    pub fn pedigree(&self) -> Pedigree {
        Pedigree { made: self.made.clone(), truth: self.truth, review: self.review.clone() }
    }

    /// Its expectations, where it states any.
    pub fn stated(&self) -> Option<Vec<Expect>> {
        let stated = self.expect.as_ref()?;
        Some(stated.as_slice().iter().map(|expect| (**expect).clone()).collect())
    }
}

/// The variants file that belongs to a suite file: `suites/a.toml` has `suites/a.variants.jsonl`.
pub fn path_of(suite: &str) -> String {
    format!("{}.variants.jsonl", suite.strip_suffix(".toml").unwrap_or(suite))
}
