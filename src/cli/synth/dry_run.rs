//! `holdline synth --dry-run`: the requests that would be sent.

use crate::cli::{CliError, CliResult, Place};
use crate::exit::Exit;
use crate::model::Role;
use crate::report::escape::{terminal, terminal_line};
use crate::report::number::count;
use crate::session::synth::{Synth, SynthError};
use crate::synth::engine::EngineError;
use crate::synth::requests::Request;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write as _; // to strings, which cannot fail
use std::path::Path;

/// Characters of a text that make a token, about.
const CHARACTERS_A_TOKEN: usize = 4;

/// Prints a line for each request of the first round, and the messages of the first of each generator.
pub fn run(
    place: &Place,
    synth: &Synth,
    runtime: &tokio::runtime::Runtime,
    file: Option<&Path>,
) -> CliResult {
    let requests = synth.engine().first().map_err(|error| SynthError::from(EngineError::from(error)))?;
    let rotation = synth.rotation();
    let kept: Vec<bool> = runtime.block_on(async {
        let mut kept = Vec::with_capacity(requests.len());
        for request in &requests {
            kept.push(rotation.has(&request.job.ask()).await);
        }
        kept
    });
    let mut page = String::new();
    let (mut shown, mut characters) = (BTreeSet::new(), 0);
    for (number, (request, kept)) in requests.iter().zip(&kept).enumerate() {
        let _ =
            writeln!(page, "{}. {}{}", number + 1, about(request), if *kept { ", on the disk" } else { "" });
        if !kept {
            characters += request.job.messages.iter().map(|of| of.content.chars().count()).sum::<usize>();
        }
        if shown.insert(request.generator.name) {
            messages(&mut page, request);
        }
    }
    let wanted: usize = requests.iter().map(|request| request.brief.count).sum();
    let there = kept.iter().filter(|kept| **kept).count();
    let _ = writeln!(
        page,
        "\n{} for {}, {there} of them on the disk; about {} tokens to read",
        count(requests.len(), "request", "requests"),
        count(wanted, "candidate", "candidates"),
        characters / CHARACTERS_A_TOKEN
    );
    let _ = writeln!(page, "nothing was asked");
    if let Some(file) = file {
        let all: Vec<Value> = requests.iter().map(value).collect();
        let text = serde_json::to_string_pretty(&all).unwrap_or_default() + "\n";
        std::fs::write(file, text)
            .map_err(|error| CliError::Usage(format!("{} cannot be written: {error}", file.display())))?;
    }
    place.print(&page)?;
    Ok(Exit::Held)
}

fn about(request: &Request) -> String {
    let brief = &request.brief;
    let mut about = format!(
        "{} by {}: {} for `{}`",
        request.job.purpose,
        terminal_line(&request.job.model),
        brief.count,
        terminal_line(&brief.scenario.id)
    );
    for (name, value) in &brief.knobs {
        let _ = write!(about, ", {name}={}", terminal_line(value));
    }
    if let Some(seed) = &brief.about {
        let _ = write!(about, ", seed: {}", terminal_line(&seed.input));
    }
    for passage in &brief.documents {
        let _ = write!(about, ", {}:{}-{}", terminal_line(&passage.file), passage.start, passage.end);
    }
    about
}

fn messages(page: &mut String, request: &Request) {
    for message in &request.job.messages {
        let _ = writeln!(page, "\n    [{}]", role(message.role));
        for line in terminal(&message.content).lines() {
            let _ = writeln!(page, "{}", format!("    {line}").trim_end());
        }
    }
    page.push('\n');
}

fn value(request: &Request) -> Value {
    let messages = request.job.messages.iter();
    json!({
        "purpose": request.job.purpose,
        "model": request.job.model,
        "sample": request.job.sample,
        "count": request.brief.count,
        "scenario": request.brief.scenario.id,
        "knobs": request.brief.knobs,
        "schema": request.job.form.schema,
        "messages": messages
            .map(|message| json!({ "role": role(message.role), "content": message.content }))
            .collect::<Vec<_>>(),
    })
}

const fn role(role: Role) -> &'static str {
    match role {
        Role::System => "system",
        Role::User => "user",
        Role::Assistant => "assistant",
    }
}
