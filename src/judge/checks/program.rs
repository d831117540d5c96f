//! A program of the user's that says whether something passes.
//!
//! It is run in the project's root without a shell, reads one JSON document on standard input, and writes one on
//! standard output, `{ "pass": true or false, "reason": "…" }`. Whatever else it does (ends with another code than
//! 0, writes no such document, writes too much, takes too long) is an error and never a verdict. It runs in a
//! process group of its own, which is ended with it.

use crate::judge::reason;
use process_wrap::tokio::{ChildWrapper, CommandWrap};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};

/// Limit on a program's time where the suite states none.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Most that a program may write on standard output, in bytes.
const MOST_OUTPUT: u64 = 1 << 20;

/// How much of its standard error is kept, in bytes.
const MOST_COMPLAINT: usize = 16 << 10;

/// What it must write.
const FORM: &str = r#"{"pass": true or false, "reason": "…"}"#;

/// A program of the user's that says whether something passes.
#[derive(Debug)]
pub(crate) struct Program {
    path: PathBuf,
    arguments: Vec<String>,
    name: String,
    root: PathBuf,
    timeout: Duration,
}

/// What a program writes.
#[derive(Debug, Deserialize)]
pub(crate) struct Passes {
    /// Whether it passes.
    pub pass: bool,
    /// Why.
    #[serde(default)]
    pub reason: Option<String>,
}

impl Program {
    /// A program by its name and its arguments; `None` without a name. A name with a folder in it is relative to the
    /// root, where the program runs.
    pub(crate) fn new(run: &[String], root: &Path, timeout: Option<Duration>) -> Option<Self> {
        let [name, arguments @ ..] = run else { return None };
        if name.is_empty() {
            return None;
        }
        // Systems differ in what a relative path with a folder in it is relative to.
        let path = if Path::new(name).components().count() > 1 { root.join(name) } else { name.into() };
        Some(Self {
            path,
            arguments: arguments.to_vec(),
            name: name.clone(),
            root: root.into(),
            timeout: timeout.unwrap_or(TIMEOUT),
        })
    }

    /// What it says to a question; or why there is no verdict.
    pub(crate) async fn ask(&self, question: &impl Serialize) -> Result<Passes, String> {
        let question = serde_json::to_vec(question).map_err(|error| error.to_string())?;
        let name = reason::start(&self.name);
        let mut group = self.start().map_err(|error| format!("cannot start {name}: {error}"))?;
        let done = tokio::time::timeout(self.timeout, converse(&mut group, &question)).await;
        group.end();
        let Done { status, written, complaint } = match done {
            Err(_) => return Err(format!("{name} was stopped at its time limit of {:?}", self.timeout)),
            Ok(Err(Broken::TooMuch)) => {
                return Err(format!("{name} was stopped after writing {} MiB", MOST_OUTPUT >> 20));
            }
            Ok(Err(Broken::Io(error))) => return Err(format!("cannot speak with {name}: {error}")),
            Ok(Ok(done)) => done,
        };
        if !status.success() {
            return Err(format!("{name} ended with {status}{}", said(&complaint)));
        }
        match reply(&written) {
            Ok(passes) => Ok(passes),
            Err(why) => {
                let written = String::from_utf8_lossy(&written);
                let instead =
                    if written.trim().is_empty() { "nothing".into() } else { reason::quoted(&written) };
                Err(format!("{name} must write {FORM} and wrote {instead}: {why}{}", said(&complaint)))
            }
        }
    }

    fn start(&self) -> std::io::Result<Group> {
        let mut command = CommandWrap::with_new(&self.path, |command| {
            command
                .args(&self.arguments)
                .current_dir(&self.root)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped());
        });
        #[cfg(unix)]
        command.wrap(process_wrap::tokio::ProcessGroup::leader());
        #[cfg(windows)]
        command.wrap(process_wrap::tokio::JobObject);
        Ok(Group { child: command.spawn()?, ended: false })
    }
}

/// Reads what a program wrote. Serde would take a list for an object with its fields in order.
fn reply(written: &[u8]) -> Result<Passes, String> {
    if written.trim_ascii_start().first() != Some(&b'{') {
        return Err("this is not a JSON object".into());
    }
    serde_json::from_slice(written).map_err(|error| error.to_string())
}

/// The last line of what a program wrote on standard error, as a clause.
fn said(complaint: &[u8]) -> String {
    let complaint = String::from_utf8_lossy(complaint);
    match complaint.lines().rev().find(|line| !line.trim().is_empty()) {
        None => String::new(),
        Some(line) => format!("; it said {}", reason::quoted(line.trim())),
    }
}

/// What a program did.
struct Done {
    status: ExitStatus,
    written: Vec<u8>,
    complaint: Vec<u8>,
}

/// Why a conversation with a program was broken off.
enum Broken {
    Io(std::io::Error),
    TooMuch,
}

impl From<std::io::Error> for Broken {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}

/// Writes the question and reads what the program writes until it ends.
async fn converse(group: &mut Group, question: &[u8]) -> Result<Done, Broken> {
    let stdin = group.child.stdin().take();
    let stdout = group.child.stdout().take();
    let stderr = group.child.stderr().take();
    let ask = async {
        if let Some(mut stdin) = stdin {
            // A program may decide without reading, or before it has read everything: no error.
            let _ = stdin.write_all(question).await;
        }
        Ok(())
    };
    let listen = async {
        let mut written = Vec::new();
        if let Some(stdout) = stdout {
            stdout.take(MOST_OUTPUT + 1).read_to_end(&mut written).await?;
        }
        if written.len() as u64 > MOST_OUTPUT { Err(Broken::TooMuch) } else { Ok(written) }
    };
    let complain = async {
        match stderr {
            Some(stderr) => Ok(tail(stderr).await?),
            None => Ok(Vec::new()),
        }
    };
    let end = async {
        let status = group.child.wait().await?;
        // What it left behind would keep the pipes open.
        group.end();
        Ok(status)
    };
    let (status, written, complaint, ()) = tokio::try_join!(end, listen, complain, ask)?;
    Ok(Done { status, written, complaint })
}

/// The last [`MOST_COMPLAINT`] bytes, at least, of all that can be read.
async fn tail(mut from: impl AsyncRead + Unpin) -> std::io::Result<Vec<u8>> {
    let mut kept = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let read = from.read(&mut chunk).await?;
        if read == 0 {
            return Ok(kept);
        }
        kept.extend_from_slice(&chunk[..read]);
        if kept.len() > 2 * MOST_COMPLAINT {
            kept.drain(..kept.len() - MOST_COMPLAINT);
        }
    }
}

/// A program and everything it started, ended when this goes out of scope.
struct Group {
    child: Box<dyn ChildWrapper>,
    ended: bool,
}

impl Group {
    fn end(&mut self) {
        if !self.ended {
            self.ended = true;
            // Fails where all of the group has ended already.
            let _ = self.child.start_kill();
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.end();
    }
}
