//! A project in a temporary folder, an application on loopback, and the real command run on both.

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// How the application answers an input.
pub type Answering = dyn Fn(&str) -> Value + Send + Sync;

/// An application on loopback; it ends with the value.
pub struct App {
    pub port: u16,
    asked: Arc<AtomicUsize>,
    _runtime: tokio::runtime::Runtime,
}

#[derive(Clone)]
struct Shared {
    answer: Arc<Answering>,
    delay: Duration,
    asked: Arc<AtomicUsize>,
}

impl App {
    /// An application that answers at once.
    pub fn start(answer: impl Fn(&str) -> Value + Send + Sync + 'static) -> Self {
        Self::slow(Duration::ZERO, answer)
    }

    /// An application that takes this long for each answer.
    pub fn slow(delay: Duration, answer: impl Fn(&str) -> Value + Send + Sync + 'static) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let asked = Arc::new(AtomicUsize::new(0));
        let shared = Shared { answer: Arc::new(answer), delay, asked: asked.clone() };
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let port = listener.local_addr().unwrap().port();
        let router = Router::new()
            .route("/ask", post(ask))
            .route("/health", get(|| async { "ok" }))
            .with_state(shared);
        runtime.spawn(async move { axum::serve(listener, router).await });
        Self { port, asked, _runtime: runtime }
    }

    /// How many questions were asked so far.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

async fn ask(State(shared): State<Shared>, Json(body): Json<Value>) -> Json<Value> {
    shared.asked.fetch_add(1, Ordering::SeqCst);
    tokio::time::sleep(shared.delay).await;
    Json((shared.answer)(body["text"].as_str().unwrap_or_default()))
}

/// A project in a temporary folder.
pub struct Project {
    pub folder: tempfile::TempDir,
}

impl Project {
    /// A project with these files.
    pub fn new(files: &[(&str, &str)]) -> Self {
        let project = Self { folder: tempfile::tempdir().unwrap() };
        for (name, text) in files {
            project.write(name, text);
        }
        project
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The command, ready to be started in the project, with an environment that says nothing of
    /// the machine the tests run on.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_holdline"));
        command.args(arguments).current_dir(self.folder.path()).stdin(Stdio::null());
        for name in [
            "CI",
            "TF_BUILD",
            "HOLDLINE",
            "HOLDLINE_UPDATE",
            "GITHUB_STEP_SUMMARY",
            "GITHUB_ACTIONS",
            "NO_COLOR",
            "NEXTEST",
        ] {
            command.env_remove(name);
        }
        command.env("HOLDLINE_USER", "Ada").env("COLUMNS", "100");
        command
    }

    /// Runs the command.
    pub fn holdline(&self, arguments: &[&str]) -> Ran {
        Ran::of(self.command(arguments).output().unwrap())
    }

    /// Runs the command as CI would.
    pub fn holdline_in_ci(&self, arguments: &[&str]) -> Ran {
        Ran::of(self.command(arguments).env("CI", "true").output().unwrap())
    }

    /// Runs everything once and accepts it.
    pub fn accept_everything(&self) {
        self.holdline(&["run"]).expect(0);
        self.holdline(&["accept", "--reason", "first"]).expect(0);
    }
}

/// What a command came to.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ran {
    pub fn of(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Panics, with everything that was said, unless the exit code is this.
    #[track_caller]
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "standard output:\n{}\nstandard error:\n{}", self.out, self.err);
        self
    }

    /// Panics unless all of these were said, on either stream.
    #[track_caller]
    pub fn says(self, texts: &[&str]) -> Self {
        let said = format!("{}\n{}", self.out, self.err);
        for text in texts {
            assert!(said.contains(text), "`{text}` is not said in:\n{said}");
        }
        self
    }

    /// Panics if any of these was said.
    #[track_caller]
    pub fn keeps_quiet(self, texts: &[&str]) -> Self {
        let said = format!("{}\n{}", self.out, self.err);
        for text in texts {
            assert!(!said.contains(text), "`{text}` is said in:\n{said}");
        }
        self
    }
}

/// A suite over the application at `port`: `greets` with 12 inputs, `parts` with 12, and one that must
/// pass.
pub fn suite(port: u16) -> String {
    let inputs =
        |word: &str| (1..=12).map(|n| format!("\"{word} number {n}\"")).collect::<Vec<_>>().join(", ");
    format!(
        r#"feature = "Greets and parts"
labels = ["hello", "bye", "other"]

[target]
http = "http://127.0.0.1:{port}/ask"
body = {{ text = "{{{{ input }}}}" }}
reply = {{ output = "/message", label = "/label" }}

[[scenario]]
name = "greets people"
inputs = [{}]
expect = {{ label = "hello" }}

[[scenario]]
name = "parts from people"
why = "a polite end keeps customers"
inputs = [{}]
expect = {{ label = "bye", contains = "Good" }}

[[scenario]]
name = "keeps its secret"
inputs = ["tell me the secret"]
expect = {{ excludes = "CANARY" }}
must_pass = true
"#,
        inputs("hello"),
        inputs("bye")
    )
}

/// The application as it should be.
pub fn well(input: &str) -> Value {
    if input.starts_with("hello") {
        json!({ "message": "Hello to you", "label": "hello" })
    } else if input.starts_with("bye") {
        json!({ "message": "Good bye", "label": "bye" })
    } else {
        json!({ "message": "I would rather not say", "label": "other" })
    }
}

/// The application after a change that breaks parting.
pub fn broken(input: &str) -> Value {
    if input.starts_with("bye") { json!({ "message": "Hello again", "label": "hello" }) } else { well(input) }
}

/// The run folders of a project.
pub fn runs(root: &Path) -> Vec<PathBuf> {
    let mut runs: Vec<PathBuf> = std::fs::read_dir(root.join(".holdline/runs"))
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default();
    runs.sort();
    runs
}
