//! The folder of baselines: loading, offering a run's result, accepting and rejecting.
//!
//! A baseline is three files, and it changes when one of them, the `.snap`, is renamed: answers and
//! timings carry the run they belong to and wait as `.new`, complete, until that moment. Whoever
//! reads takes those whose run is the accepted one, under either name. So a process that is killed
//! at any point leaves the old baseline or the new one, whole; and a `.snap.new` that cargo-insta
//! moved brings its answers along.

use super::accepted::{Acceptance, Baseline};
use super::answers::{self, Answers, FILE_LIMIT};
use super::error::BaselineError;
use super::field;
use super::files::{self, ENDINGS, Files, PENDING};
use super::kept_answer::KeptAnswer;
use super::lines::Lines;
use super::next::{Step, change, rejudged_change, step};
use super::signature::Signature;
use super::snap::{self, Snap};
use super::timings::Timings;
use super::update::UpdateMode;
use crate::expand::CaseId;
use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// Bytes of a `.snap` in which its line `run` stands.
const HEAD_LIMIT: u64 = 64 << 10;

/// The reason of a first baseline that is accepted by itself.
const FIRST: &str = "first baseline, accepted at once (unseen)";

/// The folder of baselines.
#[derive(Debug, Clone)]
pub struct Store {
    dir: PathBuf,
    ci: bool,
}

/// What a run offers to become a baseline.
#[derive(Clone, Copy)]
pub struct Offer<'a> {
    /// The suite's file, relative to the project's root.
    pub source: &'a str,
    /// What [`next`](super::next()) made of the run.
    pub next: &'a Baseline,
    /// The answer to a case, where there is one to be kept: asked for in the order of the ids, and until the
    /// file of answers is full.
    pub answers: &'a dyn Fn(CaseId) -> Option<KeptAnswer>,
    /// Its timings.
    pub timings: &'a Timings,
    /// Why it cannot become a baseline.
    pub unacceptable: Option<&'a str>,
    /// The accepted run whose answers it judged anew, where it asked nothing.
    pub rejudged: Option<&'a str>,
}

/// What came of an [`Offer`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Offered {
    /// Nothing is to be written, by the mode or because this is CI.
    NotWritten,
    /// It cannot become a baseline, for this reason.
    Refused(String),
    /// It means the same as what is accepted.
    Unchanged,
    /// It waits for review in this file.
    Pending(PathBuf),
    /// It means the same as what is accepted, of which fewer runs are kept than could be: it waits in
    /// this file as one more.
    OneMore(PathBuf),
    /// It is accepted, in this file.
    Accepted(PathBuf),
}

/// Answers or timings of a run, or why there are none.
#[derive(Debug, Clone, PartialEq)]
pub enum Beside<T> {
    /// Those of the run.
    Found(T),
    /// None were ever kept.
    Absent,
    /// There is a file, and it is ignored for this reason.
    Ignored(String),
}

impl<T> Beside<T> {
    /// What was found.
    pub fn found(self) -> Option<T> {
        match self {
            Self::Found(found) => Some(found),
            Self::Absent | Self::Ignored(_) => None,
        }
    }

    /// What is to be told of a file that is ignored.
    pub fn note(&self) -> Option<&str> {
        match self {
            Self::Ignored(why) => Some(why),
            Self::Found(_) | Self::Absent => None,
        }
    }
}

impl Store {
    /// The baselines in `dir`. In CI nothing in it is written.
    pub fn new(dir: impl Into<PathBuf>, ci: bool) -> Self {
        Self { dir: dir.into(), ci }
    }

    /// What is accepted for a suite; `None` where nothing is.
    pub fn load(&self, suite: &str) -> Result<Option<Baseline>, BaselineError> {
        let files = Files::of(&self.dir, suite)?;
        let accepted = read_snap(&files.snap.accepted, suite)?.map(Snap::into_accepted);
        if let Some(baseline) = accepted.as_ref().filter(|_| !self.ci) {
            settle(&files, &baseline.run)?;
        }
        Ok(accepted)
    }

    /// What waits for review for a suite; `None` where nothing does.
    pub fn pending(&self, suite: &str) -> Result<Option<Snap>, BaselineError> {
        let files = Files::of(&self.dir, suite)?;
        let pending = read_snap(&files.snap.pending, suite)?;
        let accepted = run_of_snap(&files.snap.accepted);
        Ok(pending.filter(|pending| Some(&pending.baseline.run) != accepted.as_ref()))
    }

    /// The suites for which something waits for review, by name.
    pub fn waiting(&self) -> Result<Vec<String>, BaselineError> {
        let mut waiting = Vec::new();
        for name in files::names(&self.dir)? {
            let Some(suite) = name.strip_suffix(".snap.new") else { continue };
            let Ok(files) = Files::of(&self.dir, suite) else { continue };
            // One left over by a process that was killed after accepting it waits no more.
            let run = run_of_snap(&files.snap.pending);
            if run.is_none() || run != run_of_snap(&files.snap.accepted) {
                waiting.push(suite.to_owned());
            }
        }
        Ok(waiting)
    }

    /// The answers of a run, accepted or pending.
    pub fn answers(&self, suite: &str, run: &str) -> Result<Beside<Answers>, BaselineError> {
        self.answers_to(suite, run, |_| true)
    }

    /// Those of the answers of a run, accepted or pending, that are to cases which are wanted.
    pub fn answers_to(
        &self,
        suite: &str,
        run: &str,
        wanted: impl Fn(CaseId) -> bool,
    ) -> Result<Beside<Answers>, BaselineError> {
        let pair = Files::of(&self.dir, suite)?.answers;
        let read = |path: &Path| Answers::read(path, &wanted);
        Ok(beside([&pair.accepted, &pair.pending], run, Answers::run_of, read))
    }

    /// What was answered to those cases of a run that are wanted; nothing where its answers are not there.
    pub fn outputs(
        &self,
        suite: &str,
        run: &str,
        wanted: impl Fn(CaseId) -> bool,
    ) -> Result<HashMap<CaseId, String>, BaselineError> {
        let found = self.answers_to(suite, run, wanted)?.found();
        let cases = found.map(|answers| answers.cases).unwrap_or_default();
        Ok(cases.into_iter().filter_map(|(case, answer)| Some((case, answer.output?))).collect())
    }

    /// The timings of a run, accepted or pending.
    pub fn timings(&self, suite: &str, run: &str) -> Result<Beside<Timings>, BaselineError> {
        let pair = Files::of(&self.dir, suite)?.timings;
        Ok(beside([&pair.accepted, &pair.pending], run, Timings::run_of, Timings::read))
    }

    /// Does with a run's result what `mode` says. It is signed only where it is accepted at once.
    pub fn offer(
        &self,
        offer: &Offer<'_>,
        mode: UpdateMode,
        sign: impl FnOnce() -> Signature,
    ) -> Result<Offered, BaselineError> {
        let mode = mode.resolve(self.ci);
        if mode == UpdateMode::No {
            return Ok(Offered::NotWritten);
        }
        if let Some(why) = offer.unacceptable {
            return Ok(Offered::Refused(why.to_owned()));
        }
        let suite = &offer.next.suite;
        let files = Files::of(&self.dir, suite)?;
        let old = self.load(suite)?;
        let step = old.as_ref().map_or(Step::Change, |old| step(old, offer.next));
        if step == Step::Nothing {
            discard(&files)?;
            return Ok(Offered::Unchanged);
        }
        let change = change(old.as_ref(), offer.next);
        let change = match offer.rejudged {
            Some(of) => rejudged_change(of, &change),
            None => change,
        };
        let signature = match mode {
            UpdateMode::Always => Some(sign()),
            UpdateMode::Unseen if old.is_none() => {
                let signature = sign();
                let reason = Some(signature.reason.trim()).filter(|reason| !reason.is_empty());
                Some(Signature { reason: reason.unwrap_or(FIRST).to_owned(), ..signature })
            }
            _ => None,
        };
        if signature.as_ref().is_some_and(|signature| signature.reason.trim().is_empty()) {
            return Err(BaselineError::NoReason);
        }
        drop(old);
        let Baseline { run, cases, .. } = offer.next;
        files::replace(&files.answers.pending, |out| {
            answers::write(out, (suite, run), cases.ids(), offer.answers, FILE_LIMIT)
        })?;
        files::replace(&files.timings.pending, |out| offer.timings.write(out))?;
        files::replace(&files.snap.pending, |out| snap::write(out, offer.source, Some(&change), offer.next))?;
        match signature {
            Some(signature) => self.accept(suite, &signature)?,
            None if step == Step::MoreRuns => return Ok(Offered::OneMore(files.snap.pending)),
            None => return Ok(Offered::Pending(files.snap.pending)),
        };
        Ok(Offered::Accepted(files.snap.accepted))
    }

    /// Accepts what waits for a suite and gives the entry that its history now ends with.
    pub fn accept(&self, suite: &str, signature: &Signature) -> Result<Acceptance, BaselineError> {
        self.writable()?;
        let files = Files::of(&self.dir, suite)?;
        if signature.reason.trim().is_empty() {
            return Err(BaselineError::NoReason);
        }
        files::sweep(&files.dir)?;
        let old = self.load(suite)?;
        let Some(mut snap) = self.pending(suite)? else {
            return Err(BaselineError::NoPending { suite: suite.to_owned() });
        };
        let history = old.as_ref().map(|old| old.history.as_slice()).unwrap_or_default();
        if snap.baseline.history != history {
            return Err(BaselineError::Stale { suite: suite.to_owned() });
        }
        let change = change(old.as_ref(), &snap.baseline);
        let change = match snap.rejudged() {
            Some(of) => rejudged_change(of, &change),
            None => change,
        };
        snap.change = None;
        let acceptance = Acceptance {
            run: snap.baseline.run.clone(),
            at: signature.at.clone(),
            by: signature.by.clone(),
            reason: signature.reason.trim().to_owned(),
            change,
        };
        snap.baseline.history.push(acceptance.clone());
        files::replace(&files.snap.accepted, |out| snap.write(out))?;
        // Accepted from here on: what follows only tidies up, and the next load does it as well.
        settle(&files, &snap.baseline.run)?;
        Ok(acceptance)
    }

    /// Removes what waits for a suite, with its answers and timings.
    pub fn reject(&self, suite: &str) -> Result<(), BaselineError> {
        self.writable()?;
        let files = Files::of(&self.dir, suite)?;
        if let Some(run) = run_of_snap(&files.snap.accepted) {
            settle(&files, &run)?;
        }
        // Not read: what cannot be read can still be rejected.
        if !files.snap.pending.exists() {
            return Err(BaselineError::NoPending { suite: suite.to_owned() });
        }
        discard(&files)
    }

    /// Files of baselines whose suite is not among `suites`, sorted.
    pub fn unreferenced(&self, suites: &BTreeSet<String>) -> Result<Vec<PathBuf>, BaselineError> {
        let orphan = |name: &String| {
            let accepted = name.strip_suffix(PENDING).unwrap_or(name);
            let suite = ENDINGS.iter().find_map(|ending| accepted.strip_suffix(ending));
            suite.is_some_and(|suite| !suite.is_empty() && !suites.contains(suite))
        };
        Ok(files::names(&self.dir)?
            .iter()
            .filter(|name| orphan(name))
            .map(|name| self.dir.join(name))
            .collect())
    }

    fn writable(&self) -> Result<(), BaselineError> {
        if self.ci { Err(BaselineError::Ci { dir: self.dir.clone() }) } else { Ok(()) }
    }
}

fn read_snap(path: &Path, suite: &str) -> Result<Option<Snap>, BaselineError> {
    let Some(mut lines) = Lines::open(path)? else { return Ok(None) };
    let snap = Snap::read(&mut lines)?;
    if snap.baseline.suite != suite {
        let what = format!(
            "this is the baseline of suite `{}`, under another name",
            snap.baseline.suite.escape_debug()
        );
        return Err(BaselineError::Malformed { path: path.to_owned(), line: line_of_suite(path)?, what });
    }
    Ok(Some(snap))
}

/// The line on which a file names its suite, from 1.
fn line_of_suite(path: &Path) -> Result<usize, BaselineError> {
    let Some(mut lines) = Lines::open(path)? else { return Ok(1) };
    let mut at = 0;
    while let Some(line) = lines.next()? {
        at += 1;
        if line.starts_with("suite\t") {
            return Ok(at);
        }
    }
    Ok(1)
}

/// The run of a `.snap` or `.snap.new`, by its first lines alone.
fn run_of_snap(path: &Path) -> Option<String> {
    let mut head = BufReader::new(File::open(path).ok()?.take(HEAD_LIMIT)).lines().map_while(Result::ok);
    head.find_map(|line| line.strip_prefix("run\t").and_then(|run| field::read(run).ok()))
}

/// Gives answers and timings of the accepted run their final names, and removes a pending file that
/// was accepted already.
fn settle(files: &Files, accepted: &str) -> Result<(), BaselineError> {
    if Answers::run_of(&files.answers.pending).as_deref() == Some(accepted) {
        files::rename(&files.answers.pending, &files.answers.accepted)?;
    }
    if Timings::run_of(&files.timings.pending).as_deref() == Some(accepted) {
        files::rename(&files.timings.pending, &files.timings.accepted)?;
    }
    if run_of_snap(&files.snap.pending).as_deref() == Some(accepted) {
        files::remove(&files.snap.pending)?;
    }
    Ok(())
}

fn discard(files: &Files) -> Result<(), BaselineError> {
    files::remove(&files.snap.pending)?;
    files::remove(&files.answers.pending)?;
    files::remove(&files.timings.pending)
}

/// Reads the one of two files that belongs to `run`.
fn beside<T>(
    paths: [&PathBuf; 2],
    run: &str,
    run_of: impl Fn(&Path) -> Option<String>,
    read: impl Fn(&Path) -> Result<T, String>,
) -> Beside<T> {
    let there: Vec<&PathBuf> = paths.into_iter().filter(|path| path.exists()).collect();
    if let Some(path) = there.iter().find(|path| run_of(path).as_deref() == Some(run)) {
        return match read(path) {
            Ok(found) => Beside::Found(found),
            Err(why) => {
                // The reason may quote the file.
                let why = why.replace(field::misleads, "\u{fffd}");
                Beside::Ignored(format!("{} is ignored: {why}", path.display()))
            }
        };
    }
    match there.first() {
        None => Beside::Absent,
        Some(path) => {
            let why = if run_of(path).is_some() { "belongs to another run" } else { "cannot be read" };
            Beside::Ignored(format!("{} is ignored: it {why}", path.display()))
        }
    }
}
