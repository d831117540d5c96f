//! Baselines as files: what is written is read again, what is not ours is refused with the mend,
//! and accepting is all or nothing.

use holdline::baseline::{
    Acceptance, Accepted, AcceptedCase, AcceptedMetric, AcceptedRun, Answers, Baseline, BaselineError,
    Beside, Fingerprints, KEPT_RUNS, KeptAnswer, NewAnswer, NewCase, NewRun, Offer, Offered, Signature, Snap,
    Store, Timings, UpdateMode, next,
};
use holdline::expand::CaseId;
use holdline::judge::Outcome;
use holdline::metric::{Direction, Measurement, Slice, Unit};
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
            suite: "demo",
            run,
            fingerprints: &fingerprints,
            measurements: &measurements,
            cases: &cases,
        };
        let answers = outcomes.iter().map(|(name, outcome)| {
            let answer = KeptAnswer {
                name: (*name).to_owned(),
                input: format!("please {name}").into(),
                output: Some(format!("{name} answered in {run}")),
                label: Some(run.to_owned()),
                outcome: *outcome,
                reason: if *outcome == Outcome::Fail { format!("{run} said no") } else { String::new() },
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

    fn offer(&self) -> Offer<'_> {
        Offer {
            source: "suites/demo.toml",
            next: &self.next,
            answers: &self.answers,
            timings: &self.timings,
            unacceptable: None,
        }
    }
}

/// What a case came to in a run.
fn ran(outcome: Accepted, label: Option<&str>, number: Option<f64>) -> AcceptedRun {
    AcceptedRun { outcome, label: label.map(str::to_owned), number }
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
