//! `holdline synth transform`: seeds said in another way.

use crate::baseline::in_ci;
use crate::cli::limits::Limits;
use crate::cli::progress::bar;
use crate::cli::{CliError, CliResult, Place};
use crate::exit::Exit;
use crate::report::escape::{for_log, terminal_line};
use crate::report::transform::page;
use crate::session::models::Absent;
use crate::session::synth::SynthError;
use crate::session::transform::{TransformOptions, Transforms, TransformsError, transforms};
use crate::session::until_signalled;
use crate::synth::transform::Transform;

/// Arguments of `holdline synth transform`.
#[derive(Debug, clap::Args)]
pub struct TransformArgs {
    /// The suite whose seeds are transformed.
    suite: String,
    /// What to do; may be repeated, each for itself: `shorter`, `shorter=WORDS`, `tone=formal`, `tone=casual`,
    /// `tone=WORDS` (needs a model), `steps`, `reformat=plain|one_line|bullets|numbered|prose`, `extract=xml:TAG`,
    /// `extract=heading:TEXT`, `extract=fence`, `extract=fence:WORD`, `extract=label:TEXT`.
    #[arg(long = "to", value_name = "TRANSFORMATION", required = true)]
    to: Vec<Transform>,
    /// Only of this scenario, by its id or name; may be repeated. Default: all of the suite.
    #[arg(long, value_name = "SCENARIO")]
    scenario: Vec<String>,
    /// A model that does it, as `[models]` names it; may be repeated. Without any it is done by rule.
    #[arg(long, value_name = "NAME")]
    model: Vec<String>,
    /// Transform the reviewed variants that stand beside the suite too.
    #[arg(long)]
    variants: bool,
    #[command(flatten)]
    limits: Limits,
    /// Ask anew what replies are on the disk for.
    #[arg(long)]
    fresh: bool,
}

impl From<TransformsError> for CliError {
    fn from(error: TransformsError) -> Self {
        match error {
            TransformsError::Synth(error) => error.into(),
            other => Self::Usage(other.to_string()),
        }
    }
}

/// Transforms.
pub fn run(place: &Place, args: &TransformArgs) -> CliResult {
    let lookup = |name: &str| std::env::var(name).ok();
    if in_ci(lookup) {
        let why = "CI reads what was reviewed and never generates: run `holdline synth transform` on your machine, \
                   review what comes, and commit it";
        return Err(CliError::Usage(why.to_owned()));
    }
    let options = TransformOptions {
        root: place.root.clone(),
        suite: args.suite.clone(),
        scenarios: args.scenario.clone(),
        transforms: args.to.clone(),
        models: args.model.clone(),
        variants: args.variants,
        budget: args.limits.into(),
        fresh: args.fresh,
    };
    let shown = bar("{spinner} {pos} texts {elapsed}", 0);
    let each = || shown.inc(1);
    let runtime = tokio::runtime::Runtime::new()?;
    let done =
        runtime.block_on(until_signalled(async |stop| transforms(&options, lookup, stop, &each).await));
    shown.finish_and_clear();
    let Some(done) = done else {
        eprintln!("stopped at once; what models said is kept, and the same command goes on");
        return Ok(Exit::Undecided);
    };
    let done = match done {
        // What is missing on this machine is no mistake in a file.
        Err(error @ TransformsError::Synth(SynthError::Absent(Absent::Unset { .. }))) => {
            let text = format!("cannot ask: {}", terminal_line(&error.to_string()));
            eprintln!("{}", for_log(&text, place.log));
            return Ok(Exit::Undecided);
        }
        done => done?,
    };
    place.print(&page(&done, &place.project()?.currency))?;
    Ok(exit(&done))
}

/// 3 where nothing came of it or it was stopped, 4 where the budget or the time is used up.
fn exit(done: &Transforms) -> Exit {
    if done.stopped {
        Exit::Undecided
    } else if done.cut.is_some() {
        Exit::Exhausted
    } else if done.yields.all.delivered == 0 {
        Exit::Undecided
    } else {
        Exit::Held
    }
}
