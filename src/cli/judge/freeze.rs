//! `holdline judge freeze`: answers with what a judge says of them today, to see later whether it is still the
//! same.

use crate::baseline::in_ci;
use crate::cli::{CliError, CliResult, Place};
use crate::exit::Exit;
use crate::judge::model::{Network, Terms};
use crate::report::escape::{for_log, terminal_line};
use crate::report::judge_trust::frozen;
use crate::session::Options;
use crate::session::canary::{Freezing, NotFrozen, freeze};
use crate::session::judges::{clients, open_for_labels, ready};
use std::sync::Arc;

/// Arguments of `holdline judge freeze`.
#[derive(Debug, clap::Args)]
pub struct FreezeArgs {
    /// The judge: a file in `suites/judges`, without `.toml`.
    name: String,
    /// How many answers to freeze. Default: 50, or 100 where the judge changes more than 1 % of its verdicts
    /// when it is asked the same again.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(50..=100_000))]
    items: Option<u32>,
    /// Ask about every answer so many times, to see how often the judge contradicts itself.
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u8).range(2..=20))]
    repeats: u8,
}

/// Freezes.
pub fn run(place: &Place, args: &FreezeArgs) -> CliResult {
    let lookup = |name: &str| std::env::var(name).ok();
    let project = place.project()?;
    let judge = open_for_labels(&place.root, &project, &args.name)?;
    if in_ci(lookup) {
        return Err(CliError::Usage(format!(
            "in CI nothing below {} is written: freeze the judge on your machine and commit {}",
            project.suites,
            judge.canary_path(&place.root)
        )));
    }
    let labels = judge.holdout(&place.root)?.labels;
    let clients = match clients(&project, &judge, lookup)? {
        Ok(clients) => clients,
        Err(missing) => {
            eprintln!("{}", for_log(&format!("cannot freeze: {missing}"), place.log));
            return Ok(Exit::Undecided);
        }
    };
    let terms = Terms::of(&judge).map_err(|error| CliError::Usage(error.to_string()))?;
    let asks = ready(&judge, &clients, Arc::new(Network))?;
    let freezing = Freezing {
        name: judge.name.clone(),
        fingerprint: terms.fingerprint,
        items: args.items.map(|items| items as usize),
        repeats: args.repeats.into(),
        today: Options::new(place.root.clone(), false).today,
    };
    let runtime = tokio::runtime::Runtime::new()?;
    match runtime.block_on(freeze(&freezing, asks, &labels)) {
        Ok(canary) => {
            let path = judge.keep_canary(&place.root, &canary)?;
            place.print(&frozen(&canary, &path))?;
            Ok(Exit::Held)
        }
        Err(error @ NotFrozen::TooFew { .. }) => Err(CliError::Usage(error.to_string())),
        Err(error @ NotFrozen::Ungraded { .. }) => {
            eprintln!("{}", for_log(&terminal_line(&format!("cannot freeze: {error}")), place.log));
            Ok(Exit::Undecided)
        }
    }
}
