//! `holdline run`: the main job.

use super::matrix::{self, Axis};
use super::reporting::{Reporting, tell};
use super::shards::Division;
use super::{CliResult, Place, Set, Which, baseline_runs, bazel, dry_run};
use crate::baseline::in_ci;
use crate::exit::Exit;
use crate::run::cache::Fresh;
use crate::session::{self, Options};
use crate::suite::project::BudgetSpec;
use crate::suite::quantity::Duration;
use clap::ValueEnum;

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
    /// Ask every case so many times and offer each as a run of the baseline, of which the last five are
    /// kept: a new suite starts with a sharp baseline.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=baseline_runs::MOST))]
    baseline_runs: Option<u32>,
    #[command(flatten)]
    division: Division,
    #[command(flatten)]
    reporting: Reporting,
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

/// Runs.
pub fn run(place: &Place, args: RunArgs) -> CliResult {
    let lookup = |name: &str| std::env::var(name).ok();
    let mut options = Options::new(place.root.clone(), in_ci(lookup));
    args.reporting.apply(&mut options, lookup)?;
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
    if let Some(runs) = args.baseline_runs {
        baseline_runs::record(&mut options, runs)?;
    }
    if let Some(of) = args.division.shards {
        return args.division.dry_run(place, &options, of);
    }
    if args.matrix.is_empty() && args.baseline_runs.is_none() {
        options.shard = args.division.part(&options, lookup)?;
    }
    if args.dry_run {
        return dry_run::run(place, &options);
    }
    let outputs = args.reporting.outputs();
    if !args.matrix.is_empty() {
        // Runs are compared case by case.
        options.hold = usize::MAX;
        return matrix::run(place, &mut options, &args.matrix, outputs, args.reporting.quiet);
    }
    // Opened before anything is asked, so that a bad path costs nothing.
    let outputs = bazel::outputs(outputs, lookup).open()?;

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
    tell(place, &options, &outputs, &record, args.reporting.quiet, lookup)
}
