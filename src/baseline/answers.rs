//! The answers of a run, kept beside its baseline: for review, for judging again, and to compare
//! later answers with. JSON lines: what it is, then a line per case sorted by id, then, where the
//! file would have grown over its limit, a line that says how many were left out.

use super::error::BaselineError;
use super::kept_answer::KeptAnswer;
use super::lines::Lines;
use crate::expand::CaseId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;

/// Version of the format. The first one is read: it keeps input, output and label of each answer, and nothing
/// else to judge it by.
const FORMAT: u32 = 2;

/// The first version of the format.
const OUTLINES: u32 = 1;

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
        if format != FORMAT && format != OUTLINES {
            return Err(format!(
                "line 1: the file has format {format} and this Holdline reads up to {FORMAT}"
            ));
        }
        let whole = |answer: KeptAnswer| if format == OUTLINES { answer.outlined() } else { answer };
        let mut answers = Self { suite, run, ..Self::default() };
        let mut at = 0;
        while let Some(line) = lines.next().map_err(unread)? {
            at += 1;
            match serde_json::from_str(line) {
                Ok(Line { id, answer }) if wanted(id) => drop(answers.cases.insert(id, whole(answer))),
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

fn json(value: &impl Serialize) -> String {
    // These types have string keys and no maps of other kinds: nothing in them can fail.
    serde_json::to_string(value).unwrap_or_default()
}

fn wrong(at: usize, error: &serde_json::Error) -> String {
    format!("line {}: {error}", at + 1)
}

#[cfg(test)]
mod tests {
    use super::super::kept_answer::{Extent, Rest, TEXT_LIMIT};
    use super::*;
    use crate::judge::Outcome;
    use serde_json::Value;

    fn answer(output: &str) -> KeptAnswer {
        KeptAnswer {
            name: "books a meeting/call me".to_owned(),
            input: Value::from("call me"),
            output: Some(output.to_owned()),
            label: Some("scheduling".to_owned()),
            outcome: Outcome::Pass,
            reason: String::new(),
            extent: Extent::Whole,
            rest: Rest::default(),
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

    /// As Holdline wrote it before there was more to keep.
    const FIRST: &str = r#"{"format":1,"suite":"demo","run":"r1"}
{"id":"0000000000000001","name":"a::b","input":"hi","output":"Hello","label":"x","outcome":"pass"}
{"id":"0000000000000002","name":"a::c","input":"hi","outcome":"target_error","reason":"time-out: 30s"}
{"left_out":3,"limit_bytes":67108864}
"#;

    #[test]
    fn a_file_of_the_first_format_still_loads_and_is_known_to_hold_less() {
        let read = Answers::parse(FIRST).unwrap();
        assert_eq!((read.run.as_str(), read.cases.len(), read.left_out), ("r1", 2, 3));
        assert!(read.cases.values().all(|answer| answer.extent == Extent::Outline));
        // Written anew it does not become more than it was.
        assert_eq!(Answers::parse(&render(&read, FILE_LIMIT)).unwrap().cases, read.cases);

        let long = "x".repeat(TEXT_LIMIT);
        let cut = FIRST.replace("Hello", &format!("{long}… [cut: 16384 of 20000 bytes]"));
        let read = Answers::parse(&cut).unwrap();
        assert_eq!(read.cases.values().next().unwrap().extent, Extent::Cut);
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
            Answers::parse("{\"format\":3,\"suite\":\"a\",\"run\":\"r\"}").unwrap_err().contains("format 3")
        );
        let torn = render(&answers(&["one"]), FILE_LIMIT).replace("\"outcome\"", "\"out");
        assert!(Answers::parse(&torn).unwrap_err().starts_with("line 2: "));
    }
}
