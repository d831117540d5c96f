//! How a row of a data file becomes a seed: the same whether the rows are kept or read again.

use super::entries;
use super::select::is;
use crate::suite::diagnostic::{Diagnostic, quote};
use crate::suite::schema::{Expect, FileInputs, OneOrMany, Origin, ScenarioSpec};
use crate::suite::{Place, Row, Seed};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a suite says of the rows of a file.
#[derive(Debug)]
pub(crate) struct Recipe {
    /// The file, as it is shown.
    pub file: Arc<str>,
    /// What must hold of the answers.
    pub expect: Arc<[Expect]>,
    /// The scenario's tags.
    pub tags: Vec<String>,
    input: String,
    id: Option<String>,
    filter: BTreeMap<String, OneOrMany<Value>>,
    csv: bool,
    origin: Origin,
}

/// Why a row is no seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unfit {
    /// It asks nothing: the column is empty, or missing.
    Input(&'static str),
    /// It has no id.
    Id,
}

impl Recipe {
    /// For a file that is shown as `file`.
    pub fn of(spec: &ScenarioSpec, inputs: &FileInputs, file: Arc<str>) -> Self {
        Self {
            file,
            expect: entries(spec.expect.as_ref()).into(),
            tags: spec.tags.clone(),
            input: inputs.input.clone().unwrap_or_else(|| "input".to_owned()),
            id: inputs.id.clone(),
            filter: inputs.filter.clone(),
            csv: inputs.file.to_ascii_lowercase().ends_with(".csv"),
            origin: inputs.origin.unwrap_or_default(),
        }
    }

    /// The column that is asked.
    pub fn input(&self) -> &str {
        &self.input
    }

    /// The conditions of `where`.
    pub const fn filter(&self) -> &BTreeMap<String, OneOrMany<Value>> {
        &self.filter
    }

    /// Whether a row meets one condition of `where`.
    pub fn meets(&self, row: &Row, column: &str, wanted: &OneOrMany<Value>) -> bool {
        row.get(column).is_some_and(|found| wanted.as_slice().iter().any(|one| is(found, one, self.csv)))
    }

    /// Whether a row meets all conditions of `where`.
    pub fn admits(&self, row: &Row) -> bool {
        self.filter.iter().all(|(column, wanted)| self.meets(row, column, wanted))
    }

    /// The seed that a row is.
    pub fn seed(&self, row: Row, line: u32) -> Result<Seed, Unfit> {
        let input = match row.get(&self.input) {
            Some(value) if !super::is_empty(value) => value.clone(),
            Some(_) => return Err(Unfit::Input("is empty")),
            None => return Err(Unfit::Input("is missing")),
        };
        let id = match self.id.as_deref().map(|column| row.get(column)) {
            None => None,
            Some(Some(Value::String(id))) if !id.trim().is_empty() => Some(id.clone()),
            Some(Some(Value::Number(id))) => Some(id.to_string()),
            Some(_) => return Err(Unfit::Id),
        };
        Ok(Seed {
            id,
            input,
            row,
            template: None,
            knobs: Row::default(),
            expect: self.expect.clone(),
            tags: self.tags.clone(),
            origin: self.origin,
            place: Place { file: self.file.clone(), line },
        })
    }

    /// What is told of a row that is no seed, without its place.
    pub fn told(&self, unfit: Unfit) -> Diagnostic {
        match unfit {
            Unfit::Input(what) => {
                Diagnostic::new("empty-input", format!("column {} {what} in this row", quote(&self.input)))
                    .help("give the row an input, or leave the row out")
            }
            Unfit::Id => {
                let column = self.id.as_deref().unwrap_or_default();
                Diagnostic::new("bad-id", format!("column {} holds no id in this row", quote(column)))
                    .help("an id is a text or a number")
            }
        }
    }
}
