//! What the file of a judge says, and how `holdline.toml` names the models that judges ask.

use crate::suite::quantity::{Duration, Share};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The JSON schema of a judge's file, made from [`JudgeFile`].
pub const SCHEMA: &str = include_str!("../../../schema/judge.json");

/// A judge that is a model: one question about an answer, and the verdicts it may give.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct JudgeFile {
    /// How the question is answered.
    pub kind: JudgeKind,
    /// The model asked, as `[models]` in `holdline.toml` names it.
    #[serde(default = "judge")]
    pub model: String,
    /// The one question that is decided.
    pub question: String,
    /// `rubric`: when an answer passes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pass_when: Option<String>,
    /// `rubric`: when an answer fails.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fail_when: Option<String>,
    /// `rubric`: what people call the two verdicts. Default: `pass` and `fail`.
    #[serde(default)]
    pub words: Words,
    /// `choice`: the labels, each with its meaning.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Choice>,
    /// `score`: what the levels mean, from 1 upwards; 2 to 5 of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<String>,
    /// `score`: the lowest level that passes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cut: Option<u8>,
    /// When the question does not apply to an answer. Without it every answer is judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_applicable_when: Option<String>,
    /// The class that is looked for: what TPR, precision and recall are about. `pass` or `fail`, or what
    /// `words` calls them. It has no default: both ways round are in use.
    pub positive: String,
    /// Labelled answers that the judge is shown. They may not be among those it is measured on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub examples: Option<Examples>,
    /// A file with the prompt, relative to this one, in place of the one that Holdline has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
    /// Most characters of an answer, and of each other text, that are shown to the judge; what is beyond is
    /// cut, visibly for the judge, and counted.
    #[serde(default = "most_characters")]
    pub most_characters: usize,
    /// What the judge must reach on labelled answers to gate.
    #[serde(default)]
    pub floors: Floors,
}

fn judge() -> String {
    "judge".into()
}

const fn most_characters() -> usize {
    24_000
}

/// How a judge answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum JudgeKind {
    /// One question with two verdicts.
    Rubric,
    /// One of several labels, some of which pass.
    Choice,
    /// A level, of which those from the cut upwards pass.
    Score,
}

/// What people call the verdicts of a rubric.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// What a pass is called.
    pub pass: String,
    /// What a fail is called.
    pub fail: String,
}

impl Default for Words {
    fn default() -> Self {
        Self { pass: "pass".into(), fail: "fail".into() }
    }
}

/// A label that a judge may choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The label.
    pub name: String,
    /// When it is the right one.
    pub meaning: String,
    /// Whether an answer with it passes.
    pub pass: bool,
}

/// Labelled answers out of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Examples {
    /// The file, JSON lines, relative to that of the judge.
    pub file: String,
    /// The lines taken: those with this `split`.
    #[serde(default = "example")]
    pub split: String,
}

fn example() -> String {
    "example".into()
}

/// What a judge must reach on labelled answers before it gates.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Floors {
    /// Fewest labelled answers of each class.
    pub labels: usize,
    /// Least share of the positive ones that it calls so.
    pub tpr: Share,
    /// Least share of the negative ones that it calls so.
    pub tnr: Share,
    /// Least agreement with people beyond chance (Cohen's kappa), up to 1.
    pub kappa: f64,
}

impl Default for Floors {
    fn default() -> Self {
        Self { labels: 10, tpr: Share::from_points(80.0), tnr: Share::from_points(80.0), kappa: 0.6 }
    }
}

/// A model behind an OpenAI-compatible endpoint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ModelSpec {
    /// Address of the endpoint, up to and without `/chat/completions`; `${env:NAME}` is filled in.
    pub base_url: String,
    /// Name of the model there.
    pub model: String,
    /// Sent as a bearer token; write `${env:NAME}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_key: Option<String>,
    /// Further headers; `${env:NAME}` is filled in.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// Sampling temperature; not sent without it, since several models refuse it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    /// Most tokens of an answer; not sent without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_tokens: Option<u32>,
    /// How an answer in JSON is asked for first. What the endpoint refuses is left for the next: a schema, a
    /// tool to call, a JSON object.
    #[serde(default)]
    pub structure: Structure,
    /// Limit on the time of one request.
    #[serde(default = "minute")]
    pub timeout: Duration,
    /// How often a request is sent again that got no answer.
    #[serde(default = "twice")]
    pub retries: u32,
    /// Most requests at the same time.
    #[serde(default = "eight")]
    pub concurrency: usize,
}

const fn minute() -> Duration {
    Duration::from_secs(60)
}

const fn twice() -> u32 {
    2
}

const fn eight() -> usize {
    8
}

/// How an answer in JSON is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Structure {
    /// By a JSON schema that the endpoint enforces.
    #[default]
    Schema,
    /// By a tool that the model must call.
    Tool,
    /// By asking for a JSON object.
    Object,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_schema_describes_this_file() {
        crate::suite::published::check::<JudgeFile>("judge.json", SCHEMA, "Holdline judge");
    }
}
