//! What a suite file may say, as plain data. The doc comments here become the descriptions in
//! `schema/suite.json`, which editors show and the loader checks files against.

use super::quantity::{Duration, Share, Size};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// A suite: one feature of an application, the way to reach it, and the behaviours expected of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SuiteFile {
    /// What the feature does for its users, in a sentence.
    pub feature: String,
    /// `regression` gates the build; `capability` is measured and shown, and never blocks.
    #[serde(default)]
    pub kind: Kind,
    /// Every label that an answer may carry. Needed for the classification metrics.
    #[serde(default)]
    pub labels: Vec<String>,
    /// Seed of everything drawn at random for this suite (samples of rows).
    #[serde(default)]
    pub seed: u64,
    /// How the application is reached.
    pub target: TargetSpec,
    /// How the cases are run.
    #[serde(default)]
    pub run: RunSpec,
    /// What the build is held to.
    #[serde(default)]
    pub gate: GateSpec,
    /// The behaviours expected.
    pub scenario: Vec<ScenarioSpec>,
}

/// Whether a suite can block a build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Gates the build.
    #[default]
    Regression,
    /// Measured and shown, never blocks.
    Capability,
}

/// How the application is reached. Exactly one of `http`, `chat`, `command`, `recorded` and
/// `in_process` names the way.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TargetSpec {
    /// Address of an HTTP endpoint; a template.
    pub http: Option<String>,
    /// Base address of an OpenAI-compatible endpoint, up to and without `/chat/completions`; a template.
    pub chat: Option<String>,
    /// Program and arguments; every argument is a template. Run in the project's root, without a shell.
    pub command: Option<Vec<String>>,
    /// JSON lines with answers that exist already, relative to the suite file.
    pub recorded: Option<String>,
    /// Name of the closure registered on the harness (`cargo test` only).
    pub in_process: Option<String>,

    /// HTTP method (`http` only). Default: `POST`, or `GET` when nothing is sent.
    pub method: Option<Method>,
    /// HTTP headers; values are templates (`http` and `chat`).
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// JSON body; strings in it are templates (`http`). With `command`, what is written to standard input.
    pub body: Option<Value>,
    /// Form fields, URL-encoded; values are templates (`http` only).
    pub form: Option<BTreeMap<String, String>>,
    /// Body as it stands; a template (`http` only).
    pub raw: Option<String>,
    /// Where the parts of an answer stand in the reply.
    #[serde(default)]
    pub reply: ReplySpec,

    /// Model asked for (`chat` only).
    pub model: Option<String>,
    /// System message; a template (`chat` only).
    pub system: Option<String>,
    /// API key, usually `${env:NAME}` (`chat` only).
    pub api_key: Option<String>,
    /// Sampling temperature; sent only when set (`chat` only).
    pub temperature: Option<f64>,
    /// Upper limit of tokens in an answer; sent only when set (`chat` only).
    pub max_tokens: Option<u32>,
    /// Read the answer as a stream, and measure the time to its first token (`chat` only).
    #[serde(default)]
    pub stream: bool,

    /// What a `command` speaks on standard input and output. Default: `json`.
    pub format: Option<CommandFormat>,
    /// Environment given to a `command`; values are templates.
    #[serde(default)]
    pub env: BTreeMap<String, String>,

    /// Largest answer accepted. Default: `4MiB`.
    pub max_answer: Option<Size>,
    /// Starts the application before the run and stops it afterwards.
    pub serve: Option<ServeSpec>,
}

/// HTTP method of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "the methods' names say it")]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
}

/// What a command target speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CommandFormat {
    /// One JSON document in, one out; `reply` holds JSON Pointers.
    #[default]
    Json,
    /// The input as text in, the answer as text out.
    Text,
}

/// Where the parts of an answer stand in a reply: JSON Pointers (RFC 6901).
///
/// For `http` they point into the reply's JSON body; without `output` the whole body is the output,
/// as text. For `chat` they point into the message's text read as JSON, when any is set. For a JSON
/// `command` the default is the shape of a recorded answer: `/output`, `/label`, `/contexts`, ….
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ReplySpec {
    /// The text shown to the user.
    pub output: Option<String>,
    /// The label the application chose. A missing or null value means that it chose none.
    pub label: Option<String>,
    /// A list of texts that the answer rests on.
    pub contexts: Option<String>,
    /// A list of ids, or of `{ id, score }`, in the order retrieved.
    pub retrieved: Option<String>,
    /// A list of tool calls, `{ name, arguments }`.
    pub calls: Option<String>,
    /// Token counts, `{ input_tokens, output_tokens }` or the names OpenAI uses.
    pub usage: Option<String>,
    /// The model that answered.
    pub model: Option<String>,
}

/// Starts the application under test before the run and stops it, with its children, afterwards.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ServeSpec {
    /// Program and arguments, run in the project's root; templates. Without a shell.
    pub command: Vec<String>,
    /// `"auto"` picks a free port; a number is used as it is. The application is told in `PORT`.
    pub port: Option<Port>,
    /// Address that answers 2xx once the application is ready; a template.
    pub ready: String,
    /// How long the application may take until it is ready. Default: `120s`.
    pub ready_timeout: Option<Duration>,
    /// Further environment; values are templates.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
}

/// A port, or the wish for a free one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Port {
    /// This port.
    Fixed(u16),
    /// Any free port.
    Auto(AutoPort),
}

/// The word `auto`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AutoPort {
    /// Any free port.
    Auto,
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
}

impl Default for RunSpec {
    fn default() -> Self {
        Self { concurrency: 16, request_timeout: Duration::from_secs(30), case_timeout: None, max_time: None }
    }
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
    /// Share of cases that may end in a target error before the run cannot decide.
    pub max_target_errors: Share,
    /// Share of cases that may stay ungraded (`cannot_judge`, `judge_error`) before the run cannot decide.
    pub max_ungraded: Share,
    /// Whether a target error counts as a failure in the pass rate or is left out of it.
    pub target_errors: TargetErrors,
    /// What an inconclusive metric does to the build.
    pub on_inconclusive: OnInconclusive,
    /// The metrics that gate, by name. Without any, `pass_rate` gates.
    pub metrics: BTreeMap<String, MetricGate>,
}

impl Default for GateSpec {
    fn default() -> Self {
        Self {
            min_effect: Share::from_points(1.0),
            tolerance: Share::from_points(5.0),
            min_scenario_effect: Share::from_points(10.0),
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
    /// How far the metric may be below its baseline and still be called held.
    pub tolerance: Option<Share>,
    /// A drop of less than this never blocks.
    pub min_effect: Option<Share>,
    /// A value below this fails, whatever the baseline (above it, for metrics where less is better).
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
    /// Any failure of such a case fails the build, outside all statistics.
    #[serde(default)]
    pub must_pass: bool,
    /// What the application is asked: texts, tables, or a file.
    pub inputs: Inputs,
    /// What must hold of the answer: one table or a list; all of them must hold.
    /// May be absent where every input carries its own.
    pub expect: Option<OneOrMany<Expect>>,
    /// What the user says next, chosen by what the application answered.
    #[serde(default)]
    pub conversation: Vec<FollowUp>,
    /// Most turns of a conversation. Default: one more than there are follow-ups.
    pub max_turns: Option<u32>,
    /// How often every case is asked. Not available yet beyond 1.
    pub repeats: Option<u32>,
    /// Operators that make variants of the inputs. Not available yet.
    pub expand: Option<Value>,
}

/// What the application is asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Inputs {
    /// Rows of a file.
    File(FileInputs),
    /// Rows in the suite file.
    Inline(Vec<InlineInput>),
}

/// One input in the suite file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum InlineInput {
    /// Just the text.
    Text(String),
    /// The text with more about it.
    Table(InlineTable),
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
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

/// Conditions on an answer; all that are given must hold, and each has a verdict of its own.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// The output is exactly this, white space at both ends aside.
    pub equals: Option<Value>,
    /// The output contains this text.
    pub contains: Option<String>,
    /// The output contains all of these texts.
    pub contains_all: Option<Vec<String>>,
    /// The output contains at least one of these texts.
    pub contains_any: Option<Vec<String>>,
    /// The output contains none of these texts.
    pub excludes: Option<OneOrMany<String>>,
    /// The output starts with this text.
    pub starts_with: Option<String>,
    /// The output matches this regular expression (linear time, no look-around, no back-references).
    pub matches: Option<String>,
    /// Compare texts without regard to case (`equals`, `contains…`, `excludes`, `starts_with`, `one_of`).
    #[serde(default)]
    pub ignore_case: bool,
    /// The label is this, or one of these.
    pub label: Option<OneOrMany<String>>,
    /// The output is one of these texts, white space at both ends aside.
    pub one_of: Option<Vec<String>>,
    /// The output is, or holds at a place, a number near this one.
    pub number: Option<NumberCheck>,
    /// The output, read as JSON, satisfies this JSON Schema: a file relative to the suite, or a table.
    pub json_schema: Option<Value>,
    /// The output, read as JSON, has a value that compares as stated at each of these places.
    pub json: Option<OneOrMany<JsonCheck>>,
    /// Number of words in the output.
    pub words: Option<CountBounds>,
    /// Number of sentences in the output.
    pub sentences: Option<CountBounds>,
    /// Number of characters (user-perceived) in the output.
    pub characters: Option<CountBounds>,
    /// Time the last turn took.
    pub latency: Option<LatencyBounds>,
    /// Cost of the case, in the currency of the price table.
    pub cost: Option<CostBounds>,
    /// Number of turns of the conversation.
    pub turns: Option<CountBounds>,
    /// Source ids that the output cites, by a pattern, are among those retrieved.
    pub cites: Option<CitesCheck>,
    /// The application called these tools.
    pub calls: Option<OneOrMany<CallCheck>>,
    /// A program of yours decides.
    pub command: Option<CommandCheck>,
    /// None of these conditions may hold.
    pub not: Option<Box<Expect>>,
    /// Which turns of a conversation are judged. Default: the last.
    pub at: Option<At>,
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
