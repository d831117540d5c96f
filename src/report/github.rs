//! What GitHub Actions is told: a summary of the job, and annotations in the log.

use super::escape::{annotation, annotation_property, ci_log, shortened, terminal_line};
use super::headline;
use super::markdown;
use super::ranking;
use super::record::Record;
use crate::gate::FindingKind;
use crate::metric::Slice;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Largest summary of a step that GitHub shows; a larger one is dropped as a whole.
const SUMMARY: u64 = 1 << 20;
/// Least room that a summary of ours makes sense in.
const LEAST: usize = 2048;
/// GitHub shows ten annotations of a kind and step.
const ANNOTATIONS: usize = 10;

/// Why the summary cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum GithubError {
    /// The file cannot be written.
    #[error("cannot add the summary to {} (GITHUB_STEP_SUMMARY)", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

/// Adds the Markdown report to the summary of the step, the file that `$GITHUB_STEP_SUMMARY` names.
/// False where what stands there leaves no room: GitHub would drop all of it.
pub fn append_summary(record: &Record, path: &Path) -> Result<bool, GithubError> {
    let fail = |source| GithubError::Write { path: path.to_owned(), source };
    let mut file = OpenOptions::new().append(true).create(true).open(path).map_err(fail)?;
    let taken = file.metadata().map_err(fail)?.len();
    // A line break before and after.
    let room = usize::try_from(SUMMARY.saturating_sub(taken + 2)).unwrap_or(0);
    if room < LEAST {
        return Ok(false);
    }
    let mut text = markdown::render_within(record, room.min(markdown::LIMIT));
    if taken > 0 {
        text.insert(0, '\n');
    }
    file.write_all(text.as_bytes()).map_err(fail)?;
    Ok(true)
}

/// The annotations of a run as workflow commands, a line each: an error for what keeps a suite from
/// being decided, for each scenario that regressed and for the suite, at their place in its file.
pub fn annotations(record: &Record) -> String {
    let mut lines = Vec::new();
    let mut add = |file: &str, line: u32, title: &str, message: &str| {
        let message = shortened(&terminal_line(message), 500);
        lines.push(format!(
            "::error file={},line={line},title={}::{}\n",
            annotation_property(&terminal_line(file)),
            annotation_property(&ci_log(&terminal_line(title))),
            annotation(&ci_log(&message))
        ));
    };
    for suite in &record.suites {
        for problem in &suite.problems {
            add(&suite.path, 1, &format!("{} cannot be decided", suite.name), &problem.message);
        }
        for finding in headline::told(suite).filter(|finding| finding.kind == FindingKind::Regressed) {
            let scenario = match &finding.slice {
                Slice::Scenario(id) => suite.scenarios.iter().find(|of| of.id == *id),
                Slice::Suite | Slice::Tag(_) | Slice::Operators(_) => None,
            };
            let title = match scenario {
                Some(scenario) => format!("{}: {} regressed", suite.name, scenario.name),
                None => format!("{}: {} regressed", suite.name, finding.key()),
            };
            let message = format!("{}: {}", finding.metric, finding.reason);
            add(&suite.path, scenario.map_or(1, |of| of.line), &title, &message);
        }
        for case in ranking::worst_first(suite).into_iter().filter(|case| ranking::blocks_alone(case)) {
            let place = &case.provenance.place;
            let reason = ranking::reason(case).unwrap_or_default();
            add(&place.file, place.line, &format!("{}: {} must pass", suite.name, case.name), &reason);
        }
    }
    lines.truncate(ANNOTATIONS);
    lines.concat()
}
