//! Two or more runs side by side: the same cases asked of several versions, models or parameters. Pure data;
//! the first is the reference that all others are held against. A comparison describes and decides nothing.

mod apart;
mod pair;
mod side;

pub use apart::{Apart, Seen, Tally};
pub use pair::Against;
pub use side::{Known, Side, SideCase, SideMetric, SideSuite};

use crate::expand::CaseId;
use crate::gate::Decision;
use crate::metric::Unit;
use crate::report::JudgedBy;
use crate::stats::multiple::holm;
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Version of the format of a comparison as JSON.
pub const FORMAT: u32 = 1;

/// Fewest cases that two runs are compared over.
pub const LEAST_PAIRED: usize = 2;

/// Several runs side by side.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// [`FORMAT`].
    pub format: u32,
    /// What is compared; the first is the reference.
    pub arms: Vec<Arm>,
    /// The suites that the reference and at least one other have, in the order of the reference.
    pub suites: Vec<SuiteComparison>,
    /// What is not compared, and why, in a line each.
    pub left_out: Vec<String>,
}

/// One of the things compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Arm {
    /// `A` for the reference, `B`, `C`, …
    pub letter: String,
    /// As it was named: a run, `baseline`, parameters.
    pub name: String,
    /// Id of the run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// When it began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started: Option<String>,
}

/// One suite of several runs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SuiteComparison {
    /// Name of the suite.
    pub suite: String,
    /// What each arm has of it, in the order of the arms; `None` where it lacks the suite.
    pub arms: Vec<Option<SuiteArm>>,
    /// The parameters that are not the same for all arms.
    pub params: Vec<String>,
    /// The metrics of the suite, the pass rate left out: those that gate first.
    pub metrics: Vec<Row>,
    /// The cases that tell the arms apart, the largest difference first; of equal ones the scenarios take
    /// turns, and seeds go before their variants.
    pub apart: Vec<Apart>,
    /// How many they are in each scenario that has any, the most first.
    pub scenarios: Vec<Tally>,
    /// What makes the comparison less than it seems, in a line each.
    pub warnings: Vec<String>,
}

/// One suite of one run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SuiteArm {
    /// The parameters.
    pub params: BTreeMap<String, Value>,
    /// Cases graded.
    pub graded: usize,
    /// Cases there are.
    pub cases: usize,
    /// The pass rate over all its cases.
    pub pass_rate: Option<f64>,
    /// Its 95 % interval.
    pub interval: Option<(f64, f64)>,
    /// What the gate said of the run.
    pub decision: Option<Decision>,
    /// The difference to the reference; `None` for the reference itself.
    pub against: Option<Against>,
    /// Why there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_compared: Option<String>,
}

/// A metric of all arms.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// Its key.
    pub metric: String,
    /// What it is in.
    pub unit: Unit,
    /// Whether it gates in any of the arms.
    pub gates: bool,
    /// Its value in each arm; differences are plain ones, without any test.
    pub values: Vec<Option<f64>>,
}

impl Comparison {
    /// Compares; the first side is the reference. There are at least two.
    pub fn of(sides: &[Side]) -> Self {
        let arms = sides.iter().enumerate().map(|(at, side)| Arm {
            letter: letter(at),
            name: side.name.clone(),
            run: side.run.clone(),
            started: side.started.clone(),
        });
        let arms: Vec<Arm> = arms.collect();
        let (mut suites, mut left_out) = (Vec::new(), Vec::new());
        let mut seen = BTreeSet::new();
        for name in sides.iter().flat_map(|side| &side.suites).map(|suite| suite.name.as_str()) {
            if !seen.insert(name) {
                continue;
            }
            let of: Vec<Option<&SideSuite>> = sides.iter().map(|side| side.suite(name)).collect();
            if let (Some(reference), 2..) = (of.first().copied().flatten(), of.iter().flatten().count()) {
                suites.push(SuiteComparison::new(reference, &of));
            } else {
                let having = arms.iter().zip(&of).filter(|(_, of)| of.is_some());
                let letters: Vec<&str> = having.map(|(arm, _)| arm.letter.as_str()).collect();
                left_out.push(format!("suite {name} is in {} only", letters.join(" and ")));
            }
        }
        let mut comparison = Self { format: FORMAT, arms, suites, left_out };
        comparison.correct();
        comparison
    }

    /// Holm's correction over every test that is shown.
    fn correct(&mut self) {
        let all = |suites: &mut [SuiteComparison], each: &mut dyn FnMut(&mut Against)| {
            suites
                .iter_mut()
                .flat_map(|suite| suite.arms.iter_mut().flatten())
                .filter_map(|arm| arm.against.as_mut())
                .for_each(each);
        };
        let mut found = Vec::new();
        all(&mut self.suites, &mut |against| found.push(against.p));
        let mut corrected = holm(&found).into_iter();
        all(&mut self.suites, &mut |against| against.p_corrected = corrected.next().unwrap_or(against.p));
    }

    /// How many tests are shown.
    pub fn tests(&self) -> usize {
        self.differences().count()
    }

    /// Every difference that was found.
    pub fn differences(&self) -> impl Iterator<Item = &Against> {
        let arms = self.suites.iter().flat_map(|suite| suite.arms.iter().flatten());
        arms.filter_map(|arm| arm.against.as_ref())
    }
}

impl SuiteComparison {
    fn new(reference: &SideSuite, sides: &[Option<&SideSuite>]) -> Self {
        let arms = sides.iter().enumerate().map(|(at, side)| {
            let side = (*side)?;
            let compared = (at > 0).then(|| Against::of(reference, side));
            let (against, not_compared) = match compared {
                None => (None, None),
                Some(Ok(against)) => (Some(against), None),
                Some(Err(why)) => (None, Some(why)),
            };
            let rate = side.metrics.iter().find(|metric| metric.key == "pass_rate");
            Some(SuiteArm {
                params: side.params.clone(),
                graded: side.graded(),
                cases: side.cases.len(),
                pass_rate: rate.and_then(|rate| rate.value),
                interval: rate.and_then(|rate| rate.interval),
                decision: side.decision,
                against,
                not_compared,
            })
        });
        let apart = apart::apart(reference, sides);
        Self {
            suite: reference.name.clone(),
            arms: arms.collect(),
            params: params(sides),
            metrics: metrics(sides),
            scenarios: apart::tallies(&apart, reference, sides),
            apart,
            warnings: warnings(sides),
        }
    }
}

/// `A`, `B`, … `Z`, `AA`, `AB`, ….
fn letter(at: usize) -> String {
    let last = char::from(b'A' + u8::try_from(at % 26).unwrap_or_default());
    if at < 26 { last.to_string() } else { letter(at / 26 - 1) + &last.to_string() }
}

/// Names of the parameters that are not the same for all.
fn params(sides: &[Option<&SideSuite>]) -> Vec<String> {
    let there: Vec<&SideSuite> = sides.iter().copied().flatten().filter(|side| side.has_params).collect();
    let names: BTreeSet<&String> = there.iter().flat_map(|side| side.params.keys()).collect();
    let differs = |name: &str| there.windows(2).any(|two| two[0].params.get(name) != two[1].params.get(name));
    names.into_iter().filter(|name| differs(name)).cloned().collect()
}

fn metrics(sides: &[Option<&SideSuite>]) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for metric in sides.iter().flatten().flat_map(|side| &side.metrics) {
        let Some(unit) = metric.unit.filter(|_| metric.key != "pass_rate") else { continue };
        if let Some(row) = rows.iter_mut().find(|row| row.metric == metric.key) {
            row.gates |= metric.gates;
        } else {
            let (metric, gates) = (metric.key.clone(), metric.gates);
            rows.push(Row { metric, unit, gates, values: Vec::new() });
        }
    }
    for row in &mut rows {
        let value = |side: &SideSuite| side.metrics.iter().find(|metric| metric.key == row.metric)?.value;
        row.values = sides.iter().map(|side| side.and_then(value)).collect();
    }
    rows.sort_by_key(|row| !row.gates);
    rows
}

fn warnings(sides: &[Option<&SideSuite>]) -> Vec<String> {
    let with: Vec<(String, &JudgedBy)> = sides
        .iter()
        .enumerate()
        .filter_map(|(at, side)| Some((letter(at), side.as_ref()?.judged_by.as_ref()?)))
        .collect();
    let mut warnings = Vec::new();
    let mut differing = |what: &str, of: fn(&JudgedBy) -> &str| {
        let Some(((_, first), rest)) = with.split_first() else { return };
        let others: Vec<&str> =
            rest.iter().filter(|(_, by)| of(by) != of(first)).map(|(letter, _)| letter.as_str()).collect();
        if !others.is_empty() {
            let others = others.join(" and ");
            warnings
                .push(format!("{what} differ between A and {others}: what else differs may be due to that"));
        }
    };
    differing("the judges or the definitions of the metrics", |by| &by.judges);
    differing("the kinds of target", |by| &by.target);
    let parts: Vec<String> = sides
        .iter()
        .enumerate()
        .filter(|(_, side)| side.is_some_and(|side| side.partial))
        .map(|(at, _)| letter(at))
        .collect();
    if !parts.is_empty() {
        let asked = if parts.len() == 1 { "asked a part" } else { "each asked a part" };
        warnings.push(format!("{} {asked} of the suite only", parts.join(" and ")));
    }
    warnings
}

/// The share of its graded answers that pass; `None` without any.
fn share((passed, graded): (usize, usize)) -> Option<f64> {
    (graded > 0).then(|| passed as f64 / graded as f64)
}

/// The cases of a suite, by id.
type Cases = BTreeMap<CaseId, SideCase>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_go_on_beyond_z() {
        assert_eq!([0, 25, 26, 27, 51, 52].map(letter), ["A", "Z", "AA", "AB", "AZ", "BA"]);
    }
}
