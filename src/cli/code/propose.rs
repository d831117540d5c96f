//! `holdline code propose`: a model is asked which category failures may belong to. What it says waits below
//! `.holdline/` for a person.

use super::desk::Desk;
use crate::baseline::in_ci;
use crate::cli::{CliError, CliResult, Place};
use crate::distil::coding::{Proposals, proposals_path};
use crate::exit::Exit;
use crate::report::coding::proposed_page;
use crate::report::escape::for_log;
use crate::session::proposing::{Asked, client, propose};

/// Arguments of `holdline code propose`.
#[derive(Debug, clap::Args)]
pub struct ProposeArgs {
    /// The suite; all without it.
    suite: Option<String>,
    /// The model, as `[models]` in `holdline.toml` names it.
    #[arg(long, value_name = "NAME", default_value = "judge")]
    model: String,
    /// Ask about at most so many failures.
    #[arg(long, value_name = "N", default_value_t = 100)]
    most: usize,
}

/// Asks.
pub fn run(place: &Place, args: &ProposeArgs) -> CliResult {
    let lookup = |name: &str| std::env::var(name).ok();
    if in_ci(lookup) {
        return Err(CliError::Usage(
            "in CI no model is asked for proposals: nobody is there to decide about them".into(),
        ));
    }
    let desk = Desk::open(place)?;
    let taxonomy = desk.taxonomy()?;
    let client = match client(&desk.project, &args.model, lookup)? {
        Ok(client) => client,
        Err(missing) => {
            eprintln!("{}", for_log(&format!("cannot propose: {missing}"), place.log));
            return Ok(Exit::Undecided);
        }
    };
    let runtime = tokio::runtime::Runtime::new()?;
    let mut asked = Asked::default();
    for suite in desk.only(args.suite.as_deref())? {
        let coding = desk.coding(&desk.codes(suite)?);
        let mut proposals = Proposals::open(&desk.root, &proposals_path(&suite.0))?;
        let items = desk.reading(suite, &coding)?.pending;
        let open: Vec<_> = items.into_iter().filter_map(|item| item.failure).collect();
        runtime.block_on(propose(&client, &open, taxonomy, &mut proposals, args.most, &mut asked))?;
    }
    place.print(&proposed_page(&asked, place.style))?;
    let nothing = asked.answered() == 0 && !asked.unanswered.is_empty();
    Ok(if nothing { Exit::Undecided } else { Exit::Held })
}
