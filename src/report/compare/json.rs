//! A comparison as JSON, and a matrix: its records with the comparison of them.

use crate::compare::Comparison;
use crate::report::file;
use crate::report::json::JsonError;
use crate::report::record::Record;
use serde::Serialize;
use std::path::Path;

/// Version of the format of a matrix.
pub const FORMAT: u32 = 1;

/// The runs of a matrix with their comparison.
#[derive(Debug, Serialize)]
pub struct Matrix<'a> {
    /// [`FORMAT`].
    pub format: u32,
    /// The record of each combination, in the order in which they ran.
    pub records: &'a [Record],
    /// What they come to beside each other; `None` where only one came to its end.
    pub table: Option<&'a Comparison>,
}

/// Writes a comparison to a file, which is replaced as a whole or not at all.
pub fn write(comparison: &Comparison, path: &Path) -> Result<(), JsonError> {
    put(comparison, path)
}

/// Writes the runs of a matrix likewise.
pub fn write_matrix(records: &[Record], table: Option<&Comparison>, path: &Path) -> Result<(), JsonError> {
    put(&Matrix { format: FORMAT, records, table }, path)
}

fn put(value: &impl Serialize, path: &Path) -> Result<(), JsonError> {
    let fail = |source| JsonError::Write { path: path.to_owned(), source };
    let mut text = serde_json::to_string_pretty(value).map_err(|error| fail(error.into()))?;
    text.push('\n');
    file::replace(path, text.as_bytes()).map_err(fail)
}
