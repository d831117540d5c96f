//! What models wrote for a scenario and what waits for review, as neighbours of a case.

use super::NeighboursError;
use crate::expand::Case;
use crate::session::SessionError;
use crate::suite::Suite;
use crate::suite::variants::{MadeBy, VariantFile};
use crate::synth::answer::Answered;
use crate::synth::candidate::Queue;
use crate::synth::decision::Decisions;
use crate::synth::reviewing::Trial;

/// The cases that candidates of models would be which belong to the scenario of a case and wait for review: those
/// of its own seed first. One that would be no case as it stands is left out, as review says when its turn comes.
/// Nothing is asked.
pub fn written(suite: &Suite, case: &Case) -> Result<Vec<Case>, NeighboursError> {
    let scenario = &suite.scenarios[case.scenario].id;
    let queue = Queue::open(&suite.root, &suite.name)?;
    let decisions = Decisions::open(&suite.root, &suite.name)?;
    let decided = decisions.by_candidate();
    let file = VariantFile::open(&suite.root, &suite.path).map_err(SessionError::from)?;
    let trial = Trial::new(suite);
    let waiting = queue.candidates().iter().filter(|candidate| {
        let variant = &candidate.variant;
        variant.made.by == MadeBy::Model
            && variant.scenario == *scenario
            && Answered::of(&variant.input, &variant.row).is_none()
            && !decided.contains_key(&candidate.id)
    });
    let mut cases: Vec<Case> = waiting
        .filter_map(|candidate| trial.of(&candidate.variant, &file).ok())
        .map(|tried| tried.case)
        .collect();
    cases.sort_by_key(|of| of.family != case.family);
    Ok(cases)
}
