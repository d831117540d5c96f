//! `holdline code add`, `merge` and `split`: the taxonomy changed, with what was assigned carried along or opened
//! again.

use super::desk::{Desk, outside_ci};
use super::review;
use crate::cli::{CliError, CliResult, Place};
use crate::distil::coding::{Code, Coded, Codes};
use crate::distil::scrub::Scrubber;
use crate::distil::taxonomy::{EditError, Edited, NewCategory, Taxonomy};
use crate::exit::Exit;
use crate::report::escape::terminal_line;
use crate::report::number::count;
use crate::suite::quantity::Date;
use crate::suite::schema::taxonomy::{Change, ChangeKind};
use std::fmt::Write as _; // to strings, which cannot fail
use std::io::IsTerminal;

/// Arguments of `holdline code add`.
#[derive(Debug, clap::Args)]
pub struct AddArgs {
    /// What assignments call it: small letters, digits, `-` and `_`.
    id: String,
    /// When a failure belongs to it, in a sentence or two.
    definition: String,
    /// What people call it. Default: its id, in words.
    #[arg(long)]
    name: Option<String>,
    /// The category that it is a kind of.
    #[arg(long, value_name = "ID")]
    parent: Option<String>,
}

/// Arguments of `holdline code merge`.
#[derive(Debug, clap::Args)]
pub struct MergeArgs {
    /// The categories that become one.
    #[arg(required = true, value_name = "CATEGORY")]
    from: Vec<String>,
    /// What they become: one of them, another one, or a new one with `--define`.
    #[arg(long, value_name = "ID")]
    into: String,
    #[command(flatten)]
    how: How,
}

/// Arguments of `holdline code split`.
#[derive(Debug, clap::Args)]
pub struct SplitArgs {
    /// The category that becomes several.
    #[arg(value_name = "CATEGORY")]
    from: String,
    /// What it becomes, with commas between: it may stay one of them; new ones with `--define`.
    #[arg(long, value_name = "ID,ID", value_delimiter = ',', required = true)]
    into: Vec<String>,
    #[command(flatten)]
    how: How,
}

/// How a category is changed.
#[derive(Debug, clap::Args)]
struct How {
    /// Why, for whoever reads the assignments later.
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Define a category that is not there yet; may be repeated.
    #[arg(long, value_name = "ID=DEFINITION")]
    define: Vec<String>,
}

/// Adds a category.
pub fn add(place: &Place, args: &AddArgs) -> CliResult {
    outside_ci("define categories")?;
    let desk = Desk::open(place)?;
    let new = NewCategory {
        id: args.id.clone(),
        name: args.name.clone().unwrap_or_else(|| in_words(&args.id)),
        definition: args.definition.clone(),
        parent: args.parent.clone(),
    };
    let taxonomy = write(&desk, &[new], None)?;
    place.print(&format!("added {} to {}\n", terminal_line(&args.id), terminal_line(&taxonomy.path)))?;
    Ok(Exit::Held)
}

/// Merges categories: what holds of their assignments follows.
pub fn merge(place: &Place, args: &MergeArgs) -> CliResult {
    outside_ci("merge categories")?;
    let desk = Desk::open(place)?;
    for id in &args.from {
        desk.category(id)?;
    }
    let into = std::slice::from_ref(&args.into);
    let change = change(&desk, ChangeKind::Merge, args.from.clone(), into.to_vec(), &args.how)?;
    let new = new_categories(&desk, into, &args.how)?;
    // Read before anything is written: a file that cannot be read must not stop a merge half-way.
    let mut all: Vec<Codes> = Vec::new();
    for suite in &desk.suites {
        all.push(desk.codes(suite)?);
    }
    let taxonomy = write(&desk, &new, Some(&change))?;
    let meant = taxonomy.get(&args.into).map(|category| taxonomy.definition(category));
    let how = Some(format!("merge of {}", args.from.join(", ")));
    let (mut followed, mut stale) = (0, 0);
    for codes in &mut all {
        let before = desk.coding(codes);
        let mut lines: Vec<Code> = Vec::new();
        for (_, coded) in before.all() {
            let Coded::In { category, code, outdated } = coded else { continue };
            if !change.retires(&category.id) {
                continue;
            }
            if outdated {
                stale += 1;
                continue;
            }
            lines.push(Code {
                category: Some(args.into.clone()),
                definition: meant.clone(),
                by: desk.by.clone(),
                date: desk.today,
                how: how.clone(),
                proposed: None,
                ..code.clone()
            });
        }
        followed += lines.len();
        if !lines.is_empty() {
            codes.add(lines)?;
        }
    }
    let gone: Vec<&str> = args.from.iter().filter(|id| change.retires(id)).map(String::as_str).collect();
    let follow = if followed == 1 { "follows" } else { "follow" };
    let mut text = format!(
        "merged {} into {}: {} {follow}\n",
        gone.join(", "),
        args.into,
        count(followed, "assignment", "assignments"),
    );
    if stale > 0 {
        let are = if stale == 1 { "was" } else { "were" };
        let _ = writeln!(
            text,
            "{} {are} made under an older definition: `holdline code review` goes through them",
            count(stale, "assignment", "assignments")
        );
    }
    place.print(&text)?;
    Ok(Exit::Held)
}

/// Splits a category: what was assigned to it is to be read again, at once where somebody is there.
pub fn split(place: &Place, args: &SplitArgs) -> CliResult {
    outside_ci("split categories")?;
    let desk = Desk::open(place)?;
    desk.category(&args.from)?;
    let change = change(&desk, ChangeKind::Split, vec![args.from.clone()], args.into.clone(), &args.how)?;
    let new = new_categories(&desk, &args.into, &args.how)?;
    let mut open = 0;
    for suite in &desk.suites {
        let codes = desk.codes(suite)?;
        let coding = desk.coding(&codes);
        open += coding
            .all()
            .filter(|(_, coded)| matches!(coded, Coded::In { category, .. } if category.id == args.from))
            .count();
    }
    write(&desk, &new, Some(&change))?;
    let assignments = count(open, "assignment is", "assignments are");
    let mut text = format!("split {} into {}: {assignments} open again\n", args.from, args.into.join(", "));
    let at_once = open > 0 && std::io::stdin().is_terminal();
    if open > 0 && !at_once {
        text += "`holdline code review` goes through them\n";
    }
    place.print(&text)?;
    if at_once {
        return review::of_category(place, &args.from);
    }
    Ok(Exit::Held)
}

fn change(
    desk: &Desk,
    kind: ChangeKind,
    from: Vec<String>,
    into: Vec<String>,
    how: &How,
) -> Result<Change, CliError> {
    if how.reason.trim().is_empty() {
        return Err(CliError::Usage(
            "--reason says nothing; write why, for whoever reads the assignments later".into(),
        ));
    }
    let reason = Scrubber::default().text(how.reason.trim());
    Ok(Change { kind, from, into, by: desk.by.clone(), date: Date::from(desk.today), reason })
}

/// The categories of a change that are not there yet, as `--define` says.
fn new_categories(desk: &Desk, into: &[String], how: &How) -> Result<Vec<NewCategory>, CliError> {
    let mut new = Vec::new();
    for define in &how.define {
        let Some((id, definition)) = define.split_once('=') else {
            let shown = terminal_line(define);
            return Err(CliError::Usage(format!("--define `{shown}` is not `ID=DEFINITION`")));
        };
        if !into.iter().any(|into| into == id) {
            let shown = terminal_line(id);
            return Err(CliError::Usage(format!("--define: `{shown}` is none of those in --into")));
        }
        new.push(NewCategory {
            id: id.to_owned(),
            name: in_words(id),
            definition: definition.to_owned(),
            parent: None,
        });
    }
    let there = |id: &String| {
        new.iter().any(|new| new.id == *id) || desk.taxonomy.as_ref().is_some_and(|of| of.get(id).is_some())
    };
    if let Some(missing) = into.iter().find(|id| !there(id)) {
        let shown = terminal_line(missing);
        return Err(CliError::Usage(format!(
            "there is no category `{shown}` yet: define it with `--define \"{shown}=when a failure belongs to it\"`, or \
             write it into {} first",
            terminal_line(&Taxonomy::path_in(&desk.project.suites))
        )));
    }
    Ok(new)
}

/// Writes the taxonomy with what is added.
fn write(desk: &Desk, new: &[NewCategory], change: Option<&Change>) -> Result<Taxonomy, CliError> {
    let path = Taxonomy::path_in(&desk.project.suites);
    let place = desk.root.join(&path);
    let text = match std::fs::read_to_string(&place) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error.into()),
    };
    let edited = Edited::of(&path, &text, new, change).map_err(|error| match error {
        EditError::Unsound(mistakes) => CliError::Suites(mistakes),
        other => CliError::Usage(other.to_string()),
    })?;
    edited.write(&place)?;
    Ok(edited.taxonomy)
}

/// An id as a name: `wrong-unit` is `Wrong unit`.
fn in_words(id: &str) -> String {
    let words = id.replace(['-', '_'], " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
