//! `holdline code assign` and `unassign`: one failure, or a group of them, sorted by name.

use super::desk::{Desk, Named, outside_ci};
use crate::cli::show::{Found, find_case};
use crate::cli::{CliError, CliResult, Place};
use crate::distil::coding::{About, Code, Codes, Item, Why, excerpt, group_of, kept};
use crate::distil::scrub::Scrubber;
use crate::distil::{Complaint, Distilled, Failure, GroupId, NoGroup, failures_of, gather_newest};
use crate::exit::Exit;
use crate::expand::CaseId;
use crate::report::escape::terminal_line;
use crate::report::number::count;
use crate::suite::schema::taxonomy::Category;

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
    if let Some((suite, id, failures)) = group(&desk, &args.what)? {
        return assign_group(place, &desk, category, (suite, id, &failures));
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

/// Assigns a group: every case of it, and the group itself, so that what says the same later has its category.
fn assign_group(
    place: &Place,
    desk: &Desk,
    category: &Category,
    (suite, id, failures): (&Named, GroupId, &[Failure]),
) -> CliResult {
    let mut codes = desk.codes(suite)?;
    let coding = desk.coding(&codes);
    let how = Some(format!("with group {id}"));
    let of = |failure: &Failure| desk.assignment(&item(failure), Some((category, &coding)));
    let is_of =
        |failure: &&Failure, of: &&Complaint| group_of(&failure.suite, &failure.scenario, of) == Some(id);
    // What a judge that is a model complains of is never exactly the same: its cases are assigned alone.
    let whole = failures.iter().find_map(|failure| {
        let complaint = failure.complaints.iter().find(|complaint| is_of(&failure, complaint))?;
        let said = format!("{}: {}", complaint.judge, complaint.reason).into();
        Some(Code { about: About::Group(id), input: kept(&said, &mut Scrubber::default()), ..of(failure) })
    });
    let is_whole = whole.is_some();
    let cases = failures.iter().map(|failure| Code { how: how.clone(), ..of(failure) });
    codes.add(whole.into_iter().chain(cases).collect())?;
    let later = if is_whole {
        "; what says the same later belongs to it as well"
    } else {
        "; a judge that is a model never says exactly the same: what it says later is to be read"
    };
    place.print(&format!(
        "{}: {} of group {id}, in {}{later}\n",
        category.id,
        count(failures.len(), "failing case", "failing cases"),
        terminal_line(&codes.path)
    ))?;
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
            About::Group(group) => group.to_string().starts_with(&args.what),
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

/// A group of failures in its suite.
type Grouped<'d> = (&'d Named, GroupId, Vec<Failure>);

/// The group of failures of this id, or of one that begins so, in the newest run of its suite; nothing where there
/// is no such group.
fn group<'d>(desk: &'d Desk, id: &str) -> Result<Option<Grouped<'d>>, CliError> {
    let is_id = id.len() >= SHORTEST && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_id || id.parse::<CaseId>().is_ok() {
        return Ok(None);
    }
    let mut found = Vec::new();
    for suite in &desk.suites {
        let Some(gathered) = gather_newest(desk.records.iter().cloned(), Some(&suite.0))? else { continue };
        let distilled = Distilled::of(gathered);
        match distilled.group(id) {
            Ok(group) => found.push((suite, group.id, distilled.failures_of(group).cloned().collect())),
            Err(NoGroup::None(_)) => {}
            Err(several @ NoGroup::Several { .. }) => return Err(CliError::Usage(several.to_string())),
        }
    }
    match found.len() {
        0 | 1 => Ok(found.pop()),
        several => Err(CliError::Usage(format!(
            "{} begin with `{}`; write more of the id",
            count(several, "group", "groups"),
            terminal_line(id)
        ))),
    }
}
