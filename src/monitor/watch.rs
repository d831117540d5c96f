//! From a log to the report: reads, judges, compares, groups, writes.

use super::drift;
use super::expected::{Expected, ExpectedError, Route};
use super::groups;
use super::judged;
use super::opinion::Scale;
use super::read::{Log, ReadError, read};
use super::record::Logged;
use super::report::{Drift, FORMAT, Report, SampleSeen, ScenarioSeen, Share};
use super::scrub::Scrub;
use super::shown::example;
use super::sources::{agreement, scale, sources};
use super::window::{Keep, MOST_FEATURES, MOST_UNLIKE, Sampled, Window};
use super::written::{put_aside, write};
use crate::baseline::{Beside, KeptAnswer, Store};
use crate::report::escape::terminal_line;
use crate::run::folder::below;
use crate::session::{self, Options, SessionError, Setting};
use crate::suite::project::{BudgetSpec, Project};
use crate::suite::schema::{OneOrMany, TargetErrors};
use crate::suite::secret::Secrets;
use crate::suite::{Suite, env_names};
use crate::synth::candidate::QueueError;
use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;
use std::path::PathBuf;
use std::sync::Arc;

/// Failing answers that are shown.
const EXAMPLES: usize = 10;

/// Failing answers that are written at most.
const MOST_WRITTEN: usize = 10_000;

/// Per cent of lines that may be lost.
const MOST_LOST: u64 = 10;

/// The least similarity at which a request is like a seed, unless another is wished for.
pub const BAR: f64 = 0.5;

/// What is wished for.
#[derive(Debug, Clone)]
pub struct Wish {
    /// The project's root.
    pub root: PathBuf,
    /// The suite; `None`: the only one there is.
    pub suite: Option<String>,
    /// Parameters set for it.
    pub set: Vec<Setting>,
    /// Folder of the baselines; the project's own when `None`.
    pub baselines: Option<PathBuf>,
    /// The least similarity at which a request is like a seed, 0.01 to 1.
    pub bar: f64,
    /// Operations of spans that count; empty: all that answer.
    pub operations: Vec<String>,
    /// The scale of numbers in `feedback` and other verdicts; `None`: told from the numbers.
    pub scale: Option<Scale>,
    /// Answers that judges and programs are asked about at most; 0: none.
    pub sample: usize,
    /// What they may take.
    pub budget: BudgetSpec,
    /// What the log is compared with.
    pub against: Against,
    /// Where failing and sampled answers are written to.
    pub write_recorded: Option<PathBuf>,
    /// Whether requests like no scenario are put aside as candidates, to be reviewed.
    pub propose: bool,
    /// Whether this is CI, where nothing below `suites/` and `baselines/` is written.
    pub ci: bool,
}

/// What a log is compared with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Against {
    /// The accepted answers of the suite, where there are any.
    #[default]
    Accepted,
    /// An earlier log.
    Log(PathBuf),
    /// Nothing.
    Nothing,
}

/// Why a log cannot be watched at all.
#[derive(Debug, thiserror::Error)]
pub enum MonitorError {
    /// The log cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The suite cannot be loaded, or its judges cannot be made ready.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// What the suite expects cannot be used.
    #[error("suite `{suite}`: {error}")]
    Expected {
        /// Its name.
        suite: String,
        /// What is wrong.
        error: Box<ExpectedError>,
    },
    /// A wish that makes no sense as it stands.
    #[error("{0}")]
    Usage(String),
    /// Candidates cannot be put aside.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// The file of answers cannot be written.
    #[error("{}: {error}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the file system says.
        error: std::io::Error,
    },
}

/// A log that was read and checked, and is not yet reported.
#[derive(Debug)]
pub struct Watched {
    wish: Wish,
    expected: Expected,
    scrub: Scrub,
    log: Log,
    now: Window,
    before: Before,
}

/// What a log is compared with, what was read of it where it is a log, and what went by in it; or why there is none.
type Before = Result<(String, Option<Log>, Window), String>;

/// Reads a log, named `name` in messages, and checks every answer in it. Asks nothing of any model or program.
pub fn watch(wish: Wish, log: impl BufRead, name: &str) -> Result<Watched, MonitorError> {
    let (suite, project) = suite(&wish)?;
    let (secrets, _) = Secrets::gather(env_names(&suite), |name| std::env::var(name).ok());
    let (scrub, suite) = (Scrub::new(secrets), Arc::new(suite));
    let wrong = |error| MonitorError::Expected { suite: suite.name.clone(), error: Box::new(error) };
    let mut expected = Expected::of(suite.clone(), Arc::new(project), wish.bar).map_err(wrong)?;
    let failing = if wish.write_recorded.is_some() { MOST_WRITTEN } else { EXAMPLES };
    let keep = Keep { failing, sample: wish.sample, unlike: MOST_UNLIKE };
    let (log, now) = gather(&wish, log, name, &mut expected, (keep, &scrub))?;
    let before = before(&wish, &mut expected, &scrub)?;
    Ok(Watched { wish, expected, scrub, log, now, before })
}

/// The suite that is meant, and the project.
fn suite(wish: &Wish) -> Result<(Suite, Project), MonitorError> {
    let mut options = Options::new(wish.root.clone(), wish.ci);
    options.only.extend(wish.suite.clone());
    options.set.clone_from(&wish.set);
    let (project, mut suites) = session::suites(&options)?;
    if suites.len() > 1 {
        let names: Vec<String> = suites.iter().map(|suite| format!("`{}`", suite.name)).collect();
        let why =
            format!("there are {} suites: say which one with `--suite`: {}", suites.len(), names.join(", "));
        return Err(MonitorError::Usage(why));
    }
    let suite = suites.pop().ok_or_else(|| MonitorError::Usage("there is no suite".to_owned()))?;
    Ok((suite, project))
}

/// Reads a log into a window.
fn gather(
    wish: &Wish,
    log: impl BufRead,
    name: &str,
    expected: &mut Expected,
    (keep, scrub): (Keep, &Scrub),
) -> Result<(Log, Window), MonitorError> {
    let suite = expected.suite().clone();
    let mut window = Window::new(suite.scenarios.len(), keep);
    let mut failed = None;
    let log = read(log, name, &wish.operations, &mut |logged| {
        if failed.is_none() {
            failed = window.take(&logged, expected, scrub).err();
        }
    })?;
    if let Some(error) = failed {
        return Err(MonitorError::Expected { suite: suite.name.clone(), error: Box::new(error) });
    }
    let mut log = log;
    log.bad.iter_mut().for_each(|bad| bad.message = scrub.text(&bad.message));
    Ok((log, window))
}

/// What the log is compared with, or why there is nothing.
fn before(wish: &Wish, expected: &mut Expected, scrub: &Scrub) -> Result<Before, MonitorError> {
    let keep = Keep { failing: 0, sample: 0, unlike: 0 };
    match &wish.against {
        Against::Nothing => Ok(Err("nothing was to be compared with".to_owned())),
        Against::Log(path) => {
            let name = path.display().to_string();
            let file = std::fs::File::open(path)
                .map_err(|error| MonitorError::Usage(format!("{}: {error}", terminal_line(&name))))?;
            let (log, window) = gather(wish, std::io::BufReader::new(file), &name, expected, (keep, scrub))?;
            Ok(Ok((name, Some(log), window)))
        }
        Against::Accepted => {
            let folder =
                wish.baselines.clone().unwrap_or_else(|| expected.project().baselines.as_str().into());
            let store = Store::new(below(&wish.root, &folder), wish.ci);
            let suite = expected.suite().clone();
            let Some(baseline) = store.load(&suite.name).map_err(SessionError::from)? else {
                return Ok(Err(
                    "the suite has no baseline, and no earlier log is named (`--against`)".to_owned()
                ));
            };
            let answers = match store.answers(&suite.name, &baseline.run).map_err(SessionError::from)? {
                Beside::Found(answers) => answers,
                Beside::Absent => return Ok(Err("no answers are stored beside the baseline".to_owned())),
                Beside::Ignored(why) => return Ok(Err(why)),
            };
            let mut window = Window::new(suite.scenarios.len(), keep);
            for answer in answers.cases.values() {
                let taken = window.take(&accepted(answer), expected, scrub);
                taken.map_err(|error| MonitorError::Expected {
                    suite: suite.name.clone(),
                    error: Box::new(error),
                })?;
            }
            let what = format!("the accepted answers of suite `{}` (cases, and no traffic)", suite.name);
            Ok(Ok((what, None, window)))
        }
    }
}

/// An accepted answer as if it had been logged.
fn accepted(answer: &KeptAnswer) -> Logged {
    let scenario = answer.name.split_once("::").map(|(scenario, _)| scenario.to_owned());
    let mut turns = answer.turns();
    let last = turns.pop();
    let unsaid = || {
        let kind = crate::target::TargetErrorKind::NotRecorded;
        answer
            .rest
            .error
            .clone()
            .unwrap_or_else(|| crate::target::TargetError::new(kind, answer.reason.clone()))
    };
    let (input, answered) = match (last, &answer.rest.error) {
        (Some(turn), None) => (turn.user, Ok(turn.answer)),
        _ => (answer.input.clone(), Err(unsaid())),
    };
    let (line, said) = (0, BTreeMap::new());
    Logged {
        line,
        id: None,
        scenario,
        conversation: None,
        input,
        before: turns,
        answer: answered,
        time: None,
        said,
    }
}

impl Watched {
    /// Asks the judges about the sample, where one was wished for, compares, groups, writes, and says what came.
    pub async fn report(self) -> Result<Report, MonitorError> {
        let Self { wish, expected, scrub, log, mut now, before } = self;
        let suite = expected.suite().clone();
        let errors_fail = suite.spec.gate.target_errors == TargetErrors::Fail;
        let (mut problems, mut notes) = (trouble(&log), Vec::new());
        let of = now.sample.offered();
        let sample: Vec<Sampled> =
            std::mem::replace(&mut now.sample, super::least::Least::new(0)).into_values().collect();
        let said =
            if sample.is_empty() { None } else { Some(judged::judge(&wish, &expected, &sample, of).await?) };
        problems.extend(said.as_ref().and_then(|said| said.problem.clone()));
        let verdicts = said.as_ref().map(|said| said.verdicts.as_slice()).unwrap_or_default();
        if wish.sample > 0 && sample.is_empty() {
            notes.push(
                "no answer in the log is one that a judge or a program is to be asked about".to_owned(),
            );
        }
        let checked = now.all();
        problems.extend(ungraded(&suite, checked.ungraded, checked.graded(errors_fail)));
        let sampled: Option<SampleSeen> = said.as_ref().map(|said| said.seen.clone());
        let graded_by_judges = sampled.iter().flat_map(|of| &of.judges).filter_map(|of| of.pass).count();
        if checked.graded(errors_fail) == 0 && graded_by_judges == 0 && log.answers > 0 {
            problems.push(nothing_judged(&suite, &now, wish.sample));
        }
        let scales = |window: &Window, name: &str| {
            let source = window.sources.iter().find(|of| of.name == name)?;
            scale(source, wish.scale)
        };
        let drift = match before {
            Ok((against, log, window)) => {
                let ids: Vec<String> = suite.scenarios.iter().map(|of| of.id.clone()).collect();
                let terms = drift::Terms {
                    alpha: expected.project().alpha,
                    min_effect: suite.spec.gate.min_effect.get(),
                    errors_fail,
                };
                let both = |name: &str| (scales(&window, name), scales(&now, name));
                let drift = drift::compare(against, (&window, &now), &ids, both, terms);
                problems.extend(log.iter().flat_map(trouble));
                Ok(Drift { log, ..drift })
            }
            Err(why) => Err(why),
        };
        notes.extend(told(&now));
        let mut written = write(&wish, &now, (&sample, verdicts), &suite, &log)?;
        let unlike = now.routes.get(&Route::Unlike).map_or(0, |tally| tally.answers);
        let requests =
            std::mem::replace(&mut now.unlike, super::least::Least::new(0)).into_values().collect();
        let (unlike, proposed) = groups::group(requests, unlike, checked.answers);
        if wish.propose {
            written.extend(put_aside(&wish, &suite.name, &proposed, &log.name)?);
        }
        let agreement = agreement(&now, (&sample, verdicts), &|name| scales(&now, name));
        let answers = checked.answers - checked.errors;
        let declines = now.features.iter().filter(|of| of.declines).count() as u64;
        let looked_at = now.features.iter().filter(|of| !of.failed).count() as u64;
        debug_assert!(answers >= looked_at, "features are kept of answers alone");
        let seen = |(at, tally): (usize, &super::window::Tally)| ScenarioSeen {
            scenario: suite.scenarios[at].id.clone(),
            tally: *tally,
            pass: Share::of(tally.pass, tally.graded(errors_fail)),
        };
        let asked_for_nothing = wish.sample == 0;
        let (drift, no_drift) = match drift {
            Ok(drift) => (Some(drift), None),
            Err(why) => (None, Some(why)),
        };
        Ok(Report {
            format: FORMAT,
            suite: suite.name.clone(),
            times: now.times,
            checked,
            pass: Share::of(checked.pass, checked.graded(errors_fail)),
            bar: wish.bar,
            scenarios: now.scenarios.iter().enumerate().filter(|(_, of)| of.answers > 0).map(seen).collect(),
            unknown: now.unknown.iter().map(|(name, count)| (scrub.text(name), *count)).collect(),
            declines: Share::of(declines, looked_at),
            sources: sources(&now, &|name| scales(&now, name)),
            sampled,
            unasked: if asked_for_nothing { asked_by(&suite) } else { Vec::new() },
            agreement,
            drift,
            no_drift,
            unlike,
            failing: now.failing.iter().take(EXAMPLES).map(|of| example(of, &suite)).collect(),
            routes: now.routes,
            written,
            problems,
            notes,
            log,
        })
    }
}

/// Why a log tells too little.
fn trouble(log: &Log) -> Vec<String> {
    let (lost, all) = (log.lost(), log.lost() + log.answers);
    let name = &log.name;
    if log.answers == 0 {
        let why = if all == 0 { "holds no answer" } else { "holds no answer that can be read" };
        return vec![format!("{name} {why}")];
    }
    if lost * 100 > MOST_LOST * all {
        return vec![format!(
            "{lost} of {all} answers in {name} cannot be read; at most {MOST_LOST} % may be lost"
        )];
    }
    Vec::new()
}

/// Why the checks tell too little.
fn ungraded(suite: &Suite, ungraded: u64, graded: u64) -> Option<String> {
    let most = suite.spec.gate.max_ungraded.get();
    let all = ungraded + graded;
    (ungraded as f64 > most * all as f64).then(|| {
        format!(
            "checks could not tell of {ungraded} of {all} answers; at most {:.0} % may stay ungraded",
            most * 100.0
        )
    })
}

/// Why no answer was judged at all.
fn nothing_judged(suite: &Suite, now: &Window, sample: usize) -> String {
    let unlike = now.routes.get(&Route::Unlike).map_or(0, |tally| tally.answers);
    if unlike == now.all().answers {
        return "no answer was judged: no request is like a scenario; log the scenario, or lower `--bar`"
            .to_owned();
    }
    if sample == 0 && !asked_by(suite).is_empty() {
        return "no answer was judged: only judges or programs can, and `--sample N` says about how many they are asked"
            .to_owned();
    }
    "no answer was judged: what the scenarios expect needs the seeds themselves, or does not apply".to_owned()
}

/// The judges and programs of a suite, as they are named.
fn asked_by(suite: &Suite) -> Vec<String> {
    let mut names: BTreeSet<String> = suite.judges.iter().map(|judge| judge.name.clone()).collect();
    let entries = suite.scenarios.iter().flat_map(|of| of.spec.expect.iter().flat_map(OneOrMany::as_slice));
    if entries.into_iter().any(|entry| entry.command.is_some()) {
        names.insert("command".to_owned());
    }
    names.into_iter().collect()
}

/// What is worth knowing of what went by.
fn told(now: &Window) -> Vec<String> {
    let mut notes = Vec::new();
    if now.features.offered() > MOST_FEATURES as u64 {
        notes.push(format!(
            "drift, agreement and refusals are told of a sample of {} of {} answers",
            now.features.len(),
            now.features.offered()
        ));
    }
    if now.unknown_answers > 0 {
        let name = if now.unknown_answers == 1 { "answer names" } else { "answers name" };
        notes.push(format!(
            "{} {name} a scenario that the suite does not have; its words tell whose it is",
            now.unknown_answers
        ));
    }
    notes
}
