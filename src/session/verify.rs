//! Checks what a suite file alone does not show: expectations as rows fill them in, and answers that
//! were recorded. Everything but the application that a run could fail on.

use super::options::SessionError;
use crate::expand::{Case, Recent};
use crate::judge::{JudgeContext, Judges};
use crate::run::Plan;
use crate::suite::schema::Expect;
use crate::suite::{Diagnostic, Diagnostics, Place, Suite};
use crate::target::{OpenError, check_recording};
use std::path::Path;

/// Faulty cases or lines of one file that are told one by one.
const MAX_TOLD: usize = 5;

/// Lists of expectations of a suite whose patterns are built to see whether they can be. Of those beyond only
/// the syntax is looked at: what is too large to build is then an error of the judge, in the case it is in.
const BUILT: usize = 500;

/// Checks the expectations of cases as they are made.
#[derive(Debug)]
pub struct CaseCheck {
    building: JudgeContext,
    reading: JudgeContext,
    /// The lists checked last.
    seen: Recent<Expect>,
    checked: usize,
    wrong: Vec<(Place, String)>,
    more: usize,
}

impl CaseCheck {
    /// Nothing checked yet.
    pub fn new(suite: &Suite) -> Self {
        Self {
            building: JudgeContext::new(suite.root.clone(), suite.folder()),
            reading: JudgeContext::for_syntax(suite.root.clone(), suite.folder()),
            seen: Recent::default(),
            checked: 0,
            wrong: Vec::new(),
            more: 0,
        }
    }

    /// Checks a case.
    pub fn case(&mut self, case: &Case) {
        if self.seen.saw(&case.expect) {
            return;
        }
        self.checked += 1;
        let context = if self.checked > BUILT { &self.reading } else { &self.building };
        if let Err(error) = Judges::compile(&case.expect, context) {
            if self.wrong.len() < MAX_TOLD {
                self.wrong.push((case.provenance.place.clone(), error.to_string()));
            } else {
                self.more += 1;
            }
        }
    }

    /// Tells what is wrong.
    pub fn finish(self, root: &Path, out: &mut Diagnostics) {
        told(root, "bad-case", self.wrong, self.more, out);
    }
}

/// Checks the recordings of plans before anything is asked. Touches no network, and starts nothing.
pub fn verify(plans: &[Plan]) -> Result<(), SessionError> {
    let mut out = Diagnostics::default();
    for plan in plans {
        let suite = &plan.suite;
        recording(suite, &mut out)?;
    }
    Ok(out.or(())?)
}

/// Checks the answers that a suite's target was recorded with, where it was.
pub fn recording(suite: &Suite, out: &mut Diagnostics) -> Result<(), SessionError> {
    match check_recording(&suite.spec.target, &suite.folder()) {
        Ok(()) => Ok(()),
        Err(OpenError::Lines { lines, .. }) => {
            let recorded = suite.spec.target.recorded.as_deref().unwrap_or_default();
            let file = suite.shown(recorded).into();
            let wrong = lines
                .into_iter()
                .map(|(line, message)| (Place { file: std::sync::Arc::clone(&file), line }, message));
            tell(&suite.root, "bad-recording", wrong, out);
            Ok(())
        }
        Err(error) => Err(SessionError::Target { suite: suite.name.clone(), error }),
    }
}

/// Tells of mistakes in the rows or lines of a suite's files: the first few, and how many there are beyond.
pub(super) fn tell(
    root: &Path,
    code: &'static str,
    mistakes: impl Iterator<Item = (Place, String)>,
    out: &mut Diagnostics,
) {
    let mut mistakes: Vec<_> = mistakes.collect();
    let more = mistakes.len().saturating_sub(MAX_TOLD);
    mistakes.truncate(MAX_TOLD);
    told(root, code, mistakes, more, out);
}

fn told(root: &Path, code: &'static str, mistakes: Vec<(Place, String)>, more: usize, out: &mut Diagnostics) {
    let count = mistakes.len();
    for (at, (place, message)) in mistakes.into_iter().enumerate() {
        let mut diagnostic = Diagnostic::new(code, message);
        diagnostic = match place.spot(root) {
            Some(spot) => diagnostic.at(spot),
            None => diagnostic.note(format!("in {}:{}", place.file, place.line)),
        };
        if at + 1 == count && more > 0 {
            diagnostic = diagnostic.note(format!("and {more} more like this"));
        }
        out.push(diagnostic);
    }
}
