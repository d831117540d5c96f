//! `holdline check`: all mistakes of all suites, without running anything.

use super::{CliResult, Place, Set};
use crate::distil::coding::Codes;
use crate::distil::note::Notes;
use crate::distil::taxonomy::Taxonomy;
use crate::exit::Exit;
use crate::expand::Expansion;
use crate::report::number::count;
use crate::session::{CaseCheck, Options, SessionError, case_errors, judges, recording, suites};
use crate::suite::project::Project;
use crate::suite::{Diagnostics, Suite};
use std::io::Write;
use std::path::Path;

/// Arguments of `holdline check`.
#[derive(Debug, clap::Args)]
pub struct CheckArgs {
    /// Suites to check; all without any.
    suites: Vec<String>,
    #[command(flatten)]
    params: Set,
}

/// Checks.
pub fn run(place: &Place, args: &CheckArgs) -> CliResult {
    let mut options = Options::new(place.root.clone(), false);
    options.set.clone_from(&args.params.set);
    options.only.clone_from(&args.suites);
    // Nothing is asked.
    options.live = true;
    let (project, suites) = suites(&options)?;
    // Cases that cannot be made are told first, and alone.
    let (mut unmade, mut unsound, mut cases) = (Diagnostics::default(), Diagnostics::default(), Vec::new());
    for suite in &suites {
        // One case at a time: a plan of a million is checked as it is made.
        let mut check = CaseCheck::new(suite);
        let made = Expansion::new(suite).and_then(|expansion| expansion.visit(&mut |case| check.case(&case)));
        match made {
            Ok(ledger) => cases.push(ledger.cases()),
            Err(errors) => case_errors(&place.root, &errors, &mut unmade),
        }
        check.finish(&place.root, &mut unsound);
    }
    unmade.or(()).map_err(SessionError::Suites)?;
    for suite in &suites {
        recording(suite, &mut unsound)?;
    }
    unsound.or(()).map_err(SessionError::Suites)?;
    if args.suites.is_empty() {
        place.note_orphans(None, suites.iter().map(|suite| suite.name.as_str()))?;
    }
    let said =
        if args.suites.is_empty() { said_by_people(&place.root, &project, &suites)? } else { Vec::new() };
    let judges = if args.suites.is_empty() { judges::check(&place.root, &project)? } else { Vec::new() };
    let mut out = std::io::stdout().lock();
    for (suite, cases) in suites.iter().zip(cases) {
        let counted = |n: usize, one: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") };
        let (scenarios, cases) = (counted(suite.scenarios.len(), "scenario"), counted(cases, "case"));
        writeln!(out, "ok  {}  {scenarios}, {cases}", suite.path)?;
    }
    for (path, labelled) in judges {
        writeln!(out, "ok  {path}  {}", count(labelled, "labelled answer", "labelled answers"))?;
    }
    for (path, what) in said {
        writeln!(out, "ok  {path}  {what}")?;
    }
    Ok(Exit::Held)
}

/// Checks the taxonomy, and what people noted and sorted, and gives each file with what stands in it.
fn said_by_people(
    root: &Path,
    project: &Project,
    suites: &[Suite],
) -> Result<Vec<(String, String)>, Diagnostics> {
    let (mut out, mut files) = (Diagnostics::default(), Vec::new());
    match Taxonomy::load(root, &project.suites) {
        Ok(None) => {}
        Ok(Some(taxonomy)) => {
            let categories = count(taxonomy.file.category.len(), "category", "categories");
            files.push((taxonomy.path, categories));
        }
        Err(mistakes) => out.extend(mistakes),
    }
    for suite in suites {
        match Notes::of_suite(root, &suite.path) {
            Ok(notes) if notes.lines.is_empty() => {}
            Ok(notes) => {
                let standing = notes.standing().values().map(Vec::len).sum();
                files.push((notes.path.clone(), count(standing, "note", "notes")));
            }
            Err(mistakes) => out.extend(mistakes),
        }
        match Codes::of_suite(root, &suite.path) {
            Ok(codes) if codes.lines.is_empty() => {}
            Ok(codes) => {
                let standing = codes.standing().len();
                files.push((codes.path.clone(), count(standing, "sorted failure", "sorted failures")));
            }
            Err(mistakes) => out.extend(mistakes),
        }
    }
    out.or(files)
}
