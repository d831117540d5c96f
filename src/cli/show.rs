//! `holdline show CASE`: everything about one case, from the newest run that asked it.

use super::{CliError, CliResult, Place};
use crate::distil::coding::{Codes, Coding};
use crate::distil::failures_of;
use crate::distil::note::Notes;
use crate::distil::taxonomy::Taxonomy;
use crate::exit::Exit;
use crate::report::coding::said_page;
use crate::report::{CaseRecord, Record, SuiteRecord, case, case_repeat, escape, json};
use crate::session::neighbours::records_of_neighbours;
use crate::session::records;
use std::fmt::Write as _; // to strings, which cannot fail
use std::path::Path;

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

/// A case in the record of a run, by places.
pub(super) struct Found {
    /// The newest run that asked it.
    pub record: Record,
    /// The place of its suite.
    pub suite: usize,
    /// Its place in the suite.
    pub case: usize,
}

/// Shows the case as the newest run with it left it.
pub fn run(place: &Place, args: &ShowArgs) -> CliResult {
    let Found { record, suite, case: at } = find_case(&place.root, &args.case)?;
    let suite = &record.suites[suite];
    let one = &suite.cases[at];
    let page = match args.repeat {
        None => case(&record, suite, one, place.style),
        Some(number) => case_repeat(&record, suite, one, number, place.style)
            .ok_or_else(|| CliError::Usage(no_repeat(&record, one, number)))?,
    };
    place.print(&page)?;
    place.print(&said(place, suite, one)?)?;
    Ok(Exit::Held)
}

/// What people said of a case: its category and their notes, as they stand today.
fn said(place: &Place, suite: &SuiteRecord, case: &CaseRecord) -> Result<String, CliError> {
    let taxonomy = Taxonomy::load(&place.root, &place.project()?.suites)?.unwrap_or_default();
    let coding = Coding::new(taxonomy, &Codes::of_suite(&place.root, &suite.path)?);
    let failure = failures_of("", suite).into_iter().find(|failure| failure.case == case.id);
    let coded = failure.as_ref().map_or_else(|| coding.of(case.id), |failure| coding.of_failure(failure));
    let notes = Notes::of_suite(&place.root, &suite.path)?;
    Ok(said_page(coded, &notes.on(case.id), place.style))
}

/// The case of the newest run that has one which a text fits: by id first, else by name or input. It is an error
/// where there is none, and where it fits several.
pub(super) fn find_case(root: &Path, text: &str) -> Result<Found, CliError> {
    let mut newest = None;
    // What was asked beside the runs is looked at last.
    for path in records(root).chain(records_of_neighbours(root)) {
        let record = match json::read(&path) {
            Ok(record) => record,
            // An older run in another format is no reason to show nothing.
            Err(_) if newest.is_some() => continue,
            Err(error) => return Err(error.into()),
        };
        match find(&record, text).as_slice() {
            [] => newest = newest.or(Some(record.run)),
            [(suite, case)] => {
                let (suite, case) = (*suite, *case);
                return Ok(Found { record, suite, case });
            }
            several => return Err(CliError::Usage(ambiguous(&record, several, text))),
        }
    }
    Err(CliError::Usage(match newest {
        None => "there is no run yet; `holdline run` makes one".into(),
        Some(run) => format!(
            "no case of run {run}, or of those before, has `{}` in its id, name or input; `holdline list` prints the \
             cases",
            escape::terminal_line(text)
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
fn ambiguous(record: &Record, several: &[(usize, usize)], text: &str) -> String {
    let mut message = format!("{} cases fit `{}`:", several.len(), escape::terminal_line(text));
    for &(suite, case) in several.iter().take(NAMED) {
        let suite = &record.suites[suite];
        let case = &suite.cases[case];
        let name = format!("{}::{}::{}", suite.name, suite.scenario_of(case).id, case.name);
        let _ = write!(message, "\n  {}  {}", case.id, escape::terminal_line(&name));
    }
    if several.len() > NAMED {
        let _ = write!(message, "\n  and {} more", several.len() - NAMED);
    }
    message
}

/// The places of the cases that a text fits: by id first, else by the whole name or input, else by a part of them.
fn find(record: &Record, text: &str) -> Vec<(usize, usize)> {
    let suites = || record.suites.iter().enumerate();
    let all = || suites().flat_map(|(at, suite)| (0..suite.cases.len()).map(move |case| (at, case)));
    let case = |(at, case): (usize, usize)| &record.suites[at].cases[case];
    let by_id: Vec<_> = all().filter(|at| case(*at).id.to_string().starts_with(text)).collect();
    if !by_id.is_empty() {
        return by_id;
    }
    // Of `number 1` and `number 12` the whole text means the first.
    let exactly: Vec<_> =
        all().filter(|at| case(*at).name == text || case(*at).input.as_str() == Some(text)).collect();
    if !exactly.is_empty() {
        return exactly;
    }
    let fits = |at: &(usize, usize)| {
        let (suite, case) = (&record.suites[at.0], case(*at));
        let name = format!("{}::{}::{}", suite.name, suite.scenario_of(case).id, case.name);
        name.contains(text) || case.input.as_str().is_some_and(|input| input.contains(text))
    };
    all().filter(fits).collect()
}
