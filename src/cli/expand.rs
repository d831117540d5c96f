//! `holdline expand`: what the suites' inputs become, without asking anything.

mod coverage;
mod export;
mod list_operators;
mod plan;
mod show;
mod summary;

use super::{CliError, CliResult, Place};
use crate::exit::Exit;
use crate::expand::{Case, Expansion, Ledger};
use crate::session::{Options, SessionError, case_errors, suites};
use crate::suite::{Diagnostics, Suite};
use clap::ValueEnum;

/// Arguments of `holdline expand`.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("what").multiple(false))]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command")]
pub struct ExpandArgs {
    /// Suites; all without any.
    suites: Vec<String>,
    /// Compare the cases with those recorded in suites/<suite>.plan; exit 1 where they moved.
    #[arg(long, group = "what")]
    check: bool,
    /// Record the cases in suites/<suite>.plan. Not in CI.
    #[arg(long, group = "what")]
    write: bool,
    /// Print the variants of a scenario, with what was changed marked.
    #[arg(long, group = "what", value_name = "SCENARIO")]
    show: Option<String>,
    /// Print every case with its provenance.
    #[arg(long, group = "what", value_enum, value_name = "FORMAT")]
    export: Option<Format>,
    /// Print what the rows of templates cover: combinations, those ruled out, and target shares.
    #[arg(long, group = "what")]
    coverage: bool,
    /// List the operators with their families, promises and options.
    #[arg(long, group = "what")]
    operators: bool,
    /// Draw so many of the variants that `--show` prints, the same each time.
    #[arg(long, value_name = "N", requires = "show")]
    sample: Option<usize>,
}

/// How cases are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Comma-separated values with a header.
    Csv,
    /// One JSON object a line.
    Jsonl,
}

/// Expands.
pub fn run(place: &Place, args: &ExpandArgs) -> CliResult {
    if args.operators {
        return list_operators::print(place);
    }
    let mut options = Options::new(place.root.clone(), false);
    options.only.clone_from(&args.suites);
    // Nothing is asked.
    options.live = true;
    let (_, suites) = suites(&options)?;
    if let Some(format) = args.export {
        export::print(place, &suites, format)
    } else if let Some(scenario) = &args.show {
        show::print(place, &suites, scenario, args.sample)
    } else if args.coverage {
        coverage::print(place, &suites)
    } else if args.check {
        plan::check(place, &suites)
    } else if args.write {
        plan::write(place, &suites)
    } else {
        summary::print(place, &suites)
    }
}

/// Hands every case of a suite to `each`; mistakes of rows are told with their places.
pub fn visit(place: &Place, suite: &Suite, each: &mut dyn FnMut(Case)) -> Result<Ledger, CliError> {
    let made = Expansion::new(suite).and_then(|expansion| expansion.visit(each));
    made.map_err(|errors| {
        let mut out = Diagnostics::default();
        case_errors(&place.root, &errors, &mut out);
        CliError::Session(SessionError::Suites(out))
    })
}

/// What a command that only looks comes to.
const DONE: CliResult = Ok(Exit::Held);
