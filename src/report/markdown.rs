//! Markdown for a job's summary or a comment on a pull request: the verdict in the first line, what
//! changed, and the cases behind it, the worst first. Kept under a limit of bytes.

mod cases;
mod confusion;
mod robustness;
mod suite;

use super::escape::{markdown_inline, markdown_text, shortened};
use super::headline::{self, Verdict};
use super::number;
use super::record::{Record, SuiteRecord};
use super::unnamed;
use std::fmt::Write as _; // to strings, which cannot fail
use std::path::{Path, PathBuf};

/// Most bytes of a report.
pub const LIMIT: usize = 200 * 1024;

/// Why the report cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum MarkdownError {
    /// The file cannot be written.
    #[error("cannot write the Markdown report to {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

/// Writes the report to a file, which is replaced as a whole or not at all.
pub fn write(record: &Record, path: &Path) -> Result<(), MarkdownError> {
    super::file::replace(path, render(record).as_bytes())
        .map_err(|source| MarkdownError::Write { path: path.to_owned(), source })
}

/// The record as Markdown of at most [`LIMIT`] bytes.
pub fn render(record: &Record) -> String {
    render_within(record, LIMIT)
}

/// The record as Markdown of at most so many bytes; the first line is always there.
pub fn render_within(record: &Record, limit: usize) -> String {
    let mut first = format!("## {} Holdline: {}\n", icon(Verdict::of_run(record)), headline::of_run(record));
    if let Some(left_out) = unnamed::told(record.unnamed.iter().map(|of| of.suite.as_str()), "run") {
        let _ = writeln!(first, "\n{}", markdown_text(&headline::capital(&left_out)));
    }
    let mut suites: Vec<_> = record.suites.iter().collect();
    suites.sort_by_key(|suite| std::cmp::Reverse(Verdict::of(suite)));
    let last = format!("\n<sub>{}</sub>\n", footer(record));

    // Room for the lines that say what was left out.
    let mut room = Room(limit.saturating_sub(first.len() + last.len() + 200 * (suites.len().min(50) + 1)));
    let table = if suites.len() > 1 { overview(&suites) } else { String::new() };
    let table = if room.take(&table) { table } else { String::new() };
    // What each suite comes to goes before any case of the first.
    let heads: Vec<_> = suites.iter().map(|of| suite::head(of)).take_while(|head| room.take(head)).collect();

    let mut out = first;
    out.push_str(&table);
    for (head, suite) in heads.iter().zip(&suites) {
        out.push_str(head);
        out.push_str(&cases::list(suite, &mut room, limit));
    }
    if heads.len() < suites.len() {
        let left = number::count(suites.len() - heads.len(), "suite is", "suites are");
        let _ = writeln!(out, "\n*{left} left out to stay under {} KiB; report.json has all.*", limit / 1024);
    }
    out.push_str(&last);
    out
}

/// Bytes that are left.
struct Room(usize);

impl Room {
    /// Takes the room for a text, if there is enough.
    fn take(&mut self, text: &str) -> bool {
        match self.0.checked_sub(text.len()) {
            Some(left) => {
                self.0 = left;
                true
            }
            None => false,
        }
    }
}

const fn icon(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Unchanged | Verdict::Held | Verdict::Improved => "✅",
        Verdict::Shown | Verdict::Carried | Verdict::Measured => "ℹ️",
        Verdict::Inconclusive => "⚠️",
        Verdict::Exhausted | Verdict::Undecided => "⛔",
        Verdict::Regressed => "❌",
    }
}

/// A line for each suite.
fn overview(suites: &[&SuiteRecord]) -> String {
    let mut table = String::from("\n| Suite | Verdict | Graded |\n| --- | --- | --- |\n");
    for suite in suites.iter().take(50) {
        let (graded, asked) = headline::graded(suite);
        let verdict = shortened(&headline::of_suite(suite), 160);
        let graded =
            if suite.carried.is_some() { "none asked".to_owned() } else { format!("{graded} of {asked}") };
        let _ = writeln!(
            table,
            "| {} | {} {} | {graded} |",
            markdown_text(&suite.name),
            icon(Verdict::of(suite)),
            markdown_text(&verdict),
        );
    }
    if suites.len() > 50 {
        let _ = writeln!(table, "\n*and {} more suites*", suites.len() - 50);
    }
    table
}

fn footer(record: &Record) -> String {
    format!(
        "run {}, {}, exit code {}, Holdline {}",
        markdown_inline(&shortened(&record.run, 60)),
        number::seconds(record.seconds),
        record.exit_code,
        markdown_text(&shortened(&record.version, 30)),
    )
}
