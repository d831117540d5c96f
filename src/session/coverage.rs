//! How much of the combinations of a template's knobs was asked.

use crate::expand::covering;
use crate::expand::rows::{model, row_of};
use crate::metric::{Measurement, Slice};
use crate::suite::metric_names::named;
use crate::suite::{Row, Suite};
use std::collections::BTreeSet;

const NAME: &str = "knob_coverage";

/// What one scenario's cases cover, or why that cannot be told.
struct Covered {
    /// Combinations that were asked, of those that can occur.
    combinations: Result<(usize, usize), String>,
    /// Cases with knobs that were asked, and the others of the scenario.
    cases: (usize, usize),
}

/// The measurements of a suite's templates: for the suite, over the combinations of all of them together,
/// then by scenario. Of each case `cases` has its scenario, its knobs and whether it was asked. Without
/// templates there are none.
pub(super) fn knob_coverage<'c>(
    suite: &Suite,
    cases: impl Iterator<Item = (usize, Option<&'c Row>, bool)>,
) -> Vec<Measurement> {
    let mut rows: Vec<BTreeSet<Vec<usize>>> = vec![BTreeSet::new(); suite.scenarios.len()];
    let mut counts = vec![(0, 0); suite.scenarios.len()];
    let models: Vec<_> = suite
        .scenarios
        .iter()
        .map(|scenario| scenario.spec.template.as_ref().map(|_| model(&scenario.spec)))
        .collect();
    for (scenario, knobs, asked) in cases {
        let (Some(Some(model)), Some(count)) = (models.get(scenario), counts.get_mut(scenario)) else {
            continue;
        };
        match model.as_ref().ok().zip(knobs).and_then(|(model, knobs)| row_of(model, knobs)) {
            Some(row) if asked => {
                count.0 += 1;
                rows[scenario].insert(row);
            }
            _ => count.1 += 1,
        }
    }
    let (mut scenarios, mut all) = (Vec::new(), Vec::new());
    for (((scenario, model), rows), cases) in suite.scenarios.iter().zip(models).zip(rows).zip(counts) {
        // A scenario of which nothing was planned to be asked has no values, as with every metric.
        let Some(model) = model.filter(|_| cases != (0, 0)) else { continue };
        let covered = Covered { combinations: combinations(model, rows), cases };
        scenarios.extend(measurement(Slice::Scenario(scenario.id.clone()), std::slice::from_ref(&covered)));
        all.push(covered);
    }
    let whole = if all.is_empty() { None } else { measurement(Slice::Suite, &all) };
    whole.into_iter().chain(scenarios).collect()
}

fn combinations(
    model: Result<covering::Model, Vec<crate::expand::rows::Mistake>>,
    rows: BTreeSet<Vec<usize>>,
) -> Result<(usize, usize), String> {
    let told = |mistakes: Vec<crate::expand::rows::Mistake>| {
        mistakes.into_iter().next().map(|mistake| mistake.message).unwrap_or_default()
    };
    let rows: Vec<Vec<usize>> = rows.into_iter().collect();
    let coverage = covering::measure(&model.map_err(told)?, &rows).map_err(|error| error.to_string())?;
    Ok(coverage
        .scopes
        .iter()
        .fold((0, 0), |(covered, of), scope| (covered + scope.covered, of + scope.required)))
}

fn measurement(slice: Slice, covered: &[Covered]) -> Option<Measurement> {
    let metric = named(NAME)?;
    let mut sum = (0, 0);
    let mut reason = None;
    for one in covered {
        match &one.combinations {
            Ok((asked, of)) => sum = (sum.0 + asked, sum.1 + of),
            Err(why) => reason = reason.or_else(|| Some(why.clone())),
        }
    }
    let cases = covered.iter().fold((0, 0), |sum, one| (sum.0 + one.cases.0, sum.1 + one.cases.1));
    let value = (reason.is_none() && sum.1 > 0).then(|| sum.0 as f64 / sum.1 as f64);
    let missing =
        (sum.0 < sum.1).then(|| format!("{} of {} combinations were not asked", sum.1 - sum.0, sum.1));
    let others = (cases.1 > 0).then(|| format!("{} without knobs, or not asked", cases.1));
    Some(Measurement {
        metric: metric.name.to_owned(),
        slice,
        value,
        n: cases.0,
        excluded: cases.1,
        reason: reason.or(missing).or(others),
        interval: None,
        direction: metric.direction,
        unit: metric.unit,
    })
}
