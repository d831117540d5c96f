//! The cache of answers in an S3-compatible store, with the real command: what machines share, and what happens
//! where the store is down. The server is moto's, named by `HOLDLINE_TEST_MOTO`; `.ci/remote.sh` installs it.
//! Without it, the tests that need one say so and do nothing.
#![cfg(feature = "remote")]

#[expect(dead_code, reason = "other test files use the rest")]
mod project;

use holdline::run::cache::{Remote, Store};
use project::{App, Project, Ran, suite, well};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Cases of the suite.
const CASES: usize = 25;

/// An S3-compatible server on loopback with the bucket `team`; it ends with the value.
struct Server {
    process: Child,
    endpoint: String,
}

impl Server {
    /// Starts the server; `None`, aloud, where none is named.
    fn start() -> Option<Self> {
        let Some(program) = std::env::var_os("HOLDLINE_TEST_MOTO") else {
            eprintln!("SKIPPED: HOLDLINE_TEST_MOTO names no server; .ci/remote.sh installs one");
            return None;
        };
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
        let process = Command::new(program)
            .args(["-H", "127.0.0.1", "-p", &port])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = Self { process, endpoint: format!("http://127.0.0.1:{port}") };
        server.make_bucket();
        Some(server)
    }

    /// Makes the bucket, once the server listens.
    fn make_bucket(&self) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            // Plain HTTP to loopback; the provider is only there because a client has to have one.
            let _ = rustls::crypto::ring::default_provider().install_default();
            let client = reqwest::Client::builder().no_proxy().build().unwrap();
            for _ in 0..600 {
                let made = client.put(format!("{}/team", self.endpoint)).send().await;
                if made.is_ok_and(|reply| reply.status().is_success()) {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            panic!("the server did not start");
        });
    }

    fn stop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A checkout on a machine of its own, with the store behind its folder.
fn machine(app: &App) -> Project {
    let text = suite(app.port).replace("reply =", "version = \"1\"\nreply =") + "\n[run]\nconcurrency = 4\n";
    let project = "[cache]\nremote = \"s3://team/holdline/\"\ntimeout = \"20s\"\n";
    Project::new(&[("suites/greet.toml", &text), ("holdline.toml", project)])
}

/// The command with what the environment says of the store.
fn command(project: &Project, endpoint: &str) -> Command {
    let mut command = project.command(&["run"]);
    said_of_the_store(&mut command, endpoint);
    command
}

fn said_of_the_store(command: &mut Command, endpoint: &str) {
    command
        .env("AWS_ENDPOINT_URL", endpoint)
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ACCESS_KEY_ID", "testing")
        .env("AWS_SECRET_ACCESS_KEY", "testing")
        .env("NO_PROXY", "127.0.0.1")
        .env_remove("HOLDLINE_CACHE_READ_ONLY");
}

fn run(project: &Project, endpoint: &str) -> Ran {
    Ran::of(command(project, endpoint).output().unwrap())
}

/// How many answers the folder of a machine keeps.
fn kept(project: &Project) -> usize {
    let fans = std::fs::read_dir(project.path(".holdline/cache/answers")).unwrap();
    fans.map(|fan| std::fs::read_dir(fan.unwrap().path()).unwrap().count()).sum()
}

#[test]
fn what_one_machine_asked_no_other_asks_again() {
    let Some(server) = Server::start() else { return };
    let app = App::start(well);
    let (one, two) = (machine(&app), machine(&app));
    run(&one, &server.endpoint).expect(0).keeps_quiet(&["remote store"]);
    assert_eq!(app.asked(), CASES);
    run(&two, &server.endpoint).expect(0).says(&["cache: 25 of 25 answers"]).keeps_quiet(&["remote store"]);
    assert_eq!((app.asked(), kept(&two)), (CASES, CASES));
}

#[test]
fn a_fork_reads_and_puts_nothing() {
    let Some(server) = Server::start() else { return };
    let app = App::start(well);
    let (fork, other) = (machine(&app), machine(&app));
    let output = command(&fork, &server.endpoint).env("HOLDLINE_CACHE_READ_ONLY", "1").output().unwrap();
    Ran::of(output).expect(0);
    run(&other, &server.endpoint).expect(0);
    assert_eq!(app.asked(), 2 * CASES, "the other machine found nothing of the fork's");
    let output =
        command(&machine(&app), &server.endpoint).env("HOLDLINE_CACHE_READ_ONLY", "1").output().unwrap();
    Ran::of(output).expect(0).says(&["cache: 25 of 25 answers"]);
    assert_eq!(app.asked(), 2 * CASES);
}

#[test]
fn a_store_that_dies_in_the_middle_loses_nothing() {
    let Some(mut server) = Server::start() else { return };
    let app = App::slow(Duration::from_millis(100), well);
    let one = machine(&app);
    let running =
        command(&one, &server.endpoint).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    while app.asked() < 8 {
        std::thread::sleep(Duration::from_millis(1));
    }
    server.stop();
    Ran::of(running.wait_with_output().unwrap())
        .expect(0)
        .says(&["Graded 25 of 25", "the remote store of answers was left alone after 3 failures in a row"]);
    assert_eq!((app.asked(), kept(&one)), (CASES, CASES));
    // With the store still down, what is in the folder is not asked for again.
    run(&one, &server.endpoint).expect(0).says(&["cache: 25 of 25 answers"]);
    assert_eq!(app.asked(), CASES);
}

#[test]
fn a_store_that_says_nothing_costs_its_limit_and_is_left_alone() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let calls = Arc::new(AtomicUsize::new(0));
    let counter = calls.clone();
    std::thread::spawn(move || {
        // Connections are taken and kept, and nothing is ever said.
        let mut held = Vec::new();
        for stream in listener.incoming() {
            counter.fetch_add(1, Ordering::SeqCst);
            held.push(stream);
        }
    });
    let app = App::start(well);
    let one = machine(&app);
    one.write("holdline.toml", "[cache]\nremote = \"s3://team\"\ntimeout = \"200ms\"\n");
    run(&one, &endpoint).expect(0).says(&[
        "Graded 25 of 25",
        "left alone after 3 failures in a row",
        "answer within 200ms",
    ]);
    assert_eq!((app.asked(), kept(&one)), (CASES, CASES));
    // Four cases at once wait for it together; of those that begin meanwhile at most two more.
    let calls = calls.load(Ordering::SeqCst);
    assert!((3..=6).contains(&calls), "{calls} calls");
}

#[test]
fn files_of_runs_are_kept_by_id() {
    let Some(server) = Server::start() else { return };
    // The store reads the environment, which only a process of its own can have to itself.
    let mut own = Command::new(std::env::current_exe().unwrap());
    own.args(["--ignored", "--exact", "within_an_environment_files_of_runs_are_kept_by_id"]);
    said_of_the_store(&mut own, &server.endpoint);
    let ran = Ran::of(own.output().unwrap()).expect(0);
    assert!(ran.out.contains("1 passed"), "{}", ran.out);
}

#[tokio::test]
#[ignore = "run by files_of_runs_are_kept_by_id, with the environment that it needs"]
async fn within_an_environment_files_of_runs_are_kept_by_id() {
    let store = Remote::open("team", "holdline", Duration::from_secs(20)).unwrap();
    let bytes = b"{\"format\":1}".to_vec();
    assert_eq!(store.get_run("20260101T000000-1", "report.json").await.unwrap(), None);
    store.put_run("20260101T000000-1", "report.json", bytes.clone()).await.unwrap();
    assert_eq!(store.get_run("20260101T000000-1", "report.json").await.unwrap(), Some(bytes));
    let missing = Remote::open("no-such-bucket", "", Duration::from_secs(20)).unwrap();
    let error = missing.put_run("a", "b", Vec::new()).await.unwrap_err().to_string();
    assert!(error.starts_with("s3://no-such-bucket: "), "{error}");
    assert!(!error.contains("testing"), "{error}");
}
