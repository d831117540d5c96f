//! `holdline synth talk`: simulated users talk to the application.

use crate::baseline::in_ci;
use crate::cli::limits::Limits;
use crate::cli::progress::bar;
use crate::cli::{CliError, CliResult, Place};
use crate::exit::Exit;
use crate::report::escape::{for_log, terminal_line};
use crate::report::talk::page;
use crate::session::models::Absent;
use crate::session::synth::SynthError;
use crate::session::talk::{TalkOptions, Talks, TalksError, talks};
use crate::session::until_signalled;
use crate::synth::prompt::PromptError;

/// Arguments of `holdline synth talk`.
#[derive(Debug, clap::Args)]
pub struct TalkArgs {
    /// The suite whose application is talked to.
    suite: String,
    /// The scenario that the conversations belong to, by its id or name; needed where there are several.
    #[arg(long, value_name = "SCENARIO")]
    scenario: Option<String>,
    /// What the user wants to have at the end, and what they know; may be repeated.
    #[arg(long, value_name = "TEXT", required = true)]
    goal: Vec<String>,
    /// Who the user is and how they write; may be repeated. Every persona has every goal.
    #[arg(long, value_name = "TEXT")]
    persona: Vec<String>,
    /// How soon a user gives up: `ordinary`, `low` or `high`.
    #[arg(long, value_name = "WORD")]
    patience: Option<String>,
    /// Most messages of a user in a conversation.
    #[arg(long, value_name = "N", default_value_t = 6, value_parser = clap::value_parser!(u32).range(1..=50))]
    turns: u32,
    /// Conversations in all. Default: one for every persona and goal.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    count: Option<u32>,
    /// A model that plays users, as `[models]` names it; may be repeated. Default: those of `[synth] models`, or the
    /// only one there is.
    #[arg(long, value_name = "NAME")]
    model: Vec<String>,
    /// Tells one asking from another: another number asks for others.
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u16,
    #[command(flatten)]
    limits: Limits,
    /// Ask anew what replies are on the disk for.
    #[arg(long)]
    fresh: bool,
}

impl From<TalksError> for CliError {
    fn from(error: TalksError) -> Self {
        match error {
            TalksError::Synth(error) => error.into(),
            TalksError::Prompt(PromptError::File(wrong)) => Self::Suites(wrong),
            other => Self::Usage(other.to_string()),
        }
    }
}

/// Has users talk.
pub fn run(place: &Place, args: &TalkArgs) -> CliResult {
    let lookup = |name: &str| std::env::var(name).ok();
    if in_ci(lookup) {
        let why = "CI replays what was reviewed and never generates: run `holdline synth talk` on your machine, \
                   review what comes, and commit it";
        return Err(CliError::Usage(why.to_owned()));
    }
    let options = TalkOptions {
        root: place.root.clone(),
        suite: args.suite.clone(),
        scenario: args.scenario.clone(),
        personas: args.persona.clone(),
        goals: args.goal.clone(),
        patience: args.patience.clone(),
        count: args.count.map_or_else(|| args.goal.len() * args.persona.len().max(1), |count| count as usize),
        most: args.turns,
        models: args.model.clone(),
        seed: args.seed,
        budget: args.limits.into(),
        fresh: args.fresh,
    };
    let shown = bar("{spinner} {pos} conversations {elapsed}", 0);
    let each = || shown.inc(1);
    let runtime = tokio::runtime::Runtime::new()?;
    let talked = runtime.block_on(until_signalled(async |stop| talks(&options, lookup, stop, &each).await));
    shown.finish_and_clear();
    let Some(talked) = talked else {
        eprintln!("stopped at once; what the users said is kept, and the same command goes on");
        return Ok(Exit::Undecided);
    };
    let talked = match talked {
        // What is missing on this machine is no mistake in a file.
        Err(
            error @ (TalksError::Synth(SynthError::Absent(Absent::Unset { .. }))
            | TalksError::Unset { .. }
            | TalksError::Start(_)),
        ) => {
            let text = format!("cannot ask: {}", terminal_line(&error.to_string()));
            eprintln!("{}", for_log(&text, place.log));
            return Ok(Exit::Undecided);
        }
        talked => talked?,
    };
    place.print(&page(&talked, &place.project()?.currency))?;
    Ok(exit(&talked))
}

/// 3 where nothing was said or it was stopped, 4 where the budget or the time is used up.
fn exit(talked: &Talks) -> Exit {
    if talked.stopped {
        Exit::Undecided
    } else if talked.spent.is_some() {
        Exit::Exhausted
    } else if talked.outcomes.iter().all(|one| one.ended.is_err()) {
        Exit::Undecided
    } else {
        Exit::Held
    }
}
