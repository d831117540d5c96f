//! `holdline list`: the cases, one a line.

use super::expand::visit;
use super::{CliResult, Place, Set, Which};
use crate::exit::Exit;
use crate::expand::{Case, Lineage};
use crate::report::escape;
use crate::run::full_name;
use crate::session::{Options, suites, unaffected};
use crate::suite::Suite;
use std::io::{BufWriter, Write};

/// Arguments of `holdline list`.
#[derive(Debug, clap::Args)]
pub struct ListArgs {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    params: Set,
    /// Only of the suites that what changed in a range of git affects; see `holdline run --affected`.
    #[arg(long, value_name = "RANGE", allow_hyphen_values = true)]
    affected: Option<String>,
    /// One JSON object a line.
    #[arg(long)]
    json: bool,
}

/// Lists.
pub fn run(place: &Place, args: &ListArgs) -> CliResult {
    let mut options = Options::new(place.root.clone(), false);
    options.set.clone_from(&args.params.set);
    options.only.clone_from(&args.which.suites);
    let selection = args.which.selection();
    let mut out = BufWriter::new(std::io::stdout().lock());
    options.affected.clone_from(&args.affected);
    let (project, suites) = suites(&options)?;
    let unaffected = unaffected(&options, &project, suites.iter())?;
    let (mut listed, mut all) = (0, 0);
    for suite in suites.iter().filter(|suite| !unaffected.contains(&suite.name)) {
        let mut written = Ok(());
        // One case at a time: a plan of a million is listed as it is made.
        let each = &mut |case: Case| {
            all += 1;
            if written.is_ok() && selection.admits(suite, &case) {
                listed += 1;
                written = line(&mut out, suite, &case, args.json);
            }
        };
        visit(place, suite, each)?;
        written?;
    }
    out.flush()?;
    place.note_unnamed(&options, &project, "list")?;
    if !args.json {
        eprintln!("{listed} of {all} cases");
    }
    Ok(Exit::Held)
}

fn line(out: &mut impl Write, suite: &Suite, case: &Case, as_json: bool) -> std::io::Result<()> {
    let name = full_name(suite, case);
    if !as_json {
        return writeln!(out, "{}", escape::terminal(&name));
    }
    let line = serde_json::json!({
        "id": case.id,
        "name": name,
        "suite": suite.name,
        "scenario": suite.scenarios[case.scenario].id,
        "input": case.input,
        "expected_label": case.truth,
        "tags": case.tags,
        "must_pass": case.must_pass,
        "origin": case.provenance.origin,
        "family": case.family,
        "operators": case.provenance.lineage.as_deref().map(Lineage::operators),
        "file": case.provenance.place.file,
        "line": case.provenance.place.line,
    });
    writeln!(out, "{line}")
}
