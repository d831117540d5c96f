//! The baseline as a file: insta's snapshot format around a body of lines, one for each fact, so that
//! a pull request shows which metric and which cases moved.
//!
//! ```text
//! ---
//! source: suites/meeting-assistant.toml
//! expression: holdline run meeting-assistant
//! ---
//! format  4
//! suite   meeting-assistant
//! run     20260102-030405-1a2b
//! runs    3
//! fingerprint  suite   9c0f…
//! fingerprint  judges  51d2…
//! fingerprint  target  http
//! accepted  <run>  <when>  <who>  <why>  <from what to what>
//! metric    <name>  <value, 6 decimals, or ->  <n>
//! case      <id>  <outcomes>  <label or ->  <expected or ->  <number>
//! labels    <id>  <label or ->…
//! numbers   <id>  <number or ->…
//! scores    <id>  <metric>  <score or ->…
//! end
//! ```
//!
//! `runs` is how many runs most cases keep. A line that means the same is written the same, whatever
//! their number, so that accepting a run touches the cases that changed and no others:
//!
//! - The outcomes of a case are one letter where all its runs came to the same and it keeps as many as
//!   most (under `runs 3` a `P` stands for three passes); else a letter for each run, the newest last
//!   (`PFP`). With a `+` before them it keeps another number than most: `+PF` is a case that joined two
//!   runs ago.
//! - Label and number in a line `case` are those of the newest run. Where all runs agree on them that is
//!   all; else a line `labels` or `numbers` follows with those of the runs before, the oldest first, `-`
//!   where there was none.
//! - The number stands only where there is one.
//!
//! - Lines `scores` tell what a case scores beside its references, by each metric of such scores that the
//!   suite is held to: once where all its runs score the same, else for each run, the newest last. Version 4
//!   of the format has them, and is written only where there are any; else the file is of version 3.
//!
//! Versions 1 and 2 of the format have neither `runs`, `labels` and `numbers` nor the short form of
//! outcomes, and version 1 has no numbers. They tell of the newest run alone what was answered. Where
//! answers matter, a case's earlier runs are therefore left out when such a file is read: made-up answers
//! would decide wrongly. They are read, and written no more.
//!
//! Fields are separated by tabs. A pending file has a line `pending <from what to what>` as well,
//! which becomes an acceptance. cargo-insta rewrites the front matter and cuts blanks at the end of
//! the body, so the last line is a word; it also shows that nothing was cut off.

mod case;
mod read;

use super::accepted::{Acceptance, Baseline, FORMAT, Fingerprints};
use super::error::BaselineError;
use super::field;
use super::lines::Lines;
use super::next::rejudged_run;
use std::fmt::Write as _;
use std::io::{self, BufRead, Write};
use std::path::Path;

/// The last version of the format that has no scores.
const WITHOUT_SCORES: u32 = 3;

/// Who accepted a pending file that went through cargo-insta.
pub const BY_CARGO_INSTA: &str = "cargo-insta";

/// The reason of such an acceptance.
pub const NO_REASON: &str = "no reason given";

/// The time of such an acceptance.
pub const UNKNOWN_TIME: &str = "unknown";

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
        let mut out = Vec::new();
        // Writing to memory cannot fail, and all that is written is text.
        let _ = self.write(&mut out);
        String::from_utf8(out).unwrap_or_default()
    }

    /// Writes the file's contents.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        write(out, &self.source, self.change.as_deref(), &self.baseline)
    }

    /// Reads a file's contents; `path` is for what is said of mistakes.
    pub fn parse(text: &str, path: &Path) -> Result<Self, BaselineError> {
        Self::read(&mut Lines::of(text.as_bytes(), path))
    }

    /// Reads a file, line by line.
    pub(super) fn read(lines: &mut Lines<'_, impl BufRead>) -> Result<Self, BaselineError> {
        read::snap(lines)
    }

    /// The accepted run whose answers were judged anew, where a pending file comes from that.
    pub fn rejudged(&self) -> Option<&str> {
        rejudged_run(self.change.as_deref()?)
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

/// Writes what [`Snap`] holds.
pub(super) fn write(
    out: &mut impl Write,
    source: &str,
    change: Option<&str>,
    baseline: &Baseline,
) -> io::Result<()> {
    let mut text = String::new();
    let runs = baseline.kept_runs();
    head(&mut text, source, change, baseline, runs);
    for (id, case) in baseline.cases.iter() {
        case::write(&mut text, id, case, runs);
        out.write_all(text.as_bytes())?;
        text.clear();
    }
    text.push_str("end\n");
    out.write_all(text.as_bytes())
}

/// Everything before the cases.
fn head(out: &mut String, source: &str, change: Option<&str>, baseline: &Baseline, runs: usize) {
    out.push_str("---\nsource: ");
    scalar(out, source);
    out.push_str("\nexpression: ");
    scalar(out, &format!("holdline run {}", baseline.suite));
    out.push_str("\n---\n");
    // Writing to a string cannot fail.
    let format = if baseline.cases.has_scores() { FORMAT } else { WITHOUT_SCORES };
    let _ = writeln!(out, "format\t{format}");
    line(out, &["suite"], &[&baseline.suite]);
    line(out, &["run"], &[&baseline.run]);
    let _ = writeln!(out, "runs\t{runs}");
    let Fingerprints { suite, judges, target } = &baseline.fingerprints;
    line(out, &["fingerprint", "suite"], &[suite]);
    line(out, &["fingerprint", "judges"], &[judges]);
    line(out, &["fingerprint", "target"], &[target]);
    for Acceptance { run, at, by, reason, change } in &baseline.history {
        line(out, &["accepted"], &[run, at, by, reason, change]);
    }
    if let Some(change) = change {
        line(out, &["pending"], &[change]);
    }
    for (key, metric) in &baseline.metrics {
        out.push_str("metric\t");
        field::write(out, key);
        let _ = writeln!(out, "\t{}\t{}", decimals(metric.value), metric.n);
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

fn line(out: &mut String, words: &[&str], texts: &[&str]) {
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
