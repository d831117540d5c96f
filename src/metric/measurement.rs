//! A metric's value over a slice of a suite's cases.

use serde::{Deserialize, Serialize};

pub use crate::suite::metric_names::{Direction, Unit};

/// The value of a metric over a slice. A value that cannot be computed is `None` with its reason,
/// and never 0.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measurement {
    /// Name of the metric, from the published table.
    pub metric: String,
    /// The cases it is taken over.
    pub slice: Slice,
    /// The value, or `None`.
    pub value: Option<f64>,
    /// Cases that enter the value.
    pub n: usize,
    /// Cases of the slice that do not.
    pub excluded: usize,
    /// Why there is no value, or why cases are excluded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// 95 % interval, where the metric is a rate: Wilson's, or the exact one-sided bound where an entry of
    /// `expect` measures the metric and not a single bad case was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<(f64, f64)>,
    /// Whether more or less is better.
    pub direction: Direction,
    /// What the value is in.
    pub unit: Unit,
}

impl Measurement {
    /// The metric's name with its slice: `pass_rate`, `pass_rate@scenario-id`, `pass_rate#tag`.
    pub fn key(&self) -> String {
        self.slice.key(&self.metric)
    }
}

/// Cases that a metric is taken over.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slice {
    /// All of a suite.
    Suite,
    /// Those of a scenario, by its id.
    Scenario(String),
    /// Those with a tag.
    Tag(String),
    /// Those made by a family of operators; where variants are set against seeds, with their seeds.
    Operators(String),
}

impl Slice {
    /// The key of a metric over these cases: `pass_rate`, `pass_rate@scenario-id`, `pass_rate#tag`.
    pub fn key(&self, metric: &str) -> String {
        match self {
            Self::Suite => metric.to_owned(),
            Self::Scenario(id) => format!("{metric}@{id}"),
            Self::Tag(tag) => format!("{metric}#{tag}"),
            Self::Operators(family) => format!("{metric}~{family}"),
        }
    }
}
