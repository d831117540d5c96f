//! What can go wrong between Holdline and an application, with a real server that says byte for byte what a
//! test wants, and the real command. Whatever happens to one case is an error of that case: it never passes,
//! nothing hangs, and the cases beside it are what they are without it.

mod bodies;
mod connections;
mod dying;
#[path = "../project/mod.rs"]
#[expect(dead_code, reason = "other test files use the rest")]
mod project;
mod refusals;
#[path = "../targets/server.rs"]
#[expect(dead_code, reason = "other test files use the rest")]
mod server;

use project::{Project, Ran};
use serde_json::Value;
use server::{Act, Asked, Server, reply};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Far beyond what any run here takes; one that hangs takes longer.
const AT_MOST: Duration = Duration::from_mins(2);

/// What the application answers when all is well.
fn fine() -> Act {
    Act::Send(reply("200 OK", "application/json", r#"{"message":"fine"}"#))
}

/// A suite of three cases over the application at `url`: `good one`, `bad` and `good two`, one after the
/// other.
fn suite(url: &str, run: &str) -> Project {
    let suite = format!(
        r#"feature = "Answers"

[target]
http = "{url}"
body = {{ text = "{{{{ input }}}}" }}
reply = {{ output = "/message" }}

[run]
concurrency = 1
{run}

[[scenario]]
name = "answers"
inputs = ["good one", "bad", "good two"]
expect = {{ contains = "fine" }}
"#
    );
    Project::new(&[("suites/answers.toml", &suite)])
}

/// A server that does something else for the bad case, given how often that was asked before.
async fn bad(act: impl Fn(usize) -> Vec<Act> + Send + Sync + 'static) -> Server {
    let times = AtomicUsize::new(0);
    Server::answering(
        move |asked| {
            if is_bad(asked) { act(times.fetch_add(1, Ordering::SeqCst)) } else { vec![fine()] }
        },
    )
    .await
}

fn is_bad(asked: &Asked) -> bool {
    asked.body.contains("bad")
}

/// How often the bad case was asked.
fn bad_requests(server: &Server) -> usize {
    server.asked().iter().filter(|asked| is_bad(asked)).count()
}

/// A run that ended.
struct Came {
    ran: Ran,
    report: Value,
}

/// Runs everything.
fn run(project: &Project) -> Came {
    let begin = Instant::now();
    let ran = project.holdline(&["run", "--json", "report.json"]);
    assert!(begin.elapsed() < AT_MOST, "it hangs: {:?}", begin.elapsed());
    let report = serde_json::from_str(&project.read("report.json")).unwrap();
    Came { ran, report }
}

impl Came {
    /// A case with what came of it.
    fn case(&self, input: &str) -> &Value {
        let mut suites = self.report["suites"].as_array().unwrap().iter();
        let found = suites.find_map(|suite| {
            suite["cases"].as_array().unwrap().iter().find(|case| case["input"].as_str() == Some(input))
        });
        found.unwrap_or_else(|| panic!("there is no case `{input}`"))
    }

    fn outcome(&self, input: &str) -> &str {
        self.case(input)["graded"]["outcome"].as_str().unwrap()
    }

    /// Why a case has no answer.
    fn error(&self, input: &str) -> &Value {
        &self.case(input)["graded"]["transcript"]["error"]
    }

    /// The attempts before the answer or the error of a case: kind and time waited.
    fn attempts(&self, input: &str) -> Vec<(String, u64)> {
        let transcript = &self.case(input)["graded"]["transcript"];
        let answered = &transcript["turns"][0]["answer"]["attempts"];
        let attempts = answered.as_array().or_else(|| transcript["error"]["attempts"].as_array());
        let told = |attempt: &Value| {
            (attempt["kind"].as_str().unwrap().to_owned(), attempt["waited_ms"].as_u64().unwrap())
        };
        attempts.into_iter().flatten().map(told).collect()
    }

    /// The bad case is an error of this kind, the others pass, and so the run cannot decide: one in three
    /// is too many.
    #[track_caller]
    fn only_the_bad_one_is(&self, kind: &str) {
        assert_eq!(self.outcome("bad"), "target_error", "{}", self.report);
        assert_eq!(self.error("bad")["kind"], kind, "{}", self.report);
        assert_eq!((self.outcome("good one"), self.outcome("good two")), ("pass", "pass"));
        assert_eq!(self.ran.code, Some(3), "{}", self.ran.out);
    }

    #[track_caller]
    fn all_pass(&self) {
        for input in ["good one", "bad", "good two"] {
            assert_eq!(self.outcome(input), "pass", "{}", self.report);
        }
        assert_eq!(self.ran.code, Some(0), "{}", self.ran.out);
    }
}
