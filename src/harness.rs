//! The bridge to `cargo test`: every case and every gated metric becomes a trial of libtest-mimic.

mod names;
mod recorded;
mod trials;

use crate::baseline::{UPDATE_VARIABLE, UpdateMode, in_ci};
use crate::exit::{Exit, chain};
use crate::gate::ProblemKind;
use crate::report::{Record, Style, SuiteRecord, escape, terminal};
use crate::run::{ExecuteError, Plan, Selection};
use crate::session::{self, Options, SessionError};
use crate::suite::project::{Project, find_root};
use crate::target::{Answer, Closures, Request, leaves_loopback};
use libtest_mimic::{Arguments, Trial};
use names::{names_of, selected};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;

/// Environment variable by which a person consents to requests beyond loopback.
const CONSENT_VARIABLE: &str = "HOLDLINE";

/// Runs suites as tests. A test target with `harness = false` needs three lines:
///
/// ```no_run
/// fn main() -> std::process::ExitCode {
///     holdline::Harness::new("suites").run()
/// }
/// ```
///
/// Trials are named `suite::scenario::case` and `suite::gate::metric`. Only the cases whose trials
/// the command line selects are sent to the application, all of them on one runtime with the
/// concurrency of their suite, whatever `--test-threads` says.
///
/// A case that fails is a failed trial only when it fails the build; a failure that the baseline
/// has too, or that the gate tolerates, is ignored with the reason. Suites in the folder `live` need a
/// model and are run by the command alone: each is an ignored trial. Outside CI nothing is sent
/// beyond loopback unless `HOLDLINE=run` is set. Under `cargo nextest`, where every trial is a
/// process of its own, trials read the newest complete run of the same plan.
#[derive(Debug, Default)]
pub struct Harness {
    suites: PathBuf,
    baselines: Option<PathBuf>,
    closures: Closures,
}

impl Harness {
    /// Suites in this folder, relative to the project's root.
    pub fn new(suites: impl Into<PathBuf>) -> Self {
        Self { suites: suites.into(), ..Self::default() }
    }

    /// Baselines in this folder, relative to the project's root, instead of the project's own.
    #[must_use]
    pub fn baselines(mut self, folder: impl Into<PathBuf>) -> Self {
        self.baselines = Some(folder.into());
        self
    }

    /// Registers a closure for suites whose target is `in_process = "name"`.
    #[must_use]
    pub fn in_process<F, Fut, A, E>(mut self, name: &str, answer: F) -> Self
    where
        F: Fn(Request) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<A, E>> + Send + 'static,
        A: Into<Answer> + Send + 'static,
        E: std::fmt::Display + Send + 'static,
    {
        self.closures.register(name, answer);
        self
    }

    /// Reads the command line as `cargo test` gives it, runs what it selects, and reports.
    ///
    /// The exit code is 101 when a trial fails, as with any Rust test, and 2 when nothing could be
    /// run because of a mistake in the suites or the environment.
    pub fn run(self) -> ExitCode {
        match self.try_run(&Arguments::from_args(), |name| std::env::var(name).ok()) {
            Ok(code) => code,
            Err(error) => {
                let text = if let SessionError::Suites(diagnostics) = &error {
                    let style = Style::of(&std::io::stderr());
                    diagnostics.render(style.width, style.colour)
                } else {
                    format!("error: {}", chain(&error))
                };
                eprintln!("{}", escape::for_log(&text, is_ci_log()));
                Exit::Usage.into()
            }
        }
    }

    fn try_run(
        self,
        arguments: &Arguments,
        lookup: impl Fn(&str) -> Option<String>,
    ) -> Result<ExitCode, SessionError> {
        let start = lookup("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from("."), PathBuf::from);
        let mut options = Options::new(find_root(&start), in_ci(&lookup));
        options.suites = Some(self.suites);
        options.baselines = self.baselines;
        options.closures = self.closures;
        options.update = UpdateMode::choose(None, &lookup)
            .map_err(|error| SessionError::Usage(format!("{UPDATE_VARIABLE}: {error}")))?;
        let consent = consent(&lookup)? || options.ci;

        let (project, plans) = session::plans(&options)?;
        let names = names_of(&plans).map_err(ExecuteError::Cases)?;
        let unnamed = session::unnamed(&options, &project)?;
        let conclude = |trials: Vec<Trial>| {
            let left_out = unnamed.iter().map(|suite| trials::unnamed(suite));
            libtest_mimic::run(arguments, trials.into_iter().chain(left_out).collect())
        };
        let selected = selected(&names, arguments);
        if arguments.list || selected.is_empty() {
            let listed = names.into_iter().map(|name| Trial::test(name.text, || Ok(()))).collect();
            return Ok(conclude(listed).exit_code());
        }
        if lookup("NEXTEST").as_deref() == Some("1") {
            let trials = recorded::trials(&options.root, &plans, names);
            return Ok(conclude(trials).exit_code());
        }
        let costly: BTreeSet<String> = plans
            .iter()
            .filter(|plan| !consent && leaves_loopback(&plan.suite))
            .map(|plan| plan.suite.name.clone())
            .collect();
        let selection = Selection { ids: Some(selected.cases), ..Selection::default() };
        let plans: Vec<Plan> = plans
            .into_iter()
            .filter(|plan| selected.suites.contains(&plan.suite.name) && !costly.contains(&plan.suite.name))
            .map(|plan| plan.select(&selection))
            .filter(|plan| plan.as_ref().map_or(true, |plan| !plan.selected.is_empty()))
            .collect::<Result<_, _>>()
            .map_err(ExecuteError::Cases)?;
        let record = if plans.is_empty() { None } else { Some(run(options, project, plans)?) };
        let conclusion = conclude(trials::trials(names, record.as_ref(), &costly));
        if let Some(record) = &record {
            let page = if record.suites.iter().all(is_quiet_part) {
                parts(record)
            } else {
                terminal::render(record, Style::of(&std::io::stderr()))
            };
            eprint!("{}", escape::for_log(&page, is_ci_log()));
        }
        Ok(conclusion.exit_code())
    }
}

fn is_ci_log() -> bool {
    escape::is_ci_log(|name| std::env::var(name).ok())
}

/// Whether only some cases of a suite were asked, and nothing went wrong but that.
fn is_quiet_part(suite: &SuiteRecord) -> bool {
    suite.partial && suite.problems.iter().all(|problem| problem.kind == ProblemKind::Partial)
}

/// What is told of a run that asked only some cases: the trials have said the rest.
fn parts(record: &Record) -> String {
    let line = |suite: &SuiteRecord| {
        let (asked, planned) = (suite.asked(), suite.planned);
        format!("{}: {asked} of {planned} cases asked: a partial run cannot gate\n", suite.name)
    };
    record.suites.iter().map(line).collect()
}

/// Asks everything on one runtime, which is gone before the first trial is reported.
fn run(mut options: Options, project: Project, plans: Vec<Plan>) -> Result<Record, SessionError> {
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|error| SessionError::Io { path: options.root.clone(), error })?;
    let record = runtime.block_on(session::until_signalled(async |stop| {
        options.stop = stop;
        session::run_plans(&options, project, plans).await
    }));
    record.ok_or(SessionError::Stopped)?
}

/// Whether the person at the keyboard consents to requests beyond loopback.
fn consent(lookup: impl Fn(&str) -> Option<String>) -> Result<bool, SessionError> {
    match lookup(CONSENT_VARIABLE).as_deref() {
        None | Some("") => Ok(false),
        Some("run") => Ok(true),
        Some(other) => Err(SessionError::Usage(format!(
            "{CONSENT_VARIABLE}={} is not known; `{CONSENT_VARIABLE}=run` lets `cargo test` ask targets beyond \
             loopback",
            other.escape_debug()
        ))),
    }
}
