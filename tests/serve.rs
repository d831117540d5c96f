//! Applications are started, watched and stopped, with their children. This test program is the
//! application as well: the test `app`, started with `APP_MODE` set, plays it.
#![cfg(unix)]

use holdline::suite::Params;
use holdline::suite::schema::{AutoPort, Port, ServeSpec};
use holdline::suite::secret::Secrets;
use holdline::target::{ServeError, Served};
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The application, with a child of its own. Does nothing unless it is started as one.
#[test]
#[ignore = "it is the application that the other tests start"]
fn app() {
    let Ok(mode) = std::env::var("APP_MODE") else { return };
    let folder = PathBuf::from(std::env::var_os("APP_FOLDER").unwrap());
    println!("started as {mode}");
    if let Ok(level) = std::env::var("APP_LEVEL") {
        println!("level {level}");
    }
    if mode == "dies" {
        eprintln!("cannot open the database with {}", std::env::var("APP_SECRET").unwrap());
        std::process::exit(3);
    }
    #[expect(clippy::zombie_processes, reason = "it is there to be ended together with the application")]
    let child = std::process::Command::new("sleep").arg("120").spawn().unwrap();
    std::fs::write(folder.join("pids.new"), format!("{} {}", std::process::id(), child.id())).unwrap();
    std::fs::rename(folder.join("pids.new"), folder.join("pids")).unwrap();
    if mode == "deaf" {
        std::thread::sleep(Duration::from_mins(2));
    }
    if mode == "gentle" || mode == "stubborn" {
        let gentle = mode == "gentle";
        // The handler is in place before the port is open, and so before anyone asks it to end.
        let (tell, told) = std::sync::mpsc::channel();
        let folder = folder.clone();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let kind = tokio::signal::unix::SignalKind::terminate();
                let mut asked = tokio::signal::unix::signal(kind).unwrap();
                tell.send(()).unwrap();
                while asked.recv().await.is_some() {
                    std::fs::write(folder.join("asked-to-end"), "").unwrap();
                    if gentle {
                        std::process::exit(0);
                    }
                }
            });
        });
        told.recv().unwrap();
    }
    let port: u16 = std::env::var("PORT").unwrap().parse().unwrap();
    let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
    let mut health = 0;
    for stream in listener.incoming() {
        let mut stream = stream.unwrap();
        let mut request = [0; 1024];
        let length = stream.read(&mut request).unwrap_or(0);
        let request = String::from_utf8_lossy(&request[..length]).into_owned();
        if request.starts_with("GET /exit") {
            println!("asked to leave");
            std::process::exit(7);
        }
        health += u32::from(request.starts_with("GET /health"));
        let status = if health < 3 { "503 Warming up" } else { "200 OK" };
        let reply = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        let _ = stream.write_all(reply.as_bytes());
    }
}

/// A folder for the pids and the log of one application.
struct Stage {
    folder: tempfile::TempDir,
}

impl Stage {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn spec(&self, mode: &str) -> ServeSpec {
        let program = std::env::current_exe().unwrap().to_str().unwrap().to_owned();
        let words = ["--exact", "app", "--ignored", "--nocapture"].map(str::to_owned);
        ServeSpec {
            command: std::iter::once(program).chain(words).collect(),
            port: Some(Port::Auto(AutoPort::Auto)),
            ready: "http://127.0.0.1:{{ serve.port }}/health".into(),
            ready_timeout: Some("60s".parse().unwrap()),
            env: BTreeMap::from([
                ("APP_MODE".into(), mode.into()),
                ("APP_FOLDER".into(), self.folder.path().to_str().unwrap().into()),
                ("APP_SECRET".into(), "${env:APP_SECRET}".into()),
            ]),
        }
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("logs/app.log")
    }

    async fn start(&self, spec: &ServeSpec) -> Result<Served, ServeError> {
        let (secrets, _) = Secrets::gather(["APP_SECRET".to_owned()], |_| Some("opensesame".into()));
        Served::start(spec, self.folder.path(), &Arc::new(secrets), &Params::default(), self.log()).await
    }

    async fn started(&self, mode: &str) -> Served {
        let served = self.start(&self.spec(mode)).await.unwrap();
        assert!(self.pids().iter().all(|pid| is_alive(pid)));
        served
    }

    async fn refused(&self, spec: &ServeSpec) -> ServeError {
        self.start(spec).await.err().unwrap()
    }

    /// The application and its child.
    fn pids(&self) -> Vec<String> {
        let pids = std::fs::read_to_string(self.folder.path().join("pids")).unwrap();
        pids.split_whitespace().map(str::to_owned).collect()
    }

    #[track_caller]
    fn are_gone(&self) {
        let pids = self.pids();
        assert_eq!(pids.len(), 2);
        for pid in pids {
            // A signal takes effect a moment after it is sent.
            let gone = (0..500).any(|_| {
                let alive = is_alive(&pid);
                if alive {
                    std::thread::sleep(Duration::from_millis(10));
                }
                !alive
            });
            assert!(gone, "{pid} is still there");
        }
    }
}

/// Whether a process runs; one that only waits to be collected by its parent does not.
fn is_alive(pid: &str) -> bool {
    let ps = std::process::Command::new("ps").args(["-o", "stat=", "-p", pid]).output().unwrap();
    let state = String::from_utf8_lossy(&ps.stdout);
    !(state.trim().is_empty() || state.trim().starts_with('Z'))
}

#[tokio::test]
async fn an_application_is_ready_when_it_says_so_and_gone_after_stop() {
    let stage = Stage::new();
    let served = stage.started("plain").await;
    let port = served.port().unwrap();
    assert!(TcpStream::connect(("127.0.0.1", port)).is_ok());
    let started = Instant::now();
    served.stop().await;
    assert!(started.elapsed() < Duration::from_secs(4), "it ended when it was asked to");
    stage.are_gone();
    assert!(TcpListener::bind(("127.0.0.1", port)).is_ok());
    assert!(std::fs::read_to_string(stage.log()).unwrap().contains("started as plain"));
}

#[tokio::test]
async fn an_application_is_asked_to_end_before_it_is_killed() {
    for mode in ["gentle", "stubborn"] {
        let stage = Stage::new();
        let served = stage.started(mode).await;
        let grace = if mode == "gentle" { Duration::from_mins(1) } else { Duration::from_millis(250) };
        served.stop_within(grace).await;
        stage.are_gone();
        assert!(stage.folder.path().join("asked-to-end").exists(), "{mode}");
    }
}

#[tokio::test]
async fn dropping_ends_the_application_and_its_child() {
    let stage = Stage::new();
    drop(stage.started("plain").await);
    stage.are_gone();
}

#[tokio::test]
async fn a_panic_ends_the_application_and_its_child() {
    let stage = Stage::new();
    let served = stage.started("plain").await;
    let thread = std::thread::spawn(move || {
        let _held = served;
        panic!("in a thread");
    });
    assert!(thread.join().is_err());
    stage.are_gone();

    let stage = Stage::new();
    let served = stage.started("plain").await;
    let task = tokio::spawn(async move {
        let _held = served;
        tokio::task::yield_now().await;
        panic!("in a task");
    });
    assert!(task.await.unwrap_err().is_panic());
    stage.are_gone();
}

#[test]
fn an_application_that_outlives_its_runtime_still_ends() {
    let stage = Stage::new();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let served = runtime.block_on(stage.started("plain"));
    drop(runtime);
    drop(served);
    stage.are_gone();
}

#[tokio::test]
async fn a_start_that_is_given_up_leaves_nothing_behind() {
    let stage = Stage::new();
    let spec = stage.spec("deaf");
    let mut start = Box::pin(stage.start(&spec));
    while !stage.folder.path().join("pids").exists() {
        let soon = tokio::time::timeout(Duration::from_millis(20), &mut start).await;
        assert!(soon.is_err(), "it never gets ready");
    }
    drop(start);
    stage.are_gone();
}

#[tokio::test]
async fn an_application_that_does_not_get_ready_is_told_with_its_log() {
    let stage = Stage::new();
    let spec = ServeSpec { ready_timeout: Some("250ms".parse().unwrap()), ..stage.spec("deaf") };
    let error = stage.refused(&spec).await;
    assert!(matches!(error, ServeError::NotReady { .. }), "{error}");
    let message = error.to_string();
    assert!(message.contains("not ready within 250ms: "), "{message}");
    assert!(message.contains(stage.log().to_str().unwrap()), "{message}");
}

#[tokio::test]
async fn an_application_that_dies_at_once_is_told_with_its_last_words() {
    let stage = Stage::new();
    let error = stage.refused(&stage.spec("dies")).await;
    assert!(matches!(error, ServeError::Died { .. }), "{error}");
    let message = error.to_string();
    assert!(message.contains("ended (exit status: 3) before it was ready"), "{message}");
    assert!(message.contains(stage.log().to_str().unwrap()), "{message}");
    assert!(message.contains("\n  cannot open the database with [redacted:APP_SECRET]"), "{message}");
}

#[tokio::test]
async fn an_application_that_dies_during_the_run_is_noticed() {
    let stage = Stage::new();
    let mut served = stage.started("plain").await;
    assert!(served.died().is_none());
    let mut stream = TcpStream::connect(("127.0.0.1", served.port().unwrap())).unwrap();
    stream.write_all(b"GET /exit HTTP/1.1\r\n\r\n").unwrap();
    let mut looks = 0;
    let error = loop {
        if let Some(error) = served.died() {
            break error.to_string();
        }
        looks += 1;
        assert!(looks < 2000, "it did not end");
        tokio::time::sleep(Duration::from_millis(5)).await;
    };
    assert!(error.contains("ended (exit status: 7) while it was asked"), "{error}");
    assert!(error.contains("\n  asked to leave"), "{error}");
    stage.are_gone();
}

#[tokio::test]
async fn a_port_that_is_in_use_is_refused_before_anything_starts() {
    let stage = Stage::new();
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = other.local_addr().unwrap().port();
    let fixed = ServeSpec { port: Some(Port::Fixed(port)), ..stage.spec("plain") };
    let ready = format!("http://localhost:{port}/health");
    let unnamed = ServeSpec { port: None, ready, ..stage.spec("plain") };
    for spec in [fixed, unnamed] {
        let error = stage.refused(&spec).await;
        assert!(matches!(error, ServeError::PortInUse { port: named } if named == port), "{error}");
        let message = error.to_string();
        assert!(message.contains(&format!("port {port} is in use already")), "{message}");
        assert!(message.contains("port = \"auto\""), "{message}");
    }
    assert!(!stage.log().exists());
}

#[tokio::test]
async fn parameters_reach_the_application_and_its_command() {
    let stage = Stage::new();
    let spec = serde_json::json!({ "APP_LEVEL": 3, "APP_MODE": "not this" });
    let params = Params::declared(&serde_json::from_value(spec).unwrap());
    let mut spec = stage.spec("well");
    spec.env.insert("APP_MODE".into(), "level {{ params.APP_LEVEL }}".into());
    let (secrets, _) = Secrets::gather(["APP_SECRET".to_owned()], |_| Some("opensesame".into()));
    let secrets = Arc::new(secrets);
    let served = Served::start(&spec, stage.folder.path(), &secrets, &params, stage.log()).await.unwrap();
    served.stop().await;
    let log = std::fs::read_to_string(stage.log()).unwrap();
    assert!(log.contains("started as level 3\n"), "what the suite says goes before a parameter: {log}");
    assert!(log.contains("\nlevel 3\n"), "{log}");
}

#[tokio::test]
async fn a_fixed_port_that_is_free_is_used() {
    let stage = Stage::new();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let spec = ServeSpec { port: Some(Port::Fixed(port)), ..stage.spec("plain") };
    let served = stage.start(&spec).await.unwrap();
    assert_eq!(served.port(), Some(port));
    served.stop().await;
    stage.are_gone();
}

#[tokio::test]
async fn two_applications_at_once_have_ports_of_their_own() {
    let (one, two) = (Stage::new(), Stage::new());
    let (first, second) = tokio::join!(one.started("plain"), two.started("plain"));
    assert_ne!(first.port(), second.port());
    tokio::join!(first.stop(), second.stop());
    one.are_gone();
    two.are_gone();
}

#[tokio::test]
async fn what_cannot_be_started_is_told() {
    let stage = Stage::new();
    let spec = stage.spec("plain");
    let command = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    for (spec, wanted) in [
        (
            ServeSpec { command: command(&["no-such-program-anywhere"]), ..spec.clone() },
            "`no-such-program-anywhere` cannot be started",
        ),
        (ServeSpec { command: Vec::new(), ..spec.clone() }, "`target.serve.command` names no program"),
        (
            ServeSpec { ready: "/health".into(), ..spec.clone() },
            "`target.serve.ready` is not an HTTP address",
        ),
        (ServeSpec { port: None, ..spec.clone() }, "`target.serve.ready`: "),
        (
            ServeSpec { env: BTreeMap::from([("A".into(), "{{ b }}".into())]), ..spec },
            "`target.serve.env.A`: ",
        ),
    ] {
        let message = stage.refused(&spec).await.to_string();
        assert!(message.contains(wanted), "{message}");
    }
}

#[tokio::test]
async fn a_log_that_cannot_be_written_is_told() {
    let stage = Stage::new();
    let blocked = stage.folder.path().join("file");
    std::fs::write(&blocked, "").unwrap();
    let spec = ServeSpec { env: BTreeMap::new(), ..stage.spec("plain") };
    let outcome = Served::start(
        &spec,
        stage.folder.path(),
        &Arc::default(),
        &Params::default(),
        blocked.join("app.log"),
    )
    .await;
    let message = outcome.err().unwrap().to_string();
    assert!(message.contains("cannot write the log") && message.contains("file/app.log"), "{message}");
}
