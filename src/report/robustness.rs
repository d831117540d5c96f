//! What becomes of variants, family of operators by family, and the groups of cases that fail more than
//! chance: what the terminal and Markdown show of it.

use super::number;
use super::record::SuiteRecord;
use crate::metric::{Measurement, Slice, Unit, WeakSpot};

/// A family of operators.
#[derive(Debug, Clone, PartialEq)]
pub struct FamilyRow<'a> {
    /// Its name, or those of a chain joined by `+`.
    pub family: &'a str,
    /// Its variants.
    pub variants: usize,
    /// Their pass rate.
    pub pass_rate: Option<f64>,
    /// The share that passes, of those whose seed passes; `None` for variants that promise something of
    /// their own.
    pub invariance: Option<&'a Measurement>,
    /// The share accepted with the baseline.
    pub before: Option<f64>,
}

impl FamilyRow<'_> {
    /// What is held against the baseline: invariance where there is one, else the pass rate.
    pub fn value(&self) -> Option<f64> {
        self.invariance.map_or(self.pass_rate, |of| of.value)
    }
}

/// The families that made variants, those that lost most against the baseline first, then the weakest.
pub fn families(suite: &SuiteRecord) -> Vec<FamilyRow<'_>> {
    let of = |name: &str, family: &str| {
        suite
            .measurements
            .iter()
            .find(|of| of.metric == name && matches!(&of.slice, Slice::Operators(own) if own == family))
    };
    let mut rows: Vec<FamilyRow<'_>> = suite
        .measurements
        .iter()
        .filter(|of| of.metric == "pass_rate")
        .filter_map(|rate| match &rate.slice {
            Slice::Operators(family) => {
                let invariance = of("invariance_rate", family);
                let key = invariance.unwrap_or(rate).key();
                Some(FamilyRow {
                    family,
                    variants: rate.n + rate.excluded,
                    pass_rate: rate.value,
                    invariance,
                    before: suite.accepted.get(&key).copied(),
                })
            }
            _ => None,
        })
        .collect();
    let change = |row: &FamilyRow<'_>| row.value().zip(row.before).map_or(0.0, |(now, before)| now - before);
    rows.sort_by(|a, b| {
        let value = |row: &FamilyRow<'_>| row.value().unwrap_or(1.0);
        change(a).total_cmp(&change(b)).then(value(a).total_cmp(&value(b)))
    });
    rows
}

/// The change of a family's share, as it is shown; nothing where there is none to show.
pub fn change(row: &FamilyRow<'_>) -> String {
    match (row.value(), row.before) {
        (Some(now), Some(before)) => number::delta(now - before, Unit::Share),
        _ => String::new(),
    }
}

/// A weak spot in a sentence: `knob pair a = x × b = y: 8 of 8 fail, elsewhere 0 of 24 (p 0.0004)`.
pub fn weak(suite: &SuiteRecord, spot: &WeakSpot) -> String {
    let scenario = spot.scenario.as_ref().map_or_else(String::new, |id| {
        let name = suite.scenarios.iter().find(|of| of.id == *id).map_or(id.as_str(), |of| of.name.as_str());
        format!(", in {name}")
    });
    let p = if spot.p < 0.0001 { "p below 0.0001".to_owned() } else { format!("p {:.4}", spot.p) };
    format!(
        "{} {}{scenario}: {} of {} fail, elsewhere {} of {} ({p})",
        spot.by, spot.value, spot.failed, spot.of, spot.rest_failed, spot.rest
    )
}
