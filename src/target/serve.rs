//! Starts the application under test before a run, and stops it afterwards.

use super::process::{self, Group, tell};
use super::scope::Ground;
#[cfg(unix)]
use super::watchdog::Watchdog;
use crate::model::{ModelError, Wire, address, excerpt};
use crate::suite::schema::{Port, ServeSpec};
use crate::suite::secret::Secrets;
use crate::suite::template::{Scope, Template, TemplateError};
use crate::suite::{Params, quantity};
use reqwest::Url;
use std::io::{Read, Seek, SeekFrom};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout};

const READY_TIMEOUT: quantity::Duration = quantity::Duration::from_secs(120);

/// Limit on one look whether the application is ready.
const PROBE: Duration = Duration::from_secs(10);

/// Time between two looks: at first, and at most.
const POLL: (Duration, Duration) = (Duration::from_millis(10), Duration::from_millis(200));

/// How long the application may take to end when it is asked to.
const GRACE: Duration = Duration::from_secs(5);

/// How long its children may take after it has ended.
const CHILDREN: Duration = Duration::from_millis(500);

/// An application that was started and is ready.
///
/// It runs in a process group of its own (a job object on Windows), with its output in a log file,
/// and is told its port in `PORT` and the parameters by their names. [`Served::stop`] ends it gently; dropping kills it with all its
/// children, also while a panic unwinds; on Unix a shell that outlives us ends them where we are killed.
/// The log is the application's own: nothing is redacted there.
#[derive(Debug)]
pub struct Served {
    group: Group,
    port: Option<u16>,
    told: Told,
    /// Dropped after the group, which it then need not end.
    #[cfg(unix)]
    _watchdog: Option<Watchdog>,
}

/// What errors about an application tell.
#[derive(Debug)]
struct Told {
    program: String,
    log: PathBuf,
    secrets: Arc<Secrets>,
}

/// Why an application is not there to be asked.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// A text that is not a template, or cannot be filled in.
    #[error("`target.serve.{field}`: {source}")]
    Template {
        /// The key in the suite.
        field: String,
        /// What is wrong.
        source: TemplateError,
    },
    /// A value that cannot be used.
    #[error("`target.serve.{field}` {message}")]
    Value {
        /// The key in the suite.
        field: &'static str,
        /// What is wrong with it.
        message: String,
    },
    /// Something else listens where the application should.
    #[error(
        "port {port} is in use already; end what listens there, or write `port = \"auto\"` in `[target.serve]`"
    )]
    PortInUse {
        /// The port.
        port: u16,
    },
    /// No free port.
    #[error("no free port could be found: {0}")]
    NoPort(std::io::Error),
    /// The log file cannot be written.
    #[error("cannot write the log {}: {source}", log.display())]
    Log {
        /// The file.
        log: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The program cannot be started.
    #[error("{program} cannot be started: {source}")]
    Start {
        /// The program.
        program: String,
        /// Why not.
        source: std::io::Error,
    },
    /// The application ended.
    #[error("{program} ended ({status}){when}; its output is in {}{tail}", log.display())]
    Died {
        /// The program.
        program: String,
        /// How it ended.
        status: String,
        /// ` before it was ready`, or ` while it was asked`.
        when: &'static str,
        /// The last lines of the log, each after a line break; secrets redacted.
        tail: String,
        /// The log file.
        log: PathBuf,
    },
    /// The application did not become ready in time.
    #[error(
        "{program} was not ready within {limit}: {reason}; its output is in {}{tail}",
        log.display()
    )]
    NotReady {
        /// The program.
        program: String,
        /// The limit.
        limit: quantity::Duration,
        /// What came of the last look.
        reason: String,
        /// The last lines of the log, each after a line break; secrets redacted.
        tail: String,
        /// The log file.
        log: PathBuf,
    },
}

impl Served {
    /// Starts the application in `root` and waits until it is ready.
    pub async fn start(
        spec: &ServeSpec,
        root: &Path,
        secrets: &Arc<Secrets>,
        params: &Params,
        log: PathBuf,
    ) -> Result<Self, ServeError> {
        let port = match spec.port {
            Some(Port::Fixed(port)) => Some(port),
            Some(Port::Auto(_)) => Some(free_port().map_err(ServeError::NoPort)?),
            None => None,
        };
        let scope = Ground::bare(secrets, params, port);
        let ready = fill("ready", &spec.ready, &scope)?;
        let ready = Url::parse(ready.trim())
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https"))
            .ok_or_else(|| ServeError::Value { field: "ready", message: "is not an HTTP address".into() })?;
        let words =
            spec.command.iter().map(|word| fill("command", word, &scope)).collect::<Result<Vec<_>, _>>()?;
        let Some(program) = words.first().filter(|program| !program.trim().is_empty()) else {
            return Err(ServeError::Value { field: "command", message: "names no program".into() });
        };
        let told = Told {
            program: format!("`{}`", excerpt(&secrets.redact(program))),
            log,
            secrets: Arc::clone(secrets),
        };
        for port in [port, loopback_port(&ready)].into_iter().flatten() {
            refuse_in_use(port).await?;
        }

        let mut command = process::command(&words, root);
        tell(&mut command, params);
        if let Some(port) = port {
            command.env("PORT", port.to_string());
        }
        for (name, value) in &spec.env {
            command.env(name, fill(&format!("env.{name}"), value, &scope)?);
        }
        let (stdout, stderr) = told.open_log()?;
        command.stdin(Stdio::null()).stdout(stdout).stderr(stderr);
        let group = Group::spawn(command)
            .map_err(|source| ServeError::Start { program: told.program.clone(), source })?;
        #[cfg(unix)]
        let watchdog = group.id().and_then(Watchdog::over);
        let mut served = Self {
            group,
            port,
            told,
            #[cfg(unix)]
            _watchdog: watchdog,
        };
        served.await_ready(ready, spec.ready_timeout.unwrap_or(READY_TIMEOUT)).await?;
        Ok(served)
    }

    /// The port that the application was told.
    pub const fn port(&self) -> Option<u16> {
        self.port
    }

    /// What to say if the application has ended by itself; to be asked during the run.
    pub fn died(&mut self) -> Option<ServeError> {
        match self.group.ended() {
            Ok(None) => None,
            Ok(Some(status)) => Some(self.over(&status.to_string(), " while it was asked")),
            Err(error) => Some(self.over(&error.to_string(), " while it was asked")),
        }
    }

    /// Asks the application and its children to end, and kills what has not ended after 5 seconds.
    pub async fn stop(self) {
        self.stop_within(GRACE).await;
    }

    /// As [`Served::stop`], with another time than 5 seconds.
    pub async fn stop_within(mut self, grace: Duration) {
        self.group.terminate();
        if timeout(grace, self.group.wait()).await.is_ok() {
            let children = async {
                while self.group.is_alive() {
                    sleep(POLL.0).await;
                }
            };
            // Gone by now or not: nothing outlives the next line.
            let _ = timeout(CHILDREN, children).await;
            self.group.sweep();
        }
        // What would not end in time is killed as it is dropped.
    }

    async fn await_ready(&mut self, ready: Url, limit: quantity::Duration) -> Result<(), ServeError> {
        let deadline = Instant::now() + limit.get();
        let wire = Wire::new(limit.get().min(PROBE), u64::MAX, Arc::clone(&self.told.secrets));
        let mut pause = POLL.0;
        let mut reason = format!("{} did not answer", address(&ready));
        loop {
            let probe = async {
                let outcome = wire.probe(ready.clone()).await;
                if outcome.is_err() {
                    sleep(pause).await;
                }
                outcome
            };
            tokio::select! {
                biased;
                ended = self.group.wait() => return Err(self.died_early(ended)),
                outcome = probe => match outcome {
                    // It may have died in the meantime, and something else answered.
                    Ok(()) => return match self.group.ended() {
                        Ok(None) => Ok(()),
                        Ok(Some(status)) => Err(self.died_early(Ok(status))),
                        Err(error) => Err(self.died_early(Err(error))),
                    },
                    Err(ModelError { message, .. }) => reason = message,
                },
                () = tokio::time::sleep_until(deadline) => {
                    return Err(ServeError::NotReady {
                        program: self.told.program.clone(),
                        limit,
                        reason,
                        tail: self.told.tail(),
                        log: self.told.log.clone(),
                    });
                }
            }
            pause = (pause * 2).min(POLL.1);
        }
    }

    fn died_early(&mut self, ended: std::io::Result<ExitStatus>) -> ServeError {
        let status = ended.map_or_else(|error| error.to_string(), |status| status.to_string());
        self.over(&status, " before it was ready")
    }

    fn over(&mut self, status: &str, when: &'static str) -> ServeError {
        self.group.sweep();
        ServeError::Died {
            program: self.told.program.clone(),
            status: status.to_owned(),
            when,
            tail: self.told.tail(),
            log: self.told.log.clone(),
        }
    }
}

impl Told {
    fn open_log(&self) -> Result<(Stdio, Stdio), ServeError> {
        let open = || {
            if let Some(folder) = self.log.parent() {
                std::fs::create_dir_all(folder)?;
            }
            let file = std::fs::File::create(&self.log)?;
            Ok((Stdio::from(file.try_clone()?), Stdio::from(file)))
        };
        open().map_err(|source| ServeError::Log { log: self.log.clone(), source })
    }

    /// The last lines of the log, each after a line break; empty where nothing was written.
    fn tail(&self) -> String {
        const BYTES: u64 = 16 << 10;
        const LINES: usize = 20;
        let read = || {
            let mut file = std::fs::File::open(&self.log)?;
            let length = file.metadata()?.len();
            file.seek(SeekFrom::Start(length.saturating_sub(BYTES)))?;
            let mut bytes = Vec::new();
            file.take(BYTES).read_to_end(&mut bytes)?;
            Ok::<_, std::io::Error>(bytes)
        };
        // The log is shown to explain another error; that it cannot be read must not hide that one.
        let bytes = read().unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        let text = self.secrets.redact(text.trim_end());
        let lines: Vec<&str> = text.lines().collect();
        let from = lines.len().saturating_sub(LINES);
        lines[from..].iter().flat_map(|line| ["\n  ".to_owned(), excerpt(line)]).collect()
    }
}

fn fill(field: &str, text: &str, scope: &Scope) -> Result<String, ServeError> {
    Template::parse(text)
        .and_then(|template| template.render_text(scope))
        .map_err(|source| ServeError::Template { field: field.to_owned(), source })
}

/// A port that is free now, and was not given to another application of this process.
fn free_port() -> std::io::Result<u16> {
    static GIVEN: Mutex<Vec<u16>> = Mutex::new(Vec::new());
    let mut given = GIVEN.lock().unwrap_or_else(PoisonError::into_inner);
    // Each refused port is held until another is found, so that the next attempt finds another.
    let mut held = Vec::new();
    loop {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        if !given.contains(&port) {
            given.push(port);
            return Ok(port);
        }
        held.push(listener);
    }
}

/// The port of an address on this machine.
fn loopback_port(url: &Url) -> Option<u16> {
    let host = url.host_str()?.trim_start_matches('[').trim_end_matches(']');
    let here = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
    if here { url.port_or_known_default() } else { None }
}

/// An error if somebody listens on the port: they would be asked in place of the application.
async fn refuse_in_use(port: u16) -> Result<(), ServeError> {
    let answers =
        |address: SocketAddr| TcpStream::connect_timeout(&address, Duration::from_millis(300)).is_ok();
    let look = move || {
        answers((Ipv4Addr::LOCALHOST, port).into())
            || answers((Ipv6Addr::LOCALHOST, port).into())
            || TcpListener::bind((Ipv4Addr::LOCALHOST, port))
                .is_err_and(|error| error.kind() == std::io::ErrorKind::AddrInUse)
    };
    // A look that cannot be taken finds nothing; the application itself will say what is wrong.
    if tokio::task::spawn_blocking(look).await.unwrap_or(false) {
        return Err(ServeError::PortInUse { port });
    }
    Ok(())
}
