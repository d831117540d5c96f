//! The check by a program of the user's.
//!
//! It reads one JSON document on standard input, `{ case, input, row, output, label, turns }`, and writes one on
//! standard output, `{ "pass": true or false, "reason": "…" }`; see [`Program`].

use super::program::{Passes, Program};
use crate::expand::Case;
use crate::judge::error::CheckError;
use crate::suite::schema::CommandCheck;
use crate::target::Turn;
use serde::Serialize;
use std::path::Path;

/// A program that judges.
#[derive(Debug)]
pub(in crate::judge) struct Command(Program);

/// What a program reads.
#[derive(Serialize)]
struct Question<'a> {
    case: crate::expand::CaseId,
    input: &'a serde_json::Value,
    row: &'a crate::suite::Row,
    output: &'a str,
    label: Option<&'a str>,
    turns: &'a [Turn],
}

impl Command {
    pub(super) fn new(spec: &CommandCheck, root: &Path) -> Result<Self, CheckError> {
        let timeout = spec.timeout.map(crate::suite::quantity::Duration::get);
        Program::new(&spec.run, root, timeout).map(Self).ok_or(CheckError::NoProgram)
    }

    /// Whether it says that the last of `turns` passes, and its reason; or why there is no verdict.
    pub(in crate::judge) async fn ask(&self, case: &Case, turns: &[Turn]) -> Result<(bool, String), String> {
        let Some(last) = turns.last() else { return Err("there is no answer to judge".into()) };
        let question = Question {
            case: case.id,
            input: &case.input,
            row: &case.row,
            output: &last.answer.output,
            label: last.answer.label.as_deref(),
            turns,
        };
        let Passes { pass, reason } = self.0.ask(&question).await?;
        Ok((pass, reason.unwrap_or_default()))
    }
}
