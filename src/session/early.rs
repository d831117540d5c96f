//! What watches a run that may stop before its end.

use super::options::Options;
use super::quarantine::Quarantine;
use crate::baseline::{Accepted, Baseline, Fingerprints};
use crate::expand::CaseId;
use crate::gate::{MIN_SEEDS, Sequential};
use crate::run::{Plan, Watch};
use crate::suite::schema::{Kind, TargetErrors};
use std::collections::HashMap;

/// What says when a run of this plan has seen enough, or why it is to be run to its end; neither where the
/// suite does not ask for it.
pub fn watch(
    options: &Options,
    (alpha, tests): (f64, usize),
    plan: &Plan,
    now: &Fingerprints,
    baseline: Option<&Baseline>,
) -> Result<Option<Watch>, String> {
    let spec = &plan.suite.spec;
    if !options.early || !plan.suite.stops_early(options.repeats) || plan.is_partial() {
        return Ok(None);
    }
    let cases = &plan.cases;
    let seeds = (0..cases.len()).filter(|at| cases.id(*at) == cases.family(*at)).count();
    if seeds < MIN_SEEDS {
        return Err(format!(
            "`stop = \"early\"` takes {MIN_SEEDS} seeds, and the suite has {seeds}: it was run to its end"
        ));
    }
    let Some(baseline) =
        baseline.filter(|old| spec.kind == Kind::Regression && now.measure_as(&old.fingerprints))
    else {
        return Ok(None);
    };
    let Some(mut evidence) = Sequential::new(&spec.gate, alpha, tests) else {
        return Err(
            "`stop = \"early\"` looks at the pass rate, which gates nothing here: it was run to its end"
                .into(),
        );
    };
    let errors = spec.gate.target_errors;
    let quarantine = Quarantine::of(plan, options.today);
    let before: HashMap<usize, bool> = cases
        .ids()
        .enumerate()
        .filter(|(_, case)| !quarantine.keeps_out(*case))
        .filter_map(|(index, case)| Some((index, accepted(baseline, case, errors)?)))
        .collect();
    Ok(Some(Box::new(move |answers| {
        let cases = answers.iter().filter_map(|(index, outcome)| {
            Some((*before.get(index)?, Accepted::from(*outcome).passed(errors)?))
        });
        evidence.family(cases.collect::<Vec<(bool, bool)>>())
    })))
}

/// Whether a case passed in the newest accepted run.
fn accepted(baseline: &Baseline, case: CaseId, errors: TargetErrors) -> Option<bool> {
    baseline.cases.get(case)?.latest().passed(errors)
}
