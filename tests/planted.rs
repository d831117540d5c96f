//! Regressions planted in the shipped example, between the real application and the real command: the shipped
//! suite and its baseline say which scenario broke, see a loss that is spread over all of them, and let a
//! single case be.

#![cfg(feature = "cli")]

#[expect(dead_code, reason = "other test files use the rest")]
mod project;

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use project::Project;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// The shipped application, and in front of it one that answers wrongly what it is told to.
struct Planted {
    project: Project,
    broken: Arc<Mutex<HashSet<String>>>,
    app: Child,
    _runtime: tokio::runtime::Runtime,
}

#[derive(Clone)]
struct Front {
    app: String,
    client: reqwest::Client,
    broken: Arc<Mutex<HashSet<String>>>,
}

async fn route(State(front): State<Front>, Json(body): Json<Value>) -> Json<Value> {
    let planted = front.broken.lock().unwrap().contains(body["text"].as_str().unwrap_or_default());
    if planted {
        return Json(json!({ "message": "Something went wrong.", "agent": "none" }));
    }
    let answer = front.client.post(&front.app).json(&body).send().await.unwrap();
    Json(answer.json().await.unwrap())
}

impl Planted {
    fn new() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let app = Command::new(env!("CARGO"))
            .args(["run", "--quiet", "--example", "meeting_assistant"])
            .current_dir(root)
            .env("PORT", port.to_string())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let until = Instant::now() + Duration::from_mins(4);
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < until, "the example does not start");
            std::thread::sleep(Duration::from_millis(50));
        }
        let broken = Arc::new(Mutex::new(HashSet::new()));
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        // Another test of this process may have been first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let front = Front {
            app: format!("http://127.0.0.1:{port}/route"),
            client: reqwest::Client::new(),
            broken: broken.clone(),
        };
        runtime.spawn(async move {
            axum::serve(listener, Router::new().route("/route", post(route)).with_state(front)).await
        });
        Self { project: copied(root, address.port()), broken, app, _runtime: runtime }
    }

    /// Answers wrongly to these texts from now on.
    fn plant(&self, texts: impl IntoIterator<Item = String>) {
        *self.broken.lock().unwrap() = texts.into_iter().collect();
    }

    fn report(&self) -> Value {
        let report: Value = serde_json::from_str(&self.project.read("report.json")).unwrap();
        report["suites"][0].clone()
    }
}

impl Drop for Planted {
    fn drop(&mut self) {
        let _ = self.app.kill();
        let _ = self.app.wait();
    }
}

/// The shipped suite and its baseline, asked through the application at `port`.
fn copied(root: &Path, port: u16) -> Project {
    let project = Project::new(&[]);
    let suite = std::fs::read_to_string(root.join("suites/meeting-assistant.toml")).unwrap();
    let (before, rest) = suite.split_once("[target.serve]").unwrap();
    let (_, after) = rest.split_once("[run]").unwrap();
    let before = before.replace("{{ serve.port }}", &port.to_string());
    project.write("suites/meeting-assistant.toml", &format!("{before}[run]{after}"));
    for file in ["baselines/meeting-assistant.snap", "baselines/meeting-assistant.transcripts.jsonl"] {
        project.write(file, &std::fs::read_to_string(root.join(file)).unwrap());
    }
    project
}

/// What the cases of the suite that pass are asked first, with their scenario.
fn passing(report: &Value) -> Vec<(String, String)> {
    let scenarios = report["scenarios"].as_array().unwrap();
    let id = |case: &Value| {
        let at = usize::try_from(case["scenario"].as_u64().unwrap()).unwrap();
        scenarios[at]["id"].as_str().unwrap().to_owned()
    };
    let cases = report["cases"].as_array().unwrap().iter();
    let passing = cases.filter(|case| case["graded"]["outcome"] == "pass" && case["must_pass"] == false);
    passing.map(|case| (id(case), case["input"].as_str().unwrap().to_owned())).collect()
}

fn regressed(report: &Value) -> Vec<String> {
    let key = |finding: &Value| match finding["slice"]["scenario"].as_str() {
        Some(scenario) => format!("{}@{scenario}", finding["metric"].as_str().unwrap()),
        None => finding["metric"].as_str().unwrap().to_owned(),
    };
    let findings = report["findings"].as_array().unwrap().iter();
    findings.filter(|of| of["gates"] == true && of["kind"] == "regressed").map(key).collect()
}

#[test]
fn what_is_planted_in_the_shipped_suite_is_found_where_it_is() {
    let planted = Planted::new();
    let run = ["run", "--json", "report.json"];
    planted.project.holdline_in_ci(&run).expect(0).says(&["unchanged"]);
    let cases = passing(&planted.report());
    assert!(cases.len() > 2000);

    // A third of one scenario of sixteen: it is named, asked again, and no other scenario is.
    let own = cases.iter().filter(|(scenario, _)| scenario == "moves-and-cancels-meetings");
    planted.plant(own.map(|(_, text)| text.clone()).step_by(3));
    let ran = planted.project.holdline_in_ci(&run).expect(1);
    ran.says(&["regressed", "moves and cancels meetings", "asked twice again"]);
    let found = regressed(&planted.report());
    let scenarios: Vec<&String> = found.iter().filter(|key| key.contains('@')).collect();
    assert_eq!(scenarios, ["pass_rate@moves-and-cancels-meetings"], "{found:?}");

    // As many cases, spread evenly over all scenarios: the suite is found, and no scenario is named.
    let lost = planted.broken.lock().unwrap().len();
    planted.plant(cases.iter().map(|(_, text)| text.clone()).step_by(cases.len() / lost));
    planted.project.holdline_in_ci(&run).expect(1);
    let found = regressed(&planted.report());
    assert!(found.contains(&"pass_rate".to_owned()), "{found:?}");
    assert!(found.iter().all(|key| !key.contains('@')), "{found:?}");

    // One case: nothing blocks, and the case is shown.
    let (_, text) = &cases[cases.len() / 2];
    planted.plant([text.clone()]);
    planted.project.holdline_in_ci(&run).expect(0);
    let report = planted.report();
    let broke: Vec<&Value> =
        report["cases"].as_array().unwrap().iter().filter(|case| case["flip"] == "broke").collect();
    assert_eq!((broke.len(), regressed(&report).len()), (1, 0));
}
