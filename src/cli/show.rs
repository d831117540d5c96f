//! `holdline show CASE`: everything about one case of the newest run.

use super::{CliError, CliResult, Place};
use crate::exit::Exit;
use crate::report::{CaseRecord, Record, SuiteRecord, case, escape};
use crate::session::newest_record;
use std::io::Write;

/// How many candidates are named where a text fits several cases.
const NAMED: usize = 10;

/// Arguments of `holdline show`.
#[derive(Debug, clap::Args)]
pub struct ShowArgs {
    /// A case's id, the beginning of one, or a part of its name or input.
    case: String,
}

/// Shows.
pub fn run(place: &Place, args: &ShowArgs) -> CliResult {
    let Some(record) = newest_record(&place.root)? else {
        return Err(CliError::Usage("there is no run yet; `holdline run` makes one".into()));
    };
    let found = find(&record, &args.case);
    match found.as_slice() {
        [] => Err(CliError::Usage(format!(
            "no case of run {} has `{}` in its id, name or input; `holdline list` prints the cases",
            record.run,
            escape::terminal(&args.case)
        ))),
        [(suite, one)] => {
            write!(std::io::stdout().lock(), "{}", case(&record, suite, one, place.style))?;
            Ok(Exit::Held)
        }
        several => {
            let mut message = format!("{} cases fit `{}`:", several.len(), escape::terminal(&args.case));
            for (suite, case) in several.iter().take(NAMED) {
                let scenario = &suite.scenario_of(case).id;
                message += &format!("\n  {}  {}::{scenario}::{}", case.id, suite.name, case.name);
            }
            if several.len() > NAMED {
                message += &format!("\n  and {} more", several.len() - NAMED);
            }
            Err(CliError::Usage(message))
        }
    }
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
