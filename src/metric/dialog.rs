//! Conversations: how many turns the application needs.

use super::exclusion::{Exclusion, Selection};
use super::{Measurement, Observation, Slice, rates};
use crate::suite::metric_names::table::TURNS_TO_SUCCESS;
use crate::suite::schema::TargetErrors;

/// The mean number of turns to success. Absent where no case is a conversation.
///
/// A conversation that fails is censored: it counts the maximum its script allows. A mean over
/// successes alone would call an application better for failing where success takes long.
pub(super) fn turns_to_success(
    slice: &Slice,
    cases: &[&Observation<'_>],
    errors: TargetErrors,
) -> Option<Measurement> {
    let turns = |case: &&Observation<'_>| {
        let (answered, most) = case.turns.ok_or(Exclusion::NoConversation)?;
        Ok(f64::from(if rates::grade(case, errors)? { answered } else { most }))
    };
    let selection: Selection<f64> = cases.iter().map(turns).collect();
    let mean = |turns: &[f64]| turns.iter().sum::<f64>() / turns.len() as f64;
    cases.iter().any(|case| case.turns.is_some()).then(|| selection.value((&TURNS_TO_SUCCESS, slice), mean))
}
