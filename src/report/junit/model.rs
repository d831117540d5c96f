//! The document as it is to be: plain data, every text safe for XML.

use super::gate;
use crate::expand::CaseId;
use crate::gate::{Flip, Standing};
use crate::judge::Outcome;
use crate::report::escape::{shortened, xml_cdata, xml_line};
use crate::report::evidence;
use crate::report::number;
use crate::report::ranking;
use crate::report::record::{CaseRecord, QuarantineRecord, Record, ScenarioRecord, SuiteRecord};
use crate::report::repeats;
use crate::suite::schema::MustPass;
use std::collections::{BTreeSet, HashSet};

/// Longest name of a test; a longer one is cut and carries the case's id.
const NAME: usize = 100;
/// Most cases in a file: readers take whole files into memory, and no person looks at more.
pub const MOST_CASES: usize = 100_000;
/// Longest message, in characters.
const MESSAGE: usize = 500;
/// Longest reason in a message, in characters.
const REASON: usize = 300;
/// Longest text within the body of a failure, in characters.
const BODY: usize = 4000;

pub(super) struct Document {
    /// When the run began, where it can be said.
    pub(super) started: Option<jiff::Timestamp>,
    pub(super) groups: Vec<Group>,
}

/// What becomes a `testsuite`: a scenario, or the gate of a suite.
pub(super) struct Group {
    pub(super) name: String,
    pub(super) file: Option<String>,
    pub(super) properties: Vec<(&'static str, String)>,
    pub(super) tests: Vec<Test>,
}

/// What becomes a `testcase`.
pub(super) struct Test {
    pub(super) name: String,
    pub(super) millis: u64,
    pub(super) file: Option<String>,
    pub(super) line: Option<u32>,
    /// Kept for tests that do not pass or waver, so that any other is a line.
    pub(super) properties: Vec<(&'static str, String)>,
    pub(super) result: TestResult,
}

pub(super) enum TestResult {
    Passed,
    Skipped { kind: String, message: String },
    Failed { kind: String, message: String, body: String },
    Errored { kind: String, message: String, body: String },
}

/// How many tests of a kind there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) tests: usize,
    pub(super) failures: usize,
    pub(super) errors: usize,
    pub(super) skipped: usize,
    pub(super) millis: u64,
}

impl Document {
    /// The document of a record. `cases` hands out the cases of all suites, each with the place of its suite,
    /// in the order of the plan.
    pub(super) fn of(record: &Record, cases: impl FnOnce(&mut dyn FnMut(usize, &CaseRecord))) -> Self {
        let mut suites: Vec<Scenarios<'_>> = record.suites.iter().map(Scenarios::of).collect();
        let count = |of: fn(&SuiteRecord) -> usize| record.suites.iter().map(of).sum::<usize>();
        let all = count(SuiteRecord::asked);
        let bad = all - count(|suite| suite.count(Outcome::Pass));
        let mut room = Room { others: MOST_CASES, passing: MOST_CASES.saturating_sub(bad) };
        cases(&mut |place, case| {
            if let Some(suite) = suites.get_mut(place) {
                suite.take(case, &mut room);
            }
        });
        let mut groups = Vec::new();
        for (suite, scenarios) in record.suites.iter().zip(suites) {
            if let Some(carried) = &suite.carried {
                groups.push(gate::of_carried(suite, carried));
                continue;
            }
            let scenarios = scenarios.finish();
            let failing = scenarios.iter().any(|group| group.counts().failures > 0);
            groups.extend(scenarios);
            groups.push(gate::of_suite(suite, failing));
        }
        let red = groups.iter().map(Group::counts).any(|of| of.failures + of.errors > 0);
        if !red {
            groups.extend(gate::of_run(record));
        }
        let started = record.started.parse::<jiff::Timestamp>().ok();
        Self { started: started.filter(|at| at.as_second() >= 0), groups }
    }

    pub(super) fn counts(&self) -> Counts {
        self.groups.iter().map(Group::counts).fold(Counts::default(), |sum, of| Counts {
            tests: sum.tests + of.tests,
            failures: sum.failures + of.failures,
            errors: sum.errors + of.errors,
            skipped: sum.skipped + of.skipped,
            millis: sum.millis.saturating_add(of.millis),
        })
    }
}

impl Group {
    pub(super) fn counts(&self) -> Counts {
        let mut counts = Counts { tests: self.tests.len(), ..Counts::default() };
        for test in &self.tests {
            counts.millis = counts.millis.saturating_add(test.millis);
            match test.result {
                TestResult::Passed => {}
                TestResult::Skipped { .. } => counts.skipped += 1,
                TestResult::Failed { .. } => counts.failures += 1,
                TestResult::Errored { .. } => counts.errors += 1,
            }
        }
        counts
    }
}

impl TestResult {
    pub(super) fn skipped(kind: &str, message: &str) -> Self {
        Self::Skipped { kind: kind.to_owned(), message: line(message) }
    }

    pub(super) fn failed(kind: &str, message: &str, body: &str) -> Self {
        Self::Failed { kind: kind.to_owned(), message: line(message), body: xml_cdata(body) }
    }

    pub(super) fn errored(kind: &str, message: &str, body: &str) -> Self {
        Self::Errored { kind: kind.to_owned(), message: line(message), body: xml_cdata(body) }
    }
}

/// Room that is left in the file, for cases that pass and for all others.
struct Room {
    passing: usize,
    others: usize,
}

/// The scenarios of a suite, while its cases come in.
struct Scenarios<'r> {
    suite: &'r SuiteRecord,
    groups: Vec<Group>,
    /// Cases of each group for which there was no room.
    left_out: Vec<usize>,
    /// The cases in each quarantine, and the scenarios that have any.
    quarantined: Vec<(HashSet<CaseId>, BTreeSet<usize>)>,
}

impl<'r> Scenarios<'r> {
    fn of(suite: &'r SuiteRecord) -> Self {
        let group = |scenario: &ScenarioRecord| {
            let mut properties = vec![("scenario", xml_line(&scenario.name))];
            properties.extend(scenario.why.as_deref().map(|why| ("why", xml_line(why))));
            Group {
                name: xml_line(&format!("{}::{}", suite.name, scenario.id)),
                file: Some(xml_line(&suite.path)),
                properties,
                tests: Vec::new(),
            }
        };
        let cases = |of: &QuarantineRecord| (of.cases.iter().copied().collect(), BTreeSet::new());
        Self {
            suite,
            groups: suite.scenarios.iter().map(group).collect(),
            left_out: vec![0; suite.scenarios.len()],
            quarantined: suite.quarantined.iter().map(cases).collect(),
        }
    }

    fn take(&mut self, case: &CaseRecord, room: &mut Room) {
        let Some(group) = self.groups.get_mut(case.scenario) else { return };
        for (cases, scenarios) in &mut self.quarantined {
            if cases.contains(&case.id) {
                scenarios.insert(case.scenario);
            }
        }
        let room = if case.graded.outcome == Outcome::Pass { &mut room.passing } else { &mut room.others };
        if let Some(rest) = room.checked_sub(1) {
            *room = rest;
            group.tests.push(test(case));
        } else {
            self.left_out[case.scenario] += 1;
        }
    }

    fn finish(mut self) -> Vec<Group> {
        for (quarantine, (_, scenarios)) in self.suite.quarantined.iter().zip(&self.quarantined) {
            for scenario in scenarios {
                self.groups[*scenario].properties.push(("quarantine", line(&quarantine.told())));
            }
        }
        for (group, left_out) in self.groups.iter_mut().zip(&self.left_out) {
            if *left_out > 0 {
                let cases = number::count(*left_out, "case is", "cases are");
                let why =
                    format!("{cases} left out: the file has {MOST_CASES} at most, those that pass go first");
                group.properties.push(("left_out", why));
            }
        }
        self.groups.retain(|group| !group.tests.is_empty());
        self.groups
    }
}

fn test(case: &CaseRecord) -> Test {
    let result = result(case);
    let properties = match result {
        // What wavers is worth a line or two though it passes.
        TestResult::Passed if case.is_unstable() => properties(case),
        TestResult::Passed => Vec::new(),
        _ => properties(case),
    };
    Test {
        name: name(case),
        millis: millis(case),
        file: Some(xml_line(&case.provenance.place.file)),
        line: Some(case.provenance.place.line),
        properties,
        result,
    }
}

/// The case's name. One that is too long is cut, and stays unique by the case's id.
fn name(case: &CaseRecord) -> String {
    match case.name.char_indices().nth(NAME) {
        None => xml_line(&case.name),
        Some((end, _)) => xml_line(&format!("{}… {}", &case.name[..end], case.id)),
    }
}

fn result(case: &CaseRecord) -> TestResult {
    match &case.standing {
        Standing::Passes => TestResult::Passed,
        Standing::Tolerated(why) => TestResult::skipped("tolerated", why),
        Standing::Skipped(why) => TestResult::skipped("skipped", why),
        Standing::Errs(why) => TestResult::errored(kind_of(case.graded.outcome), why, &body(case)),
        Standing::Fails(why) => {
            let kind = match case.flip {
                _ if case.must_pass.is_set() => "must_pass",
                Some(Flip::Broke) => "broke",
                _ => kind_of(case.graded.outcome),
            };
            // Lists of failures show the message alone: what was wrong goes first.
            let mut message = match ranking::reason(case) {
                Some(reason) if reason != *why => format!("{}; {why}", shortened(&reason, REASON)),
                _ => why.clone(),
            };
            if let Some(repeats) = repeats::in_words(case) {
                message = format!("{repeats}; {message}");
            }
            TestResult::failed(kind, &message, &body(case))
        }
    }
}

const fn kind_of(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "pass",
        Outcome::Fail => "fail",
        Outcome::NotApplicable => "not_applicable",
        Outcome::CannotJudge => "cannot_judge",
        Outcome::JudgeError => "judge_error",
        Outcome::TargetError => "target_error",
        Outcome::Skipped => "skipped",
    }
}

fn body(case: &CaseRecord) -> String {
    let mut body = String::new();
    for part in evidence::parts(case, BODY) {
        body.push_str(part.title);
        body.push_str(":\n  ");
        body.push_str(&part.text.replace('\n', "\n  "));
        body.push('\n');
    }
    body.push_str("look closer: holdline show ");
    body.push_str(&case.id.to_string());
    body.push('\n');
    body
}

fn properties(case: &CaseRecord) -> Vec<(&'static str, String)> {
    let mut properties = vec![("case", case.id.to_string())];
    if case.must_pass.is_set() {
        let how = if case.must_pass == MustPass::Majority { "majority" } else { "true" };
        properties.push(("must_pass", how.to_owned()));
    }
    if !case.repeats.is_empty() {
        properties.push(("repeats", case.repeats.len().to_string()));
        properties.push(("passed", case.tally().0.to_string()));
    }
    if case.is_unstable() {
        properties.push(("unstable", "true".to_owned()));
    }
    if let Some(truth) = &case.truth {
        properties.push(("expected", line(truth)));
    }
    if let Some(label) = case.graded.transcript.last().and_then(|answer| answer.label.as_deref()) {
        properties.push(("label", line(label)));
    }
    properties.extend(case.tags.iter().map(|tag| ("tag", line(tag))));
    properties
}

/// Time of all requests of the case that were timed. What cannot be a time counts as none.
fn millis(case: &CaseRecord) -> u64 {
    let times = case.graded.transcript.turns.iter().filter_map(|turn| turn.answer.latency_ms);
    let sum: f64 = times.filter(|ms| ms.is_finite() && *ms > 0.0).sum();
    // `as` saturates, and the sum is not negative.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "capped below 2^53")]
    let millis = sum.round().min(1e12) as u64;
    millis
}

fn line(text: &str) -> String {
    xml_line(&shortened(text, MESSAGE))
}
