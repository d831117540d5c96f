//! Checks what a suite file alone does not show: expectations as rows fill them in, and answers that
//! were recorded. Everything but the application that a run could fail on.

use super::options::SessionError;
use crate::judge::{JudgeContext, Judges};
use crate::run::Plan;
use crate::suite::{Diagnostic, Diagnostics, Place, Suite};
use crate::target::{OpenError, check_recording};
use std::collections::HashSet;
use std::path::Path;

/// Faulty cases or lines of one file that are told one by one.
const MAX_TOLD: usize = 5;

/// Checks plans before anything is asked. Touches no network, and starts nothing.
pub fn verify(plans: &[Plan]) -> Result<(), SessionError> {
    let mut out = Diagnostics::default();
    for plan in plans {
        let suite = &plan.suite;
        let judges = JudgeContext::new(suite.root.clone(), suite.folder());
        // Cases with the same expectations share them.
        let mut known = HashSet::new();
        let wrong = plan.cases.iter().filter(|case| known.insert(case.expect.as_ptr())).filter_map(|case| {
            let error = Judges::compile(&case.expect, &judges).err()?;
            Some((case.provenance.place.clone(), error.to_string()))
        });
        tell(&suite.root, "bad-case", wrong, &mut out);
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

/// Tells of what is wrong at some places: the first few, and how many more there are.
pub(super) fn tell(
    root: &Path,
    code: &'static str,
    mistakes: impl Iterator<Item = (Place, String)>,
    out: &mut Diagnostics,
) {
    let mistakes: Vec<_> = mistakes.collect();
    let more = mistakes.len().saturating_sub(MAX_TOLD);
    for (at, (place, message)) in mistakes.into_iter().take(MAX_TOLD).enumerate() {
        let mut diagnostic = Diagnostic::new(code, message);
        diagnostic = match place.spot(root) {
            Some(spot) => diagnostic.at(spot),
            None => diagnostic.note(format!("in {}:{}", place.file, place.line)),
        };
        if at + 1 == MAX_TOLD && more > 0 {
            diagnostic = diagnostic.note(format!("and {more} more like this"));
        }
        out.push(diagnostic);
    }
}
