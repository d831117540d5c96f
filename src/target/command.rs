//! A target that is a program: it reads a request on standard input and writes an answer on standard
//! output.

use super::open::{Context, OpenError, limit, template};
use super::process::{self, Group, tell};
use super::reply::Reader;
use super::scope::{Ground, unfilled};
use super::{Answer, Asking, Request, Target, TargetError, TargetErrorKind};
use crate::model::excerpt;
use crate::suite::as_text;
use crate::suite::schema::{CommandFormat, TargetSpec};
use crate::suite::template::{JsonTemplate, Scope, Template};
use serde_json::json;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};

/// Bytes kept of the end of what a program writes on standard error.
const COMPLAINT: usize = 8 << 10;

/// A program.
#[derive(Debug)]
pub(super) struct Command {
    ground: Ground,
    words: Vec<Template>,
    env: Vec<(String, Template)>,
    format: CommandFormat,
    body: Option<JsonTemplate>,
    reader: Reader,
    root: PathBuf,
    timeout: Duration,
    limit: u64,
}

impl Command {
    pub(super) fn open(words: &[String], spec: &TargetSpec, context: &Context) -> Result<Self, OpenError> {
        if words.first().is_none_or(|program| program.trim().is_empty()) {
            return Err(OpenError::Value { field: "command".into(), message: "names no program".into() });
        }
        let format = spec.format.unwrap_or_default();
        let env =
            spec.env.iter().map(|(name, value)| Ok((name.clone(), template(&format!("env.{name}"), value)?)));
        Ok(Self {
            ground: Ground::new(context),
            words: words.iter().map(|word| template("command", word)).collect::<Result<_, _>>()?,
            env: env.collect::<Result<_, OpenError>>()?,
            format,
            body: spec
                .body
                .as_ref()
                .map(JsonTemplate::parse)
                .transpose()
                .map_err(|source| OpenError::Template { field: "body".into(), source })?,
            reader: match format {
                CommandFormat::Json => Reader::document(&spec.reply, &context.secrets)?,
                CommandFormat::Text => Reader::pointed(&spec.reply, &context.secrets)?,
            },
            root: context.root.clone(),
            timeout: context.request_timeout,
            limit: limit(spec),
        })
    }

    /// What the program reads.
    fn input(&self, request: &Request, scope: &Scope) -> Result<String, TargetError> {
        if let Some(body) = &self.body {
            let body = body.render(scope).map_err(|error| unfilled("body", &error))?;
            return Ok(as_text(&body));
        }
        Ok(match self.format {
            CommandFormat::Text => as_text(&request.input),
            CommandFormat::Json => json!({
                "input": request.input,
                "row": request.row,
                "conversation": request.conversation,
                "turns": request.turns,
            })
            .to_string(),
        })
    }

    /// The program with its arguments.
    fn words(&self, scope: &Scope) -> Result<Vec<String>, TargetError> {
        let fill = |word: &Template| word.render_text(scope).map_err(|error| unfilled("command", &error));
        self.words.iter().map(fill).collect()
    }

    /// The environment that the suite gives it.
    fn env(&self, scope: &Scope) -> Result<Vec<(&str, String)>, TargetError> {
        let fill = |(name, value): &'_ (String, Template)| {
            value.render_text(scope).map_err(|error| unfilled(&format!("env.{name}"), &error))
        };
        self.env.iter().map(|env| Ok((env.0.as_str(), fill(env)?))).collect()
    }

    fn process(&self, scope: &Scope) -> Result<tokio::process::Command, TargetError> {
        let mut command = process::command(&self.words(scope)?, &self.root);
        tell(&mut command, &self.ground.params);
        command.envs(self.env(scope)?);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Ok(command)
    }

    async fn run(&self, request: &Request) -> Result<Answer, TargetError> {
        let scope = self.ground.scope(request);
        let input = self.input(request, &scope)?;
        let command = self.process(&scope)?;
        let started = Instant::now();
        let mut group = Group::spawn(command).map_err(|error| {
            TargetError::new(
                TargetErrorKind::Command,
                format!("{} cannot be started: {error}", self.program()),
            )
        })?;
        let mut complaint = Vec::new();
        let finished =
            tokio::time::timeout(self.timeout, self.converse(&mut group, &input, &mut complaint)).await;
        let latency_ms = Some(started.elapsed().as_secs_f64() * 1e3);
        let Ok(finished) = finished else {
            let what = format!("{} did not end within {:?}", self.program(), self.timeout);
            return Err(self.failed(TargetErrorKind::Timeout, what, &complaint));
        };
        let (output, status) = finished?;
        if !status.success() {
            let (kind, how) = match status.code() {
                Some(code) => (TargetErrorKind::Status, format!("exit code {code}")),
                None => (TargetErrorKind::Command, status.to_string()),
            };
            return Err(self.failed(kind, format!("{} ended with {how}", self.program()), &complaint));
        }
        let output = String::from_utf8(output).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            let message = format!("the output of {} is not UTF-8 (byte {at})", self.program());
            TargetError::new(TargetErrorKind::NotText, message)
        })?;
        let output = match self.format {
            CommandFormat::Json => output,
            CommandFormat::Text => without_line_end(output),
        };
        Ok(Answer { latency_ms, ..self.reader.read_text(output, "the output")? })
    }

    /// Writes the input, reads both outputs and waits for the end, all at once, so that no full pipe
    /// can hold up the others.
    async fn converse(
        &self,
        group: &mut Group,
        input: &str,
        complaint: &mut Vec<u8>,
    ) -> Result<(Vec<u8>, ExitStatus), TargetError> {
        let died = |error: std::io::Error| {
            TargetError::new(TargetErrorKind::Command, format!("{}: {error}", self.program()))
        };
        let (stdin, stdout, stderr) = group.pipes();
        let feed = async {
            if let Some(mut stdin) = stdin {
                // A program need not read what it is told; what it answers is what counts.
                let _ = stdin.write_all(input.as_bytes()).await;
                let _ = stdin.shutdown().await;
            }
            Ok(())
        };
        let listen = async {
            let mut output = Vec::new();
            if let Some(stdout) = stdout {
                stdout.take(self.limit.saturating_add(1)).read_to_end(&mut output).await.map_err(died)?;
            }
            if output.len() as u64 > self.limit {
                let what = format!("the output of {} is over the limit", self.program());
                let message = format!("{what} of {} bytes (`max_answer`)", self.limit);
                return Err(TargetError::new(TargetErrorKind::TooLarge, message));
            }
            Ok(output)
        };
        let complain = async {
            if let Some(stderr) = stderr {
                keep_end(stderr, complaint).await.map_err(died)?;
            }
            Ok(())
        };
        let end = async {
            let status = group.wait().await.map_err(died)?;
            // Children left behind would keep the pipes open.
            group.sweep();
            Ok(status)
        };
        let ((), output, (), status) = tokio::try_join!(feed, listen, complain, end)?;
        Ok((output, status))
    }

    fn program(&self) -> String {
        format!("`{}`", excerpt(self.words.first().map_or("", Template::source)))
    }

    /// An error with the end of what the program said about it.
    fn failed(&self, kind: TargetErrorKind, what: String, complaint: &[u8]) -> TargetError {
        const MOST: usize = 300;
        let complaint = String::from_utf8_lossy(complaint);
        let complaint = self.ground.secrets.redact(complaint.trim());
        let skipped = complaint.chars().count().saturating_sub(MOST);
        let end: String = complaint.chars().skip(skipped).collect();
        let cut = if skipped > 0 { "…" } else { "" };
        let message = if end.is_empty() { what } else { format!("{what}: {cut}{}", excerpt(&end)) };
        TargetError::new(kind, message)
    }
}

impl Target for Command {
    fn ask<'a>(&'a self, request: &'a Request) -> Asking<'a> {
        Box::pin(self.run(request))
    }

    fn sends(&self, request: &Request) -> Option<Vec<u8>> {
        let scope = self.ground.at_rest().scope(request);
        let sent =
            json!([self.words(&scope).ok()?, self.env(&scope).ok()?, self.input(request, &scope).ok()?]);
        Some(sent.to_string().into_bytes())
    }
}

/// Reads to the end and keeps the last bytes.
async fn keep_end(mut from: impl AsyncRead + Unpin, end: &mut Vec<u8>) -> std::io::Result<()> {
    let mut chunk = vec![0; 4096];
    loop {
        let read = from.read(&mut chunk).await?;
        if read == 0 {
            return Ok(());
        }
        end.extend_from_slice(&chunk[..read]);
        if end.len() > COMPLAINT {
            end.drain(..end.len() - COMPLAINT);
        }
    }
}

/// The text without the line end that programs write after their last line.
fn without_line_end(mut text: String) -> String {
    if text.ends_with('\n') {
        text.pop();
        if text.ends_with('\r') {
            text.pop();
        }
    }
    text
}
