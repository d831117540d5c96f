//! `holdline show CASE`: everything about one case, from the newest run that asked it.

use super::{CliError, CliResult, Place};
use crate::exit::Exit;
use crate::report::{CaseRecord, Record, SuiteRecord, case, case_repeat, escape, json};
use crate::session::neighbours::records_of_neighbours;
use crate::session::records;
use std::fmt::Write as _; // to strings, which cannot fail

/// How many candidates are named where a text fits several cases.
const NAMED: usize = 10;

/// Arguments of `holdline show`.
#[derive(Debug, clap::Args)]
pub struct ShowArgs {
    /// A case's id, the beginning of one, or a part of its name or input.
    case: String,
    /// Show this answer of a case that was asked several times in full, by its number from 1.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    repeat: Option<u32>,
}

/// Shows the case as the newest run with it left it.
pub fn run(place: &Place, args: &ShowArgs) -> CliResult {
    let mut newest = None;
    // What was asked beside the runs is looked at last.
    for path in records(&place.root).chain(records_of_neighbours(&place.root)) {
        let record = match json::read(&path) {
            Ok(record) => record,
            // An older run in another format is no reason to show nothing.
            Err(_) if newest.is_some() => continue,
            Err(error) => return Err(error.into()),
        };
        let found = find(&record, &args.case);
        match found.as_slice() {
            [] => newest = newest.or(Some(record.run)),
            [(suite, one)] => {
                let page = match args.repeat {
                    None => case(&record, suite, one, place.style),
                    Some(number) => case_repeat(&record, suite, one, number, place.style)
                        .ok_or_else(|| CliError::Usage(no_repeat(&record, one, number)))?,
                };
                place.print(&page)?;
                return Ok(Exit::Held);
            }
            several => return Err(CliError::Usage(ambiguous(several, &args.case))),
        }
    }
    Err(CliError::Usage(match newest {
        None => "there is no run yet; `holdline run` makes one".into(),
        Some(run) => format!(
            "no case of run {run}, or of those before, has `{}` in its id, name or input; `holdline list` prints the \
             cases",
            escape::terminal_line(&args.case)
        ),
    }))
}

/// Says how many answers there are.
fn no_repeat(record: &Record, case: &CaseRecord, number: u32) -> String {
    let answers = case.answers().len() + case.confirmations.len();
    let there = if answers == 1 { "is 1" } else { &format!("are {answers}") };
    format!(
        "case {} has no answer {number} in run {}: there {there}",
        case.id,
        escape::terminal_line(&record.run)
    )
}

/// Names the cases that a text fits, as many as fit on a screen.
fn ambiguous(several: &[(&SuiteRecord, &CaseRecord)], text: &str) -> String {
    let mut message = format!("{} cases fit `{}`:", several.len(), escape::terminal_line(text));
    for (suite, case) in several.iter().take(NAMED) {
        let name = format!("{}::{}::{}", suite.name, suite.scenario_of(case).id, case.name);
        let _ = write!(message, "\n  {}  {}", case.id, escape::terminal_line(&name));
    }
    if several.len() > NAMED {
        let _ = write!(message, "\n  and {} more", several.len() - NAMED);
    }
    message
}

/// The cases that a text fits: by id first, else by name or input.
fn find<'a>(record: &'a Record, text: &str) -> Vec<(&'a SuiteRecord, &'a CaseRecord)> {
    let all = || record.suites.iter().flat_map(|suite| suite.cases.iter().map(move |case| (suite, case)));
    let by_id: Vec<_> = all().filter(|(_, case)| case.id.to_string().starts_with(text)).collect();
    if !by_id.is_empty() {
        return by_id;
    }
    let fits = |suite: &SuiteRecord, case: &CaseRecord| {
        let name = format!("{}::{}::{}", suite.name, suite.scenario_of(case).id, case.name);
        name.contains(text) || case.input.as_str().is_some_and(|input| input.contains(text))
    };
    all().filter(|(suite, case)| fits(suite, case)).collect()
}
