//! The beginning of a run: suites, plans, selection, folder and journal, or those of a run that was
//! killed.

use super::case_check::CaseCheck;
use super::options::{Options, SessionError};
use super::seats::Canaries;
use super::verify::tell;
use crate::expand::{CaseId, ExpandError};
use crate::gate::Problem;
use crate::judge::Outcome;
use crate::report::escape::terminal_line;
use crate::report::{Record, json};
use crate::run::{
    Budget, ExecuteError, Header, Journal, Pace, Part, Past, Plan, PlanError, SuiteHeader, folder,
};
use crate::suite::project::Project;
use crate::suite::repeats::MOST;
use crate::suite::{Diagnostics, Suite, live_suites, load_all, load_folder};
use crate::target::Served;
use serde_json::Value;
use std::collections::HashSet;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Loads the project file and the suites. Touches no network.
pub fn suites(options: &Options) -> Result<(Project, Vec<Suite>), SessionError> {
    let project = Project::load(&options.root)?;
    let folder = suites_folder(options, &project);
    let mut suites = if options.live && options.only.is_empty() {
        load_all(&options.root, &folder)?
    } else {
        load_folder(&options.root, &folder, &options.only)?
    };
    super::params::apply(&options.set, &mut suites)?;
    for judge in suites.iter_mut().flat_map(|suite| &mut suite.judges) {
        judge.bind(&project);
    }
    Ok((project, suites))
}

/// The suites that a run leaves out because nobody named them, as they are named.
pub fn unnamed(options: &Options, project: &Project) -> Result<Vec<String>, SessionError> {
    if options.live || !options.only.is_empty() {
        return Ok(Vec::new());
    }
    Ok(live_suites(&options.root, &suites_folder(options, project))?)
}

fn suites_folder(options: &Options, project: &Project) -> PathBuf {
    options.root.join(options.suites.clone().unwrap_or_else(|| (&project.suites).into()))
}

/// Loads the project file and the suites, and plans every case of them. Touches no network.
pub fn plans(options: &Options) -> Result<(Project, Vec<Plan>), SessionError> {
    let (project, suites) = suites(options)?;
    let mut plans = Vec::with_capacity(suites.len());
    // Cases that cannot be made are told first, and alone.
    let (mut out, mut unsound) = (Diagnostics::default(), Diagnostics::default());
    for suite in suites {
        let mut check = CaseCheck::new(&suite);
        match Plan::seen(suite, &mut |case| check.case(case)) {
            Ok(plan) => plans.push(plan),
            Err(PlanError::Cases(errors)) => case_errors(&options.root, &errors, &mut out),
            Err(PlanError::Io(error)) => {
                return Err(SessionError::Io { path: options.root.join(folder::HOME), error });
            }
        }
        check.finish(&options.root, &mut unsound);
    }
    out.or(())?;
    Ok((project, unsound.or(plans)?))
}

/// Tells of cases that cannot be made.
pub fn case_errors(root: &Path, errors: &[ExpandError], out: &mut Diagnostics) {
    let mistakes = errors.iter().map(|error| (error.place().clone(), error.to_string()));
    tell(root, "bad-case", mistakes, out);
}

/// Narrows plans to what the options select. Suites of which nothing is selected drop out; it is an
/// error when nothing at all is.
pub fn select(options: &Options, plans: Vec<Plan>) -> Result<Vec<Plan>, SessionError> {
    super::shard::part(options, selected(options, plans)?)
}

fn selected(options: &Options, plans: Vec<Plan>) -> Result<Vec<Plan>, SessionError> {
    let mut selection = options.selection.clone();
    if options.last_failed {
        selection.ids = Some(last_failed(&options.root)?);
    }
    if selection.is_everything() {
        return Ok(plans);
    }
    let mut kept = Vec::with_capacity(plans.len());
    for plan in plans {
        kept.push(plan.select(&selection).map_err(ExecuteError::Cases)?);
    }
    kept.retain(|plan| !plan.selected.is_empty());
    if kept.is_empty() {
        return Err(SessionError::Usage(
            "no case is selected; `holdline list` prints their names, inputs and tags are matched as they stand"
                .into(),
        ));
    }
    Ok(kept)
}

/// The records of all runs that have one, newest first.
pub fn records(root: &Path) -> impl Iterator<Item = PathBuf> {
    folder::newest_first(root).into_iter().map(|run| run.join(folder::RECORD)).filter(|path| path.is_file())
}

/// The record of the newest run that has one.
pub fn newest_record(root: &Path) -> Result<Option<Record>, SessionError> {
    Ok(records(root).next().map(|path| json::read(&path)).transpose()?)
}

/// The cases that failed or had no answer or verdict in the newest run.
fn last_failed(root: &Path) -> Result<HashSet<CaseId>, SessionError> {
    let Some(record) = newest_record(root)? else {
        return Err(SessionError::Usage("--last-failed: there is no run yet".into()));
    };
    let failed: HashSet<CaseId> = record
        .suites
        .iter()
        .flat_map(|suite| &suite.cases)
        .filter(|case| !matches!(case.graded.outcome, Outcome::Pass | Outcome::NotApplicable))
        .map(|case| case.id)
        .collect();
    if failed.is_empty() {
        return Err(SessionError::Usage(format!("--last-failed: nothing failed in run {}", record.run)));
    }
    Ok(failed)
}

/// A run that has begun.
pub struct Begun {
    /// Its id.
    pub id: String,
    /// When it began (RFC 3339).
    pub started: String,
    /// Where what comes is kept.
    pub journal: Arc<Journal>,
    /// What a killed run had come to, if one was taken up.
    pub past: Option<Past>,
    /// What is worth knowing about a run taken up again.
    pub notes: Vec<String>,
    /// What may be spent.
    pub budget: Arc<Budget>,
    /// When the whole run must be done.
    pub deadline: Option<tokio::time::Instant>,
    /// The limits of the hosts that are asked.
    pub pace: Arc<Pace>,
    /// What a live suite lacks to be asked: it is told at once, and nothing is asked.
    pub unset: Option<Problem>,
    /// What judges said of their canaries.
    pub canaries: Canaries,
    /// Where everything of the run is kept.
    pub folder: PathBuf,
    /// Whether an application that was started stays up from one asking to the next.
    pub stays_up: bool,
    /// The application that stays up, between two askings.
    pub up: tokio::sync::Mutex<Option<Served>>,
    /// Keeps other processes from taking the run up while it goes on.
    _lock: File,
}

impl Begun {
    /// Begins a run, or takes up the newest one that did not come to its end.
    pub fn new(options: &Options, plans: &[Plan]) -> Result<Self, SessionError> {
        if let Some(repeats) = options.repeats.filter(|repeats| !(1..=MOST).contains(repeats)) {
            return Err(SessionError::Usage(format!(
                "every case cannot be asked {repeats} times; say a number from 1 to {MOST}"
            )));
        }
        let suites: Vec<SuiteHeader> = plans.iter().map(|plan| header(plan, options.repeats)).collect();
        // Read before old runs are removed, which the shards may be among.
        let merged = match &options.merge {
            Some(shards) => Some(shards.answers(plans, &suites, super::judged_by, options.repeats)?),
            None => None,
        };
        let unwritable = |error| SessionError::Io { path: options.root.join(folder::RUNS), error };
        folder::prepare(&options.root, options.keep).map_err(unwritable)?;
        let now = jiff::Timestamp::now();
        if options.resume {
            return Self::resume(options, &suites);
        }
        let id = folder::create(&options.root, now).map_err(unwritable)?;
        let started = now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let header = Header {
            format: crate::run::JOURNAL_FORMAT,
            started: started.clone(),
            suites,
            shard: options.shard,
            rejudged: options.rejudge.is_some(),
        };
        let lock = hold(&folder::of(&options.root, &id))?
            .ok_or_else(|| SessionError::Usage(format!("run {id} was taken up as it began; run again")))?;
        let journal = Journal::create(&folder::of(&options.root, &id), &header)?;
        let past = match merged {
            Some(answers) => Some(answers.keep(&journal, plans, header, options.repeats)?),
            None => None,
        };
        Ok(Self::of(options, (id, started), journal, past, Vec::new(), lock))
    }

    /// Begins to ask cases beside the runs, in a folder of its own that no command takes for a run. The
    /// application stays up until [`Begun::end`].
    pub fn aside(options: &Options, suite: &Suite) -> Result<Self, SessionError> {
        let unwritable = |error| SessionError::Io { path: options.root.join(folder::NEIGHBOURS), error };
        folder::prepare_in(&options.root, folder::NEIGHBOURS, options.keep).map_err(unwritable)?;
        let now = jiff::Timestamp::now();
        let id = folder::create_in(&options.root, folder::NEIGHBOURS, now).map_err(unwritable)?;
        let run = folder::of_in(&options.root, folder::NEIGHBOURS, &id);
        let started = now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let header = Header {
            format: crate::run::JOURNAL_FORMAT,
            started: started.clone(),
            // What is asked shows as it goes on: nothing of it can be taken up again.
            suites: vec![SuiteHeader {
                name: suite.name.clone(),
                fingerprint: suite.fingerprint.clone(),
                plan: String::new(),
                selection: String::new(),
                repeats: Vec::new(),
                params: suite.params.values().clone(),
            }],
            shard: None,
            rejudged: false,
        };
        let lock = hold(&run)?
            .ok_or_else(|| SessionError::Usage(format!("folder {id} was taken as it began; try again")))?;
        let journal = Journal::create(&run, &header)?;
        let begun = Self::of(options, (id, started), journal, None, Vec::new(), lock);
        Ok(Self { folder: run, stays_up: true, ..begun })
    }

    /// Stops an application that stayed up.
    pub async fn end(&self) {
        if let Some(served) = self.up.lock().await.take() {
            served.stop().await;
        }
    }

    /// A run with its journal; nothing limits it yet.
    fn of(
        options: &Options,
        (id, started): (String, String),
        journal: Journal,
        past: Option<Past>,
        notes: Vec<String>,
        lock: File,
    ) -> Self {
        Self {
            folder: folder::of(&options.root, &id),
            stays_up: false,
            up: tokio::sync::Mutex::default(),
            id,
            started,
            journal: Arc::new(journal),
            past,
            notes,
            budget: Arc::default(),
            pace: Arc::new(Pace::new(options.shards())),
            deadline: None,
            unset: None,
            canaries: Canaries::default(),
            _lock: lock,
        }
    }

    fn resume(options: &Options, suites: &[SuiteHeader]) -> Result<Self, SessionError> {
        let usage = |message: String| SessionError::Usage(format!("--resume: {message}"));
        let newest = folder::newest_first(&options.root)
            .into_iter()
            .next()
            .ok_or_else(|| usage("there is no run yet".into()))?;
        let id = newest.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let lock = hold(&newest)?.ok_or_else(|| usage(format!("run {id} is still going on")))?;
        let past = Past::read(&newest)?;
        if past.done {
            return Err(usage(format!("run {id} came to its end; there is nothing to take up")));
        }
        if past.header.rejudged {
            return Err(usage(format!(
                "run {id} judged stored answers anew; `holdline rejudge` does it again"
            )));
        }
        if past.header.shard != options.shard {
            let told = |part: Option<Part>| part.map_or("no shard".into(), |part| format!("shard {part}"));
            let (then, now) = (told(past.header.shard), told(options.shard));
            return Err(usage(format!("run {id} is {then}, and this one {now}; say the same `--shard`")));
        }
        let but_for_repeats = |of: &SuiteHeader| SuiteHeader { repeats: Vec::new(), ..of.clone() };
        let otherwise = past.header.suites.iter().find(|suite| {
            !suites.contains(suite) && suites.iter().any(|now| but_for_repeats(now) == but_for_repeats(suite))
        });
        if let Some(otherwise) = otherwise {
            return Err(usage(format!(
                "the cases of suite `{}` are asked another number of times than in run {id}; say the same \
                 `--repeats`, or run again without --resume",
                otherwise.name
            )));
        }
        if let Some((then, now)) = other_params(&past.header.suites, suites) {
            return Err(usage(format!(
                "run {id} was begun with {then}, and not with {now}; give the same `--set`"
            )));
        }
        if let Some(other) = past.header.suites.iter().find(|suite| !suites.contains(suite)) {
            return Err(usage(format!(
                "suite `{}` or its data changed since run {id}, or another part of it is selected; run again without --resume",
                other.name
            )));
        }
        if past.header.suites.len() != suites.len() {
            let names: Vec<&str> = past.header.suites.iter().map(|suite| suite.name.as_str()).collect();
            return Err(usage(format!("run {id} was about {}; name the same suites", names.join(", "))));
        }
        let answers =
            if suites.iter().all(|suite| suite.repeats.is_empty()) { "cases done" } else { "answers there" };
        let mut notes = vec![format!("taken up from run {id} with {} {answers}", past.known.len())];
        if past.torn {
            notes.push("the last line of its journal was torn and is cut off".to_owned());
        }
        if !past.damaged.is_empty() {
            let lines: Vec<String> = past.damaged.iter().map(usize::to_string).collect();
            notes.push(format!(
                "{} line(s) of {} were damaged and their cases asked again: {}",
                past.damaged.len(),
                past.path.display(),
                lines.join(", ")
            ));
        }
        let journal = Journal::reopen(&past)?;
        let started = past.header.started.clone();
        Ok(Self::of(options, (id, started), journal, Some(past), notes, lock))
    }
}

/// The first parameter with another value than before, in a suite that is otherwise the same: then and now.
fn other_params(then: &[SuiteHeader], now: &[SuiteHeader]) -> Option<(String, String)> {
    then.iter().find_map(|then| {
        let now = now.iter().find(|now| now.name == then.name && now.fingerprint == then.fingerprint)?;
        let (name, value) = then.params.iter().find(|(name, value)| now.params.get(*name) != Some(value))?;
        let told = |value: Option<&Value>| match value {
            Some(value) => format!("{name} = {value}"),
            None => format!("no {name}"),
        };
        Some((terminal_line(&told(Some(value))), terminal_line(&told(now.params.get(name)))))
    })
}

fn hold(run: &Path) -> Result<Option<File>, SessionError> {
    folder::hold(run).map_err(|error| SessionError::Io { path: run.to_owned(), error })
}

/// What tells whether a run of this plan can be taken up again.
fn header(plan: &Plan, over: Option<u32>) -> SuiteHeader {
    let mut hasher = blake3::Hasher::new();
    for &index in &*plan.selected {
        hasher.update(&plan.cases.id(index as usize).as_u64().to_be_bytes());
    }
    let scenarios = 0..plan.suite.scenarios.len();
    let repeats: Vec<u32> = scenarios.map(|scenario| plan.suite.repeats_of(scenario, over)).collect();
    SuiteHeader {
        name: plan.suite.name.clone(),
        fingerprint: plan.suite.fingerprint.clone(),
        plan: plan.hash.clone(),
        selection: hasher.finalize().to_hex()[..16].to_owned(),
        repeats: if repeats.iter().all(|repeats| *repeats == 1) { Vec::new() } else { repeats },
        params: plan.suite.params.values().clone(),
    }
}
