//! Baselines as files: what is written is read again, what is not ours is refused with the mend,
//! and accepting is all or nothing.

use holdline::baseline::{
    Acceptance, Accepted, AcceptedCase, AcceptedCases, AcceptedMetric, AcceptedRun, Answers, Baseline,
    BaselineError, Beside, Extent, Fingerprints, KEPT_RUNS, KeptAnswer, NewRun, Offer, Offered, Rest,
    Signature, Snap, Store, Timings, UpdateMode, next,
};
use holdline::expand::CaseId;
use holdline::judge::Outcome;
use holdline::metric::{AnswerFacts, CaseFacts, Direction, Measurement, Slice, Table, Unit};
use holdline::suite::schema::MustPass;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

#[path = "baseline/files.rs"]
mod files;
#[path = "baseline/killed.rs"]
mod killed;
#[cfg(feature = "cli")]
#[path = "baseline/review.rs"]
mod review;
#[path = "baseline/scores.rs"]
mod scores;
#[path = "baseline/snap.rs"]
mod snap;
#[path = "baseline/store.rs"]
mod store;

/// A measured share over the whole suite.
fn share(metric: &str, value: f64, n: usize) -> Measurement {
    Measurement {
        metric: metric.to_owned(),
        slice: Slice::Suite,
        value: Some(value),
        n,
        excluded: 0,
        reason: None,
        interval: None,
        direction: Direction::Higher,
        unit: Unit::Share,
    }
}

fn id(name: &str) -> CaseId {
    CaseId::of(&[name.as_bytes()])
}

fn fingerprints(judges: &str) -> Fingerprints {
    Fingerprints { suite: "5e".to_owned(), judges: judges.to_owned(), target: "http".to_owned() }
}

/// A run of the suite `demo` with all that is kept of it.
struct Run {
    next: Baseline,
    answers: Answers,
    timings: Timings,
}

/// A case of a run: what each of its answers came to, and the label expected.
struct NewCase<'a> {
    id: CaseId,
    runs: Vec<NewAnswer<'a>>,
    expected: Option<&'a str>,
    quarantined: bool,
}

/// What one answer to a case came to.
#[derive(Clone, Copy)]
struct NewAnswer<'a> {
    outcome: Outcome,
    label: Option<&'a str>,
    number: Option<f64>,
}

/// The cases of a run.
fn table(cases: &[NewCase<'_>]) -> Table {
    let mut table = Table::default();
    for (at, case) in cases.iter().enumerate() {
        let facts = CaseFacts {
            id: case.id,
            family: case.id,
            scenario: 0,
            variant: None,
            knobs: None,
            tags: &[],
            must_pass: MustPass::No,
            quarantined: case.quarantined,
            truth: case.expected,
            expected: None,
            measured: holdline::metric::Measured::default(),
            most_turns: None,
        };
        table.push(&facts, u32::try_from(case.runs.len()).unwrap());
        for (repeat, NewAnswer { outcome, label, number }) in (0..).zip(case.runs.iter().copied()) {
            table.set(at, repeat, &AnswerFacts { outcome, label, number, ..AnswerFacts::NOT_ASKED });
        }
    }
    table
}

/// Changes what is accepted for a case: its runs, and the label expected.
fn edit(
    baseline: &mut Baseline,
    id: CaseId,
    change: impl for<'a> Fn(&mut Vec<AcceptedRun<'a>>, &mut Option<&'a str>),
) {
    let cases = baseline.cases.iter().map(|(of, case)| {
        let (mut runs, mut expected) = (case.runs().collect(), case.expected());
        if of == id {
            change(&mut runs, &mut expected);
        }
        (of, runs, expected)
    });
    baseline.cases = cases.collect();
}

impl Run {
    /// A run after `old` in which each case has the outcome given, and answers its own run's id.
    fn after(old: Option<&Baseline>, run: &str, outcomes: &[(&str, Outcome)]) -> Self {
        Self::answering(run, old, run, outcomes)
    }

    /// A run after `old` in which each case has the outcome given, and answers `label`.
    fn answering(label: &str, old: Option<&Baseline>, run: &str, outcomes: &[(&str, Outcome)]) -> Self {
        let cases: Vec<NewCase<'_>> = outcomes
            .iter()
            .map(|(name, outcome)| NewCase {
                id: id(name),
                runs: vec![NewAnswer { outcome: *outcome, label: Some(label), number: None }],
                expected: None,
                quarantined: false,
            })
            .collect();
        let passed = outcomes.iter().filter(|(_, outcome)| *outcome == Outcome::Pass).count();
        let measurements = [share("pass_rate", passed as f64 / outcomes.len() as f64, outcomes.len())];
        let fingerprints = fingerprints("01");
        let new = NewRun {
            scores: &[],
            suite: "demo",
            run,
            fingerprints: &fingerprints,
            measurements: &measurements,
            cases: &table(&cases),
        };
        let answers = outcomes.iter().map(|(name, outcome)| {
            let answer = KeptAnswer {
                name: (*name).to_owned(),
                input: format!("please {name}").into(),
                output: Some(format!("{name} answered in {run}")),
                label: Some(run.to_owned()),
                outcome: *outcome,
                reason: if *outcome == Outcome::Fail { format!("{run} said no") } else { String::new() },
                extent: Extent::Whole,
                rest: Rest::default(),
            };
            (id(name), answer)
        });
        Self {
            next: next(old, &new, false),
            answers: Answers {
                suite: "demo".to_owned(),
                run: run.to_owned(),
                cases: answers.collect(),
                left_out: 0,
            },
            timings: Timings::here("demo", run, outcomes.iter().map(|(name, _)| (id(name), 1.5))),
        }
    }

    /// Offers it to a store.
    fn offered(
        &self,
        store: &Store,
        mode: UpdateMode,
        signature: &Signature,
    ) -> Result<Offered, BaselineError> {
        self.offered_unless(None, store, mode, signature)
    }

    /// The same, unless there is a reason that it cannot become a baseline.
    fn offered_unless(
        &self,
        unacceptable: Option<&str>,
        store: &Store,
        mode: UpdateMode,
        signature: &Signature,
    ) -> Result<Offered, BaselineError> {
        let offer = Offer {
            source: "suites/demo.toml",
            next: &self.next,
            answers: &|id| self.answers.cases.get(&id).cloned(),
            timings: &self.timings,
            unacceptable,
            rejudged: None,
        };
        store.offer(&offer, mode, || signature.clone())
    }
}

/// What a case came to in a run.
const fn ran(outcome: Accepted, label: Option<&str>, number: Option<f64>) -> AcceptedRun<'_> {
    AcceptedRun { outcome, label, number }
}

fn signed(reason: &str) -> Signature {
    Signature { at: "2026-03-02T10:20:31Z".to_owned(), by: "Ana".to_owned(), reason: reason.to_owned() }
}

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}
