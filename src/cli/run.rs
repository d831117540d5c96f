//! `holdline run`: the main job.

use super::matrix::{self, Axis};
use super::progress::Progress;
use super::{CliResult, Place, Set, Which, baseline_runs, dry_run};
use crate::baseline::{UPDATE_VARIABLE, UpdateMode, in_ci};
use crate::exit::Exit;
use crate::report::junit::Profile as JunitProfile;
use crate::report::{Outputs, github, terminal};
use crate::run::cache::Fresh;
use crate::run::{Events, Silent, folder};
use crate::session::{self, Options, SessionError};
use crate::suite::project::BudgetSpec;
use crate::suite::quantity::Duration;
use clap::ValueEnum;
use std::path::PathBuf;
use std::sync::Arc;

/// Arguments of `holdline run`.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own on the command line")]
pub struct RunArgs {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    params: Set,
    /// Run every combination of these values, each as a run of its own, and show them in one table; may be
    /// repeated, up to 64 combinations. Nothing is offered as a baseline.
    #[arg(long, value_name = "NAME=V1,V2", conflicts_with_all = ["resume", "last_failed", "dry_run", "update", "reason"])]
    matrix: Vec<Axis>,
    /// Run only the suites that what changed in a range of git affects, such as `origin/main...HEAD` or
    /// `HEAD~1` (a single revision: up to the working tree); the others are carried over from their baselines.
    #[arg(long, value_name = "RANGE", allow_hyphen_values = true, conflicts_with_all = ["filter", "tag", "last_failed", "matrix", "baseline_runs"])]
    affected: Option<String>,
    /// Only the cases that failed or had no answer in the newest run. A partial run cannot gate.
    #[arg(long)]
    last_failed: bool,
    /// Ask every case so often, whatever the suites say; a case that must pass by majority three times at least.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100))]
    repeats: Option<u32>,
    /// Ask anew what the cache may hold: answers of the target, verdicts of judges that are models, or all. What
    /// comes is kept.
    #[arg(long, value_enum, value_name = "WHAT")]
    fresh: Option<Anew>,
    /// Do not ask flagged scenarios again: what is flagged counts as it is.
    #[arg(long)]
    no_confirm: bool,
    /// Run suites to their end that may stop early (`stop = "early"`).
    #[arg(long)]
    no_early_stop: bool,
    /// Most that all answers may cost, in the project's currency, whatever the project and the suites say.
    #[arg(long, value_name = "MONEY")]
    max_cost: Option<f64>,
    /// Most tokens that may be used, read and written together, whatever the project and the suites say.
    #[arg(long, value_name = "N")]
    max_tokens: Option<u64>,
    /// Limit on the time of the whole run, whatever the project says, such as `10m`.
    #[arg(long, value_name = "TIME")]
    max_time: Option<Duration>,
    /// Take up the newest run that did not come to its end.
    #[arg(long, conflicts_with_all = ["filter", "tag", "last_failed", "dry_run"])]
    resume: bool,
    /// Say what would be asked and what it would cost; ask nothing.
    #[arg(long)]
    dry_run: bool,
    /// Write `JUnit` XML here.
    #[arg(long, value_name = "PATH")]
    junit: Option<PathBuf>,
    /// Whose `JUnit` schema to keep to.
    #[arg(long, value_enum, default_value_t = Profile::Default, value_name = "PROFILE")]
    junit_profile: Profile,
    /// Write the record as JSON here.
    #[arg(long, value_name = "PATH")]
    json: Option<PathBuf>,
    /// Write a Markdown summary here. `$GITHUB_STEP_SUMMARY` is served by itself.
    #[arg(long, value_name = "PATH")]
    markdown: Option<PathBuf>,
    /// What is written below the baselines: auto, no, new, unseen or always. Default: `$HOLDLINE_UPDATE`, or auto.
    #[arg(long, value_name = "MODE")]
    update: Option<String>,
    /// Why the run is accepted at once (with `--update always` or `unseen`).
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Folder of the baselines.
    #[arg(long, value_name = "DIR")]
    baseline: Option<PathBuf>,
    /// Ask every case so many times and offer each as a run of the baseline, of which the last five are
    /// kept: a new suite starts with a sharp baseline.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=baseline_runs::MOST))]
    baseline_runs: Option<u32>,
    /// No progress on standard error.
    #[arg(long, short)]
    quiet: bool,
}

/// What is asked anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Anew {
    /// The target's answers.
    Target,
    /// Verdicts of judges that are models.
    Judge,
    /// Both.
    All,
}

/// Whose `JUnit` schema to keep to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Profile {
    /// With file, line and properties.
    Default,
    /// What Jenkins' xunit schema allows, and nothing else.
    Jenkins,
}

/// Cases of a suite that are held in memory to report on.
const HELD: usize = 5_000;

/// Runs.
pub fn run(place: &Place, args: RunArgs) -> CliResult {
    let lookup = |name: &str| std::env::var(name).ok();
    let mut options = Options::new(place.root.clone(), in_ci(lookup));
    let said = if args.update.is_some() { "--update" } else { UPDATE_VARIABLE };
    options.update = UpdateMode::choose(args.update.as_deref(), lookup)
        .map_err(|error| SessionError::Usage(format!("{said}: {error}")))?;
    options.selection = args.which.selection();
    options.only = args.which.suites;
    options.set = args.params.set;
    options.affected = args.affected;
    options.last_failed = args.last_failed;
    options.repeats = args.repeats;
    options.cache.fresh = Fresh {
        target: matches!(args.fresh, Some(Anew::Target | Anew::All)),
        judge: matches!(args.fresh, Some(Anew::Judge | Anew::All)),
    };
    options.confirm = !args.no_confirm;
    options.early = !args.no_early_stop;
    options.budget =
        BudgetSpec { max_cost: args.max_cost, max_tokens: args.max_tokens, max_time: args.max_time };
    options.resume = args.resume;
    options.reason = args.reason;
    options.baselines = args.baseline;
    options.hold = HELD;
    if let Some(runs) = args.baseline_runs {
        baseline_runs::record(&mut options, runs)?;
    }
    options.events = if args.quiet { Arc::new(Silent) as Arc<dyn Events> } else { Arc::new(Progress::new()) };
    if args.dry_run {
        return dry_run::run(place, &options);
    }
    let profile = match args.junit_profile {
        Profile::Default => JunitProfile::Default,
        Profile::Jenkins => JunitProfile::Jenkins,
    };
    let outputs =
        Outputs { junit: args.junit.map(|path| (path, profile)), json: args.json, markdown: args.markdown };
    if !args.matrix.is_empty() {
        return matrix::run(place, &mut options, &args.matrix, outputs, args.quiet);
    }
    // Opened before anything is asked, so that a bad path costs nothing.
    let outputs = outputs.open()?;

    let runtime = tokio::runtime::Runtime::new()?;
    let record = runtime.block_on(session::until_signalled(async |stop| {
        options.stop = stop;
        session::run(&options).await
    }));
    let Some(record) = record else {
        eprintln!("stopped at once; `holdline run --resume` goes on where it stopped");
        return Ok(Exit::Undecided);
    };
    let record = record?;
    outputs.write(&record, &folder::of(&place.root, &record.run).join(folder::RECORD))?;
    if let Some(path) = lookup("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()) {
        github::append_summary(&record, &PathBuf::from(path))?;
    }
    if lookup("GITHUB_ACTIONS").as_deref() == Some("true") {
        eprint!("{}", github::annotations(&record));
    }
    if options.only.is_empty() && options.selection.is_everything() && !options.last_failed && !args.quiet {
        let suites = record.suites.iter().map(|suite| suite.name.as_str());
        place.note_orphans(options.baselines.as_ref(), suites)?;
    }
    place.print(&terminal::render(&record, place.style))?;
    Ok(Exit::from(record.decision))
}
