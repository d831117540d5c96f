//! Checks what was recorded before anything is asked, and tells of mistakes in rows and lines of a suite's
//! files.

use super::options::SessionError;
use crate::run::Plan;
use crate::suite::{Diagnostic, Diagnostics, Place, Suite};
use crate::target::{OpenError, check_recording};
use std::path::Path;

/// Faulty cases or lines of one file that are told one by one.
pub(super) const MAX_TOLD: usize = 5;

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

/// The same of mistakes of which `more` were only counted.
pub(super) fn told(
    root: &Path,
    code: &'static str,
    mistakes: Vec<(Place, String)>,
    more: usize,
    out: &mut Diagnostics,
) {
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
