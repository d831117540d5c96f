//! Step 4: flagged scenarios are asked again before they count as regressed.

use super::GateOptions;
use super::assess::{Assessment, ScenarioTest};
use super::pair::{Arms, Pair, Pairing, Place};
use super::procedure::{Groups, SCENARIO_SHARE, is_flagged, scenario_tests, stands_out};
use super::score::{is_in, score};
use crate::baseline::Accepted;
use crate::metric::Slice;
use serde::{Deserialize, Serialize};

/// How often a flagged scenario is asked again.
pub const CONFIRMATIONS: u32 = 2;

/// What asking a flagged scenario again said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confirmation {
    /// The application never disagreed with itself over the runs of the baseline: asking again would say the
    /// same, so it was not.
    NotNeeded,
    /// It was not asked again: by a flag, or because it could not be.
    NotAsked,
    /// It was asked again and each run alone says the same: the exact p-value of each.
    Confirmed(Vec<f64>),
    /// It was asked again and at least one of the runs does not say so.
    Refuted(Vec<f64>),
}

impl Confirmation {
    /// Whether the flag stays.
    pub const fn stands(&self) -> bool {
        !matches!(self, Self::Refuted(_))
    }
}

/// Whether the application never disagreed with itself over the runs of the baseline. One run cannot show it.
pub(super) fn is_steady(pairing: &Pairing<'_>) -> bool {
    let steady = |pair: Pair<'_>| {
        let mut graded = pair.accepted.outcomes().filter(|outcome| *outcome != Accepted::Ungraded);
        let first = graded.next();
        graded.all(|outcome| Some(outcome) == first)
    };
    pairing.arms.base > 1 && pairing.pairs().iter().all(steady)
}

/// Whether a scenario's loss is beyond what whole scenarios of its suite differ by.
pub(super) fn is_beyond_common(test: &ScenarioTest<'_>) -> bool {
    test.comparison.by_case.is_none_or(|(effect, error)| stands_out(effect, error, test.common))
}

/// Whether the test of a scenario flags it.
pub(super) fn flagged(suite: &Assessment<'_>, test: &ScenarioTest<'_>) -> bool {
    let limits = suite.scenario_limits(&test.subject.what, test.comparison.before);
    test.tested
        && is_beyond_common(test)
        && test.corrected.is_some_and(|corrected| is_flagged(test.comparison.test.delta, corrected, limits))
}

/// The scenarios of a suite whose cases have to be asked [`CONFIRMATIONS`] times again before the suite can be
/// decided, by their places, ascending.
pub(super) fn needs_runs(suite: &Assessment<'_>) -> Vec<usize> {
    let mut places: Vec<usize> = suite
        .scenarios
        .iter()
        .filter(|test| test.confirmation == Some(Confirmation::NotAsked))
        .map(|test| test.place)
        .collect();
    places.sort_unstable();
    places.dedup();
    places
}

/// What asking again said of every flagged scenario.
pub(super) fn confirm(suite: &mut Assessment<'_>, options: GateOptions) {
    let said: Vec<Option<Confirmation>> = suite
        .scenarios
        .iter()
        .map(|test| flagged(suite, test).then(|| confirmation(suite, test, options)))
        .collect();
    for (test, said) in suite.scenarios.iter_mut().zip(said) {
        test.confirmation = said;
    }
}

fn confirmation(suite: &Assessment<'_>, test: &ScenarioTest<'_>, options: GateOptions) -> Confirmation {
    let Some(pairing) = suite.pairing.as_ref().filter(|_| !suite.steady) else {
        return Confirmation::NotNeeded;
    };
    let table = suite.input.table;
    let scenario = Slice::Scenario(test.id.to_owned());
    let own = |place: &&Place| is_in(&scenario, suite.input, place.index as usize);
    let times = |place: &Place| table.confirmations(place.index as usize).len();
    let asked = pairing.places.iter().filter(own).map(times).max().unwrap_or(0);
    if asked == 0 {
        return Confirmation::NotAsked;
    }
    let alpha = SCENARIO_SHARE * options.alpha;
    let arms = Arms { cand: 1, ..pairing.arms };
    let alone = |run: usize| {
        let asked = pairing.places.iter().filter(own).filter(|place| run < times(place));
        let places: Vec<Place> = asked.copied().collect();
        let pairs = pairing.pairs().at(&places).asked_again(run);
        let scored = score(&test.subject.what, &test.subject.slice, suite.input, pairs, arms)?;
        let every = Groups::whole(scored.cases.len());
        scenario_tests(&scored.scores, &every).first().map(|test| test.worse.exact)
    };
    // A run without anything to judge says nothing for the application.
    let p_values: Vec<f64> = (0..asked).map(|run| alone(run).unwrap_or(0.0)).collect();
    if p_values.iter().all(|p| *p <= alpha) {
        Confirmation::Confirmed(p_values)
    } else {
        Confirmation::Refuted(p_values)
    }
}
