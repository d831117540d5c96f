//! From what a suite says about its target to a target that can be asked.

use super::{Closures, Target, chat, command, http, in_process, recorded, redact};
use crate::suite::Params;
use crate::suite::quantity::Size;
use crate::suite::schema::TargetSpec;
use crate::suite::secret::Secrets;
use crate::suite::template::{Template, TemplateError};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Largest answer accepted where the suite sets no limit.
const MAX_ANSWER: Size = Size::from_bytes(4 << 20);

/// What a target needs to know beside what the suite says about it.
#[derive(Debug, Clone)]
pub struct Context {
    /// The project's root: commands run here.
    pub root: PathBuf,
    /// The folder of the suite file: data paths are relative to it.
    pub folder: PathBuf,
    /// The environment values that the suite refers to.
    pub secrets: Arc<Secrets>,
    /// Port of the application that was started for the run: `{{ serve.port }}`.
    pub serve_port: Option<u16>,
    /// The parameters of the suite.
    pub params: Arc<Params>,
    /// Limit on the time of one request.
    pub request_timeout: Duration,
    /// The closures of the test program.
    pub closures: Closures,
}

/// Why a target cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// None or several of the keys that name a way to reach the application.
    #[error(
        "a target is reached by exactly one of `http`, `chat`, `command`, `recorded` and `in_process`; \
         here are {count}"
    )]
    Ways {
        /// How many there are.
        count: usize,
    },
    /// A text that is not a template.
    #[error("`target.{field}` is not a template: {source}")]
    Template {
        /// The key in the suite.
        field: String,
        /// What is wrong with it.
        source: TemplateError,
    },
    /// A value that cannot be used.
    #[error("`target.{field}` {message}")]
    Value {
        /// The key in the suite.
        field: String,
        /// What is wrong with it, and the mend.
        message: String,
    },
    /// A file of recorded answers that cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// Lines of a file of recorded answers that are no answers.
    #[error("{}: {}", path.display(), numbered(.lines))]
    Lines {
        /// The file.
        path: PathBuf,
        /// The lines, from 1, each with what is wrong with it.
        lines: Vec<(u32, String)>,
    },
    /// No closure of this name.
    #[error(
        "no closure named `{name}` is registered{}; an in-process target runs under `cargo test` only, \
         where `Harness::in_process(\"{name}\", …)` registers it",
        there_is(.known)
    )]
    NoClosure {
        /// The name asked for.
        name: String,
        /// The names there are.
        known: Vec<String>,
    },
}

fn numbered(lines: &[(u32, String)]) -> String {
    const MOST: usize = 5;
    let told: Vec<_> = lines.iter().take(MOST).map(|(line, what)| format!("line {line}: {what}")).collect();
    let more = lines.len().saturating_sub(MOST);
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    told.join("; ") + &more
}

fn there_is(names: &[String]) -> String {
    if names.is_empty() {
        return String::new();
    }
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    format!(" (there is {})", names.join(", "))
}

/// The way in which a target is reached, as the suite names it; `none` where it names no way.
pub fn kind(spec: &TargetSpec) -> &'static str {
    ways(spec).first().copied().unwrap_or("none")
}

fn ways(spec: &TargetSpec) -> Vec<&'static str> {
    [
        ("http", spec.http.is_some()),
        ("chat", spec.chat.is_some()),
        ("command", spec.command.is_some()),
        ("recorded", spec.recorded.is_some()),
        ("in_process", spec.in_process.is_some()),
    ]
    .into_iter()
    .filter_map(|(way, named)| named.then_some(way))
    .collect()
}

/// Opens a target. Nothing is asked yet; files of recorded answers are read.
///
/// Whatever the target returns is free of secrets ([`Secrets::redact`]), whichever way it is reached.
pub fn open(spec: &TargetSpec, context: &Context) -> Result<Box<dyn Target>, OpenError> {
    let count = ways(spec).len();
    if count != 1 {
        return Err(OpenError::Ways { count });
    }
    let target: Box<dyn Target> = if let Some(address) = &spec.http {
        Box::new(http::Http::open(address, spec, context)?)
    } else if let Some(base) = &spec.chat {
        Box::new(chat::Chat::open(base, spec, context)?)
    } else if let Some(words) = &spec.command {
        Box::new(command::Command::open(words, spec, context)?)
    } else if let Some(path) = &spec.recorded {
        Box::new(recorded::Recorded::open(path, spec, context)?)
    } else {
        Box::new(in_process::InProcess::open(spec, context)?)
    };
    Ok(Box::new(redact::Redacted::new(target, Arc::clone(&context.secrets))))
}

/// Most bytes of an answer.
pub(super) fn limit(spec: &TargetSpec) -> u64 {
    spec.max_answer.unwrap_or(MAX_ANSWER).bytes()
}

/// Parses the template under a key of the target.
pub(super) fn template(field: &str, text: &str) -> Result<Template, OpenError> {
    Template::parse(text).map_err(|source| OpenError::Template { field: field.to_owned(), source })
}
