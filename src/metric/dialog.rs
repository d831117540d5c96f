//! Conversations: how many turns the application needs.

use super::exclusion::{Exclusion, Exclusions};
use super::view::View;
use super::{Measurement, Slice, rates};
use crate::suite::metric_names::table::TURNS_TO_SUCCESS;
use crate::suite::schema::TargetErrors;

/// The mean number of turns to success. Absent where no case is a conversation.
///
/// A conversation that fails is censored: it counts the maximum its script allows. A mean over
/// successes alone would call an application better for failing where success takes long.
pub(super) fn turns_to_success(slice: &Slice, cases: View<'_>, errors: TargetErrors) -> Option<Measurement> {
    cases.iter().find(|case| case.turns.is_some())?;
    let turns = cases.iter().map(|case| {
        let (answered, most) = case.turns.ok_or(Exclusion::NoConversation)?;
        Ok(f64::from(if rates::grade(case.outcome, errors)? { answered } else { most }))
    });
    let (mut left_out, mut n) = (Exclusions::default(), 0);
    let sum: f64 = left_out.keep(turns).inspect(|_| n += 1).sum();
    Some(left_out.measurement((&TURNS_TO_SUCCESS, slice), n, Ok(sum / n as f64)))
}
