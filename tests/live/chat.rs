//! The chat target: five questions through `holdline run`.

use crate::project::Project;
use crate::proxy::Proxy;
use crate::server::NAME;
use serde_json::{Value, json};

/// Most tokens of an answer.
const TOKENS: u64 = 16;

const QUESTIONS: [&str; 5] = [
    "What is the capital of France?",
    "Name a colour.",
    "How many legs has a dog?",
    "Say hello.",
    "Which month comes after May?",
];

/// A suite that asks them, and is content with any answer.
fn suite(port: u16, stream: bool) -> String {
    format!(
        r#"feature = "Answers short questions"

[target]
chat = "http://127.0.0.1:{port}/v1"
model = "{NAME}"
temperature = 0.0
max_tokens = {TOKENS}
stream = {stream}
version = "1"

[run]
request_timeout = "5m"
concurrency = 2

[[scenario]]
name = "answers"
inputs = {}
expect = {{ characters = {{ min = 1 }} }}
"#,
        json!(QUESTIONS)
    )
}

/// Runs the suite and gives its record.
fn run(project: &Project) -> Value {
    project.holdline(&["run", "--json", "report.json"]).expect(0);
    let record: Value = serde_json::from_str(&project.read("report.json")).unwrap();
    record["suites"][0].clone()
}

/// A metric's value and how many cases it rests on.
fn metric(suite: &Value, name: &str) -> Option<(f64, u64)> {
    let all = suite["measurements"].as_array().unwrap();
    let of = all.iter().find(|of| of["metric"] == name && of["slice"] == "suite")?;
    Some((of["value"].as_f64()?, of["n"].as_u64()?))
}

/// What holds of the record of five answers, whatever they say.
fn check(suite: &Value) {
    let cases = suite["cases"].as_array().unwrap();
    assert_eq!(cases.len(), QUESTIONS.len());
    assert_eq!(metric(suite, "pass_rate"), Some((1.0, 5)), "{suite:#}");
    assert_eq!(metric(suite, "error_rate"), Some((0.0, 5)));
    let (read, of) = metric(suite, "input_tokens").expect("the server tells usage");
    let (written, _) = metric(suite, "output_tokens").unwrap();
    assert_eq!(of, 5);
    // A word is a token at least, and no answer may be longer than the limit.
    let words = QUESTIONS.iter().flat_map(|question| question.split(' ')).count();
    assert!(read >= words as f64, "{read} tokens were read");
    assert!((5.0..=5.0 * TOKENS as f64).contains(&written), "{written} tokens were written");
    assert_eq!(metric(suite, "total_tokens"), Some((read + written, 5)));
}

/// Answers that come in one piece. What was answered once is not asked for again.
pub fn whole(port: u16) {
    let proxy = Proxy::start(port);
    let project = Project::new(&[("suites/small.toml", &suite(proxy.port, false))]);
    let first = run(&project);
    check(&first);
    assert_eq!(proxy.replies(), 5);
    assert!(metric(&first, "latency_p50").unwrap().0 > 0.0);
    assert_eq!(metric(&first, "first_token_p50"), None, "an answer in one piece has no first token");

    let second = run(&project);
    check(&second);
    assert_eq!(proxy.replies(), 5, "the second run takes its answers from the cache");
    assert_eq!(metric(&second, "output_tokens"), metric(&first, "output_tokens"));
}

/// The same as streams: each tells when its first token came, and its usage at its end.
pub fn streamed(port: u16) {
    let proxy = Proxy::start(port);
    let project = Project::new(&[("suites/small.toml", &suite(proxy.port, true))]);
    let found = run(&project);
    check(&found);
    assert_eq!(proxy.replies(), 5);
    let ((first, of), (whole, _)) =
        (metric(&found, "first_token_p50").unwrap(), metric(&found, "latency_p50").unwrap());
    assert_eq!(of, 5);
    assert!(first > 0.0 && first <= whole, "{first} ms to the first token, {whole} ms in all");
}
