//! `holdline note CASE "text"`: what a person has to say of a case, kept beside its suite.

use super::code::outside_ci;
use super::show::{Found, find_case};
use super::{CliError, CliResult, Place, typed};
use crate::baseline::Signature;
use crate::distil::coding::kept;
use crate::distil::note::{LONGEST, Note, Notes};
use crate::distil::scrub::Scrubber;
use crate::exit::Exit;
use crate::expand::CaseId;
use crate::report::coding::notes_page;
use crate::report::escape::terminal_line;
use crate::report::number::count;
use crate::session::Options;
use crate::suite::secret::Secrets;
use crate::suite::{bare_name, env_names, load, suite_paths};
use std::io::{IsTerminal, Read, Write};
use std::path::Path;

/// Most bytes of a note that are read.
const MOST: u64 = 64 << 10;

/// Arguments of `holdline note`.
#[derive(Debug, clap::Args)]
pub struct NoteArgs {
    /// A case's id, the beginning of one, or a part of its name or input; with `--list` a suite, or nothing.
    #[arg(required_unless_present = "list")]
    case: Option<String>,
    /// What went wrong first, in a sentence of your own. Without it standard input is read.
    text: Option<String>,
    /// Print the notes: of a suite, of a case, or all of them.
    #[arg(long, conflicts_with_all = ["remove", "text"])]
    list: bool,
    /// Take your own note on the case back.
    #[arg(long, conflicts_with = "text")]
    remove: bool,
}

/// Writes a note, takes one back, or prints them.
pub fn run(place: &Place, args: &NoteArgs) -> CliResult {
    let case = args.case.as_deref().unwrap_or_default();
    if args.list {
        return list(place, args.case.as_deref());
    }
    outside_ci("write notes")?;
    if args.remove {
        return remove(place, case);
    }
    let found = find_case(&place.root, case)?;
    let text = match &args.text {
        Some(text) => text.clone(),
        None => typed_note()?,
    };
    let told = add(&place.root, &found, &text)?;
    place.print(&format!("{told}\n"))?;
    Ok(Exit::Held)
}

/// What is typed, or else all of standard input.
fn typed_note() -> Result<String, CliError> {
    if std::io::stdin().is_terminal() {
        print!("note: ");
        std::io::stdout().flush()?;
        return Ok(typed::line(&mut std::io::stdin().lock())?.unwrap_or_default());
    }
    let mut bytes = Vec::new();
    std::io::stdin().lock().take(MOST).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Adds a note on a case of a suite, named as for [`find_case`], and says where.
pub(super) fn add_in(root: &Path, suite: &str, case: &str, text: &str) -> Result<String, CliError> {
    outside_ci("write notes")?;
    let found = find_case(root, case)?;
    let of = &found.record.suites[found.suite].name;
    if of != suite {
        return Err(CliError::Usage(format!("this case is one of suite {}", terminal_line(of))));
    }
    add(root, &found, text)
}

/// Adds a note on a case, and says where.
pub(super) fn add(
    root: &Path,
    Found { record, suite, case }: &Found,
    text: &str,
) -> Result<String, CliError> {
    let suite = &record.suites[*suite];
    let case = &suite.cases[*case];
    let mut scrubber = Scrubber::new(secrets(root, &suite.path));
    let text = scrubber.text(text.trim());
    let length = text.chars().count();
    if length == 0 {
        return Err(CliError::Usage("the note says nothing; write what went wrong first".into()));
    }
    if length > LONGEST {
        return Err(CliError::Usage(format!(
            "a note has at most {LONGEST} characters, and this one {length}; keep what went wrong first"
        )));
    }
    let mut notes = Notes::of_suite(root, &suite.path)?;
    let replaced = scrubber.told();
    let note = Note {
        case: case.id,
        scenario: suite.scenario_of(case).id.clone(),
        input: kept(&case.input, &mut scrubber),
        text: Some(text),
        by: Signature::now("", root).by,
        date: Options::new(root.to_owned(), false).today,
        run: Some(record.run.clone()),
    };
    notes.add(vec![note])?;
    let replaced = replaced.map_or_else(String::new, |what| format!("; replaced in it: {what}"));
    Ok(format!("noted on case {} in {}{replaced}", case.id, terminal_line(&notes.path)))
}

/// What must not stand in a note. A suite that cannot be read tells no names; keys are known by their looks then.
fn secrets(root: &Path, suite: &str) -> Secrets {
    match load(root, Path::new(suite)) {
        Ok(suite) => Secrets::gather(env_names(&suite), |name| std::env::var(name).ok()).0,
        Err(_) => Secrets::default(),
    }
}

/// The notes of every suite.
fn all(place: &Place) -> Result<Vec<(String, Notes)>, CliError> {
    let folder = place.root.join(&place.project()?.suites);
    let mut all = Vec::new();
    for (name, path) in suite_paths(&place.root, &folder)? {
        all.push((name, Notes::of_suite(&place.root, &path)?));
    }
    Ok(all)
}

fn list(place: &Place, of: Option<&str>) -> CliResult {
    let mut all = all(place)?;
    let suite = of.map(bare_name);
    let mut case: Option<CaseId> = None;
    if let Some(suite) = suite {
        if all.iter().any(|(name, _)| name == suite) {
            all.retain(|(name, _)| name == suite);
        } else {
            let found = find_case(&place.root, suite)?;
            case = Some(found.record.suites[found.suite].cases[found.case].id);
        }
    }
    let shown: Vec<(&str, Vec<&Note>)> = all
        .iter()
        .map(|(name, notes)| {
            let standing = notes.standing().into_values().flatten();
            (name.as_str(), standing.filter(|note| case.is_none_or(|case| note.case == case)).collect())
        })
        .collect();
    place.print(&notes_page(&shown, place.style))?;
    Ok(Exit::Held)
}

/// Takes the note of whoever asks back. The case need not be in any run any more.
fn remove(place: &Place, text: &str) -> CliResult {
    let by = Signature::now("", &place.root).by;
    let mut found: Vec<(Notes, Note)> = Vec::new();
    for (_, notes) in all(place)? {
        let mine = notes.standing().into_values().flatten().filter(|note| note.by == by);
        let fits = |note: &&Note| note.case.to_string().starts_with(text) || note.input.contains(text);
        let fitting: Vec<Note> = mine.filter(fits).cloned().collect();
        found.extend(fitting.into_iter().map(|note| (notes.clone(), note)));
    }
    let shown = terminal_line(text);
    match found.as_mut_slice() {
        [(notes, note)] => {
            let today = Options::new(place.root.clone(), false).today;
            let back = Note { text: None, date: today, run: None, ..note.clone() };
            notes.add(vec![back])?;
            place.print(&format!(
                "took the note on case {} back in {}\n",
                note.case,
                terminal_line(&notes.path)
            ))?;
            Ok(Exit::Held)
        }
        [] => Err(CliError::Usage(format!(
            "{} has no note on a case with `{shown}` in its id or input; `holdline note --list` prints all",
            terminal_line(&by)
        ))),
        several => {
            let notes = count(several.len(), "note", "notes");
            Err(CliError::Usage(format!("`{shown}` fits {notes}; write more of the case's id")))
        }
    }
}
