//! One log, or the accepted answers, as it goes by: what is counted of every answer, and what is kept of some.

use super::expected::{Checked, Expected, ExpectedError, Route, Routed, Rules};
use super::features::{Features, Numbered};
use super::least::Least;
use super::opinion::Said;
use super::record::{Logged, MOST_SOURCES, OTHERS, text_of};
use super::scrub::Scrub;
use crate::expand::CaseId;
use crate::expand::similar::normalised;
use crate::judge::Outcome;
use std::collections::{BTreeMap, HashMap};

/// Answers whose features are kept to see drift.
pub const MOST_FEATURES: usize = 200_000;

/// Different requests unlike any scenario that are kept to be grouped.
pub const MOST_UNLIKE: usize = 1500;

/// Labels, and models, that are told apart.
const MOST_NAMES: usize = 500;

/// Names of scenarios that the suite does not have which are told.
const MOST_UNKNOWN: usize = 5;

/// What is kept of some answers.
#[derive(Debug, Clone, Copy)]
pub struct Keep {
    /// Failing answers.
    pub failing: usize,
    /// Answers to be judged by models and programs.
    pub sample: usize,
    /// Requests unlike any scenario.
    pub unlike: usize,
}

/// What went by.
#[derive(Debug)]
pub struct Window {
    keep: Keep,
    /// Answers by how it is known whose they are, with what checks said of them.
    pub routes: BTreeMap<Route, Tally>,
    /// The same by scenario.
    pub scenarios: Vec<Tally>,
    /// The first and the last time.
    pub times: Option<(jiff::Timestamp, jiff::Timestamp)>,
    /// Names of scenarios that the suite does not have, with how many answers name them.
    pub unknown: BTreeMap<String, u64>,
    /// Answers that name such a scenario.
    pub unknown_answers: u64,
    /// What was said by each source.
    pub sources: Vec<Source>,
    /// Labels, by their number.
    pub labels: Names,
    /// Models, by their number.
    pub models: Names,
    /// Features of the answers, or of a sample of them.
    pub features: Least<Features>,
    /// Failing answers.
    pub failing: Least<Failing>,
    /// Answers that models and programs are to be asked about.
    pub sample: Least<Sampled>,
    /// Requests unlike any scenario.
    pub unlike: Least<Request>,
}

/// Answers counted by what checks said of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Tally {
    /// All of them.
    pub answers: u64,
    /// Those that pass.
    pub pass: u64,
    /// Those that a check fails.
    pub fail: u64,
    /// Those that are errors in place of answers.
    pub errors: u64,
    /// Those that checks could not tell of.
    pub ungraded: u64,
    /// Those that do not apply: conversations that go on, and what is only measured.
    pub not_applicable: u64,
    /// Those of which nothing is checked without a model, a program or a seed.
    pub unchecked: u64,
    /// Those of which an entry was left out, since it needs a seed.
    pub partly: u64,
}

/// A source of verdicts.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// Its name. Untrusted.
    pub name: String,
    /// Answers that it said something of.
    pub said: u64,
    /// The least and the largest number that it said.
    pub numbers: Option<(f64, f64)>,
}

/// A failing answer.
#[derive(Debug)]
pub struct Failing {
    /// The answer, scrubbed.
    pub logged: Logged,
    /// Whose request it is.
    pub routed: Routed,
    /// What was said of it.
    pub checked: Checked,
}

/// An answer that is to be judged.
#[derive(Debug)]
pub struct Sampled {
    /// The answer, scrubbed.
    pub logged: Logged,
    /// Whose request it is.
    pub routed: Routed,
    /// What must hold of it.
    pub rules: Rules,
}

/// A request unlike any scenario.
#[derive(Debug, Clone)]
pub struct Request {
    /// As it was said first, scrubbed.
    pub text: String,
    /// How often it was said, white space and case aside.
    pub times: u64,
    /// Labels that it was answered with, and how often.
    pub labels: BTreeMap<String, u64>,
    /// The line of the first.
    pub line: u64,
}

/// Names by their number, in the order in which they came.
#[derive(Debug, Default)]
pub struct Names {
    numbers: HashMap<String, u16>,
    /// The names.
    pub names: Vec<String>,
}

impl Names {
    /// The number of a name; that of all others where there are too many.
    fn number(&mut self, name: &str, scrub: &Scrub) -> u16 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let name = if self.names.len() < MOST_NAMES { name } else { OTHERS };
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        // Labels that differ in what is scrubbed are several all the same.
        let number = u16::try_from(self.names.len()).unwrap_or(u16::MAX);
        self.names.push(scrub.text(name));
        self.numbers.insert(name.to_owned(), number);
        number
    }
}

impl Window {
    /// Nothing yet, of a suite with so many scenarios.
    pub fn new(scenarios: usize, keep: Keep) -> Self {
        Self {
            keep,
            routes: BTreeMap::new(),
            scenarios: vec![Tally::default(); scenarios],
            times: None,
            unknown: BTreeMap::new(),
            unknown_answers: 0,
            sources: Vec::new(),
            labels: Names::default(),
            models: Names::default(),
            features: Least::new(MOST_FEATURES),
            failing: Least::new(keep.failing),
            sample: Least::new(keep.sample),
            unlike: Least::new(keep.unlike),
        }
    }

    /// Takes an answer.
    pub fn take(
        &mut self,
        logged: &Logged,
        expected: &mut Expected,
        scrub: &Scrub,
    ) -> Result<(), ExpectedError> {
        let key = logged.identity().as_u64();
        let routed = expected.route(logged);
        let checked = expected.check(logged, routed)?;
        self.count(routed, &checked);
        if let Some(named) = logged.scenario.as_deref().filter(|named| expected.scenario(named).is_none()) {
            self.unknown_answers += 1;
            if self.unknown.len() < MOST_UNKNOWN || self.unknown.contains_key(named) {
                *self.unknown.entry(named.to_owned()).or_default() += 1;
            }
        }
        if let Some(time) = logged.time {
            let (first, last) = self.times.unwrap_or((time, time));
            self.times = Some((first.min(time), last.max(time)));
        }
        let numbered = self.numbered(logged, routed, scrub);
        self.features.offer(key, || Features::of(logged, checked.outcome, numbered));
        let scrubbed = || {
            let mut scrubbed = logged.clone();
            scrub.logged(&mut scrubbed);
            scrubbed
        };
        if routed.how == Route::Unlike && self.keep.unlike > 0 {
            self.unlike(logged, scrub);
        }
        if logged.answer.is_ok()
            && self.keep.sample > 0
            && let Some(rules) = expected.rules(logged, routed)?.filter(|rules| rules.asks)
            && expected.not_now(logged, routed).is_none()
        {
            self.sample.offer(key, || Sampled { logged: scrubbed(), routed, rules });
        }
        if matches!(checked.outcome, Some(Outcome::Fail | Outcome::TargetError)) {
            self.failing.offer(key, || Failing { logged: scrubbed(), routed, checked });
        }
        Ok(())
    }

    fn count(&mut self, routed: Routed, checked: &Checked) {
        self.routes.entry(routed.how).or_default().count(checked);
        if let Some(scenario) = routed.scenario {
            self.scenarios[scenario].count(checked);
        }
    }

    /// Numbers for what has a name. Names are scrubbed as they are kept.
    fn numbered(&mut self, logged: &Logged, routed: Routed, scrub: &Scrub) -> Numbered {
        let answer = logged.answer.as_ref().ok();
        let label = answer.and_then(|answer| answer.label.as_deref());
        let model = answer.and_then(|answer| answer.model.as_deref());
        let said = logged
            .said
            .iter()
            .map(|(source, said)| (self.source(&scrub.text(source), *said), *said))
            .collect();
        Numbered {
            label: label.map(|label| self.labels.number(label, scrub)),
            model: model.map(|model| self.models.number(model, scrub)),
            scenario: routed.scenario.and_then(|at| u16::try_from(at).ok()),
            said,
        }
    }

    /// The number of a source, which said something.
    fn source(&mut self, name: &str, said: Said) -> u8 {
        let known = self.sources.iter().position(|of| of.name == name);
        let at = known.unwrap_or_else(|| {
            let name = if self.sources.len() < MOST_SOURCES { name } else { OTHERS };
            self.sources.iter().position(|of| of.name == name).unwrap_or_else(|| {
                self.sources.push(Source { name: name.to_owned(), said: 0, numbers: None });
                self.sources.len() - 1
            })
        });
        let source = &mut self.sources[at];
        source.said += 1;
        if let Said::Number(number) = said {
            let (least, largest) = source.numbers.unwrap_or((number, number));
            source.numbers = Some((least.min(number), largest.max(number)));
        }
        u8::try_from(at).unwrap_or(u8::MAX)
    }

    /// Counts a request unlike any scenario by its words: those whose hash is least are kept, and of them it is
    /// known how often each was said.
    fn unlike(&mut self, logged: &Logged, scrub: &Scrub) {
        let text = text_of(logged.first_input());
        let key = CaseId::of(&[b"request", normalised(&text).as_bytes()]).as_u64();
        let label = logged.answer.as_ref().ok().and_then(|answer| answer.label.as_deref());
        let label = label.map(|label| scrub.text(label));
        if let Some(known) = self.unlike.get_mut(key) {
            known.times += 1;
            if let Some(label) = label {
                *known.labels.entry(label).or_default() += 1;
            }
            return;
        }
        let labels = label.map(|label| (label, 1)).into_iter().collect();
        self.unlike.offer(key, || Request { text: scrub.text(&text), times: 1, labels, line: logged.line });
    }

    /// All answers together.
    pub fn all(&self) -> Tally {
        self.routes.values().fold(Tally::default(), |all, of| all.and(*of))
    }
}

impl Tally {
    fn count(&mut self, checked: &Checked) {
        self.answers += 1;
        let place = match checked.outcome {
            Some(Outcome::Pass) => &mut self.pass,
            Some(Outcome::Fail) => &mut self.fail,
            Some(Outcome::TargetError) => &mut self.errors,
            Some(Outcome::CannotJudge | Outcome::JudgeError) => &mut self.ungraded,
            Some(Outcome::NotApplicable | Outcome::Skipped) => &mut self.not_applicable,
            None => &mut self.unchecked,
        };
        *place += 1;
        self.partly += u64::from(checked.left_out > 0);
    }

    /// Both together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            answers: self.answers + other.answers,
            pass: self.pass + other.pass,
            fail: self.fail + other.fail,
            errors: self.errors + other.errors,
            ungraded: self.ungraded + other.ungraded,
            not_applicable: self.not_applicable + other.not_applicable,
            unchecked: self.unchecked + other.unchecked,
            partly: self.partly + other.partly,
        }
    }

    /// Those that passed or failed, or erred where an error counts as a failure.
    pub const fn graded(&self, errors_fail: bool) -> u64 {
        self.pass + self.fail + if errors_fail { self.errors } else { 0 }
    }
}
