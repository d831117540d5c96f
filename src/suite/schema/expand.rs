//! What a suite file says about making variants of its inputs.

use super::{Expect, OneOrMany};
use crate::suite::quantity::Share;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// How variants are made, for all scenarios of a suite.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct ExpandSpec {
    /// Variants of each seed for every entry of an `expand` list that does not say.
    pub per_seed: usize,
    /// Most variants of the whole suite. Without it every one is kept that the entries ask for.
    pub total: Option<usize>,
    /// Regular expressions of the suite's own tokens, which no operator may touch (linear time, no
    /// look-around, no back-references).
    pub protect: Vec<String>,
    /// Share of a text's words that an operator which works on words may change.
    pub max_edit: Share,
    /// A text that stands in the application's instructions and that no answer may hold: what attempts to
    /// make it tell its instructions are held to.
    pub canary: Option<String>,
}

impl Default for ExpandSpec {
    fn default() -> Self {
        Self {
            per_seed: 2,
            total: None,
            protect: Vec::new(),
            max_edit: Share::from_points(35.0),
            canary: None,
        }
    }
}

/// What makes variants: the name of a family or of an operator, or a table that says more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum ExpandEntry {
    /// A family or an operator, with what the suite says of all.
    Name(String),
    /// A family, an operator or a chain of operators, with what it is to do.
    Table(Box<ExpandTable>),
}

/// A family, an operator or a chain of operators: exactly one of the three. Keys beyond the known ones are
/// options of the operator, or of those operators of the family that have them.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ExpandTable {
    /// An operator.
    pub op: Option<String>,
    /// All operators of a family, in turn.
    pub family: Option<String>,
    /// Operators or families, each working on what the one before it made.
    pub chain: Option<Vec<ExpandLink>>,
    /// Operators of the family that are left out.
    pub except: Option<Vec<String>>,
    /// Variants of each seed.
    pub per_seed: Option<usize>,
    /// The label that answers to these variants must carry, in place of what the seed expects.
    pub label: Option<OneOrMany<String>>,
    /// What must hold of answers to these variants, in place of what the seed expects; `"seed"` keeps what
    /// the seed expects.
    pub expect: Option<StatedExpect>,
    /// Options of the operator.
    #[serde(flatten)]
    pub options: BTreeMap<String, Value>,
}

/// A link of a chain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum ExpandLink {
    /// A family or an operator.
    Name(String),
    /// An operator with its options.
    Table(Box<LinkTable>),
}

/// An operator with its options.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct LinkTable {
    /// The operator.
    pub op: String,
    /// Options of the operator.
    #[serde(flatten)]
    pub options: BTreeMap<String, Value>,
}

/// What must hold of variants that promise something of their own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum StatedExpect {
    /// What the seed expects.
    Seed(SeedWord),
    /// These expectations.
    Own(OneOrMany<Box<Expect>>),
}

/// The word that keeps what the seed expects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SeedWord {
    /// What the seed expects must hold.
    Seed,
}

/// The values of a knob of a template: a list, or a table with the weight of each.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum KnobSpec {
    /// The values, all as likely.
    Values(Vec<String>),
    /// The values with more about them.
    Table(KnobTable),
}

impl KnobSpec {
    /// The values.
    pub fn values(&self) -> &[String] {
        match self {
            Self::Values(values) | Self::Table(KnobTable { values, .. }) => values,
        }
    }
}

/// The values of a knob, with weights and target shares.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct KnobTable {
    /// The values.
    pub values: Vec<String>,
    /// How likely each is where coverage leaves a choice, in the order of `values`.
    pub weights: Option<Vec<f64>>,
    /// Share of the rows that a value is to have, by value.
    #[serde(default)]
    pub shares: BTreeMap<String, f64>,
}

/// Which combinations of a template's knobs become cases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct CoverSpec {
    /// Every combination of values of so many knobs occurs, 1 to 4.
    pub strength: usize,
    /// Groups of knobs that are covered with a strength of their own.
    pub groups: Vec<CoverGroup>,
    /// What must hold of every row, such as `not (persona = "new user" and feature = "admin export")`.
    pub constraints: Vec<String>,
    /// Rows that must appear; a knob left out is free.
    pub rows: Vec<BTreeMap<String, String>>,
    /// So many rows: beyond those that coverage needs they are drawn by weight; fewer leave combinations
    /// out, which is reported.
    pub count: Option<usize>,
}

impl Default for CoverSpec {
    fn default() -> Self {
        Self { strength: 2, groups: Vec::new(), constraints: Vec::new(), rows: Vec::new(), count: None }
    }
}

/// Knobs that are covered together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CoverGroup {
    /// The knobs.
    pub knobs: Vec<String>,
    /// Every combination of values of so many of them occurs, 1 to 4.
    pub strength: usize,
}
