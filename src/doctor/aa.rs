//! Re-draws of stored runs, decided by the gate: whatever blocks is a false alarm, since nothing changed.

use super::stored::{Stored, StoredCase, StoredRun};
use crate::baseline::{Accepted, AcceptedRun, Baseline, Fingerprints, KEPT_RUNS};
use crate::expand::stream::Stream;
use crate::gate::{
    Blocks, CONFIRMATIONS, Decision, Finding, FindingKind, GateInput, GateOptions, GateOutput, Times, Whys,
    decide, needs_runs,
};
use crate::judge::Outcome;
use crate::metric::{self, AnswerFacts, CaseFacts, Direction, Measured, Measurement, Slice, Unit, Variant};
use crate::suite::metric_names::table::PASS_RATE;
use crate::suite::metric_names::{self, Over};
use crate::suite::schema::GateSpec;
use std::collections::{BTreeMap, HashMap, HashSet};

/// How often the gate alarmed for a suite although nothing had changed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Alarms {
    /// Draws, and how many of them differ from each other.
    pub draws: usize,
    /// Draws that differ from each other.
    pub distinct: usize,
    /// Draws in which the suite blocked.
    pub blocked: usize,
    /// Those in which a test over the suite did.
    pub by_suite: usize,
    /// Those in which a scenario did, and no test over the suite.
    pub by_scenario: usize,
    /// Those in which only a case that must pass did.
    pub by_case: usize,
    /// Draws that could not be decided.
    pub undecided: usize,
    /// What was said of the first gating metric, by kind: held, unchanged, improved, inconclusive.
    pub said: [usize; 4],
    /// Of the stored runs as they were, each against the others: how many blocked, of how many.
    pub in_turn: (usize, usize),
    /// Runs of the baseline in each draw.
    pub before: usize,
    /// Whether flagged scenarios could be asked again.
    pub confirmed: bool,
}

/// Re-draws the stored runs of suites so often and decides each draw; also how often the build blocked.
///
/// What the test draws as one (a family, or a scenario) has its runs dealt anew in each draw: one to the
/// candidate, up to five to the baseline, and two to ask again where enough are left. Floors are left out,
/// since a value that is beyond its floor is no alarm of a test, and so are metrics over references, whose
/// scores are not among what is stored. The same seed gives the same draws.
pub fn redraw(
    suites: &[Stored],
    draws: usize,
    alpha: f64,
    seed: Option<u64>,
) -> (Vec<(Alarms, Blocks)>, usize) {
    let tables: Vec<Table<'_>> = suites.iter().map(|suite| Table::of(suite, alpha)).collect();
    let mut all: Vec<(Alarms, Blocks)> = tables
        .iter()
        .map(|table| {
            let alarms =
                Alarms { before: table.before, confirmed: table.confirmations > 0, ..Alarms::default() };
            (alarms, table.blocks)
        })
        .collect();
    let streams: Vec<Stream> = suites
        .iter()
        .map(|suite| {
            let seed = seed.unwrap_or(suite.seed).to_le_bytes();
            Stream::new(&[b"doctor".as_slice(), &seed, suite.suite.as_bytes()])
        })
        .collect();
    let mut marks: Vec<HashSet<u64>> = vec![HashSet::new(); suites.len()];
    let mut known: HashMap<Vec<u64>, Vec<Said>> = HashMap::new();
    let mut build = 0;
    for draw in 0..draws as u64 {
        let dealt: Vec<Dealt> =
            tables.iter().zip(&streams).map(|(table, stream)| table.deal(&mut stream.at(draw))).collect();
        for (marks, (table, dealt)) in marks.iter_mut().zip(tables.iter().zip(&dealt)) {
            marks.insert(table.mark(dealt));
        }
        // What was dealt before comes to what it came to before.
        let whole: Vec<u64> =
            tables.iter().zip(&dealt).map(|(table, dealt)| table.fingerprint(dealt)).collect();
        let said = known
            .entry(whole)
            .or_insert_with(|| decided(&tables, &dealt, alpha).iter().map(Said::of).collect::<Vec<Said>>());
        build += usize::from(said.iter().any(|said| said.blocks()));
        for ((alarms, _), said) in all.iter_mut().zip(said.iter()) {
            alarms.count(*said);
        }
    }
    for ((table, (alarms, _)), marks) in tables.iter().zip(&mut all).zip(&marks) {
        alarms.distinct = marks.len();
        alarms.in_turn = table.in_turn(alpha);
    }
    (all, build)
}

/// What a draw comes to for a suite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    BlockedBySuite,
    BlockedByScenario,
    BlockedByCase,
    Undecided,
    /// Its place in [`Alarms::said`].
    Passed(usize),
}

impl Said {
    fn of(output: &GateOutput) -> Self {
        match output.decision {
            Decision::Regressed => {
                let regressed = |finding: &&Finding| finding.gates && finding.kind == FindingKind::Regressed;
                let of_scenario =
                    |finding: &Finding| finding.evidence.as_ref().is_some_and(|of| of.guard.is_none());
                let mut regressed = output.findings.iter().filter(regressed).peekable();
                if regressed.peek().is_none() {
                    Self::BlockedByCase
                } else if regressed.all(of_scenario) {
                    Self::BlockedByScenario
                } else {
                    Self::BlockedBySuite
                }
            }
            Decision::Undecided | Decision::Exhausted => Self::Undecided,
            Decision::Held | Decision::Measured => {
                let first = output.findings.iter().find(|finding| finding.gates).map(|finding| finding.kind);
                Self::Passed(match first {
                    Some(FindingKind::Held) => 0,
                    Some(FindingKind::Unchanged) => 1,
                    Some(FindingKind::Improved) => 2,
                    _ => 3,
                })
            }
        }
    }

    const fn blocks(self) -> bool {
        matches!(self, Self::BlockedBySuite | Self::BlockedByScenario | Self::BlockedByCase)
    }
}

impl Alarms {
    fn count(&mut self, said: Said) {
        self.draws += 1;
        self.blocked += usize::from(said.blocks());
        match said {
            Said::BlockedBySuite => self.by_suite += 1,
            Said::BlockedByScenario => self.by_scenario += 1,
            Said::BlockedByCase => self.by_case += 1,
            Said::Undecided => self.undecided += 1,
            Said::Passed(place) => self.said[place] += 1,
        }
    }
}

/// Which runs of each case are whose: the first is the candidate's.
struct Dealt {
    /// By case: its runs, dealt.
    order: Vec<Vec<usize>>,
}

/// A suite, laid out for drawing.
struct Table<'a> {
    stored: &'a Stored,
    spec: GateSpec,
    blocks: Blocks,
    measurements: Vec<Measurement>,
    fingerprints: Fingerprints,
    /// Runs dealt to the baseline, and to asking again.
    before: usize,
    confirmations: usize,
    /// The cases, each asked once, without an answer yet.
    cases: metric::Table,
    /// By case and run: the first run of the case that came to the same.
    alike: Vec<Vec<usize>>,
}

impl<'a> Table<'a> {
    fn of(stored: &'a Stored, alpha: f64) -> Self {
        let before = KEPT_RUNS.min(stored.runs - 1);
        let again = CONFIRMATIONS as usize;
        let confirmations = if stored.runs > before + again { again } else { 0 };
        let mut spec = stored.spec.clone();
        spec.metrics.retain(|key, _| metric_names::scored([key]).is_empty());
        for gate in spec.metrics.values_mut() {
            gate.floor = None;
        }
        let mut table = Self {
            stored,
            measurements: measurements(stored),
            spec,
            blocks: Blocks::Families,
            fingerprints: Fingerprints::default(),
            before,
            confirmations,
            cases: cases(stored),
            alike: stored.cases.iter().map(alike).collect(),
        };
        // What is drawn as one is the gate's to say.
        let first = decided(std::slice::from_ref(&table), &[table.whole(0)], alpha);
        let blocks = first.iter().flat_map(|output| &output.findings).find_map(|finding| {
            let evidence = finding.evidence.as_ref()?;
            (evidence.blocks != Blocks::Cases && evidence.guard.is_some()).then_some(evidence.blocks)
        });
        table.blocks = blocks.unwrap_or(Blocks::Families);
        table
    }

    /// Deals the runs of every cluster anew.
    fn deal(&self, stream: &mut Stream) -> Dealt {
        let mut orders: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
        let mut order = Vec::with_capacity(self.stored.cases.len());
        for case in &self.stored.cases {
            let key = match self.blocks {
                Blocks::Scenarios => case.scenario as u64,
                Blocks::Families | Blocks::Cases => case.family.as_u64(),
            };
            let own = orders.entry(key).or_insert_with(|| {
                let mut runs: Vec<usize> = (0..self.stored.runs).collect();
                stream.shuffle(&mut runs);
                runs
            });
            order.push(own.clone());
        }
        Dealt { order }
    }

    /// Run `candidate` as it was, against the newest of the others.
    fn whole(&self, candidate: usize) -> Dealt {
        let mut runs = vec![candidate];
        let others: Vec<usize> = (0..self.stored.runs).filter(|run| *run != candidate).collect();
        runs.extend(&others[others.len() - self.before..]);
        Dealt { order: vec![runs; self.stored.cases.len()] }
    }

    /// How many of the stored runs block against the others.
    fn in_turn(&self, alpha: f64) -> (usize, usize) {
        let blocks = |run: usize| {
            let outputs = decided(std::slice::from_ref(self), &[self.whole(run)], alpha);
            outputs.iter().any(|output| output.decision == Decision::Regressed)
        };
        ((0..self.stored.runs).filter(|run| blocks(*run)).count(), self.stored.runs)
    }

    /// What tells draws apart: the outcomes of the candidate and of the baseline, whatever their order.
    fn mark(&self, dealt: &Dealt) -> u64 {
        let mut hasher = blake3::Hasher::new();
        for (case, order) in self.stored.cases.iter().zip(&dealt.order) {
            let letter = |run: &usize| case.runs[*run].outcome.letter() as u8;
            let passed = order[1..=self.before].iter().filter(|run| letter(run) == b'P').count();
            hasher.update(&[letter(&order[0])]).update(&(passed as u64).to_le_bytes());
        }
        let hash = hasher.finalize();
        u64::from_le_bytes(std::array::from_fn(|at| hash.as_bytes()[at]))
    }

    /// All that the gate sees of a draw: for each run that was dealt the first of its case that is its like.
    fn fingerprint(&self, dealt: &Dealt) -> u64 {
        let mut hasher = blake3::Hasher::new();
        for (alike, order) in self.alike.iter().zip(&dealt.order) {
            for run in order.iter().take(1 + self.before + self.confirmations) {
                hasher.update(&(alike[*run] as u64).to_le_bytes());
            }
        }
        let hash = hasher.finalize();
        u64::from_le_bytes(std::array::from_fn(|at| hash.as_bytes()[at]))
    }

    fn baseline(&self, dealt: &Dealt) -> Baseline {
        let case = |(case, order): (&'a StoredCase, &Vec<usize>)| {
            let runs: Vec<AcceptedRun<'_>> =
                order[1..=self.before].iter().map(|run| accepted(&case.runs[*run])).collect();
            (case.id, runs, case.truth.as_deref())
        };
        Baseline {
            suite: self.stored.suite.clone(),
            run: "drawn".to_owned(),
            fingerprints: self.fingerprints.clone(),
            history: Vec::new(),
            metrics: self.stored.metrics.clone(),
            cases: self.stored.cases.iter().zip(&dealt.order).map(case).collect(),
        }
    }

    /// The candidate's cases; those of the scenarios in `again` were asked again.
    fn drawn(&self, dealt: &Dealt, again: &[usize]) -> metric::Table {
        let mut table = self.cases.clone();
        let after = 1 + self.before;
        for (at, (case, order)) in self.stored.cases.iter().zip(&dealt.order).enumerate() {
            table.set(at, 0, &answer(&case.runs[order[0]]));
            if again.contains(&case.scenario) {
                for run in &order[after..after + self.confirmations] {
                    table.confirm(at, usize::MAX, &answer(&case.runs[*run]));
                }
            }
        }
        table
    }
}

/// The cases of a suite, each to be asked once.
fn cases(stored: &Stored) -> metric::Table {
    let mut table = metric::Table::default();
    for case in &stored.cases {
        let variant = case.variant.as_ref();
        let facts = CaseFacts {
            id: case.id,
            family: case.family,
            scenario: case.scenario,
            variant: variant.map(|(family, promise)| Variant { family, promise: *promise }),
            knobs: (!case.knobs.columns.is_empty()).then_some(&case.knobs),
            tags: &case.tags,
            must_pass: case.must_pass,
            quarantined: false,
            truth: case.truth.as_deref(),
            expected: case.number,
            measured: Measured::default(),
            most_turns: None,
        };
        table.push(&facts, 1);
    }
    table
}

/// For each run of a case the first that came to the same.
fn alike(case: &StoredCase) -> Vec<usize> {
    let first = |run: &StoredRun| case.runs.iter().position(|other| other == run).unwrap_or(0);
    case.runs.iter().map(first).collect()
}

/// Decides one draw of all suites, as one build.
fn decided(tables: &[Table<'_>], dealt: &[Dealt], alpha: f64) -> Vec<GateOutput> {
    let options = GateOptions { alpha, ci: false };
    let baselines: Vec<Baseline> =
        tables.iter().zip(dealt).map(|(table, dealt)| table.baseline(dealt)).collect();
    let drawn = |again: &[Vec<usize>]| -> Vec<metric::Table> {
        let all = tables.iter().zip(dealt).enumerate();
        all.map(|(at, (table, dealt))| table.drawn(dealt, again.get(at).map_or(&[], Vec::as_slice))).collect()
    };
    let first = drawn(&[]);
    let inputs = inputs(tables, &first, &baselines);
    let again = if tables.iter().all(|table| table.confirmations > 0) {
        needs_runs(&inputs, options)
    } else {
        Vec::new()
    };
    if again.iter().all(Vec::is_empty) {
        return decide(&inputs, options);
    }
    let second = drawn(&again);
    decide(&self::inputs(tables, &second, &baselines), options)
}

fn inputs<'i>(
    tables: &'i [Table<'_>],
    drawn: &'i [metric::Table],
    baselines: &'i [Baseline],
) -> Vec<GateInput<'i>> {
    let input = |((table, drawn), baseline): ((&'i Table<'_>, &'i metric::Table), &'i Baseline)| GateInput {
        suite: &table.stored.suite,
        kind: table.stored.kind,
        spec: &table.spec,
        labels: &table.stored.labels,
        scenarios: &table.stored.scenarios,
        table: drawn,
        whys: Whys::NONE,
        planned: drawn.len(),
        partial: false,
        stopped_early: false,
        only_reports: false,
        measurements: &table.measurements,
        fingerprints: &table.fingerprints,
        baseline: Some(baseline),
        times: Times::Unknown("stored runs are re-drawn"),
        problems: &[],
    };
    tables.iter().zip(drawn).zip(baselines).map(input).collect()
}

/// A stored run as one that was accepted.
fn accepted(run: &StoredRun) -> AcceptedRun<'_> {
    AcceptedRun { outcome: run.outcome, label: run.label.as_deref(), number: run.number }
}

/// A stored run as an answer of now.
fn answer(run: &StoredRun) -> AnswerFacts<'_> {
    let outcome = match run.outcome {
        Accepted::Pass => Outcome::Pass,
        Accepted::Fail => Outcome::Fail,
        Accepted::Error => Outcome::TargetError,
        Accepted::Ungraded => Outcome::CannotJudge,
    };
    AnswerFacts { outcome, label: run.label.as_deref(), number: run.number, ..AnswerFacts::NOT_ASKED }
}

/// Values for the gating metrics, which the gate wants to know measured: those accepted.
fn measurements(stored: &Stored) -> Vec<Measurement> {
    let keys = stored.spec.metrics.keys().map(String::as_str);
    let own = stored.spec.metrics.contains_key(PASS_RATE.name);
    let keys = keys.chain((!own).then_some(PASS_RATE.name));
    let measurement = |key: &str| {
        let found = metric_names::find(key);
        let (name, over) = metric_names::parts(key);
        let (metric, slice) = match over {
            Over::Suite | Over::Label(_) => (key, Slice::Suite),
            Over::Scenario(id) => (name, Slice::Scenario(id.to_owned())),
            Over::Tag(tag) => (name, Slice::Tag(tag.to_owned())),
            Over::Operators(family) => (name, Slice::Operators(family.to_owned())),
        };
        let (direction, unit) = found.map_or((Direction::Higher, Unit::Share), |of| (of.direction, of.unit));
        let accepted = stored.metrics.get(key).and_then(|accepted| accepted.value);
        Measurement {
            metric: metric.to_owned(),
            slice,
            value: Some(accepted.unwrap_or(1.0)),
            n: stored.cases.len(),
            excluded: 0,
            reason: None,
            interval: None,
            direction,
            unit,
        }
    };
    keys.map(measurement).collect()
}
