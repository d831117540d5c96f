//! What makes failures of a neighbourhood: operators, knob values, pairs of them and seeds whose cases fail more
//! often than the others beside them.

use crate::expand::CaseId;
use crate::metric::{WeakSpot, knob_groups, tested};
use crate::suite::Row;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A case that was asked, as far as what triggers failures is concerned.
#[derive(Debug, Clone)]
pub struct Tried<'a> {
    /// Its seed.
    pub family: CaseId,
    /// The words of its seed, to be told by.
    pub seed: &'a str,
    /// The operators that made it; empty for a seed.
    pub operators: Vec<&'a str>,
    /// Its knobs.
    pub knobs: &'a Row,
    /// Whether it fails.
    pub failed: bool,
    /// Whether its seed passes; `None` for a seed itself, and where that is not known.
    pub seed_passes: Option<bool>,
}

/// What failures share.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trigger {
    /// The group, with its counts. `p` is corrected for all that were tested (Holm), and 1 where it was not.
    pub group: WeakSpot,
    /// Whether the group was large enough to be tested.
    pub tested: bool,
}

impl Trigger {
    /// Whether it fails more than chance would have it.
    pub fn is_sure(&self) -> bool {
        self.tested && self.group.p <= ALPHA
    }
}

/// Largest corrected p-value of a trigger.
pub const ALPHA: f64 = 0.05;

#[derive(Debug, Clone, Copy, Default)]
struct Count {
    failed: usize,
    of: usize,
}

impl Count {
    fn add(&mut self, failed: bool) {
        self.of += 1;
        self.failed += usize::from(failed);
    }
}

/// The groups in which anything fails, the surest first; of equally sure ones that with the higher rate.
///
/// Operators, each for itself in a chain, are set against the variants of the others, over seeds that pass; seeds
/// against the variants of the others; knob values and pairs against the cases with other values. Fisher's exact
/// test, one-sided, Holm over all groups that are tested.
pub fn triggers(tried: &[Tried<'_>]) -> Vec<Trigger> {
    let mut groups: BTreeMap<(&'static str, String), Count> = BTreeMap::new();
    let mut wholes: BTreeMap<&'static str, Count> = BTreeMap::new();
    for case in tried {
        if !case.operators.is_empty() {
            if case.seed_passes == Some(true) {
                wholes.entry("operator").or_default().add(case.failed);
                let mut operators = case.operators.clone();
                operators.sort_unstable();
                operators.dedup();
                for operator in operators {
                    groups.entry(("operator", operator.to_owned())).or_default().add(case.failed);
                }
            }
            wholes.entry("seed").or_default().add(case.failed);
            let seed = format!("{:.8} {}", case.family.to_string(), case.seed);
            groups.entry(("seed", seed)).or_default().add(case.failed);
        }
        if !case.knobs.columns.is_empty() {
            wholes.entry("knob").or_default().add(case.failed);
            for (is_pair, value) in knob_groups(case.knobs) {
                let by = if is_pair { "knob pair" } else { "knob" };
                groups.entry((by, value)).or_default().add(case.failed);
            }
        }
    }
    let spots = groups.into_iter().filter_map(|((by, value), count)| {
        let whole = wholes.get(if by == "knob pair" { "knob" } else { by })?;
        Some(WeakSpot {
            by: by.to_owned(),
            value,
            scenario: None,
            failed: count.failed,
            of: count.of,
            rest_failed: whole.failed - count.failed,
            rest: whole.of - count.of,
            p: 1.0,
        })
    });
    let spots: Vec<WeakSpot> = spots.collect();
    let surest = tested(spots.clone());
    let mut out: Vec<Trigger> = spots
        .into_iter()
        .map(|spot| {
            let found = surest.iter().find(|of| of.by == spot.by && of.value == spot.value);
            Trigger { tested: found.is_some(), group: found.cloned().unwrap_or(spot) }
        })
        .filter(|trigger| trigger.group.failed > 0)
        .collect();
    let rate = |trigger: &Trigger| trigger.group.failed as f64 / trigger.group.of.max(1) as f64;
    out.sort_by(|a, b| a.group.p.total_cmp(&b.group.p).then(rate(b).total_cmp(&rate(a))));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn tried<'a>(n: u8, operators: Vec<&'a str>, knobs: &'a Row, failed: bool) -> Tried<'a> {
        Tried {
            family: CaseId::of(&[&[n]]),
            seed: "a seed",
            operators,
            knobs,
            failed,
            seed_passes: Some(true),
        }
    }

    #[test]
    fn an_operator_that_breaks_what_others_do_not_is_a_trigger() {
        // Case fails 5 of 5, typing 0 of 10: 1 of C(15, 5) = 3,003 ways, twice for the two operators tested.
        let none = Row::default();
        let mut cases: Vec<Tried<'_>> = (0..5).map(|n| tried(n, vec!["case"], &none, true)).collect();
        cases.extend((0..10).map(|n| tried(n % 5, vec!["typing"], &none, false)));
        // A chain counts for each of its operators; one over a seed that fails says nothing of them.
        cases.push(Tried { seed_passes: Some(false), ..tried(9, vec!["case"], &none, true) });
        let found = triggers(&cases);
        assert_eq!(found[0].group.value, "case");
        assert_eq!((found[0].group.failed, found[0].group.of, found[0].group.rest), (5, 5, 10));
        assert!((found[0].group.p - 2.0 / 3003.0).abs() < 1e-12, "{}", found[0].group.p);
        assert!(found[0].is_sure());
        // Seeds have three variants each: too few to be tested, and told all the same where they fail.
        let seeds: Vec<&Trigger> = found.iter().filter(|of| of.group.by == "seed").collect();
        assert!(!seeds.is_empty() && seeds.iter().all(|of| !of.tested && !of.is_sure()));
        assert!(!found.iter().any(|of| of.group.value == "typing"), "nothing of it fails");
    }

    #[test]
    fn knobs_are_set_against_the_other_values() {
        let columns: std::sync::Arc<[String]> = vec!["tone".to_owned(), "topic".to_owned()].into();
        let row = |tone: &str, topic: &str| Row {
            columns: columns.clone(),
            values: vec![json!(tone), json!(topic)],
        };
        let rows: Vec<Row> = (0..12)
            .map(|n| row(if n < 6 { "angry" } else { "calm" }, if n % 2 == 0 { "a" } else { "b" }))
            .collect();
        let cases: Vec<Tried<'_>> = rows
            .iter()
            .zip(0_u8..)
            .map(|(row, n)| Tried { seed_passes: None, ..tried(n, Vec::new(), row, n < 6) })
            .collect();
        let found = triggers(&cases);
        assert_eq!((found[0].group.by.as_str(), found[0].group.value.as_str()), ("knob", "tone = angry"));
        // 1 of C(12, 6) = 924 ways; four values are tested, pairs have three cases each.
        assert!((found[0].group.p - 4.0 / 924.0).abs() < 1e-12, "{}", found[0].group.p);
    }
}
