//! `holdline run --baseline-runs N`: several runs at once for a baseline, so that it is sharp from the
//! first day.

use crate::baseline::{UPDATE_VARIABLE, UpdateMode};
use crate::session::{Options, SessionError};

/// Most runs that are recorded at once.
pub const MOST: i64 = 20;

/// Sets the options to record so many runs at once, where they could become a baseline.
pub fn record(options: &mut Options, runs: u32) -> Result<(), SessionError> {
    let refused = |why: &str| Err(SessionError::Usage(format!("--baseline-runs: {why}")));
    if options.ci {
        return refused(
            "in CI nothing is written below the baselines: record the runs on your machine, accept them and \
             commit the files",
        );
    }
    if !options.selection.is_everything() || options.last_failed {
        return refused(
            "a part of a suite cannot become a baseline: leave out --filter, --tag and --last-failed",
        );
    }
    if options.update.resolve(options.ci) == UpdateMode::No {
        return refused(&format!(
            "with `no` for --update or {UPDATE_VARIABLE} the runs would not be kept: say new, unseen or always"
        ));
    }
    options.repeats = Some(runs);
    Ok(())
}
