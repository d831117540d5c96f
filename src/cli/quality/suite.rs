//! `holdline quality suite`: how good the cases of suites are.

use crate::cli::{CliResult, Place};
use crate::exit::Exit;
use crate::quality::suite::{Material, assess, page};
use crate::session::{Options, plans};
use serde_json::json;

/// Arguments of `holdline quality suite`.
///
/// The exit code is 0 whatever the figures are, and 2 only for wrong usage or mistakes in the suites:
/// this measures, it does not gate. Nothing is asked of any application.
#[derive(Debug, clap::Args)]
pub struct SuiteArgs {
    /// Suites; all without any.
    suites: Vec<String>,
    /// One JSON document instead of pages: `{"suites": [{"suite", "overall", "figures", …}]}`.
    #[arg(long)]
    json: bool,
}

/// Looks at each suite.
pub fn run(place: &Place, args: &SuiteArgs) -> CliResult {
    let mut options = Options::new(place.root.clone(), false);
    options.only.clone_from(&args.suites);
    // Nothing is asked.
    options.live = true;
    let (_, plans) = plans(&options)?;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let (mut documents, mut pages) = (Vec::new(), Vec::new());
    for plan in &plans {
        let quality = assess(&Material::of(plan)?, threads);
        if args.json {
            documents.push(json!({
                "suite": plan.suite.name,
                "path": plan.suite.path,
                "overall": quality.overall,
                "cases": quality.cases,
                "families": quality.families,
                "figures": quality.figures,
            }));
        } else {
            pages.push(page(&plan.suite, &quality, place.style));
        }
    }
    if args.json {
        place.print(&format!("{:#}\n", json!({ "suites": documents })))?;
    } else {
        place.print(&pages.join("\n"))?;
    }
    Ok(Exit::Held)
}
