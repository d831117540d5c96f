//! `holdline rejudge SUITE…`: today's judges over the answers that were accepted, without asking the application.

use super::progress::Progress;
use super::{CliResult, Place};
use crate::baseline::in_ci;
use crate::exit::Exit;
use crate::report::rejudge::{Came, Rejudged, render};
use crate::session::{self, Options};
use std::path::PathBuf;
use std::sync::Arc;

/// Arguments of `holdline rejudge`.
///
/// It shows which verdicts flipped and offers what came for review, as `holdline run` does. It gates nothing: the
/// exit code is 0 where something is offered or nothing changed, and 3 where the answers cannot be judged anew.
#[derive(Debug, clap::Args)]
pub struct RejudgeArgs {
    /// The suites.
    #[arg(required = true, value_name = "SUITE")]
    suites: Vec<String>,
    /// Folder of the baselines.
    #[arg(long, value_name = "DIR")]
    baseline: Option<PathBuf>,
    /// No progress on standard error.
    #[arg(long, short)]
    quiet: bool,
}

/// Judges anew.
pub fn run(place: &Place, args: &RejudgeArgs) -> CliResult {
    let mut options = Options::new(place.root.clone(), in_ci(|name| std::env::var(name).ok()));
    options.only.clone_from(&args.suites);
    options.baselines.clone_from(&args.baseline);
    if !args.quiet {
        options.events = Arc::new(Progress::new());
    }
    let runtime = tokio::runtime::Runtime::new()?;
    let rejudged = runtime.block_on(session::until_signalled(async |stop| {
        options.stop = stop;
        session::rejudge(&options).await
    }));
    let Some(rejudged) = rejudged else {
        eprintln!("stopped at once; nothing is offered");
        return Ok(Exit::Undecided);
    };
    let rejudged = rejudged?;
    place.print(&render(&rejudged, place.style))?;
    let is_refused = |of: &Rejudged| matches!(of.came, Came::NotOffered(_));
    Ok(if rejudged.iter().any(is_refused) { Exit::Undecided } else { Exit::Held })
}
