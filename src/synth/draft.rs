//! What a generator is told, and what it made before anything was filtered.

use crate::expand::Promise;
use crate::suite::schema::{Expect, OneOrMany};
use crate::suite::variants::{SeedRef, SourceSpan, Truth};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// What a generator is told.
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
    /// How many are wanted.
    pub count: usize,
    /// Passages that they are to be grounded in.
    pub documents: Vec<SourceSpan>,
    /// Texts that are there already and are not to be written again.
    pub avoid: Vec<String>,
    /// Why people rejected earlier ones, the most frequent reason first.
    pub advice: Vec<String>,
    /// What the generator was asked to do in particular: `style`, `topic`, `persona`, ….
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

/// What a generator made, before it was filtered.
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
    /// The passages that it is grounded in.
    pub sources: Vec<SourceSpan>,
    /// Words to select and to group by.
    pub tags: Vec<String>,
    /// Who said what the right answer is.
    pub truth: Truth,
}
