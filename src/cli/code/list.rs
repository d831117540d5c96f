//! `holdline code list` and `holdline code pending`: the categories with their counts, and what is to be read.

use super::desk::Desk;
use crate::cli::{CliResult, Place};
use crate::exit::Exit;
use crate::report::coding::{Counts, list_page, pending_page};

/// Arguments of both.
#[derive(Debug, clap::Args)]
pub struct ListArgs {
    /// The suite; all without it.
    suite: Option<String>,
    /// Print it as JSON.
    #[arg(long)]
    json: bool,
}

/// Prints the categories.
pub fn list(place: &Place, args: &ListArgs) -> CliResult {
    let desk = Desk::open(place)?;
    let taxonomy = desk.taxonomy()?;
    let mut counts = Counts::default();
    for suite in desk.only(args.suite.as_deref())? {
        let codes = desk.codes(suite)?;
        let coding = desk.coding(&codes);
        counts.add(&coding, &desk.reading(suite, &coding)?, codes.disputed().len());
    }
    if args.json {
        let text = serde_json::to_string_pretty(&counts.json(taxonomy)).map_err(std::io::Error::from)?;
        place.print(&format!("{text}\n"))?;
        return Ok(Exit::Held);
    }
    place.print(&list_page(taxonomy, &counts, place.style))?;
    Ok(Exit::Held)
}

/// Prints what is to be read.
pub fn pending(place: &Place, args: &ListArgs) -> CliResult {
    let desk = Desk::open(place)?;
    let mut all = Vec::new();
    for suite in desk.only(args.suite.as_deref())? {
        let coding = desk.coding(&desk.codes(suite)?);
        all.push(desk.reading(suite, &coding)?);
    }
    if args.json {
        let text = serde_json::to_string_pretty(&crate::report::coding::pending_json(&all))
            .map_err(std::io::Error::from)?;
        place.print(&format!("{text}\n"))?;
        return Ok(Exit::Held);
    }
    place.print(&pending_page(&all, place.style))?;
    Ok(Exit::Held)
}
