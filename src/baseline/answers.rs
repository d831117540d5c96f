//! The answers of a run, kept beside its baseline: for review, for judging again, and to compare
//! later answers with. JSON lines: what it is, then a line per case sorted by id, then, where the
//! file would have grown over its limit, a line that says how many were left out.

use super::error::BaselineError;
use super::lines::Lines;
use crate::expand::CaseId;
use crate::judge::Outcome;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};
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
    /// Reads a file's contents. The error says the line and what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        Self::of_lines(&mut Lines::of(text.as_bytes(), Path::new("")), |_| true)
    }

    /// The run that a file belongs to, by its first line alone.
    pub(super) fn run_of(path: &Path) -> Option<String> {
        let mut line = String::new();
        let file = std::fs::File::open(path).ok()?;
        BufReader::new(file.take(HEADER_LIMIT)).read_line(&mut line).ok()?;
        serde_json::from_str::<Header>(&line).ok().map(|header| header.run)
    }

    /// Reads of a file the answers to the cases that are wanted.
    pub(super) fn read(path: &Path, wanted: impl Fn(CaseId) -> bool) -> Result<Self, String> {
        let lines = Lines::open(path).map_err(|error| error.to_string())?;
        Self::of_lines(&mut lines.ok_or_else(|| "it is gone".to_owned())?, wanted)
    }

    fn of_lines(
        lines: &mut Lines<'_, impl BufRead>,
        wanted: impl Fn(CaseId) -> bool,
    ) -> Result<Self, String> {
        let unread = |error: BaselineError| error.to_string();
        let first = lines.next().map_err(unread)?.unwrap_or_default();
        let Header { format, suite, run } = serde_json::from_str(first).map_err(|error| wrong(0, &error))?;
        if format != FORMAT {
            return Err(format!("line 1: the file has format {format} and this Holdline reads {FORMAT}"));
        }
        let mut answers = Self { suite, run, ..Self::default() };
        let mut at = 0;
        while let Some(line) = lines.next().map_err(unread)? {
            at += 1;
            match serde_json::from_str(line) {
                Ok(Line { id, answer }) if wanted(id) => drop(answers.cases.insert(id, answer)),
                Ok(_) => {}
                Err(error) => {
                    let last: LeftOut = serde_json::from_str(line).map_err(|_| wrong(at, &error))?;
                    answers.left_out = last.left_out;
                }
            }
        }
        Ok(answers)
    }
}

/// Writes the answers to cases as a file of up to `limit` bytes: those of a run of a suite, in the order of the
/// ids, each asked for when it is its turn. What has no answer is left out and not counted.
pub(super) fn write(
    out: &mut impl Write,
    (suite, run): (&str, &str),
    ids: &[CaseId],
    answer: &dyn Fn(CaseId) -> Option<KeptAnswer>,
    limit: usize,
) -> io::Result<()> {
    let header = Header { format: FORMAT, suite: suite.to_owned(), run: run.to_owned() };
    let mut written = 0;
    let mut write = |line: &str| {
        written += line.len() + 1;
        out.write_all(line.as_bytes()).and_then(|()| out.write_all(b"\n")).map(|()| written)
    };
    let mut bytes = write(&json(&header))?;
    for (at, id) in ids.iter().enumerate() {
        let Some(answer) = answer(*id) else { continue };
        let line = json(&Line { id: *id, answer: answer.cut() });
        if bytes + line.len() >= limit {
            let left_out = ids.len() - at;
            return write(&json(&LeftOut { left_out, limit_bytes: limit })).map(drop);
        }
        bytes = write(&line)?;
    }
    Ok(())
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

    fn render(answers: &Answers, limit: usize) -> String {
        let ids: Vec<CaseId> = answers.cases.keys().copied().collect();
        let mut out = Vec::new();
        let of = |id| answers.cases.get(&id).cloned();
        write(&mut out, (&answers.suite, &answers.run), &ids, &of, limit).unwrap();
        String::from_utf8(out).unwrap()
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
        let text = render(&kept, FILE_LIMIT);
        assert_eq!(text.lines().count(), 4);
        assert_eq!(Answers::parse(&text), Ok(kept));
    }

    #[test]
    fn a_long_answer_is_cut_with_a_mark_and_between_characters() {
        // The limit falls into the middle of the last two-byte character.
        let long = format!("x{}", "ü".repeat(TEXT_LIMIT / 2));
        let text = render(&answers(&[&long]), FILE_LIMIT);
        let read = Answers::parse(&text).unwrap();
        let output = read.cases.values().next().unwrap().output.clone().unwrap();
        assert!(output.ends_with("ü… [cut: 16383 of 16385 bytes]"), "{}", &output[output.len() - 60..]);
    }

    #[test]
    fn a_file_over_its_limit_says_what_it_leaves_out() {
        let kept = answers(&["one", "two", "three"]);
        let whole = render(&kept, FILE_LIMIT);
        let text = render(&kept, whole.len() - 10);
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
        let torn = render(&answers(&["one"]), FILE_LIMIT).replace("\"outcome\"", "\"out");
        assert!(Answers::parse(&torn).unwrap_err().starts_with("line 2: "));
    }
}
