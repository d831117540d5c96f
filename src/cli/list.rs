//! `holdline list`: the cases, one a line.

use super::{CliResult, Place, Which};
use crate::exit::Exit;
use crate::report::escape;
use crate::run::full_name;
use crate::session::{Options, plans};
use std::io::{BufWriter, Write};

/// Arguments of `holdline list`.
#[derive(Debug, clap::Args)]
pub struct ListArgs {
    #[command(flatten)]
    which: Which,
    /// One JSON object a line.
    #[arg(long)]
    json: bool,
}

/// Lists.
pub fn run(place: &Place, args: &ListArgs) -> CliResult {
    let mut options = Options::new(place.root.clone(), false);
    options.only.clone_from(&args.which.suites);
    let selection = args.which.selection();
    let mut out = BufWriter::new(std::io::stdout().lock());
    let (_, plans) = plans(&options)?;
    let (mut listed, mut all) = (0, 0);
    for plan in plans {
        all += plan.cases.len();
        let plan = plan.select(&selection);
        listed += plan.selected.len();
        for case in plan.selected() {
            let name = full_name(&plan.suite, case);
            if args.json {
                let line = serde_json::json!({
                    "id": case.id,
                    "name": name,
                    "suite": plan.suite.name,
                    "scenario": plan.suite.scenarios[case.scenario].id,
                    "input": case.input,
                    "expected_label": case.truth,
                    "tags": case.tags,
                    "must_pass": case.must_pass,
                    "file": case.provenance.place.file,
                    "line": case.provenance.place.line,
                });
                writeln!(out, "{line}")?;
            } else {
                writeln!(out, "{}", escape::terminal(&name))?;
            }
        }
    }
    out.flush()?;
    if !args.json {
        eprintln!("{listed} of {all} cases");
    }
    Ok(Exit::Held)
}
