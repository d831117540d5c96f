//! One shard of a run: which cases are its own, and a record that decides nothing.

use super::options::{Options, SessionError};
use crate::baseline::Store;
use crate::baseline::UpdateMode;
use crate::expand::FamilyId;
use crate::gate::{Decision, ProblemKind, stops};
use crate::report::SuiteRecord;
use crate::run::{Deal, Part, Plan, Split, Weight};
use crate::suite::project::Project;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Longest time that is believed of one case, in milliseconds: about eleven days.
const MOST_MS: f64 = 1e9;

/// What is done of the wishes of a run that is a shard: it asks its part once and offers nothing.
pub(super) fn bound(options: &Options) -> Cow<'_, Options> {
    if options.shard.is_none() {
        return Cow::Borrowed(options);
    }
    let (confirm, early, update, reason) = (false, false, UpdateMode::No, None);
    Cow::Owned(Options { confirm, early, update, reason, ..options.clone() })
}

/// Narrows plans to the shard that the options name. Suites of which it has no case stay, so that shards of
/// other suites are not taken for its fellows.
pub(super) fn part(options: &Options, plans: Vec<Plan>) -> Result<Vec<Plan>, SessionError> {
    let Some(Part { shard, split }) = options.shard else { return Ok(plans) };
    if options.last_failed || !options.selection.is_everything() {
        return Err(SessionError::Usage(format!(
            "shard {shard} is a part of all cases: leave out --filter, --tag and --last-failed, or the shard"
        )));
    }
    let deal = match split {
        Split::Hash => None,
        Split::Balance => Some(Deal::balanced(&weights(options, &plans)?, shard.of)),
    };
    let holds = |family| match &deal {
        Some(deal) => deal.holds(shard, family),
        None => shard.holds(family),
    };
    Ok(plans.into_iter().map(|plan| plan.part(holds)).collect())
}

/// How long each family of the plans is expected to take, from the times accepted with the baselines: the
/// answers of a suite one after the other, divided by how many are asked at once.
pub fn weights(options: &Options, plans: &[Plan]) -> Result<Vec<Weight>, SessionError> {
    let project = Project::load(&options.root)?;
    let store = Store::new(super::baselines_folder(options, &project), options.ci);
    let mut weights = Vec::new();
    for plan in plans {
        let suite = &plan.suite;
        let timings = match store.load(&suite.name)? {
            Some(baseline) => store.timings(&suite.name, &baseline.run)?.found(),
            None => None,
        };
        let at_once = suite.spec.run.concurrency.max(1) as u64;
        let mut families: BTreeMap<FamilyId, Known> = BTreeMap::new();
        for index in plan.selected.iter().map(|index| *index as usize) {
            let known = families.entry(plan.cases.family(index)).or_default();
            known.cases += 1;
            let id = plan.cases.id(index);
            if let Some(ms) = timings.as_ref().and_then(|timings| timings.latency_ms.get(id)) {
                known.timed += 1;
                let repeats = u64::from(plan.repeats(index, options.repeats));
                known.nanos = known.nanos.saturating_add(nanos(ms).saturating_mul(repeats) / at_once);
            }
        }
        weights.extend(families.iter().map(|(family, known)| Weight { family: *family, nanos: known.all() }));
    }
    Ok(weights)
}

/// What is known of a family's time.
#[derive(Default)]
struct Known {
    cases: u64,
    timed: u64,
    nanos: u64,
}

impl Known {
    /// The time of all its cases; those without one count as the mean of the others.
    fn all(&self) -> Option<u64> {
        self.nanos.saturating_mul(self.cases).checked_div(self.timed)
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 10^15")]
fn nanos(ms: f64) -> u64 {
    // What is no number becomes 0.
    (ms.clamp(0.0, MOST_MS) * 1e6).round() as u64
}

/// Takes from the record of a shard's suite, of which so many cases are selected, what only the whole run can
/// say. What is left as a problem is
/// what kept the shard from asking its part.
pub(super) fn settle(part: Part, suite: &mut SuiteRecord, selected: usize) {
    suite.shard = Some(part);
    suite.findings.clear();
    suite.watched.clear();
    let is_empty = suite.planned == 0;
    suite.problems.retain(|problem| is_empty || stops(problem.kind));
    suite.decision = if suite.problems.is_empty() {
        Decision::Measured
    } else if suite.problems.iter().all(|problem| problem.kind == ProblemKind::Budget) {
        Decision::Exhausted
    } else {
        Decision::Undecided
    };
    if selected == 0 && !is_empty {
        suite.notes.push(format!("none of its cases falls to shard {part}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_without_a_time_count_as_the_mean_of_their_family() {
        assert_eq!(Known { cases: 3, timed: 2, nanos: 10 }.all(), Some(15));
        assert_eq!(Known { cases: 3, timed: 0, nanos: 0 }.all(), None);
    }

    #[test]
    fn a_time_is_nanoseconds_whatever_a_file_says() {
        assert_eq!(nanos(1.5), 1_500_000);
        assert_eq!(nanos(-1.0), 0);
        assert_eq!(nanos(f64::NAN), 0);
        assert_eq!(nanos(f64::INFINITY), 1_000_000_000_000_000);
    }
}
