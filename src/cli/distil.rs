//! `holdline distil [RUN…]`: what failed, in groups that say the same.

use super::compare::record_of;
use super::{CliError, CliResult, Place};
use crate::distil::{Distilled, Gathered, gather, gather_newest};
use crate::exit::Exit;
use crate::report::distil::{self as report, View};
use crate::report::{Outputs, escape};
use crate::session::records;
use crate::suite::bare_name;
use std::path::PathBuf;

/// Arguments of `holdline distil`.
#[derive(Debug, clap::Args)]
pub struct DistilArgs {
    /// The runs: the id of a run or its beginning, `latest`, `latest~1`, or the path of a report.json. Default: the
    /// newest. Over several it is told which failures come every time and which at times.
    #[arg(value_name = "RUN")]
    runs: Vec<String>,
    /// Only failures of this suite.
    #[arg(long, value_name = "SUITE")]
    suite: Option<String>,
    /// Show groups of failures that are all accepted with the baseline like the others.
    #[arg(long)]
    known: bool,
    /// Show every case of this group, named by its id or the beginning of it.
    #[arg(long, value_name = "ID")]
    group: Option<String>,
    /// Most clusters of a group to show an example of.
    #[arg(long, value_name = "N", default_value_t = View::CLUSTERS)]
    clusters: usize,
    /// Write the groups as JSON here.
    #[arg(long, value_name = "PATH")]
    json: Option<PathBuf>,
}

/// Distils.
pub fn run(place: &Place, args: &DistilArgs) -> CliResult {
    let name = args.suite.as_deref().map(bare_name);
    let outputs = Outputs { junit: None, json: args.json.clone(), markdown: None }.open()?;
    let mut gathered = found(place, args, name)?;
    gathered.add_notes(&place.root)?;
    let distilled = Distilled::of(gathered);
    if let Some(path) = &outputs.json {
        report::write(&distilled, path)?;
    }
    let page = match &args.group {
        Some(id) => {
            let group = distilled.group(id).map_err(|why| {
                let text = format!(
                    "{}; `holdline distil` lists the groups",
                    escape::terminal_line(&why.to_string())
                );
                CliError::Usage(text)
            })?;
            report::render_group(&distilled, group, place.style)
        }
        None => report::render(&distilled, View { known: args.known, clusters: args.clusters }, place.style),
    };
    place.print(&page)?;
    Ok(Exit::Held)
}

fn found(place: &Place, args: &DistilArgs, suite: Option<&str>) -> Result<Gathered, CliError> {
    let gathered = if args.runs.is_empty() {
        gather_newest(records(&place.root), suite)?.ok_or_else(|| nothing(place, suite))?
    } else {
        let paths =
            args.runs.iter().map(|name| record_of(&place.root, name)).collect::<Result<Vec<_>, _>>()?;
        gather(&paths, suite)?
    };
    if gathered.looked.is_empty() && gathered.passed_over.is_empty() {
        return Err(nothing_named(suite));
    }
    Ok(gathered)
}

/// Why there is no run to look at.
fn nothing(place: &Place, suite: Option<&str>) -> CliError {
    let text = match (records(&place.root).next(), suite) {
        (None, _) => "there is no run yet; `holdline run` makes one".to_owned(),
        (Some(_), None) => "no run that is kept asked anything; `holdline run` makes one".to_owned(),
        (Some(_), Some(suite)) => {
            format!("no run that is kept asked the suite `{}`", escape::terminal_line(suite))
        }
    };
    CliError::Usage(text)
}

fn nothing_named(suite: Option<&str>) -> CliError {
    let of = suite.map_or_else(
        || "any suite".to_owned(),
        |suite| format!("the suite `{}`", escape::terminal_line(suite)),
    );
    CliError::Usage(format!("the runs named do not have {of}"))
}
