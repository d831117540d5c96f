//! What the file of a judge says, and how `holdline.toml` names the models that judges ask.

use crate::suite::quantity::{Duration, Share};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The JSON schema of a judge's file, made from [`JudgeFile`].
pub const SCHEMA: &str = include_str!("../../../schema/judge.json");

/// A judge that is a model: what it decides about an answer, and the verdicts it may give.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct JudgeFile {
    /// How the question is answered.
    pub kind: JudgeKind,
    /// The model asked, as `[models]` in `holdline.toml` names it.
    #[serde(default = "judge")]
    pub model: String,
    /// The one question that is decided. `rubric`, `choice` and `score` have none by default.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub question: String,
    /// `rubric`: when an answer passes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pass_when: Option<String>,
    /// `rubric`: when an answer fails.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fail_when: Option<String>,
    /// `rubric`, `claims`, `principles`, `panel`: what people call the two verdicts. Default: `pass` and `fail`.
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
    /// `claims`: the share of the claims that must be supported for an answer to pass. Default: all of them.
    #[serde(default = "all")]
    pub least: Share,
    /// `claims`: most claims that are read. An answer that makes more does not pass.
    #[serde(default = "fifty")]
    pub most_claims: usize,
    /// `principles`: what an answer must keep to, one by one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub principles: Vec<Principle>,
    /// `compare`: what it comes to where the better answer is another one when the two change places.
    #[serde(default)]
    pub inconsistent: Inconsistent,
    /// `panel`: the judges that decide together, by the names of their files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub judges: Vec<String>,
    /// How several verdicts make one: those of a panel, or of `samples`.
    #[serde(default)]
    pub decide: Decide,
    /// How often the same is asked; `decide` makes one verdict of the answers. Up to 20.
    #[serde(default = "once")]
    pub samples: u32,
    /// On a fail, or where the judge cannot tell, so many fresh verdicts are asked for, and what most of them say
    /// counts. Up to 20.
    #[serde(default)]
    pub confirm: u32,
    /// A model, as `[models]` names it, that is asked where the verdict is a fail, where there is none, and where
    /// samples or the judges of a panel disagree. Its verdict counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strong: Option<String>,
    /// `rubric`, `choice`, `score`: when the question does not apply to an answer. Without it every answer is
    /// judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_applicable_when: Option<String>,
    /// The class that is looked for: what TPR, precision and recall are about. `pass` or `fail`, or what
    /// `words` calls them. It has no default: both ways round are in use. Only `compare` goes without.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub positive: String,
    /// `rubric`, `choice`, `score`: labelled answers that the judge is shown. They may not be among those it is measured on.
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

const fn all() -> Share {
    Share::from_points(100.0)
}

const fn fifty() -> usize {
    50
}

const fn once() -> u32 {
    1
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
    /// The claims of an answer, one by one: supported by its passages, contradicted or neither.
    Claims,
    /// A verdict for each of several principles.
    Principles,
    /// The answer beside the one that was accepted for the same case, in both orders.
    Compare,
    /// Several other judges, which decide together.
    Panel,
}

/// What an answer must keep to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Principle {
    /// A short name of its own.
    pub id: String,
    /// What it asks.
    pub text: String,
}

/// What two verdicts come to that contradict each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Inconsistent {
    /// Nobody can tell.
    #[default]
    CannotJudge,
    /// Neither is clearly worse.
    Pass,
}

/// How several verdicts make one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Decide {
    /// What more than half of them say.
    #[default]
    Majority,
    /// What all of them say.
    Unanimous,
    /// A fail where one of them fails; a pass where none does and all could tell.
    AnyFail,
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
    /// Ask how probable the tokens of an answer were. Several endpoints refuse it.
    #[serde(default)]
    pub logprobs: bool,
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
