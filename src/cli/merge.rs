//! `holdline merge`: the shards of a run put together and decided over, once.

use super::reporting::{Reporting, tell};
use super::{CliError, CliResult, Place, Set, bazel};
use crate::baseline::in_ci;
use crate::exit::Exit;
use crate::gate::Decision;
use crate::report::escape::{for_log, terminal_line};
use crate::session::{self, MergeError, Options, SessionError, Shards};
use std::path::PathBuf;
use std::sync::Arc;

/// Arguments of `holdline merge`.
#[derive(Debug, clap::Args)]
pub struct MergeArgs {
    /// The run folders of all shards, or folders that hold one each.
    #[arg(required = true, value_name = "DIR")]
    folders: Vec<PathBuf>,
    #[command(flatten)]
    params: Set,
    /// How often the shards asked every case, where they were told with `--repeats`.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100))]
    repeats: Option<u32>,
    /// Ask flagged scenarios again before they count as regressed. It takes the application, which is otherwise
    /// not started.
    #[arg(long)]
    confirm: bool,
    #[command(flatten)]
    reporting: Reporting,
}

/// Merges. Shards that cannot be put together are no mistake of the command line: nobody knows whether
/// anything got worse, and it must not look as if somebody did.
pub fn run(place: &Place, args: &MergeArgs) -> CliResult {
    match merged(place, args) {
        Err(CliError::Session(SessionError::Merge(refused))) => {
            let text = format!("cannot decide: {}", terminal_line(&refused.to_string()));
            eprintln!("{}", for_log(&text, place.log));
            Ok(Exit::Undecided)
        }
        done => done,
    }
}

fn merged(place: &Place, args: &MergeArgs) -> CliResult {
    let lookup = |name: &str| std::env::var(name).ok();
    let mut options = Options::new(place.root.clone(), in_ci(lookup));
    args.reporting.apply(&mut options, lookup)?;
    options.set.clone_from(&args.params.set);
    options.repeats = args.repeats;
    options.confirm = args.confirm;
    // All is there already, also what a run that stops early would have left out.
    options.early = false;
    // The shards may be among the runs that are kept.
    options.keep = options.keep.max(args.folders.len() + 1);
    let outputs = bazel::outputs(args.reporting.outputs(), lookup).open()?;
    let shards = Shards::read(&args.folders).map_err(from)?;
    let only = shards.suites();
    options.only.clone_from(&only);
    options.merge = Some(Arc::new(shards));
    let runtime = tokio::runtime::Runtime::new()?;
    let record = runtime.block_on(session::until_signalled(async |stop| {
        options.stop = stop;
        session::run(&options).await
    }));
    let Some(record) = record else {
        eprintln!("stopped at once; `holdline merge` can be run again");
        return Ok(Exit::Undecided);
    };
    let record = record?;
    if record.decision == Decision::Regressed && !args.confirm {
        let text = "note: what was flagged was not asked again; `holdline merge --confirm` does, and starts the \
                    application for it";
        eprintln!("{}", for_log(text, place.log));
    }
    tell(place, &options, &outputs, &record, args.reporting.quiet, lookup)
}

fn from(error: MergeError) -> CliError {
    SessionError::from(error).into()
}
