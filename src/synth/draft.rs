//! What a generator is told, and what it made before anything was filtered.

use crate::expand::Promise;
use crate::suite::schema::{Expect, OneOrMany};
use crate::suite::variants::{SeedRef, SourceSpan, Truth};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// What a generator is told.
///
/// What the suite's author wrote (feature, scenario, knobs, options) stands in the instructions of a prompt; what
/// came from elsewhere (seeds, documents, conversations, what to avoid, advice) is shown to the model as data.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Brief {
    /// Name of the suite.
    pub suite: String,
    /// What the feature does.
    pub feature: String,
    /// The behaviour that cases are wanted for.
    pub scenario: ScenarioBrief,
    /// Seeds of the scenario, as examples.
    pub seeds: Vec<SeedBrief>,
    /// The seed that is to be varied.
    pub about: Option<SeedBrief>,
    /// Values of knobs that the cases are to have.
    pub knobs: BTreeMap<String, String>,
    /// How many are wanted, at least 1.
    pub count: usize,
    /// Passages that they are to be grounded in.
    pub documents: Vec<SourceSpan>,
    /// What was said so far between a user and the application, oldest first.
    pub conversation: Vec<Exchange>,
    /// Texts that are there already and are not to be written again.
    pub avoid: Vec<String>,
    /// Why people rejected earlier ones, the most frequent reason first.
    pub advice: Vec<String>,
    /// What the generator was asked to do in particular: `style`, `topic`, `persona`, …; several words of one
    /// option with commas between them.
    pub options: BTreeMap<String, String>,
}

/// A scenario, as generators need it.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct ScenarioBrief {
    /// Its id.
    pub id: String,
    /// The behaviour, in words.
    pub name: String,
    /// The hypothesis it tests.
    pub why: Option<String>,
    /// What is expected of answers, in words.
    pub expects: Vec<String>,
    /// The labels of the suite.
    pub labels: Vec<String>,
    /// The label that is expected of every answer, where it is one and the same.
    pub label: Option<String>,
    /// The columns of a row that its expectation reads (`{{ row.NAME }}`): whoever writes an input for it must say
    /// what they hold.
    pub columns: Vec<String>,
}

/// One exchange of a conversation. Both sides are untrusted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// What the user said.
    pub user: String,
    /// What the application answered.
    pub application: String,
}

/// A seed, as generators need it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SeedBrief {
    /// How it is referred to.
    pub of: SeedRef,
    /// What is asked.
    pub input: String,
    /// The label expected, where there is one.
    pub label: Option<String>,
    /// A right answer, where one is known.
    pub reference: Option<String>,
}

/// What a generator made, before it was filtered. All of its texts are untrusted.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// What is to be asked.
    pub input: Value,
    /// What the user says next.
    pub turns: Vec<String>,
    /// The seed it was made from.
    pub of: Option<SeedRef>,
    /// What it promises.
    pub promise: Promise,
    /// What must hold of the answer.
    pub expect: Option<OneOrMany<Box<Expect>>>,
    /// Columns for templates.
    pub row: BTreeMap<String, Value>,
    /// The values of knobs that it was made for.
    pub knobs: BTreeMap<String, Value>,
    /// The passages that it is grounded in. A quotation that is not found in the documents has an empty span.
    pub sources: Vec<SourceSpan>,
    /// Words to select and to group by.
    pub tags: Vec<String>,
    /// Who said what the right answer is.
    pub truth: Truth,
}

impl Draft {
    /// A seed of its own: a text for the brief's scenario, held to what the scenario expects.
    pub(super) fn new(brief: &Brief, text: &str) -> Self {
        let knobs = brief.knobs.iter().map(|(name, value)| (name.clone(), Value::String(value.clone())));
        Self {
            input: Value::String(text.to_owned()),
            turns: Vec::new(),
            of: None,
            promise: Promise::Own,
            expect: None,
            row: BTreeMap::new(),
            knobs: knobs.collect(),
            sources: Vec::new(),
            tags: Vec::new(),
            truth: Truth::Model,
        }
    }

    /// Says which word of an option it was made by.
    #[must_use]
    pub(super) fn by(mut self, option: &str, word: &str) -> Self {
        self.knobs.insert(option.to_owned(), Value::String(word.to_owned()));
        self
    }

    /// Adds a column.
    #[must_use]
    pub(super) fn with(mut self, column: &str, value: impl Into<Value>) -> Self {
        self.row.insert(column.to_owned(), value.into());
        self
    }
}
