//! Where a variant comes from: what made it, who gave the truth, and who reviewed it.

use crate::expand::{Applied, CaseId};
use crate::suite::schema::Origin;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// How a variant was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Made {
    /// What gave it its words.
    pub by: MadeBy,
    /// Where its input comes from.
    pub origin: Origin,
    /// The generator that asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generator: Option<GeneratorRef>,
    /// The model that wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<ModelMade>,
    /// The operators that made it of its seed, in the order in which they worked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chain: Vec<Applied>,
    /// Where it was found: a case of a run, a line of a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The passages that it is grounded in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<SourceSpan>,
    /// How good it was found, by axis: from 0 to 1.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub scores: BTreeMap<String, f64>,
    /// The filters that let it in, by code.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passed: Vec<String>,
    /// The licence of its words, where they are somebody's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
}

impl Made {
    /// Made so, with nothing else known.
    pub const fn new(by: MadeBy, origin: Origin) -> Self {
        Self {
            by,
            origin,
            generator: None,
            model: None,
            chain: Vec::new(),
            from: None,
            sources: Vec::new(),
            scores: BTreeMap::new(),
            passed: Vec::new(),
            licence: None,
        }
    }
}

/// What gave a variant its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MadeBy {
    /// A model.
    Model,
    /// Operators.
    Operator,
    /// A person.
    Person,
    /// A user of the application, in production.
    Production,
    /// A rule that transforms what was there.
    Rule,
}

/// A generator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GeneratorRef {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: u32,
}

/// The model that wrote a variant, and what it was asked. Hashes are the first 16 hex digits of blake3.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelMade {
    /// The name by which the project knows it.
    pub model: String,
    /// The model that answered, where the endpoint told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<String>,
    /// Hash of the messages that it was sent.
    pub prompt: String,
    /// How it was asked: temperature and the like, as they were sent.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub sampling: Value,
    /// Hash of its reply.
    pub reply: String,
}

/// A passage of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceSpan {
    /// The file, as it was named.
    pub file: String,
    /// First byte in the file.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
    /// Its words.
    pub text: String,
}

/// Who said what the right answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Truth {
    /// A person.
    Person,
    /// A rule: it follows from how the variant was made.
    Rule,
    /// A model.
    Model,
}

/// Who reviewed a variant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reviewed {
    /// The person.
    pub by: String,
    /// The day.
    pub date: jiff::civil::Date,
    /// What it may be used for.
    pub approved: Approved,
    /// What else is worth knowing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The candidate that it was before the person changed its words; none where they are as they were made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_from: Option<CaseId>,
}

/// What a variant may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Approved {
    /// To be asked as a case.
    Evaluation,
    /// To train on, and never as a case.
    Training,
    /// Both.
    Both,
}

/// Where a case comes from that stands beside its suite, as the record keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pedigree {
    /// How it was made.
    pub made: Made,
    /// Who gave the truth.
    pub truth: Truth,
    /// Who reviewed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<Reviewed>,
}
