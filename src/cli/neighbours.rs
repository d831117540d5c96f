//! `holdline neighbours CASE`: a failing case reduced, and what fails around it.

use super::progress::Progress;
use super::{CliError, CliResult, Place, Set};
use crate::baseline::in_ci;
use crate::cli::limits::Limits;
use crate::distil::found::Aside;
use crate::distil::neighbours::{Wishes, entries};
use crate::exit::Exit;
use crate::gate::ProblemKind;
use crate::report::escape::terminal_line;
use crate::report::neighbours as page;
use crate::report::probe as probe_page;
use crate::session::neighbours::{
    Bench, Known, NeighboursError, ProbeWishes, explore, find, find_scene, probe, written,
};
use crate::session::{self, Options};
use std::sync::Arc;

/// Most neighbours where nobody says.
const AROUND: u32 = 100;
/// Most cases of a probe where nobody says.
const PROBED: u32 = 200;

/// Arguments of `holdline neighbours`.
///
/// It asks the application beside the suite: nothing gates, no baseline is offered, and what fails beyond the suite
/// waits for review. The exit code is 0 where everything could be asked, else 3 or 4.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own on the command line")]
pub struct NeighboursArgs {
    /// A case's id, the beginning of one, or a part of its name or input; with `--probe` also a scenario, as
    /// `scenario` or `suite::scenario`.
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
    /// Most neighbours, and as many cases again for the reduction [default: 100]; with `--probe` most cases
    /// [default: 200].
    #[arg(long, visible_alias = "max-cases", value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    max: Option<u32>,
    /// Look for the boundary of its scenario: put ever longer chains of operators on its seeds until they break.
    #[arg(long, conflicts_with_all = ["per_seed", "no_reduce"])]
    probe: bool,
    /// Most seeds that are probed.
    #[arg(long, value_name = "N", default_value_t = 10, requires = "probe", value_parser = clap::value_parser!(u16).range(1..=10_000))]
    seeds: u16,
    /// Most operators in a chain.
    #[arg(long, value_name = "N", default_value_t = 5, requires = "probe", value_parser = clap::value_parser!(u8).range(1..=5))]
    links: u8,
    /// Ask what models wrote for its scenario as well: what `holdline synth` put aside and nobody reviewed yet.
    #[arg(long, conflicts_with = "probe")]
    synth: bool,
    /// Do not reduce the case.
    #[arg(long)]
    no_reduce: bool,
    /// Ask every case so often; most of its answers decide. For failures that come and go.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100))]
    repeats: Option<u32>,
    #[command(flatten)]
    limits: Limits,
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
    options.budget = args.limits.into();
    if !args.quiet {
        options.events = Arc::new(Progress::new());
    }
    let runtime = tokio::runtime::Runtime::new()?;
    let done = runtime.block_on(session::until_signalled(async |stop| {
        options.stop = stop;
        if args.probe { probed(place, args, &options).await } else { around(place, args, &options).await }
    }));
    done.unwrap_or_else(|| {
        eprintln!("stopped at once; what was asked is kept below .holdline/neighbours");
        Ok(Exit::Undecided)
    })
}

async fn around(place: &Place, args: &NeighboursArgs, options: &Options) -> CliResult {
    let found = find(options, &args.case)?;
    let suite = found.suite.clone();
    // Before anything is begun.
    entries(&args.operators, &suite.scenarios[found.case.scenario].spec, 1).map_err(NeighboursError::from)?;
    let generated = if args.synth { written(&suite, &found.case)? } else { Vec::new() };
    if args.synth && generated.is_empty() {
        let name = terminal_line(&suite.name);
        return Err(CliError::Usage(format!(
            "nothing that a model wrote for scenario `{}` waits for review: `holdline synth {name} --generator paraphrase --scenario {0}` asks for some",
            terminal_line(&suite.scenarios[found.case.scenario].id)
        )));
    }
    let most = args.max.unwrap_or(AROUND) as usize;
    let bench = Bench::open(options, found.project, suite.clone(), most.saturating_mul(2))
        .map_err(CliError::Session)?;
    let known = Known { suite: &suite, cases: &found.known };
    let wishes = Wishes { operators: args.operators.clone(), per_seed: args.per_seed.into(), most };
    let case = (&found.case, found.seed.as_ref());
    let explored = explore(bench, &known, case, &wishes, !args.no_reduce, generated).await?;
    let text = if args.json {
        page::json(&suite.name, &explored).map_err(std::io::Error::from)?
    } else {
        page::render(&suite.name, &suite.scenarios[found.case.scenario].id, &explored, place.style)
    };
    place.print(&text)?;
    Ok(exit(&explored.aside))
}

async fn probed(place: &Place, args: &NeighboursArgs, options: &Options) -> CliResult {
    let scene = find_scene(options, &args.case)?;
    let suite = scene.suite.clone();
    entries(&args.operators, &suite.scenarios[scene.scenario].spec, 1).map_err(NeighboursError::from)?;
    let most = args.max.unwrap_or(PROBED) as usize;
    let bench = Bench::open(options, scene.project, suite.clone(), most).map_err(CliError::Session)?;
    let known = Known { suite: &suite, cases: &scene.known };
    let wishes =
        ProbeWishes { operators: args.operators.clone(), seeds: args.seeds.into(), links: args.links.into() };
    let probed = probe(bench, &known, (scene.scenario, scene.family), &wishes).await?;
    let scenario = &suite.scenarios[scene.scenario].id;
    let text = if args.json {
        probe_page::json(&suite.name, scenario, &probed).map_err(std::io::Error::from)?
    } else {
        probe_page::render(&suite.name, scenario, &probed, place.style)
    };
    place.print(&text)?;
    Ok(exit(&probed.aside))
}

/// What an asking beside the suite exits with.
pub fn exit(aside: &Aside) -> Exit {
    Exit::strongest(aside.problems.iter().map(|problem| match problem.kind {
        ProblemKind::Budget => Exit::Exhausted,
        _ => Exit::Undecided,
    }))
}
