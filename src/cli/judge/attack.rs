//! `holdline judge attack`: attempts to talk a judge into passing wrong answers.

use crate::cli::{CliResult, Place};
use crate::exit::Exit;
use crate::judge::model::Network;
use crate::report::escape::for_log;
use crate::report::judge_attack::page;
use crate::session::judges::{attack, clients, open_for_labels, ready};
use std::sync::Arc;

/// Arguments of `holdline judge attack`.
#[derive(Debug, clap::Args)]
pub struct AttackArgs {
    /// The judge: a file in `suites/judges`, without `.toml`.
    name: String,
    /// Most attempts; they are spread evenly over the corpus of 40 attacks on 25 wrong answers.
    #[arg(long, value_name = "N", default_value_t = 200)]
    most: usize,
}

/// Attacks.
pub fn run(place: &Place, args: &AttackArgs) -> CliResult {
    let project = place.project()?;
    let judge = open_for_labels(&place.root, &project, &args.name)?;
    let labels = judge.holdout(&place.root)?.labels;
    let clients = match clients(&project, &judge, |name| std::env::var(name).ok())? {
        Ok(clients) => clients,
        Err(missing) => {
            eprintln!("{}", for_log(&format!("cannot attack: {missing}"), place.log));
            return Ok(Exit::Undecided);
        }
    };
    let ready = ready(&judge, &clients, Arc::new(Network))?;
    let runtime = tokio::runtime::Runtime::new()?;
    let attempts = runtime.block_on(attack(&judge, ready, &labels, args.most));
    let (page, holds) = page(&judge, &attempts);
    place.print(&page)?;
    Ok(if holds { Exit::Held } else { Exit::Undecided })
}
