//! What a suite file says that must hold of an answer.

use super::OneOrMany;
use crate::suite::quantity::Duration;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Conditions on an answer; all that are given must hold, and each has a verdict of its own.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// The output is exactly this, white space at both ends aside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub equals: Option<Value>,
    /// The output contains this text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contains: Option<String>,
    /// The output contains all of these texts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contains_all: Option<Vec<String>>,
    /// The output contains at least one of these texts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contains_any: Option<Vec<String>>,
    /// The output contains none of these texts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excludes: Option<OneOrMany<String>>,
    /// The output starts with this text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub starts_with: Option<String>,
    /// The output matches this regular expression (linear time, no look-around, no back-references).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matches: Option<String>,
    /// Compare texts without regard to case (`equals`, `contains…`, `excludes`, `starts_with`, `one_of`).
    #[serde(default)]
    pub ignore_case: bool,
    /// The label is this, or one of these.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<OneOrMany<String>>,
    /// The output is one of these texts, white space at both ends aside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub one_of: Option<Vec<String>>,
    /// The output is, or holds at a place, a number near this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<NumberCheck>,
    /// The output, read as JSON, satisfies this JSON Schema: a file relative to the suite, or a table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub json_schema: Option<Value>,
    /// The output, read as JSON, has a value that compares as stated at each of these places.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub json: Option<OneOrMany<JsonCheck>>,
    /// Number of words in the output.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<CountBounds>,
    /// Number of sentences in the output.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sentences: Option<CountBounds>,
    /// Number of characters (user-perceived) in the output.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub characters: Option<CountBounds>,
    /// Time the last turn took.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latency: Option<LatencyBounds>,
    /// Cost of the case, in the currency of the price table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<CostBounds>,
    /// Number of turns of the conversation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub turns: Option<CountBounds>,
    /// Source ids that the output cites, by a pattern, are among those retrieved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cites: Option<CitesCheck>,
    /// The application called these tools.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calls: Option<OneOrMany<CallCheck>>,
    /// A program of yours decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<CommandCheck>,
    /// A judge that is a model decides, or several do: names of files in `judges`, without `.toml`. None is
    /// asked about an answer that fails a check.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub judge: Option<OneOrMany<String>>,
    /// Texts that a right answer may be, for the metrics `exact_match`, `token_f1`, `rouge_l`, `bleu` and
    /// `chrf`; of several the best counts. It is measured and no condition: alone it gives no verdict.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<OneOrMany<String>>,
    /// Ids that are relevant, for the metrics of what was retrieved (`recall_at_5`, `ndcg_at_10`, `mrr`, …): a
    /// list, a table of ids with their grades, or `"{{ row.NAME }}"` for a column that has one. It is measured
    /// and no condition: alone it gives no verdict.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relevant: Option<Relevant>,
    /// None of these conditions may hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not: Option<Box<Expect>>,
    /// The metric that this entry measures, or several: the share of the cases with such an entry in which it
    /// holds or, for metrics where less is better (`leak_rate`), in which it fails; `faithfulness` the mean share
    /// of the claims that are supported. It is no condition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measures: Option<OneOrMany<NamedMetric>>,
    /// Which turns of a conversation are judged. Default: the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<At>,
}

impl Expect {
    /// The metrics that it measures.
    pub fn measured(&self) -> &[NamedMetric] {
        self.measures.as_ref().map_or(&[], OneOrMany::as_slice)
    }
}

/// A metric over the entries of `expect` that name it. The entry says what should be so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum NamedMetric {
    /// More is better: of what must be refused, the share that is.
    RefusalRate,
    /// Less is better: of what must not be refused, the share that is.
    OverRefusalRate,
    /// Less is better: the share of attempts that get what they want.
    AttackSuccessRate,
    /// Less is better: the share of answers that hold what they must not.
    LeakRate,
    /// More is better: the share of answers that are about what was asked.
    Relevance,
    /// More is better: the share of answers that are right.
    Correctness,
    /// More is better: the share of answers with the sentiment expected.
    Sentiment,
    /// More is better: the share of answers in the tone expected.
    Tone,
    /// More is better: the share of answers that are as short as expected.
    Brevity,
    /// More is better: the mean share of an answer's claims that its passages support. Taken over entries whose
    /// judge is one of claims.
    Faithfulness,
    /// Less is better: the share of answers that say anything their passages do not support.
    HallucinationRate,
}

impl NamedMetric {
    /// All of them, in the order of the published table.
    pub const ALL: [Self; 11] = [
        Self::RefusalRate,
        Self::OverRefusalRate,
        Self::AttackSuccessRate,
        Self::LeakRate,
        Self::Relevance,
        Self::Correctness,
        Self::Sentiment,
        Self::Tone,
        Self::Brevity,
        Self::Faithfulness,
        Self::HallucinationRate,
    ];
}

/// What is relevant to a question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Relevant {
    /// These ids, alike.
    Ids(Vec<Value>),
    /// Ids with their grades; those above 0 are relevant, and more so with a larger one.
    Grades(BTreeMap<String, f64>),
    /// A template that is filled in with either.
    Text(String),
}

/// Which turns of a conversation an expectation judges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum At {
    /// The last answer.
    #[default]
    Last,
    /// Every answer.
    Every,
}

/// A number in the output.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NumberCheck {
    /// The number expected; a template may give it.
    pub value: Value,
    /// Largest absolute difference. Default: 0.
    pub tolerance: Option<f64>,
    /// Largest difference as a share of the expected value; the wider of the two tolerances holds.
    pub relative: Option<f64>,
    /// JSON Pointer to the number. Default: the only number in the output.
    pub pointer: Option<String>,
}

/// A value in an output that is JSON. Exactly one comparison is given.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct JsonCheck {
    /// JSON Pointer (RFC 6901) to the value.
    pub pointer: String,
    /// The value equals this one; numbers by value.
    pub equals: Option<Value>,
    /// The value is a text that contains this one, or a list that has it as an element.
    pub contains: Option<Value>,
    /// The value is a text that matches this regular expression.
    pub matches: Option<String>,
    /// The value is a number of at least this.
    pub at_least: Option<f64>,
    /// The value is a number of at most this.
    pub at_most: Option<f64>,
    /// The value is there (true) or not (false).
    pub exists: Option<bool>,
}

/// Bounds on a count; both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CountBounds {
    /// At least so many.
    pub min: Option<u64>,
    /// At most so many.
    pub max: Option<u64>,
}

/// Bounds on a time; both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LatencyBounds {
    /// At least so long.
    pub min: Option<Duration>,
    /// At most so long.
    pub max: Option<Duration>,
}

/// Bounds on a cost; both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CostBounds {
    /// At least so much.
    pub min: Option<f64>,
    /// At most so much.
    pub max: Option<f64>,
}

/// Citations in the output.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CitesCheck {
    /// Regular expression whose first group is a cited id. Default: `\[([^\[\]]+)\]`.
    pub pattern: Option<String>,
    /// At least so many different ids are cited. Default: 1.
    pub min: Option<u64>,
    /// These ids are among those cited.
    #[serde(default)]
    pub ids: Vec<String>,
}

/// A tool call that the application made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CallCheck {
    /// Name of the tool.
    pub name: String,
    /// Arguments it was called with; those not named here are free.
    pub arguments: Option<BTreeMap<String, Value>>,
}

/// A program that decides: it reads the case and the answer as JSON and writes `{ "pass", "reason" }`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CommandCheck {
    /// Program and arguments, run in the project's root. Without a shell.
    pub run: Vec<String>,
    /// Limit on its time. Default: `30s`.
    pub timeout: Option<Duration>,
}
