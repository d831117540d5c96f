//! Weak spots: knob values, pairs of them, and families of operators whose cases fail more often than
//! chance would have it.

use super::MeasureInput;
use super::rates::grade;
use super::seeds::Seeds;
use super::view::View;
use crate::expand::Promise;
use crate::stats::fisher::fisher_greater;
use crate::stats::multiple::holm;
use crate::suite::Row;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

/// Largest corrected p-value of a weak spot.
const ALPHA: f64 = 0.05;
/// Fewest cases of a group that is tested, and fewest failures of one that is told.
const MIN_CASES: usize = 5;
const MIN_FAILURES: usize = 2;
/// Weak spots that are kept.
const MOST: usize = 20;

/// A group of cases that fail more often than the others beside them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WeakSpot {
    /// What the group shares: `knob`, `knob pair` or `operators`.
    pub by: String,
    /// Its value: `persona = new user`, `persona = new user × feature = export`, `typing`.
    pub value: String,
    /// Id of the scenario; `None` for a family of operators, which is told over the suite.
    pub scenario: Option<String>,
    /// Cases of the group that fail.
    pub failed: usize,
    /// Cases of the group.
    pub of: usize,
    /// Cases beside it that fail.
    pub rest_failed: usize,
    /// Cases beside it.
    pub rest: usize,
    /// One-sided p-value of Fisher's exact test, corrected for all groups (Holm).
    pub p: f64,
}

/// A knob's value, or a pair of values of two knobs, as a group is called; whether it is a pair.
pub(crate) fn knob_groups(row: &Row) -> Vec<(bool, String)> {
    let one: Vec<String> = row
        .columns
        .iter()
        .zip(&row.values)
        .map(|(knob, value)| match value {
            Value::String(text) => format!("{knob} = {text}"),
            other => format!("{knob} = {other}"),
        })
        .collect();
    let pairs = (0..one.len())
        .flat_map(|a| (a + 1..one.len()).map(move |b| (a, b)))
        .map(|(a, b)| (true, format!("{} × {}", one[a], one[b])));
    let pairs: Vec<_> = pairs.collect();
    one.into_iter().map(|value| (false, value)).chain(pairs).collect()
}

/// Failures among cases.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    failed: usize,
    of: usize,
}

impl Count {
    fn add(&mut self, passed: bool) {
        self.of += 1;
        self.failed += usize::from(!passed);
    }
}

/// The weak spots of a suite, the surest first.
///
/// Knob values and pairs are set against the other cases of their scenario; families of operators, by
/// their variants that promise the same and whose seed passes, against those of the other families. Every
/// group with at least five cases is tested, and all of them are corrected together.
pub(super) fn weak_spots(input: &MeasureInput<'_>, cases: View<'_>, seeds: &Seeds<'_>) -> Vec<WeakSpot> {
    let mut groups: BTreeMap<(Option<usize>, &str, String), Count> = BTreeMap::new();
    let mut wholes: HashMap<Option<usize>, Count> = HashMap::new();
    for row in cases.rows() {
        let case = cases.observe(row);
        let Ok(passed) = grade(case.outcome, input.target_errors) else { continue };
        if let Some(knobs) = case.knobs {
            wholes.entry(Some(case.scenario)).or_default().add(passed);
            for (pair, value) in knob_groups(knobs) {
                let by = if pair { "knob pair" } else { "knob" };
                groups.entry((Some(case.scenario), by, value)).or_default().add(passed);
            }
        }
        let same = case.variant.filter(|variant| variant.promise == Promise::Same);
        if let Some(variant) = same.filter(|_| seeds.passes(cases, row) == Some(true)) {
            wholes.entry(None).or_default().add(passed);
            groups.entry((None, "operators", variant.family.to_owned())).or_default().add(passed);
        }
    }
    let spots = groups.into_iter().filter_map(|((scenario, by, value), count)| {
        let whole = wholes.get(&scenario)?;
        Some(WeakSpot {
            by: by.to_owned(),
            value,
            scenario: scenario.and_then(|index| input.scenario_ids.get(index).cloned()),
            failed: count.failed,
            of: count.of,
            rest_failed: whole.failed - count.failed,
            rest: whole.of - count.of,
            p: 1.0,
        })
    });
    let mut weak: Vec<WeakSpot> = tested(spots.collect());
    weak.retain(|spot| spot.p <= ALPHA && spot.failed >= MIN_FAILURES);
    weak.truncate(MOST);
    weak
}

/// The groups that are large enough to be tested, the surest first, with their p-values: Fisher's exact test,
/// one-sided, Holm over all of these groups together.
pub(crate) fn tested(groups: Vec<WeakSpot>) -> Vec<WeakSpot> {
    let mut tested: Vec<WeakSpot> =
        groups.into_iter().filter(|spot| spot.of >= MIN_CASES && spot.rest > 0).collect();
    let row = |failed: usize, of: usize| (failed as u64, (of - failed) as u64);
    let raw: Vec<f64> = tested
        .iter()
        .map(|spot| fisher_greater(row(spot.failed, spot.of), row(spot.rest_failed, spot.rest)))
        .collect();
    for (spot, p) in tested.iter_mut().zip(holm(&raw)) {
        spot.p = p;
    }
    tested.sort_by(|a, b| a.p.total_cmp(&b.p));
    tested
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expand::CaseId;
    use crate::judge::Outcome;
    use crate::metric::observation::{Observation, tests::observation};
    use crate::metric::{AcceptedRuns, Table, measure_table};
    use crate::suite::schema::TargetErrors;
    use serde_json::json;

    fn row(persona: &str, feature: &str) -> Row {
        let columns: Vec<String> = vec!["persona".into(), "feature".into()];
        Row { columns: columns.into(), values: vec![json!(persona), json!(feature)] }
    }

    #[test]
    fn a_knob_value_that_fails_more_than_chance_is_named() {
        // New users fail 8 of 8, the others 0 of 24: 1 of C(32, 8) = 10,518,300 ways.
        let rows: Vec<Row> = ["new", "old", "admin", "guest"]
            .iter()
            .flat_map(|persona| ["export", "search"].map(|feature| row(persona, feature)))
            .collect();
        let cases: Vec<Observation<'_>> = (0..32_u8)
            .map(|number| {
                let knobs = &rows[usize::from(number) % 8];
                let outcome = if usize::from(number) % 8 < 2 { Outcome::Fail } else { Outcome::Pass };
                Observation { family: CaseId::of(&[&[number]]), outcome, knobs: Some(knobs), ..observation() }
            })
            .collect();
        let ids = ["s".to_owned()];
        let input = MeasureInput {
            labels: &[],
            scenario_ids: &ids,
            target_errors: TargetErrors::Fail,
            earlier: &|_| AcceptedRuns::default(),
        };
        let table = Table::of(cases.iter().map(std::slice::from_ref));
        let weak = measure_table(&input, &table).weak;
        // Tested are the 4 + 2 values; pairs have 4 cases each, too few.
        let [spot] = weak.as_slice() else { panic!("{weak:?}") };
        assert_eq!((spot.by.as_str(), spot.value.as_str()), ("knob", "persona = new"));
        assert_eq!((spot.failed, spot.of, spot.rest_failed, spot.rest), (8, 8, 0, 24));
        assert!((spot.p - 6.0 / 10_518_300.0).abs() < 1e-12, "{}", spot.p);
    }

    #[test]
    fn groups_are_values_and_pairs_of_them() {
        let groups = knob_groups(&row("new", "export"));
        let wanted = [
            (false, "persona = new"),
            (false, "feature = export"),
            (true, "persona = new × feature = export"),
        ];
        assert_eq!(groups, wanted.map(|(pair, text)| (pair, text.to_owned())));
        assert!(knob_groups(&Row::default()).is_empty());
    }
}
