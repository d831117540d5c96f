//! `JUnit` XML: a projection of the record that every CI service reads.
//!
//! Our own model of the document is built first, with all text made safe. `junit-report` writes it,
//! and a finishing pass puts right what that crate cannot say.

mod finish;
mod gate;
mod model;

use super::json::{self, JsonError};
use super::record::Record;
use junit_report::{Duration, OffsetDateTime, Report, TestCase, TestCaseBuilder, TestSuiteBuilder};
pub use model::MOST_CASES;
use model::{Document, Test, TestResult};
use std::path::{Path, PathBuf};

/// Which readers the file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Profile {
    /// With file, line and properties, as GitHub, GitLab, Azure and others read them.
    #[default]
    Default,
    /// What Jenkins' xunit schema allows.
    Jenkins,
}

/// Why the file cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum JunitError {
    /// The record on the disk.
    #[error(transparent)]
    Record(#[from] JsonError),
    /// The document could not be made.
    #[error("the JUnit report could not be made")]
    Make(#[from] junit_report::Error),
    /// What `junit-report` wrote could not be read back.
    #[error("the JUnit report could not be finished")]
    Finish(#[from] quick_xml::Error),
    /// The finished document could not be written to memory.
    #[error("the JUnit report could not be finished")]
    Memory(#[source] std::io::Error),
    /// The document differs from the model it was made from.
    #[error("the JUnit report could not be finished: it has {found} test cases where {expected} were given")]
    Mismatch {
        /// Test cases given.
        expected: usize,
        /// Test cases found.
        found: usize,
    },
    /// The file cannot be written.
    #[error("cannot write the JUnit report to {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

/// Writes the record to a file, which is replaced as a whole or not at all.
///
/// A file has [`MOST_CASES`] cases at most. `whole` is the record on the disk, which has the cases that the one
/// in memory does not hold.
pub fn write(record: &Record, whole: &Path, path: &Path, profile: Profile) -> Result<(), JunitError> {
    let xml = if record.suites.iter().all(|suite| suite.left_out.is_empty()) {
        render(record, profile)?
    } else {
        let mut read = Ok(());
        let document = Document::of(record, |each| {
            read = json::each_case(whole, |place, case| each(place, &case));
        });
        read?;
        text(&document, profile)?
    };
    super::file::replace(path, xml.as_bytes())
        .map_err(|source| JunitError::Write { path: path.to_owned(), source })
}

/// The record as `JUnit` XML. The same record gives the same bytes.
pub fn render(record: &Record, profile: Profile) -> Result<String, JunitError> {
    let document = Document::of(record, |each| {
        for (place, suite) in record.suites.iter().enumerate() {
            suite.cases.iter().for_each(|case| each(place, case));
        }
    });
    text(&document, profile)
}

fn text(document: &Document, profile: Profile) -> Result<String, JunitError> {
    let mut xml = Vec::new();
    report(document).write_xml(&mut xml)?;
    finish::finish(&xml, document, profile)
}

fn report(document: &Document) -> Report {
    let seconds = document.started.map_or(0, jiff::Timestamp::as_second);
    // Within the years that RFC 3339 can write: `Document` keeps no other.
    let timestamp = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let mut report = Report::new();
    for group in &document.groups {
        report.add_testsuite(
            TestSuiteBuilder::new(&group.name)
                .set_timestamp(timestamp)
                .add_testcases(group.tests.iter().map(|test| test_case(test, &group.name)))
                .build(),
        );
    }
    report
}

fn test_case(test: &Test, class: &str) -> TestCase {
    let time = Duration::milliseconds(i64::try_from(test.millis).unwrap_or(i64::MAX));
    let mut builder = match &test.result {
        TestResult::Passed => TestCaseBuilder::success(&test.name, time),
        TestResult::Skipped { kind, message } => {
            TestCaseBuilder::skipped_with_cause(&test.name, kind, message)
        }
        TestResult::Failed { kind, message, .. } => TestCaseBuilder::failure(&test.name, time, kind, message),
        TestResult::Errored { kind, message, .. } => TestCaseBuilder::error(&test.name, time, kind, message),
    };
    if let TestResult::Failed { body, .. } | TestResult::Errored { body, .. } = &test.result
        && !body.is_empty()
    {
        builder.set_trace(body);
    }
    builder.set_classname(class);
    if let Some(file) = &test.file {
        builder.set_filepath(file);
    }
    builder.build()
}
