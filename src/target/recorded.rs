//! A target that has answered already: answers from a file of JSON lines.

use super::open::{Context, OpenError, limit};
use super::reply::Reader;
use super::{Answer, Asking, Request, Target, TargetError, TargetErrorKind};
use crate::suite::as_text;
use crate::suite::schema::TargetSpec;
use crate::suite::secret::Secrets;
use serde::Deserialize;
use serde_json::Value;
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Answers of a file, found by id, else by input.
///
/// A line's `id` is that of the row, or the case's own; where it says an `input` as well, it answers
/// only that one, so that an answer to what a row used to say is not taken for one to what it says
/// now. Lines without an input answer the first turn of a conversation. A case that no line has the
/// id of is answered by the lines with its input; where these carry different ids and differ, there
/// is no telling which is meant, and the case counts as not recorded.
#[derive(Debug)]
pub(super) struct Recorded {
    path: PathBuf,
    lines: Vec<Line>,
    /// Lines by id, and by input, each in the order of their runs.
    by_id: Index,
    by_input: Index,
}

/// Places of lines by what they are found by.
type Index = HashMap<String, Vec<usize>>;

/// A line of the file.
#[derive(Debug)]
struct Line {
    number: u32,
    id: Option<String>,
    input: Option<String>,
    run: Option<u64>,
    answer: Result<Answer, TargetError>,
}

impl Recorded {
    pub(super) fn open(path: &str, spec: &TargetSpec, context: &Context) -> Result<Self, OpenError> {
        Self::read(context.folder.join(path), spec, &context.secrets)
    }

    /// Reads a file; all its faulty lines are told together.
    pub(super) fn read(path: PathBuf, spec: &TargetSpec, secrets: &Arc<Secrets>) -> Result<Self, OpenError> {
        let reader = Reader::document(&spec.reply, secrets)?;
        let (mut lines, mut bad) = (Vec::new(), Vec::new());
        for (number, text) in read_lines(&path, limit(spec))? {
            match text.and_then(|text| Line::parse(number, &text, &reader)) {
                Ok(line) => lines.push(line),
                Err(message) => bad.push((number, message)),
            }
        }
        if lines.is_empty() && bad.is_empty() {
            bad.push((1, "there is no answer in this file; write one JSON object a line".into()));
        }
        let (by_id, by_input) = Self::index(&lines, &mut bad);
        if !bad.is_empty() {
            bad.sort_unstable();
            return Err(OpenError::Lines { path, lines: bad });
        }
        Ok(Self { path, lines, by_id, by_input })
    }

    /// Lines by id and by input, each in the order of their runs; tells of those that contradict others.
    fn index(lines: &[Line], bad: &mut Vec<(u32, String)>) -> (Index, Index) {
        let (mut by_id, mut by_input) = (Index::new(), Index::new());
        let mut runs = HashMap::new();
        for (at, line) in lines.iter().enumerate() {
            if let Some(id) = &line.id {
                by_id.entry(id.clone()).or_default().push(at);
            }
            if let Some(input) = &line.input {
                by_input.entry(input.clone()).or_default().push(at);
            }
            let same: &mut HashMap<_, usize> = runs.entry((&line.id, &line.input)).or_default();
            if let Some(&other) = same.values().next()
                && line.run.is_some() != lines[other].run.is_some()
            {
                let other = lines[other].number;
                let what = format!(
                    "either this line or line {other}, which answers the same, says its `run`; \
                     all of them have to, or none"
                );
                bad.push((line.number, what));
                continue;
            }
            // Without runs every line is a run of its own.
            let key = line.run.ok_or(at);
            if let Some(other) = same.insert(key, at) {
                let (run, other) = (line.run.unwrap_or_default(), lines[other].number);
                bad.push((line.number, format!("line {other} answers run {run} of the same already")));
            }
        }
        for found in by_id.values_mut().chain(by_input.values_mut()) {
            found.sort_by_key(|&at| lines[at].run);
        }
        (by_id, by_input)
    }

    fn find(&self, request: &Request) -> Result<&Line, String> {
        let input = canonical(&request.input);
        let case = request.case.to_string();
        let mut ids = request.row_id.iter().chain([&case]);
        let Some((id, same_id)) = ids.find_map(|id| Some((id, self.by_id.get(id)?))) else {
            return self.find_by_input(request, &input);
        };
        let first_turn = request.turns.is_empty();
        let fits = |line: &&Line| line.input.as_ref().map_or(first_turn, |said| *said == input);
        let found: Vec<&Line> = same_id.iter().map(|&at| &self.lines[at]).filter(fits).collect();
        if found.is_empty() {
            let line = self.lines[same_id[0]].number;
            return Err(if first_turn {
                format!("line {line} has the id `{id}` and another input")
            } else {
                format!(
                    "no line has the id `{id}` and what the user says in turn {}",
                    request.turns.len() + 1
                )
            });
        }
        nth(&found, request.repeat)
    }

    fn find_by_input(&self, request: &Request, input: &str) -> Result<&Line, String> {
        let found: Vec<&Line> =
            self.by_input.get(input).into_iter().flatten().map(|&at| &self.lines[at]).collect();
        let Some(first) = found.first() else {
            return Err(match &request.row_id {
                Some(id) => format!("no line has the id `{id}` or this input"),
                None => "no line has this input".to_owned(),
            });
        };
        let other = found.iter().find(|line| line.id != first.id && line.answer != first.answer);
        if let Some(other) = other {
            return Err(format!(
                "lines {} and {} have this input, different ids and different answers; \
                 give the row the id of the one that is meant",
                first.number, other.number
            ));
        }
        let same_id: Vec<&Line> = found.iter().copied().filter(|line| line.id == first.id).collect();
        nth(&same_id, request.repeat)
    }
}

/// The line of a repeat.
fn nth<'a>(found: &[&'a Line], repeat: u32) -> Result<&'a Line, String> {
    usize::try_from(repeat).ok().and_then(|at| found.get(at)).copied().ok_or_else(|| {
        let (runs, last) = (found.len(), found[found.len() - 1].number);
        let there = match runs {
            1 => format!("is 1 (on line {last})"),
            _ => format!("are {runs} (the last on line {last})"),
        };
        format!("repeat {} is asked for, and there {there}", u64::from(repeat) + 1)
    })
}

impl Target for Recorded {
    fn ask<'a>(&'a self, request: &'a Request) -> Asking<'a> {
        Box::pin(async move {
            match self.find(request) {
                Ok(line) => line.answer.clone(),
                Err(why) => {
                    let file = self.path.file_name().unwrap_or(self.path.as_os_str()).display();
                    Err(TargetError::new(TargetErrorKind::NotRecorded, format!("{file}: {why}")))
                }
            }
        })
    }
}

impl Line {
    fn parse(number: u32, text: &str, reader: &Reader) -> Result<Self, String> {
        let value: Value = serde_json::from_str(text).map_err(|error| {
            let reason = error.to_string();
            format!("not JSON: {}", reason.split(" at line ").next().unwrap_or_default())
        })?;
        if !value.is_object() {
            return Err("not an object; a line is `{ \"id\" or \"input\", \"output\", … }`".into());
        }
        let part = |name: &str| value.get(name).filter(|part| !part.is_null());
        let id = match part("id") {
            None => None,
            Some(id @ (Value::String(_) | Value::Number(_))) => Some(as_text(id)),
            Some(_) => return Err("`id` has to be a text or a number".into()),
        };
        let input = part("input").map(canonical);
        if id.is_none() && input.is_none() {
            return Err("neither `id` nor `input`: no case can be told to be the one answered".into());
        }
        let run = part("run").map(|run| run.as_u64().ok_or("`run` has to be a whole number")).transpose()?;
        let answer = if let Some(error) = part("error") {
            Err(recorded_error(error))
        } else {
            let mut answer = reader.read(&value).map_err(|error| error.message)?;
            answer.latency_ms = milliseconds(part("latency_ms"), "latency_ms")?;
            answer.first_token_ms = milliseconds(part("first_token_ms"), "first_token_ms")?;
            Ok(answer)
        };
        Ok(Self { number, id, input, run, answer })
    }
}

/// An error in place of an answer: one of ours, or whatever was noted.
fn recorded_error(error: &Value) -> TargetError {
    TargetError::deserialize(error).unwrap_or_else(|_| {
        let words = error["message"].as_str().map_or_else(|| as_text(error), str::to_owned);
        TargetError::new(TargetErrorKind::NotRecorded, format!("an error is recorded: {words}"))
    })
}

fn milliseconds(value: Option<&Value>, name: &str) -> Result<Option<f64>, String> {
    let read = |value: &Value| {
        let time = value.as_f64().filter(|time| *time >= 0.0);
        time.ok_or_else(|| format!("`{name}` has to be a number of milliseconds"))
    };
    value.map(read).transpose()
}

/// An input as it is compared: a text as it is, anything else as JSON with sorted keys.
fn canonical(input: &Value) -> String {
    match input {
        // A text never equals the JSON of another value.
        Value::String(text) => format!("\"{text}"),
        other => {
            let mut sorted = other.clone();
            sorted.sort_all_objects();
            sorted.to_string()
        }
    }
}

/// Reads the answers of a recorded target as a run would; any other target has none to be read.
pub fn check_recording(spec: &TargetSpec, folder: &Path) -> Result<(), OpenError> {
    match &spec.recorded {
        Some(path) => Recorded::read(folder.join(path), spec, &Arc::default()).map(|_| ()),
        None => Ok(()),
    }
}

/// A line with its number from 1, or what keeps it from being read.
type Numbered = (u32, Result<String, String>);

/// The lines that hold anything.
fn read_lines(path: &Path, limit: u64) -> Result<Vec<Numbered>, OpenError> {
    let unread = |source| OpenError::Read { path: path.to_owned(), source };
    let mut file = BufReader::new(std::fs::File::open(path).map_err(unread)?);
    let mut lines = Vec::new();
    for number in 1.. {
        let mut bytes = Vec::new();
        let read =
            file.by_ref().take(limit.saturating_add(1)).read_until(b'\n', &mut bytes).map_err(unread)?;
        if read == 0 {
            break;
        }
        if read as u64 > limit {
            // Where the next line begins is not looked for.
            lines.push((number, Err(format!("over the limit of {limit} bytes (`max_answer`)"))));
            break;
        }
        let Ok(text) = String::from_utf8(bytes) else {
            lines.push((number, Err("not UTF-8".to_owned())));
            continue;
        };
        let text = text.trim_start_matches('\u{feff}').trim();
        if !text.is_empty() {
            lines.push((number, Ok(text.to_owned())));
        }
    }
    Ok(lines)
}
