//! Reading a log as a stream: one answer after the other, with what could not be read counted by its kind.

use super::record::Logged;
use super::spans::Span;
use super::{line, spans};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{BufRead, Read};

/// Bytes of a line that are read. A collector writes many spans on one.
pub const LINE_LIMIT: usize = 16 << 20;

/// Bytes of a document over several lines that are read.
pub const DOCUMENT_LIMIT: usize = 64 << 20;

/// Names of operations that are counted apart.
const MOST_OPERATIONS: usize = 32;

/// Why a log cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file cannot be read.
    #[error("{name}: {error}")]
    Io {
        /// The file as it is shown.
        name: String,
        /// What the file system says.
        error: std::io::Error,
    },
    /// The file is compressed.
    #[error("{0} is compressed; unpack it on the way: `gunzip -c FILE | holdline monitor -`")]
    Compressed(String),
    /// A document over several lines is too long.
    #[error(
        "{0} is one document of more than {mib} MiB; write one answer or trace a line (`jq -c`)",
        mib = DOCUMENT_LIMIT >> 20
    )]
    TooLong(String),
}

/// What was read of a log.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Log {
    /// The file as it is shown.
    pub name: String,
    /// Answers that were read, those that are errors among them.
    pub answers: u64,
    /// Spans that are no answer of a model: tools, embeddings, and those of other operations than wanted.
    pub other_spans: u64,
    /// Answers by the operation that their span names.
    pub operations: BTreeMap<String, u64>,
    /// What could not be read.
    pub bad: Vec<Bad>,
}

/// Lines or spans that could not be read, of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bad {
    /// What is wrong with them.
    pub kind: BadKind,
    /// How many.
    pub count: u64,
    /// The line of the first, from 1.
    pub first: u64,
    /// What is wrong with the first. Untrusted: may hold a part of it.
    pub message: String,
}

/// What can be wrong with a line or a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BadKind {
    /// Over [`LINE_LIMIT`].
    TooLong,
    /// Not UTF-8.
    NotText,
    /// Not JSON.
    NotJson,
    /// JSON, and neither an object nor a list of them.
    NotAnObject,
    /// It does not say what was asked.
    NoInput,
    /// It does not say what was answered.
    NoOutput,
    /// A field is not of its type.
    WrongType,
    /// A span of an answer whose messages were not captured.
    NoContent,
}

/// What is wrong with one line or span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// Its kind.
    pub kind: BadKind,
    /// In words.
    pub message: String,
}

impl Wrong {
    /// Something wrong of a kind.
    pub fn new(kind: BadKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }
}

impl Log {
    /// How many lines or spans could not be read.
    pub fn lost(&self) -> u64 {
        self.bad.iter().map(|bad| bad.count).sum()
    }

    fn wrong(&mut self, line: u64, wrong: Wrong) {
        match self.bad.iter_mut().find(|bad| bad.kind == wrong.kind) {
            Some(bad) => bad.count += 1,
            None => self.bad.push(Bad { kind: wrong.kind, count: 1, first: line, message: wrong.message }),
        }
    }
}

/// Reads a log to its end and hands every answer over. `operations` are the operations of spans that are wanted;
/// without any, all that answer. What `name` names is what messages show.
pub fn read(
    source: impl BufRead,
    name: &str,
    operations: &[String],
    each: &mut dyn FnMut(Logged),
) -> Result<Log, ReadError> {
    let mut reader = Reader { log: Log { name: name.to_owned(), ..Log::default() }, operations, each };
    let mut lines = Lines { source, line: 0, bytes: Vec::new() };
    let failed = |error| ReadError::Io { name: name.to_owned(), error };
    let mut is_first = true;
    while let Some(whole) = lines.next().map_err(failed)? {
        if is_first && lines.bytes.starts_with(&[0x1f, 0x8b]) {
            return Err(ReadError::Compressed(name.to_owned()));
        }
        if !whole {
            is_first = false;
            let why = format!("over the limit of {} MiB", LINE_LIMIT >> 20);
            reader.log.wrong(lines.line, Wrong::new(BadKind::TooLong, why));
            continue;
        }
        let Ok(text) = std::str::from_utf8(&lines.bytes) else {
            is_first = false;
            reader.log.wrong(lines.line, Wrong::new(BadKind::NotText, "not UTF-8"));
            continue;
        };
        let text = text.trim_start_matches('\u{feff}').trim();
        if text.is_empty() {
            continue;
        }
        if std::mem::take(&mut is_first) && matches!(text, "{" | "[") {
            let mut document = text.to_owned();
            let limit = DOCUMENT_LIMIT as u64;
            let read = lines.source.take(limit + 1).read_to_string(&mut document);
            match read {
                Ok(_) if document.len() > DOCUMENT_LIMIT => return Err(ReadError::TooLong(name.to_owned())),
                Ok(_) => reader.document(1, &document),
                Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                    reader.log.wrong(1, Wrong::new(BadKind::NotText, "not UTF-8"));
                }
                Err(error) => return Err(failed(error)),
            }
            break;
        }
        reader.document(lines.line, text);
    }
    reader.log.bad.sort_by_key(|bad| bad.kind);
    Ok(reader.log)
}

struct Reader<'a> {
    log: Log,
    operations: &'a [String],
    each: &'a mut dyn FnMut(Logged),
}

impl Reader<'_> {
    fn document(&mut self, line: u64, text: &str) {
        match serde_json::from_str(text) {
            Ok(value) => self.value(line, &value),
            Err(error) => {
                let reason = error.to_string();
                let reason = reason.split(" at line ").next().unwrap_or_default();
                self.log.wrong(line, Wrong::new(BadKind::NotJson, format!("not JSON: {reason}")));
            }
        }
    }

    fn value(&mut self, line: u64, value: &Value) {
        if let Value::Array(list) = value {
            for one in list {
                // Lists within lists are not looked into.
                if one.is_array() { self.neither(line) } else { self.value(line, one) }
            }
        } else if let Some(spans) = spans::of(value) {
            for span in spans {
                self.span(line, span);
            }
        } else if let Value::Object(fields) = value {
            match line::read(fields) {
                Ok(logged) => self.answer(line, logged),
                Err(wrong) => self.log.wrong(line, wrong),
            }
        } else {
            self.neither(line);
        }
    }

    fn neither(&mut self, line: u64) {
        let why = "not an object; a line is `{ \"input\", \"output\", … }` or a trace";
        self.log.wrong(line, Wrong::new(BadKind::NotAnObject, why));
    }

    fn span(&mut self, line: u64, span: &Value) {
        match spans::read(span) {
            Ok(Span::Answer(logged, operation)) => {
                let operation = operation.unwrap_or_else(|| "not named".to_owned());
                if !self.operations.is_empty() && !self.operations.contains(&operation) {
                    self.log.other_spans += 1;
                    return;
                }
                let known = &mut self.log.operations;
                if known.len() < MOST_OPERATIONS || known.contains_key(&operation) {
                    *known.entry(operation).or_default() += 1;
                }
                self.answer(line, *logged);
            }
            Ok(Span::Other) => self.log.other_spans += 1,
            Err(wrong) => self.log.wrong(line, wrong),
        }
    }

    fn answer(&mut self, line: u64, logged: Logged) {
        self.log.answers += 1;
        (self.each)(Logged { line, ..logged });
    }
}

/// The lines of a source, one buffer for all.
struct Lines<R> {
    source: R,
    line: u64,
    bytes: Vec<u8>,
}

impl<R: BufRead> Lines<R> {
    /// Reads the next line: whether it is whole, or nothing at the end. What is over the limit is passed over.
    fn next(&mut self) -> std::io::Result<Option<bool>> {
        self.bytes.clear();
        self.bytes.shrink_to(LINE_LIMIT / 16);
        let limit = LINE_LIMIT as u64 + 1;
        let read = self.source.by_ref().take(limit).read_until(b'\n', &mut self.bytes)?;
        if read == 0 {
            return Ok(None);
        }
        self.line += 1;
        if read <= LINE_LIMIT {
            return Ok(Some(true));
        }
        if !self.bytes.ends_with(b"\n") {
            self.pass_over()?;
        }
        Ok(Some(false))
    }

    fn pass_over(&mut self) -> std::io::Result<()> {
        loop {
            let buffer = self.source.fill_buf()?;
            if buffer.is_empty() {
                return Ok(());
            }
            let end = buffer.iter().position(|byte| *byte == b'\n');
            let used = end.map_or(buffer.len(), |at| at + 1);
            self.source.consume(used);
            if end.is_some() {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn all(text: &[u8]) -> (Log, Vec<Logged>) {
        let mut answers = Vec::new();
        let log = read(text, "log.jsonl", &[], &mut |logged| answers.push(logged)).unwrap();
        (log, answers)
    }

    #[test]
    fn what_cannot_be_read_is_counted_by_its_kind_with_the_first_place() {
        let text = b"\xef\xbb\xbf{\"input\":\"a\",\"output\":\"b\"}\n\nnonsense\n{\"output\":\"c\"}\n\xff\xfe\n{\"x\n3\n{\"input\":\"d\",\"output\":\"e\"}";
        let (log, answers) = all(text);
        assert_eq!(answers.iter().map(|of| of.line).collect::<Vec<_>>(), [1, 8]);
        let bad: Vec<(BadKind, u64, u64)> =
            log.bad.iter().map(|bad| (bad.kind, bad.count, bad.first)).collect();
        assert_eq!(
            bad,
            [
                (BadKind::NotText, 1, 5),
                (BadKind::NotJson, 2, 3),
                (BadKind::NotAnObject, 1, 7),
                (BadKind::NoInput, 1, 4)
            ]
        );
        assert_eq!((log.answers, log.lost()), (2, 5));
    }

    #[test]
    fn a_line_over_the_limit_is_passed_over() {
        let mut text = vec![b'x'; LINE_LIMIT + 10];
        text.extend_from_slice(b"\n{\"input\":\"a\",\"output\":\"b\"}\n");
        let (log, answers) = all(&text);
        assert_eq!((log.bad[0].kind, log.bad[0].first, answers[0].line), (BadKind::TooLong, 1, 2));
    }

    #[test]
    fn a_document_over_several_lines_is_read_whole() {
        let document = json!([{ "input": "a", "output": "b" }, { "input": "c", "output": "d" }]);
        let (log, answers) = all(serde_json::to_string_pretty(&document).unwrap().as_bytes());
        assert_eq!((log.lost(), answers.len()), (0, 2));
    }

    #[test]
    fn what_is_compressed_is_told() {
        let error = read(&[0x1f, 0x8b, 8, 0][..], "log.jsonl.gz", &[], &mut |_| {}).unwrap_err();
        assert!(error.to_string().contains("gunzip -c"), "{error}");
    }

    #[test]
    fn spans_of_other_operations_are_counted_apart() {
        let span = |operation: &str| {
            json!({ "traceId": "t", "spanId": "s", "name": operation, "attributes": {
                "gen_ai.operation.name": operation, "gen_ai.prompt": "a", "gen_ai.completion": "b" } })
        };
        let text = format!("{}\n{}\n{}\n", span("chat"), span("embeddings"), span("invoke_agent"));
        let (log, _) = all(text.as_bytes());
        assert_eq!((log.answers, log.other_spans), (2, 1));
        let mut count = 0;
        let log = read(text.as_bytes(), "x", &["invoke_agent".to_owned()], &mut |_| count += 1).unwrap();
        assert_eq!((count, log.other_spans), (1, 2));
    }
}
