//! Cases asked beside the suite, without touching a file: judged as usual, with the cache and a budget, and
//! without baseline, gate or anything that waits for review. What came is kept in a folder of its own,
//! `.holdline/neighbours/<id>`, with the journal, the application's log and a record.

use super::super::assemble::of_plan;
use super::super::begin::Begun;
use super::super::budget;
use super::super::case_records::records_aside;
use super::super::options::{Options, SessionError};
use super::super::suite_run;
use crate::distil::found::Aside;
use crate::exit::Exit;
use crate::expand::{Case, CaseId};
use crate::gate::{Decision, Problem, ProblemKind};
use crate::judge::Outcome;
use crate::report::{CaseRecord, FORMAT, Record, SuiteRecord, json};
use crate::run::{ExecuteError, Plan, folder};
use crate::suite::Suite;
use crate::suite::project::Project;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where cases of one suite are asked that need not be in its file. The application stays up from one asking to
/// the next.
pub struct Bench {
    options: Options,
    project: Arc<Project>,
    suite: Arc<Suite>,
    begun: Begun,
    clock: tokio::time::Instant,
    /// Everything that was asked, in its order.
    order: Vec<CaseId>,
    asked: BTreeMap<CaseId, CaseRecord>,
    /// Cases that may still be asked.
    left: usize,
    problems: Vec<Problem>,
    notes: BTreeSet<String>,
}

impl Bench {
    /// Gets ready to ask at most so many cases of a suite; nothing is asked or started yet.
    pub fn open(
        options: &Options,
        project: Project,
        suite: Arc<Suite>,
        most: usize,
    ) -> Result<Self, SessionError> {
        options.cache.open(&options.root, &project.cache)?;
        let clock = tokio::time::Instant::now();
        let mut begun = Begun::aside(options, &suite)?;
        let plan = Plan::of_cases(suite.clone(), &[])
            .map_err(|error| SessionError::Io { path: begun.folder.clone(), error })?;
        begun.budget = Arc::new(budget::budget(options, &project, &[plan])?);
        begun.deadline = budget::whole(options, &project).max_time.map(|limit| clock + limit.get());
        begun.unset = suite_run::unset_live(std::iter::once(&*suite), &project, true)?;
        Ok(Self {
            options: options.clone(),
            project: Arc::new(project),
            suite,
            begun,
            clock,
            order: Vec::new(),
            asked: BTreeMap::new(),
            left: most,
            problems: Vec::new(),
            notes: BTreeSet::new(),
        })
    }

    /// The suite.
    pub fn suite(&self) -> &Arc<Suite> {
        &self.suite
    }

    /// How many cases may still be asked; none once something keeps them from it.
    pub fn left(&self) -> usize {
        if self.problems.is_empty() { self.left } else { 0 }
    }

    /// How many cases were asked so far.
    pub fn asked(&self) -> usize {
        self.order.len()
    }

    /// Asks cases, each once however often it is wanted; those beyond the budget are not asked, the last ones
    /// first. What keeps the others from being asked is told at the end ([`Aside::problems`]).
    pub async fn ask(&mut self, cases: &[Case]) -> Result<(), SessionError> {
        let mut new: BTreeMap<CaseId, &Case> = BTreeMap::new();
        let mut wanted = Vec::new();
        for case in cases {
            if wanted.len() < self.left()
                && !self.asked.contains_key(&case.id)
                && new.insert(case.id, case).is_none()
            {
                wanted.push(case.clone());
            }
        }
        if wanted.is_empty() {
            return Ok(());
        }
        let plan = Plan::of_cases(self.suite.clone(), &wanted).map_err(ExecuteError::Cases)?;
        let done = suite_run::run(&self.options, &self.project, &self.begun, plan, None).await?;
        for record in records_aside(&done.run, &self.begun.journal)? {
            if record.graded.outcome == Outcome::Skipped {
                continue;
            }
            self.left -= 1;
            self.order.push(record.id);
            self.asked.insert(record.id, record);
        }
        self.notes.extend(done.run.notes);
        self.problems.extend(done.run.problems.into_iter().map(|problem| match problem.kind {
            // Nothing here can be taken up again.
            ProblemKind::Budget => Problem {
                message: "the budget or the time is used up; more of it shows more".to_owned(),
                ..problem
            },
            ProblemKind::Interrupted => Problem { message: "it was interrupted".to_owned(), ..problem },
            _ => problem,
        }));
        Ok(())
    }

    /// What came of a case; `None` where it was not asked.
    pub fn get(&self, case: CaseId) -> Option<&CaseRecord> {
        self.asked.get(&case)
    }

    /// Stops the application and writes the record.
    pub async fn finish(self) -> Result<Aside, SessionError> {
        self.begun.end().await;
        self.begun.journal.finish()?;
        self.begun.journal.sync()?;
        let Self { suite, begun, clock, order, mut asked, problems, notes, .. } = self;
        let cases: Vec<CaseRecord> = order.iter().filter_map(|id| asked.remove(id)).collect();
        let costs: Vec<f64> =
            cases.iter().flat_map(CaseRecord::answers).filter_map(|one| one.transcript.cost).collect();
        let count = cases.len();
        let plan = Plan::of_cases(suite, &[]).map_err(ExecuteError::Cases)?;
        let decision = if problems.is_empty() { Decision::Measured } else { Decision::Undecided };
        let record = SuiteRecord {
            cases,
            partial: true,
            problems: problems.clone(),
            notes: notes.iter().cloned().collect(),
            decision,
            planned: count,
            judged_by: Some(super::super::judged_by(&plan)),
            ..of_plan(&plan)
        };
        let record = Record {
            format: FORMAT,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            run: begun.id.clone(),
            started: begun.started.clone(),
            seconds: clock.elapsed().as_secs_f64(),
            suites: vec![record],
            unnamed: Vec::new(),
            decision,
            exit_code: Exit::from(decision).code(),
        };
        json::write(&record, &begun.folder.join(folder::RECORD))?;
        Ok(Aside {
            record: Path::new(folder::NEIGHBOURS).join(&begun.id).join(folder::RECORD),
            id: begun.id,
            asked: count,
            cost: (!costs.is_empty()).then(|| costs.iter().sum()),
            problems,
            notes: notes.into_iter().collect(),
        })
    }
}

/// The records of what was asked beside the runs, newest first.
pub fn records_of_neighbours(root: &Path) -> impl Iterator<Item = PathBuf> {
    let folders = folder::newest_first_in(root, folder::NEIGHBOURS);
    folders.into_iter().map(|run| run.join(folder::RECORD)).filter(|path| path.is_file())
}
