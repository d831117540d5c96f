//! Thirty questions to a chat target, each answer judged by the same model: killed, taken up again, and then run
//! once more out of the cache.

use crate::project::{Project, runs};
use crate::proxy::Proxy;
use crate::server::NAME;
use serde_json::{Value, json};
use std::process::Stdio;
use std::time::{Duration, Instant};

/// Things to ask about, ten of them in each of three ways.
const THINGS: [&str; 10] =
    ["a dog", "the sea", "a chair", "rain", "bread", "a bridge", "the moon", "a violin", "snow", "a bee"];

/// Cases that are there before the run is killed.
const BEFORE: usize = 6;

const JUDGE: &str = r#"
kind = "rubric"
question = "Is the answer about what was asked?"
pass_when = "it is"
fail_when = "it is not"
positive = "fail"
prompt = "short.md"
"#;

/// A model of this size writes on and on unless it is shown how little is wanted.
const PROMPT: &str = r#"{{ question }}

{{ verdicts }}

Reply with {"reasoning": "short", "evidence": "", "verdict": one of {{ words }}}.
"#;

fn questions() -> Vec<String> {
    let ways = ["What is {}?", "Name a colour of {}.", "Where is {} found?"];
    ways.iter().flat_map(|way| THINGS.map(|thing| way.replace("{}", thing))).collect()
}

fn suite(port: u16) -> String {
    format!(
        r#"feature = "Answers short questions"

[target]
chat = "http://127.0.0.1:{port}/v1"
model = "{NAME}"
temperature = 0.0
max_tokens = 8
version = "1"

[run]
request_timeout = "5m"
concurrency = 2

[[scenario]]
name = "answers what was asked"
inputs = {}
expect = {{ judge = "on_topic" }}
"#,
        json!(questions())
    )
}

fn lines_of_the_journal(project: &Project) -> usize {
    let Some(newest) = runs(project.folder.path()).pop() else { return 0 };
    std::fs::read_to_string(newest.join("journal.jsonl")).map_or(0, |text| text.lines().count())
}

/// What the judge came to in the newest run, and how many cases it had.
fn judged(project: &Project) -> (Value, usize) {
    let newest = runs(project.folder.path()).pop().unwrap();
    let record: Value =
        serde_json::from_str(&std::fs::read_to_string(newest.join("report.json")).unwrap()).unwrap();
    let suite = &record["suites"][0];
    (suite["judges"][0]["counts"].clone(), suite["cases"].as_array().unwrap().len())
}

fn count(counts: &Value, key: &str) -> usize {
    usize::try_from(counts[key].as_u64().unwrap()).unwrap()
}

/// Whatever the model says of itself: each answer is asked for and judged once, also where the run is killed in
/// between, and what has a verdict is not asked for again.
pub fn thirty_questions(port: u16) {
    let (target, judge) = (Proxy::start(port), Proxy::start(port));
    let model = format!(
        "[models.judge]\nbase_url = \"http://127.0.0.1:{}/v1\"\nmodel = \"{NAME}\"\ntemperature = 0.0\n\
         max_tokens = 96\nstructure = \"schema\"\ntimeout = \"5m\"\nretries = 0\nconcurrency = 2\n",
        judge.port
    );
    let project = Project::new(&[
        ("holdline.toml", &model),
        ("suites/judges/on_topic.toml", JUDGE),
        ("suites/judges/short.md", PROMPT),
        ("suites/small.toml", &suite(target.port)),
    ]);
    let mut first = project.command(&["run"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let begin = Instant::now();
    // The first line is the header of the journal.
    while lines_of_the_journal(&project) <= BEFORE {
        assert!(begin.elapsed() < Duration::from_mins(10), "no {BEFORE} answers came");
        assert!(first.try_wait().unwrap().is_none(), "the run ended before it could be killed");
        std::thread::sleep(Duration::from_millis(5));
    }
    first.kill().unwrap();
    first.wait().unwrap();

    project.holdline(&["run", "--resume"]).expect(0);
    let (counts, cases) = judged(&project);
    assert_eq!(cases, 30);
    let keys = ["pass", "fail", "not_applicable", "cannot_judge", "judge_error"];
    let all: usize = keys.iter().map(|key| count(&counts, key)).sum();
    assert_eq!(all, 30, "verdict counts add up: {counts}");
    // At most those in flight were asked for twice.
    let asked = target.replies();
    assert!((30..=32).contains(&asked), "{asked} answers for 30 questions");

    let (target_before, judge_before) = (target.replies(), judge.replies());
    project.holdline(&["run"]).expect(0);
    assert_eq!(target.replies(), target_before, "every answer is in the cache");
    let errors = count(&counts, "judge_error");
    let asked = judge.replies() - judge_before;
    // What is no verdict is never kept: such a request goes out again, and once more to be mended.
    assert!(asked <= 2 * errors, "{asked} requests for {errors} answers without a verdict: {counts}");
    let (again, _) = judged(&project);
    let same = ["pass", "fail", "not_applicable", "cannot_judge"];
    if errors == 0 {
        assert_eq!(same.map(|key| count(&again, key)), same.map(|key| count(&counts, key)));
        assert_eq!(count(&again, "requests"), 0);
    }
    eprintln!("thirty questions: {counts}, then {asked} requests");
}
