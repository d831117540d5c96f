//! The answers of a run, kept beside its baseline: for review, for judging again, and to compare
//! later answers with. JSON lines: what it is, then a line per case sorted by id, then, where the
//! file would have grown over its limit, a line that says how many were left out.

use super::files;
use crate::expand::CaseId;
use crate::judge::Outcome;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

/// Version of the format.
const FORMAT: u32 = 1;

/// Bytes that are kept of one input, output or reason.
pub const TEXT_LIMIT: usize = 16 << 10;

/// Bytes that the whole file may have.
pub const FILE_LIMIT: usize = 64 << 20;

/// Bytes that the first line may have.
const HEADER_LIMIT: u64 = 64 << 10;

/// The answers of one run of a suite.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Answers {
    /// Name of the suite.
    pub suite: String,
    /// Id of the run.
    pub run: String,
    /// The answers, by case.
    pub cases: BTreeMap<CaseId, KeptAnswer>,
    /// Cases that were left out because the file would have been too large.
    pub left_out: usize,
}

/// What a case was asked and what came of it. Secrets are redacted already; the answer is untrusted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeptAnswer {
    /// The scenario's id and the case's name, as people know it.
    pub name: String,
    /// What the application was asked first.
    pub input: Value,
    /// What it answered last; `None` where it did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
    /// The label it answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What the case came to.
    pub outcome: Outcome,
    /// Why, in a line.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

#[derive(Serialize, Deserialize)]
struct Header {
    format: u32,
    suite: String,
    run: String,
}

#[derive(Serialize, Deserialize)]
struct Line {
    id: CaseId,
    #[serde(flatten)]
    answer: KeptAnswer,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LeftOut {
    left_out: usize,
    limit_bytes: usize,
}

impl Answers {
    /// The file's contents.
    pub fn render(&self) -> String {
        self.render_within(FILE_LIMIT)
    }

    fn render_within(&self, limit: usize) -> String {
        let header = Header { format: FORMAT, suite: self.suite.clone(), run: self.run.clone() };
        let mut out = json(&header);
        out.push('\n');
        let mut written = 0;
        for (id, answer) in &self.cases {
            let line = json(&Line { id: *id, answer: answer.cut() });
            if out.len() + line.len() >= limit {
                break;
            }
            out.push_str(&line);
            out.push('\n');
            written += 1;
        }
        let left_out = self.left_out + self.cases.len() - written;
        if left_out > 0 {
            out.push_str(&json(&LeftOut { left_out, limit_bytes: limit }));
            out.push('\n');
        }
        out
    }

    /// Reads a file's contents. The error says the line and what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut lines = text.lines().enumerate();
        let first = lines.next().map_or("", |(_, line)| line);
        let Header { format, suite, run } = serde_json::from_str(first).map_err(|error| wrong(0, &error))?;
        if format != FORMAT {
            return Err(format!("line 1: the file has format {format} and this Holdline reads {FORMAT}"));
        }
        let mut answers = Self { suite, run, ..Self::default() };
        for (at, line) in lines {
            if let Ok(LeftOut { left_out, .. }) = serde_json::from_str(line) {
                answers.left_out = left_out;
                continue;
            }
            let Line { id, answer } = serde_json::from_str(line).map_err(|error| wrong(at, &error))?;
            answers.cases.insert(id, answer);
        }
        Ok(answers)
    }

    /// The run that a file belongs to, by its first line alone.
    pub(super) fn run_of(path: &Path) -> Option<String> {
        let mut line = String::new();
        let file = std::fs::File::open(path).ok()?;
        BufReader::new(file.take(HEADER_LIMIT)).read_line(&mut line).ok()?;
        serde_json::from_str::<Header>(&line).ok().map(|header| header.run)
    }

    pub(super) fn read(path: &Path) -> Result<Self, String> {
        let text = files::read(path).map_err(|error| error.to_string())?;
        Self::parse(&text.ok_or_else(|| "it is gone".to_owned())?)
    }
}

impl KeptAnswer {
    fn cut(&self) -> Self {
        let input = match &self.input {
            Value::String(text) => Value::String(cut(text)),
            other => {
                let text = other.to_string();
                if text.len() > TEXT_LIMIT { Value::String(cut(&text)) } else { other.clone() }
            }
        };
        Self {
            name: self.name.clone(),
            input,
            output: self.output.as_deref().map(cut),
            label: self.label.as_deref().map(cut),
            outcome: self.outcome,
            reason: cut(&self.reason),
        }
    }
}

/// Keeps the first [`TEXT_LIMIT`] bytes, with a mark that says so.
fn cut(text: &str) -> String {
    if text.len() <= TEXT_LIMIT {
        return text.to_owned();
    }
    let kept = &text[..text.floor_char_boundary(TEXT_LIMIT)];
    format!("{kept}… [cut: {} of {} bytes]", kept.len(), text.len())
}

fn json(value: &impl Serialize) -> String {
    // These types have string keys and no maps of other kinds: nothing in them can fail.
    serde_json::to_string(value).unwrap_or_default()
}

fn wrong(at: usize, error: &serde_json::Error) -> String {
    format!("line {}: {error}", at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(output: &str) -> KeptAnswer {
        KeptAnswer {
            name: "books a meeting/call me".to_owned(),
            input: Value::from("call me"),
            output: Some(output.to_owned()),
            label: Some("scheduling".to_owned()),
            outcome: Outcome::Pass,
            reason: String::new(),
        }
    }

    fn answers(outputs: &[&str]) -> Answers {
        let cases = outputs.iter().enumerate();
        Answers {
            suite: "demo".to_owned(),
            run: "r1".to_owned(),
            cases: cases
                .map(|(at, output)| (CaseId::of(&[&[u8::try_from(at).unwrap()]]), answer(output)))
                .collect(),
            left_out: 0,
        }
    }

    #[test]
    fn answers_survive_their_file_whatever_they_hold() {
        let mut kept = answers(&["plain", "tab\tnewline\n\u{0}\u{1b}[31m\u{202e}", "{\"left_out\":3}"]);
        kept.cases.values_mut().next().unwrap().input = serde_json::json!({"left_out": 1, "limit_bytes": 2});
        let text = kept.render();
        assert_eq!(text.lines().count(), 4);
        assert_eq!(Answers::parse(&text), Ok(kept));
    }

    #[test]
    fn a_long_answer_is_cut_with_a_mark_and_between_characters() {
        // The limit falls into the middle of the last two-byte character.
        let long = format!("x{}", "ü".repeat(TEXT_LIMIT / 2));
        let text = answers(&[&long]).render();
        let read = Answers::parse(&text).unwrap();
        let output = read.cases.values().next().unwrap().output.clone().unwrap();
        assert!(output.ends_with("ü… [cut: 16383 of 16385 bytes]"), "{}", &output[output.len() - 60..]);
    }

    #[test]
    fn a_file_over_its_limit_says_what_it_leaves_out() {
        let kept = answers(&["one", "two", "three"]);
        let whole = kept.render();
        let text = kept.render_within(whole.len() - 10);
        assert!(text.lines().last().unwrap().starts_with("{\"left_out\":1,"), "{text}");
        let read = Answers::parse(&text).unwrap();
        assert_eq!((read.cases.len(), read.left_out), (2, 1));
    }

    #[test]
    fn what_cannot_be_read_is_named_by_its_line() {
        assert!(Answers::parse("").unwrap_err().starts_with("line 1: "));
        assert!(
            Answers::parse("{\"format\":2,\"suite\":\"a\",\"run\":\"r\"}").unwrap_err().contains("format 2")
        );
        let torn = answers(&["one"]).render().replace("\"outcome\"", "\"out");
        assert!(Answers::parse(&torn).unwrap_err().starts_with("line 2: "));
    }
}
