//! The baseline as a file: insta's snapshot format around a body of lines, one for each fact, so that
//! a pull request shows which metric and which cases moved.
//!
//! ```text
//! ---
//! source: suites/meeting-assistant.toml
//! expression: holdline run meeting-assistant
//! ---
//! format  1
//! suite   meeting-assistant
//! run     20260102-030405-1a2b
//! fingerprint  suite   9c0f…
//! fingerprint  judges  51d2…
//! fingerprint  target  http
//! accepted  <run>  <when>  <who>  <why>  <from what to what>
//! metric    <name>  <value, 6 decimals, or ->  <n>
//! case      <id>  <outcomes, newest last>  <label or ->  <expected or ->  <number>
//! end
//! ```
//!
//! The number answered stands only where there is one. Version 1 of the format knows none; it is written
//! where no case has a number, so that older versions of Holdline go on reading such a file.
//!
//! Fields are separated by tabs. A pending file has a line `pending <from what to what>` as well,
//! which becomes an acceptance. cargo-insta rewrites the front matter and cuts blanks at the end of
//! the body, so the last line is a word; it also shows that nothing was cut off.

use super::accepted::{
    Acceptance, Accepted, AcceptedCase, AcceptedMetric, AcceptedRun, Baseline, FORMAT, Fingerprints, KEPT_RUNS,
};
use super::error::BaselineError;
use super::field;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// Who accepted a pending file that went through cargo-insta.
pub const BY_CARGO_INSTA: &str = "cargo-insta";

/// The reason of such an acceptance.
pub const NO_REASON: &str = "no reason given";

/// The time of such an acceptance.
pub const UNKNOWN_TIME: &str = "unknown";

/// The version of the format that knows no numbers.
const WITHOUT_NUMBERS: u32 = 1;

/// Lines that a front matter may have before it counts as never closed.
const FRONT_MATTER_LINES: usize = 64;

/// A baseline file, accepted or pending.
#[derive(Debug, Clone, PartialEq)]
pub struct Snap {
    /// The suite's file, relative to the project's root.
    pub source: String,
    /// From what to what, while the acceptance is still to come.
    pub change: Option<String>,
    /// What it holds.
    pub baseline: Baseline,
}

impl Snap {
    /// The file's contents.
    pub fn render(&self) -> String {
        let baseline = &self.baseline;
        let mut out = String::with_capacity(512 + 64 * baseline.cases.len());
        out.push_str("---\nsource: ");
        scalar(&mut out, &self.source);
        out.push_str("\nexpression: ");
        scalar(&mut out, &format!("holdline run {}", baseline.suite));
        out.push_str("\n---\n");
        let numbered = baseline.cases.values().any(|case| case.number().is_some());
        let _ = writeln!(out, "format\t{}", if numbered { FORMAT } else { WITHOUT_NUMBERS });
        line(&mut out, &["suite"], &[&baseline.suite]);
        line(&mut out, &["run"], &[&baseline.run]);
        let Fingerprints { suite, judges, target } = &baseline.fingerprints;
        line(&mut out, &["fingerprint", "suite"], &[suite]);
        line(&mut out, &["fingerprint", "judges"], &[judges]);
        line(&mut out, &["fingerprint", "target"], &[target]);
        for Acceptance { run, at, by, reason, change } in &baseline.history {
            line(&mut out, &["accepted"], &[run, at, by, reason, change]);
        }
        if let Some(change) = &self.change {
            line(&mut out, &["pending"], &[change]);
        }
        for (key, metric) in &baseline.metrics {
            out.push_str("metric\t");
            field::write(&mut out, key);
            let _ = writeln!(out, "\t{}\t{}", decimals(metric.value), metric.n);
        }
        for (id, case) in &baseline.cases {
            let _ = write!(out, "case\t{id}\t");
            if case.runs.is_empty() {
                out.push(case.latest().letter());
            }
            out.extend(case.outcomes().map(Accepted::letter));
            for text in [case.label(), case.expected.as_deref()] {
                out.push('\t');
                field::write_option(&mut out, text);
            }
            if let Some(number) = case.number() {
                // The shortest text that reads as the same number.
                let _ = write!(out, "\t{number:?}");
            }
            out.push('\n');
        }
        out.push_str("end\n");
        out
    }

    /// Reads a file's contents; `path` is for what is said of mistakes.
    pub fn parse(text: &str, path: &Path) -> Result<Self, BaselineError> {
        let reader = Reader { path };
        if let Some(at) = text.lines().position(is_conflict_marker) {
            return Err(BaselineError::Conflict { path: path.to_owned(), line: at + 1 });
        }
        let mut lines = text.lines().enumerate().map(|(at, line)| (at + 1, line));
        let source = reader.front_matter(&mut lines)?;
        reader.body(&mut lines, source)
    }

    /// The baseline that the file stands for once it is accepted. Where its run has no acceptance,
    /// cargo-insta accepted it.
    pub fn into_accepted(self) -> Baseline {
        let Self { change, mut baseline, .. } = self;
        if baseline.acceptance().is_none() {
            baseline.history.push(Acceptance {
                run: baseline.run.clone(),
                at: UNKNOWN_TIME.to_owned(),
                by: BY_CARGO_INSTA.to_owned(),
                reason: NO_REASON.to_owned(),
                change: change.unwrap_or_default(),
            });
        }
        baseline
    }
}

/// Rounds a value to what the file keeps of it. `None` where it is no number.
pub(super) fn kept(value: Option<f64>) -> Option<f64> {
    let rounded: f64 = format!("{:.6}", value.filter(|value| value.is_finite())?).parse().ok()?;
    Some(if rounded == 0.0 { 0.0 } else { rounded })
}

fn decimals(value: Option<f64>) -> String {
    kept(value).map_or_else(|| field::NONE.to_owned(), |value| format!("{value:.6}"))
}

fn line(out: &mut String, words: &[&str], texts: &[&String]) {
    out.push_str(&words.join("\t"));
    for text in texts {
        out.push('\t');
        field::write(out, text);
    }
    out.push('\n');
}

/// Writes a YAML scalar, quoted unless it is surely plain.
fn scalar(out: &mut String, text: &str) {
    let plain = text.starts_with(char::is_alphabetic)
        && !text.ends_with(' ')
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '.' | '/' | '_' | '-'))
        && text.contains(['/', ' ']);
    if plain {
        out.push_str(text);
    } else {
        // A JSON string is a YAML scalar.
        let _ = write!(out, "{}", serde_json::Value::from(text));
    }
}

fn is_conflict_marker(line: &str) -> bool {
    ["<<<<<<<", "=======", ">>>>>>>", "|||||||"]
        .iter()
        .any(|marker| line.strip_prefix(marker).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')))
}

struct Reader<'a> {
    path: &'a Path,
}

impl Reader<'_> {
    fn wrong(&self, line: usize, what: impl Into<String>) -> BaselineError {
        BaselineError::Malformed { path: self.path.to_owned(), line, what: what.into() }
    }

    /// Reads up to the line that closes the front matter and gives its `source`. Other keys are
    /// insta's and hold nothing of ours.
    fn front_matter<'t>(
        &self,
        lines: &mut impl Iterator<Item = (usize, &'t str)>,
    ) -> Result<String, BaselineError> {
        match lines.next() {
            Some((_, first)) if first.trim_end() == "---" => {}
            _ => return Err(self.wrong(1, "the file does not begin with `---`")),
        }
        let mut source = String::new();
        for (at, line) in lines.take(FRONT_MATTER_LINES) {
            if line.trim_end() == "---" {
                return Ok(source);
            }
            if let Some(value) = line.strip_prefix("source:") {
                let value = value.trim();
                source = if value.starts_with('"') {
                    serde_json::from_str(value).map_err(|_| self.wrong(at, "`source` is not a text"))?
                } else {
                    value.to_owned()
                };
            }
        }
        Err(self.wrong(1, "the front matter is never closed with `---`"))
    }

    fn body<'t>(
        &self,
        lines: &mut impl Iterator<Item = (usize, &'t str)>,
        source: String,
    ) -> Result<Snap, BaselineError> {
        let mut draft = Draft::default();
        let mut last = 1;
        let mut ended = false;
        for (at, line) in lines {
            if ended {
                if line.trim().is_empty() {
                    continue;
                }
                return Err(self.wrong(at, "there is more after the line `end`"));
            }
            last = at;
            let mut fields = line.split('\t');
            let word = fields.next().unwrap_or_default();
            let fields: Vec<&str> = fields.collect();
            if draft.format.is_none() {
                draft.format = Some(self.format(at, word, &fields)?);
            } else if word == "end" && fields.is_empty() {
                ended = true;
            } else {
                draft.take(word, &fields).map_err(|what| self.wrong(at, what))?;
            }
        }
        if !ended {
            return Err(self.wrong(last, "the file stops before its line `end`: it was cut off"));
        }
        draft.finish(source).map_err(|what| self.wrong(last, what))
    }

    /// The first line of the body: it decides whether the others can be read at all.
    fn format(&self, line: usize, word: &str, fields: &[&str]) -> Result<u32, BaselineError> {
        let found = match (word, fields) {
            ("format", [number]) => number.parse::<u32>().ok(),
            _ => None,
        };
        match found {
            Some(found @ WITHOUT_NUMBERS..=FORMAT) => Ok(found),
            Some(found) if found > FORMAT => {
                Err(BaselineError::Newer { path: self.path.to_owned(), line, found })
            }
            _ => Err(self
                .wrong(line, format!("the body does not begin with `format` and a number up to {FORMAT}"))),
        }
    }
}

/// What has been read of a body so far.
#[derive(Default)]
struct Draft {
    /// The format, once its line is read.
    format: Option<u32>,
    suite: Option<String>,
    run: Option<String>,
    fingerprints: [Option<String>; 3],
    history: Vec<Acceptance>,
    change: Option<String>,
    metrics: BTreeMap<String, AcceptedMetric>,
    cases: BTreeMap<crate::expand::CaseId, AcceptedCase>,
}

impl Draft {
    fn take(&mut self, word: &str, fields: &[&str]) -> Result<(), String> {
        let text = |field: &str| field::read(field).map_err(|error| error.to_string());
        match (word, fields) {
            ("suite", [suite]) => once(&mut self.suite, text(suite)?, word),
            ("run", [run]) => once(&mut self.run, text(run)?, word),
            ("fingerprint", [which, value]) => {
                let at = ["suite", "judges", "target"].iter().position(|known| known == which);
                let slot = at.and_then(|at| self.fingerprints.get_mut(at));
                once(slot.ok_or("a fingerprint is not of `suite`, `judges` or `target`")?, text(value)?, word)
            }
            ("accepted", [run, at, by, reason, change]) => {
                let run = text(run)?;
                if self.history.iter().any(|known| known.run == run) {
                    return Err("a run is accepted twice".to_owned());
                }
                self.history.push(Acceptance {
                    run,
                    at: text(at)?,
                    by: text(by)?,
                    reason: text(reason)?,
                    change: text(change)?,
                });
                Ok(())
            }
            ("pending", [change]) => once(&mut self.change, text(change)?, word),
            ("metric", [key, value, n]) => self.metric(text(key)?, value, n),
            ("case", [id, outcomes, label, expected]) => self.case(id, outcomes, [label, expected], None),
            ("case", [id, outcomes, label, expected, number]) if self.format != Some(WITHOUT_NUMBERS) => {
                self.case(id, outcomes, [label, expected], Some(number))
            }
            ("suite" | "run" | "fingerprint" | "accepted" | "pending" | "metric" | "case", _) => {
                Err(format!("a line `{word}` has {} fields, which is not what such a line has", fields.len()))
            }
            _ => Err("a line begins with no word that Holdline knows".to_owned()),
        }
    }

    fn metric(&mut self, key: String, value: &str, n: &str) -> Result<(), String> {
        let value = match value {
            field::NONE => None,
            number => Some(finite(number).ok_or("the value of a metric is not a number")?),
        };
        let n = n.parse().map_err(|_| "the count of a metric is not a whole number")?;
        match self.metrics.insert(key, AcceptedMetric { value, n }) {
            None => Ok(()),
            Some(_) => Err("a metric is there twice".to_owned()),
        }
    }

    fn case(
        &mut self,
        id: &str,
        outcomes: &str,
        [label, expected]: [&str; 2],
        number: Option<&str>,
    ) -> Result<(), String> {
        let id = id.parse().map_err(|_| "a case has no id of 16 hex digits")?;
        let outcomes: Option<Vec<Accepted>> = outcomes.chars().map(Accepted::of_letter).collect();
        let outcomes =
            outcomes.filter(|outcomes| (1..=KEPT_RUNS).contains(&outcomes.len())).ok_or_else(|| {
                format!("the outcomes of a case are not 1 to {KEPT_RUNS} of the letters P F E -")
            })?;
        let text = |field: &str| field::read_option(field).map_err(|error| error.to_string());
        let number = match number {
            Some(number) => Some(finite(number).ok_or("the number of a case is not one")?),
            None => None,
        };
        let mut runs: Vec<AcceptedRun> = outcomes
            .into_iter()
            .map(|outcome| AcceptedRun { outcome, label: None, number: None })
            .collect();
        if let Some(newest) = runs.last_mut() {
            (newest.label, newest.number) = (text(label)?, number);
        }
        let case = AcceptedCase { runs, expected: text(expected)? };
        match self.cases.insert(id, case) {
            None => Ok(()),
            Some(_) => Err("a case is there twice".to_owned()),
        }
    }

    fn finish(self, source: String) -> Result<Snap, String> {
        let missing = |word: &str| format!("the line `{word}` is missing");
        let [suite, judges, target] = self.fingerprints;
        let baseline = Baseline {
            suite: self.suite.ok_or_else(|| missing("suite"))?,
            run: self.run.ok_or_else(|| missing("run"))?,
            fingerprints: Fingerprints {
                suite: suite.ok_or_else(|| missing("fingerprint suite"))?,
                judges: judges.ok_or_else(|| missing("fingerprint judges"))?,
                target: target.ok_or_else(|| missing("fingerprint target"))?,
            },
            history: self.history,
            metrics: self.metrics,
            cases: self.cases,
        };
        Ok(Snap { source, change: self.change, baseline })
    }
}

fn finite(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

fn once(slot: &mut Option<String>, value: String, word: &str) -> Result<(), String> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(format!("the line `{word}` is there twice")),
    }
}
