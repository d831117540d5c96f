//! `holdline neighbours CASE`: a failing case reduced, and what fails around it.

use super::progress::Progress;
use super::{CliError, CliResult, Place, Set};
use crate::baseline::in_ci;
use crate::distil::found::Aside;
use crate::distil::neighbours::Wishes;
use crate::exit::Exit;
use crate::gate::ProblemKind;
use crate::report::neighbours as page;
use crate::session::neighbours::{Bench, Known, explore, find};
use crate::session::{self, Options};
use crate::suite::project::BudgetSpec;
use crate::suite::quantity::Duration;
use std::sync::Arc;

/// Arguments of `holdline neighbours`.
///
/// It asks the application beside the suite: nothing gates, no baseline is offered, and what fails beyond the suite
/// waits for review. The exit code is 0 where everything could be asked, else 3 or 4.
#[derive(Debug, clap::Args)]
pub struct NeighboursArgs {
    /// A case's id, the beginning of one, or a part of its name or input.
    case: String,
    #[command(flatten)]
    params: Set,
    /// Operators and families to put on its seed, separated by commas; without any all that can be used, and what
    /// its scenario uses.
    #[arg(long, value_name = "NAME,…", value_delimiter = ',')]
    operators: Vec<String>,
    /// Variants of a seed by each operator.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=100))]
    per_seed: u16,
    /// Most neighbours, and most cases asked for the reduction.
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    max: u32,
    /// Do not reduce the case.
    #[arg(long)]
    no_reduce: bool,
    /// Ask every case so often; most of its answers decide. For failures that come and go.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100))]
    repeats: Option<u32>,
    /// Most that all answers may cost, in the project's currency.
    #[arg(long, value_name = "MONEY")]
    max_cost: Option<f64>,
    /// Most tokens that may be used, read and written together.
    #[arg(long, value_name = "N")]
    max_tokens: Option<u64>,
    /// Limit on the time of it all, such as `10m`.
    #[arg(long, value_name = "TIME")]
    max_time: Option<Duration>,
    /// Print everything as JSON.
    #[arg(long)]
    json: bool,
    /// No progress on standard error.
    #[arg(long, short)]
    quiet: bool,
}

/// Reduces the case and asks its neighbourhood.
pub fn run(place: &Place, args: &NeighboursArgs) -> CliResult {
    let mut options = Options::new(place.root.clone(), in_ci(|name| std::env::var(name).ok()));
    options.set.clone_from(&args.params.set);
    options.repeats = args.repeats;
    options.budget =
        BudgetSpec { max_cost: args.max_cost, max_tokens: args.max_tokens, max_time: args.max_time };
    if !args.quiet {
        options.events = Arc::new(Progress::new());
    }
    let runtime = tokio::runtime::Runtime::new()?;
    let done = runtime.block_on(session::until_signalled(async |stop| {
        options.stop = stop;
        around(place, args, &options).await
    }));
    done.unwrap_or_else(|| {
        eprintln!("stopped at once; what was asked is kept below .holdline/neighbours");
        Ok(Exit::Undecided)
    })
}

async fn around(place: &Place, args: &NeighboursArgs, options: &Options) -> CliResult {
    let found = find(options, &args.case)?;
    let suite = found.suite.clone();
    let most = args.max as usize;
    let bench = Bench::open(options, found.project, suite.clone(), most.saturating_mul(2))
        .map_err(CliError::Session)?;
    let known = Known { suite: &suite, cases: &found.known };
    let wishes = Wishes { operators: args.operators.clone(), per_seed: args.per_seed.into(), most };
    let case = (&found.case, found.seed.as_ref());
    let explored = explore(bench, &known, case, &wishes, !args.no_reduce, Vec::new()).await?;
    let text = if args.json {
        page::json(&suite.name, &explored).map_err(std::io::Error::from)?
    } else {
        page::render(&suite.name, &suite.scenarios[found.case.scenario].id, &explored, place.style)
    };
    place.print(&text)?;
    Ok(exit(&explored.aside))
}

/// What an asking beside the suite exits with.
pub fn exit(aside: &Aside) -> Exit {
    Exit::strongest(aside.problems.iter().map(|problem| match problem.kind {
        ProblemKind::Budget => Exit::Exhausted,
        _ => Exit::Undecided,
    }))
}
