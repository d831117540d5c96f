//! What a suite file may say, as plain data. The doc comments here become the descriptions in
//! `schema/suite.json`, which editors show and the loader checks files against.

mod cache;
mod documents;
mod expand;
mod expect;
pub mod judge;
mod quarantine;
mod synth;
pub mod table;
mod target;
pub mod taxonomy;

pub use cache::CacheSpec;
pub use documents::{ChunkSpec, DocumentInputs};
pub use expand::{
    CoverGroup, CoverSpec, ExpandEntry, ExpandLink, ExpandSpec, ExpandTable, KnobSpec, KnobTable, LinkTable,
    SeedWord, StatedExpect,
};
pub use expect::{
    At, CallCheck, CitesCheck, CommandCheck, CostBounds, CountBounds, Expect, JsonCheck, LatencyBounds,
    NamedMetric, NumberCheck, Relevant,
};
pub use quarantine::QuarantineSpec;
pub use synth::SynthSpec;
pub use table::TableInputs;
pub use target::{AutoPort, CommandFormat, Method, Port, ReplySpec, ServeSpec, TargetSpec};

use super::quantity::{Duration, Rate, Share};
use judge::JudgeFile;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// The JSON schema of a suite file, made from the types of this module.
pub const SCHEMA: &str = include_str!("../../schema/suite.json");

/// A suite: one feature of an application, the way to reach it, and the behaviours expected of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SuiteFile {
    /// What the feature does for its users, in a sentence.
    pub feature: String,
    /// `regression` gates the build; `capability` is measured and shown, never blocks by what its answers
    /// are worth, and needs no baseline. Where it cannot be measured, neither kind passes (exit 3).
    #[serde(default)]
    pub kind: Kind,
    /// Every label that an answer may carry. Needed for the classification metrics.
    #[serde(default)]
    pub labels: Vec<String>,
    /// Seed of everything drawn at random for this suite (samples of rows, rows of tables, variants).
    #[serde(default)]
    pub seed: u64,
    /// Parameters with their defaults: `{{ params.NAME }}` in the texts of the target, in expectations and in
    /// conversations, and a variable of that name in the application's environment. `--set NAME=VALUE` sets
    /// one for a run.
    #[serde(default)]
    pub params: BTreeMap<String, ParamValue>,
    /// How the application is reached.
    pub target: TargetSpec,
    /// How the cases are run.
    #[serde(default)]
    pub run: RunSpec,
    /// How variants of the inputs are made.
    #[serde(default)]
    pub expand: ExpandSpec,
    /// What the build is held to.
    #[serde(default)]
    pub gate: GateSpec,
    /// What is out of the gate for a time.
    #[serde(default)]
    pub quarantine: Vec<QuarantineSpec>,
    /// Judges that are models and have no file of their own, by name: what such a file would say. Files that they
    /// name are relative to the folder `judges` beside the suites, where their labels stand too.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub judges: BTreeMap<String, JudgeFile>,
    /// The behaviours expected.
    pub scenario: Vec<ScenarioSpec>,
}

/// The default of a parameter; a value set for a run has its type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum ParamValue {
    /// `true` or `false`.
    Flag(bool),
    /// A number.
    Number(serde_json::Number),
    /// A text.
    Text(String),
}

impl ParamValue {
    /// The value as JSON.
    pub fn to_value(&self) -> Value {
        match self {
            Self::Flag(flag) => Value::Bool(*flag),
            Self::Number(number) => Value::Number(number.clone()),
            Self::Text(text) => Value::String(text.clone()),
        }
    }
}

/// Whether a suite can block a build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Gates the build.
    #[default]
    Regression,
    /// Measured and shown; never blocks by what its answers are worth.
    Capability,
}

/// How the cases are run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct RunSpec {
    /// Cases in flight at once.
    pub concurrency: usize,
    /// Limit on the time of one request.
    pub request_timeout: Duration,
    /// Limit on the time of one case with all its turns. Default: none beyond its requests.
    pub case_timeout: Option<Duration>,
    /// Limit on the time of the whole run; what is not done by then makes it incomplete (exit 4).
    pub max_time: Option<Duration>,
    /// Most that the answers may cost, in the project's currency; what is not asked by then makes the run
    /// incomplete (exit 4). Needs prices, and answers that tell their usage.
    pub max_cost: Option<f64>,
    /// Most tokens that may be used, read and written together; what is not asked by then makes the run
    /// incomplete (exit 4). Needs answers that tell their usage.
    pub max_tokens: Option<u64>,
    /// How long what is in flight may take to end when the run is stopped by Ctrl-C or SIGTERM; `0s`: it is
    /// given up at once.
    pub grace: Duration,
    /// Whether asking ends as soon as what is not asked yet could not change what the gate decides. Only for
    /// suites whose cases are asked once.
    pub stop: Stop,
    /// How often every case is asked, from 1 to 100. A case comes to what most of its answers came to.
    pub repeats: u32,
    /// How often a request is repeated that got no answer (no connection, a time-out, status 429 or 5xx), from
    /// 0 to 10. A complete answer is never asked for again.
    pub retries: u32,
    /// Most requests to the target's host in a time: `20/s`, `600/min`. Suites with the same host share it.
    pub rate: Option<Rate>,
}

impl Default for RunSpec {
    fn default() -> Self {
        Self {
            concurrency: 16,
            request_timeout: Duration::from_secs(30),
            case_timeout: None,
            max_time: None,
            max_cost: None,
            max_tokens: None,
            grace: Duration::from_secs(10),
            stop: Stop::Never,
            repeats: 1,
            retries: 2,
            rate: None,
        }
    }
}

/// Whether asking may end before every case was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Stop {
    /// Every case is asked.
    #[default]
    Never,
    /// Families of cases are asked one after the other, in an order that the suite's `seed` fixes, until
    /// enough was seen.
    Early,
}

/// What the build is held to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct GateSpec {
    /// A drop of less than this never blocks, however sure it is.
    pub min_effect: Share,
    /// How far a metric may be below its baseline and still be called held.
    pub tolerance: Share,
    /// A drop of a single scenario of less than this never blocks.
    pub min_scenario_effect: Share,
    /// The power of the smallest drops and of the numbers of cases that reports tell.
    pub power: Share,
    /// What shares noise and is drawn as one: `scenario`, `family` (a seed with its variants), or `auto`: the
    /// scenario in a suite of at least 20 of which none holds over 10 % of the cases, else the family.
    pub cluster: ClusterBy,
    /// Share of cases that may end in a target error before the run cannot decide.
    pub max_target_errors: Share,
    /// Share of cases that may stay ungraded (`cannot_judge`, `judge_error`) before the run cannot decide.
    pub max_ungraded: Share,
    /// Whether a target error counts as a failure in the pass rate or is left out of it.
    pub target_errors: TargetErrors,
    /// What an inconclusive metric does to the build.
    pub on_inconclusive: OnInconclusive,
    /// The metrics that gate, by name; for a part of the suite `name@scenario-id`, `name#tag` or
    /// `name[label]`, as far as the metric is taken over it. Without any, `pass_rate` gates.
    pub metrics: BTreeMap<String, MetricGate>,
}

impl Default for GateSpec {
    fn default() -> Self {
        Self {
            min_effect: Share::from_points(1.0),
            tolerance: Share::from_points(5.0),
            min_scenario_effect: Share::from_points(10.0),
            power: Share::from_points(80.0),
            cluster: ClusterBy::Auto,
            max_target_errors: Share::from_points(10.0),
            max_ungraded: Share::from_points(2.0),
            target_errors: TargetErrors::Fail,
            on_inconclusive: OnInconclusive::Warn,
            metrics: BTreeMap::new(),
        }
    }
}

/// What a target error counts as in the pass rate. It is always counted in the error rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum TargetErrors {
    /// As a failure.
    #[default]
    Fail,
    /// Not at all.
    Exclude,
}

/// What shares noise, so that it counts as one draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ClusterBy {
    /// The scenario in a suite of at least 20 of which none holds over 10 % of the cases, else the family.
    #[default]
    Auto,
    /// The scenario.
    Scenario,
    /// The family: a seed with its variants.
    Family,
}

/// What an inconclusive finding does to the build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum OnInconclusive {
    /// Exit 0 with a warning.
    #[default]
    Warn,
    /// Exit 3.
    Fail,
}

/// What one metric is held to; what is absent comes from `[gate]`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MetricGate {
    /// How far the metric may be below its baseline and still be called held. Only for metrics that are
    /// tested against the baseline. For `mae` and `rmse`, which have no points, it is a share of the
    /// baseline's value: with `5%` an error of 2.00 may grow to 2.10.
    pub tolerance: Option<Share>,
    /// A drop of less than this never blocks. Only for metrics that are tested against the baseline. For
    /// `mae` and `rmse` it is a share of the baseline's value.
    pub min_effect: Option<Share>,
    /// A value below this fails, whatever the baseline. For a metric where less is better (`error_rate`,
    /// `mae`, `rmse`, times, costs, `turns_to_success`) it is a ceiling: a value above it fails.
    pub floor: Option<f64>,
}

/// One behaviour expected of the feature, with inputs and expectations.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ScenarioSpec {
    /// The behaviour, in words. Unique in the suite.
    pub name: String,
    /// Stable identity. Default: the slug of the name. Set it to rename a scenario and keep its baseline.
    pub id: Option<String>,
    /// The hypothesis that the scenario tests; findings show it.
    pub why: Option<String>,
    /// Words to select and to group cases by.
    #[serde(default)]
    pub tags: Vec<String>,
    /// With `true` any failure of such a case fails the build, outside all statistics; with `"majority"`
    /// the case is asked at least three times, and fails the build when most of its answers fail. Not in a
    /// capability suite, which never blocks.
    #[serde(default)]
    pub must_pass: MustPass,
    /// What the application is asked: texts, tables, a file, rows drawn from a table specification, or
    /// questions over documents. May be absent where a `template` makes the inputs.
    #[serde(default)]
    pub inputs: Inputs,
    /// A text that is filled in with values of the `knobs`, such as `"I am a {{ persona }} and my
    /// {{ feature }} {{ problem }}"`, or several of them in turn. Each combination that `cover` asks for is
    /// an input.
    pub template: Option<OneOrMany<String>>,
    /// The knobs of the template, by name, with their values.
    #[serde(default)]
    pub knobs: BTreeMap<String, KnobSpec>,
    /// Which combinations of the knobs become inputs. Default: every pair of values occurs.
    pub cover: Option<CoverSpec>,
    /// What must hold of the answer: one table or a list; all of them must hold.
    /// May be absent where every input carries its own.
    pub expect: Option<OneOrMany<Expect>>,
    /// What the user says next, chosen by what the application answered.
    #[serde(default)]
    pub conversation: Vec<FollowUp>,
    /// Most turns of a conversation. Default: one more than there are follow-ups.
    pub max_turns: Option<u32>,
    /// How often every case is asked, from 1 to 100. Default: as `[run]` says.
    pub repeats: Option<u32>,
    /// Operators that make variants of the inputs: names of families or of operators, or tables such as
    /// `{ op = "negation", label = "clarify" }` and `{ family = "unicode", per_seed = 2 }`.
    #[serde(default)]
    pub expand: Vec<ExpandEntry>,
    /// Variants of each seed for every entry of `expand` that does not say.
    pub per_seed: Option<usize>,
    /// Most variants of this scenario.
    pub total: Option<usize>,
    /// Regular expressions of further tokens that no operator may touch.
    #[serde(default)]
    pub protect: Vec<String>,
}

impl ScenarioSpec {
    /// The most turns that a conversation of the scenario can have; 1 where it has no script.
    pub fn most_turns(&self) -> u32 {
        let all = self.conversation.iter().fold(1_u32, |all, step| all.saturating_add(step.times));
        self.max_turns.map_or(all, |most| most.min(all))
    }
}

/// Whether failures of single cases fail the build, whatever the statistics say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(from = "MustPassForm", into = "MustPassForm")]
pub enum MustPass {
    /// They do not: `false`.
    #[default]
    No,
    /// Any failure in any run does: `true`.
    Every,
    /// A failure of most of at least three runs does: `"majority"`.
    Majority,
}

impl MustPass {
    /// Whether failures of single cases can fail the build.
    pub const fn is_set(self) -> bool {
        !matches!(self, Self::No)
    }

    /// The fewest repeats that it takes.
    pub const fn least_repeats(self) -> u32 {
        match self {
            Self::No | Self::Every => 1,
            Self::Majority => 3,
        }
    }
}

/// How [`MustPass`] is written.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
enum MustPassForm {
    Flag(bool),
    Word(MustPassWord),
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
enum MustPassWord {
    Majority,
}

impl From<MustPassForm> for MustPass {
    fn from(form: MustPassForm) -> Self {
        match form {
            MustPassForm::Flag(false) => Self::No,
            MustPassForm::Flag(true) => Self::Every,
            MustPassForm::Word(MustPassWord::Majority) => Self::Majority,
        }
    }
}

impl From<MustPass> for MustPassForm {
    fn from(rule: MustPass) -> Self {
        match rule {
            MustPass::No => Self::Flag(false),
            MustPass::Every => Self::Flag(true),
            MustPass::Majority => Self::Word(MustPassWord::Majority),
        }
    }
}

/// What the application is asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Inputs {
    /// Rows of a file.
    File(FileInputs),
    /// Rows drawn from a table specification.
    Table(TableInputs),
    /// Questions over the passages of documents.
    Documents(DocumentInputs),
    /// Rows in the suite file.
    Inline(Vec<InlineInput>),
}

impl Default for Inputs {
    fn default() -> Self {
        Self::Inline(Vec::new())
    }
}

/// One input in the suite file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum InlineInput {
    /// Just the text.
    Text(String),
    /// The text with more about it.
    Table(Box<InlineTable>),
}

/// An input with more about it. Keys beyond the known ones are columns: `{{ row.NAME }}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct InlineTable {
    /// What the application is asked.
    pub text: String,
    /// Identity of the row, unique in the scenario. Default: the text itself.
    pub id: Option<String>,
    /// What must hold of the answer, beside what the scenario says.
    pub expect: Option<OneOrMany<Expect>>,
    /// Further tags.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Any other column.
    #[serde(flatten)]
    pub columns: BTreeMap<String, Value>,
}

/// Rows of a CSV or JSON-lines file; every column is `{{ row.NAME }}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FileInputs {
    /// A `.csv` (with a header), `.jsonl` or `.ndjson` file, relative to the suite file.
    pub file: String,
    /// Column that holds what the application is asked. Default: `input`.
    pub input: Option<String>,
    /// Column that identifies a row. Default: the input itself.
    pub id: Option<String>,
    /// Keep rows whose columns have these values; a list means any of them.
    #[serde(default, rename = "where")]
    pub filter: BTreeMap<String, OneOrMany<Value>>,
    /// Keep the first so many of the rows selected.
    pub limit: Option<usize>,
    /// Keep so many of the rows selected, drawn by the suite's seed; the choice of a row does not
    /// depend on its place in the file.
    pub sample: Option<usize>,
    /// Where the rows come from. Default: `written`.
    pub origin: Option<Origin>,
}

/// Where an input comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Written for the suite by a person.
    #[default]
    Written,
    /// Said by a real user.
    Real,
    /// Seen in production.
    Production,
    /// A failure that was seen before.
    Failure,
    /// Made from a template and a row of its knobs.
    Template,
    /// Made from another input by an operator.
    Operator,
    /// Made from a passage of a document.
    Document,
    /// Made from a column specification.
    Table,
    /// Written by a model, and reviewed.
    Model,
}

impl Origin {
    /// Whether no person wrote or said it in these words.
    pub const fn is_synthetic(self) -> bool {
        !matches!(self, Self::Written | Self::Real | Self::Production | Self::Failure)
    }
}

/// What the user says next.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FollowUp {
    /// Said only when the last answer satisfies this. Absent: always.
    pub when: Option<Expect>,
    /// What the user says; a template.
    pub user: String,
    /// How often it may be said in one conversation.
    #[serde(default = "once")]
    pub times: u32,
}

const fn once() -> u32 {
    1
}

/// One value or a list of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum OneOrMany<T> {
    /// Several.
    Many(Vec<T>),
    /// Just one.
    One(T),
}

impl<T> OneOrMany<T> {
    /// The values, however many.
    pub fn as_slice(&self) -> &[T] {
        match self {
            Self::Many(many) => many,
            Self::One(one) => std::slice::from_ref(one),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_schema_is_that_of_the_types() {
        crate::suite::published::check::<SuiteFile>("suite.json", SCHEMA, "Holdline suite");
    }
}
