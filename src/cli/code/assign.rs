//! `holdline code assign` and `unassign`: one failure, or a group of them, sorted by name.

use super::desk::{Desk, Named, group_of, outside_ci};
use crate::cli::show::{Found, find_case};
use crate::cli::{CliError, CliResult, Place};
use crate::distil::coding::{About, Code, Codes, Item, Reading, Why, excerpt};
use crate::distil::failure::{Failure, failures_of};
use crate::exit::Exit;
use crate::expand::CaseId;
use crate::report::escape::terminal_line;
use crate::report::number::count;

/// Fewest characters that an id of a group is known by.
const SHORTEST: usize = 4;

/// Arguments of `holdline code assign`.
#[derive(Debug, clap::Args)]
pub struct AssignArgs {
    /// A case as `holdline show` finds it, or the id of a group of failures.
    #[arg(value_name = "CASE|GROUP")]
    what: String,
    /// The category, by its id.
    category: String,
}

/// Arguments of `holdline code unassign`.
#[derive(Debug, clap::Args)]
pub struct UnassignArgs {
    /// A case or a group, by its id or the beginning of one.
    #[arg(value_name = "CASE|GROUP")]
    what: String,
}

/// Assigns.
pub fn assign(place: &Place, args: &AssignArgs) -> CliResult {
    outside_ci("sort failures")?;
    let desk = Desk::open(place)?;
    let category = desk.category(&args.category)?;
    if let Some((suite, failures)) = group(&desk, &args.what)? {
        let mut codes = desk.codes(suite)?;
        let coding = desk.coding(&codes);
        let id = failures.first().and_then(group_of).unwrap_or_default();
        let of = |failure: &Failure| desk.assignment(&item(failure), Some((category, &coding)));
        let Some(first) = failures.first() else { return Ok(Exit::Held) };
        let complaint =
            first.complaints.first().map(|of| format!("{}: {}", of.judge, of.reason)).unwrap_or_default();
        let whole = Code { about: About::Group(id.clone()), input: excerpt(&complaint.into()), ..of(first) };
        let whole = Code { input: redacted(&whole.input), ..whole };
        let how = Some(format!("with group {id}"));
        let cases = failures.iter().map(|failure| Code { how: how.clone(), ..of(failure) });
        let lines: Vec<Code> = std::iter::once(whole).chain(cases).collect();
        codes.add(lines)?;
        place.print(&format!(
            "{}: group {id} with {} of it, in {}\n",
            category.id,
            count(failures.len(), "failing case", "failing cases"),
            terminal_line(&codes.path)
        ))?;
        return Ok(Exit::Held);
    }
    let Found { record, suite, case } = find_case(&place.root, &args.what)?;
    let (suite, case) = (&record.suites[suite], &record.suites[suite].cases[case]);
    let failure = failures_of(&record.run, suite).into_iter().find(|failure| failure.case == case.id);
    let Some(failure) = failure else {
        return Err(CliError::Usage(format!(
            "case {} is {} in run {}: only failures have a category",
            case.id,
            case.graded.outcome,
            terminal_line(&record.run)
        )));
    };
    let mut codes = Codes::of_suite(&desk.root, &suite.path)?;
    let coding = desk.coding(&codes);
    codes.add(vec![desk.assignment(&item(&failure), Some((category, &coding)))])?;
    place.print(&format!("{}: case {}, in {}\n", category.id, case.id, terminal_line(&codes.path)))?;
    Ok(Exit::Held)
}

/// Takes back.
pub fn unassign(place: &Place, args: &UnassignArgs) -> CliResult {
    outside_ci("sort failures")?;
    let desk = Desk::open(place)?;
    let mut found: Vec<(&Named, Code)> = Vec::new();
    for suite in &desk.suites {
        let codes = desk.codes(suite)?;
        let is_meant = |about: &About| match about {
            About::Case(case) => case.to_string().starts_with(&args.what),
            About::Group(group) => group.starts_with(&args.what),
        };
        found.extend(
            codes
                .standing()
                .into_iter()
                .filter(|(about, _)| is_meant(about))
                .map(|(_, code)| (suite, code.clone())),
        );
    }
    let shown = terminal_line(&args.what);
    let (suite, code) = match found.as_slice() {
        [one] if args.what.len() >= SHORTEST => one,
        [] => return Err(CliError::Usage(format!("nothing that begins with `{shown}` has a category"))),
        _ => {
            return Err(CliError::Usage(format!(
                "{} begin with `{shown}`; write more of the id",
                count(found.len(), "assignment", "assignments")
            )));
        }
    };
    let mut codes = desk.codes(suite)?;
    let back = |code: &Code| Code {
        category: None,
        definition: None,
        by: desk.by.clone(),
        date: desk.today,
        how: None,
        proposed: None,
        ..code.clone()
    };
    // What a group brought with it goes with it.
    let with = match &code.about {
        About::Group(id) => Some(format!("with group {id}")),
        About::Case(_) => None,
    };
    let mut lines = vec![back(code)];
    lines.extend(codes.standing().into_values().filter(|code| with.is_some() && code.how == with).map(back));
    let cases = lines.len();
    codes.add(lines)?;
    place.print(&format!(
        "taken back: {} in {}\n",
        count(cases, "assignment", "assignments"),
        terminal_line(&codes.path)
    ))?;
    Ok(Exit::Held)
}

/// A failure as something to be sorted.
pub fn item(failure: &Failure) -> Item {
    Item {
        case: failure.case,
        scenario: failure.scenario.clone(),
        input: excerpt(&failure.input),
        failure: Some(failure.clone()),
        why: Why::Open,
        code: None,
    }
}

fn redacted(text: &str) -> String {
    crate::suite::secret::Secrets::default().redact(text).into_owned()
}

/// The failures of the newest run of a suite that make up the group of this id, or of one that begins so; nothing
/// where there is no such group.
fn group<'d>(desk: &'d Desk, id: &str) -> Result<Option<(&'d Named, Vec<Failure>)>, CliError> {
    let is_id = id.len() >= SHORTEST && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_id || id.parse::<CaseId>().is_ok() {
        return Ok(None);
    }
    let mut found: Vec<(&Named, String, Vec<Failure>)> = Vec::new();
    for suite in &desk.suites {
        let Reading { failures, .. } = desk.reading(suite, &desk.coding(&desk.codes(suite)?))?;
        for failure in failures {
            let Some(group) = group_of(&failure).filter(|group| group.starts_with(id)) else { continue };
            match found.iter_mut().find(|(of, known, _)| of.0 == suite.0 && *known == group) {
                Some((.., failures)) => failures.push(failure),
                None => found.push((suite, group, vec![failure])),
            }
        }
    }
    match found.len() {
        0 | 1 => Ok(found.pop().map(|(suite, _, failures)| (suite, failures))),
        several => Err(CliError::Usage(format!(
            "{} begin with `{}`; write more of the id",
            count(several, "group", "groups"),
            terminal_line(id)
        ))),
    }
}
