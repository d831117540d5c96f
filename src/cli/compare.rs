//! `holdline compare A B…`: runs side by side, without a gate.

use super::{CliError, CliResult, Place};
use crate::baseline::{Answers, Baseline};
use crate::cli::PendingError;
use crate::compare::{Comparison, Side};
use crate::exit::Exit;
use crate::report::compare::{View, json, markdown, terminal};
use crate::report::escape::terminal_line;
use crate::report::{Outputs, Record, json as record_json};
use crate::run::folder;
use crate::session::records;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// How many runs are named where one is not found.
const NAMED: usize = 8;

/// The name of what is accepted.
const BASELINE: &str = "baseline";

/// The name of the newest run; `latest~1` is the one before.
const LATEST: &str = "latest";

/// Arguments of `holdline compare`.
#[derive(Debug, clap::Args)]
pub struct CompareArgs {
    /// What to compare, the reference first: the id of a run or its beginning, `latest`, `latest~1`, the path
    /// of a report.json, or `baseline`.
    #[arg(required = true, num_args = 2.., value_name = "RUN")]
    runs: Vec<String>,
    /// Most cases of a suite to name.
    #[arg(long, value_name = "N", default_value_t = View::CASES)]
    cases: usize,
    /// Show the first line of each answer.
    #[arg(long)]
    answers: bool,
    /// Write the comparison as JSON here.
    #[arg(long, value_name = "PATH")]
    json: Option<PathBuf>,
    /// Write the comparison as Markdown here.
    #[arg(long, value_name = "PATH")]
    markdown: Option<PathBuf>,
    /// Folder of the baselines.
    #[arg(long, value_name = "DIR")]
    baseline: Option<PathBuf>,
}

/// Something to compare, found.
enum Found {
    Run(String, Box<Record>),
    Baseline,
}

/// Compares.
pub fn run(place: &Place, args: &CompareArgs) -> CliResult {
    let found = args.runs.iter().map(|name| find(&place.root, name)).collect::<Result<Vec<_>, _>>()?;
    let outputs = Outputs { junit: None, json: args.json.clone(), markdown: args.markdown.clone() }.open()?;
    let sides = sides(place, args, &found)?;
    let comparison = Comparison::of(&sides);
    let view = View { cases: args.cases, answers: args.answers };
    if let Some(path) = &outputs.json {
        json::write(&comparison, path)?;
    }
    if let Some(path) = &outputs.markdown {
        markdown::write(&comparison, view, path).map_err(crate::report::OutputError::from)?;
    }
    place.print(&terminal::render(&comparison, view, place.style))?;
    if comparison.tests() > 0 {
        return Ok(Exit::Held);
    }
    eprintln!(
        "{}",
        if comparison.suites.is_empty() {
            "nothing can be compared: these have no suite in common"
        } else {
            "nothing can be compared: too few cases are in both and graded"
        }
    );
    Ok(Exit::Undecided)
}

fn sides(place: &Place, args: &CompareArgs, found: &[Found]) -> Result<Vec<Side>, CliError> {
    if found.iter().all(|one| matches!(one, Found::Baseline)) {
        return Err(CliError::Usage("name at least one run beside `baseline`".into()));
    }
    let runs = found.iter().filter_map(|one| match one {
        Found::Run(_, record) => Some(record),
        Found::Baseline => None,
    });
    let names: BTreeSet<&str> =
        runs.flat_map(|record| &record.suites).map(|suite| suite.name.as_str()).collect();
    let accepted = if found.iter().any(|one| matches!(one, Found::Baseline)) {
        accepted(place, args, &names)?
    } else {
        Vec::new()
    };
    let side = |one: &Found| match one {
        Found::Run(name, record) => Side::of_run(name.clone(), record),
        Found::Baseline => {
            Side::of_baselines(accepted.iter().map(|(baseline, answers)| (baseline, answers.as_ref())))
        }
    };
    Ok(found.iter().map(side).collect())
}

/// What is accepted of the suites named, with the answers where they are to be shown.
fn accepted(
    place: &Place,
    args: &CompareArgs,
    names: &BTreeSet<&str>,
) -> Result<Vec<(Baseline, Option<Answers>)>, CliError> {
    let store = place.store(args.baseline.as_ref())?;
    let mut all = Vec::new();
    for name in names {
        let Some(baseline) = store.load(name).map_err(PendingError::from)? else { continue };
        let answers = if args.answers {
            store.answers(name, &baseline.run).map_err(PendingError::from)?.found()
        } else {
            None
        };
        all.push((baseline, answers));
    }
    if all.is_empty() {
        let names: Vec<String> = names.iter().map(|name| terminal_line(name)).collect();
        return Err(CliError::Usage(format!("there is no baseline of {}", names.join(", "))));
    }
    Ok(all)
}

/// Finds what a name means.
fn find(root: &Path, name: &str) -> Result<Found, CliError> {
    if name == BASELINE {
        return Ok(Found::Baseline);
    }
    let record = record_json::read(&record_of(root, name)?)?;
    let is_id = !is_path(name) && !name.starts_with(LATEST);
    let shown = if is_id { record.run.clone() } else { name.to_owned() };
    Ok(Found::Run(shown, Box::new(record)))
}

/// The record that a run's name means: its id or the beginning of it, `latest`, `latest~1`, or a path.
pub(super) fn record_of(root: &Path, name: &str) -> Result<PathBuf, CliError> {
    if is_path(name) {
        let path = PathBuf::from(name);
        return Ok(if path.is_dir() { path.join(folder::RECORD) } else { path });
    }
    let runs: Vec<PathBuf> = records(root).collect();
    let ids: Vec<String> = runs.iter().map(|path| id(path)).collect();
    let at = position(name, &ids).map_err(|why| CliError::Usage(with_newest(&why, &ids)))?;
    Ok(runs[at].clone())
}

fn is_path(name: &str) -> bool {
    name.contains(['/', '\\']) || Path::new(name).extension().is_some_and(|ending| ending == "json")
}

/// The id of the run that a record belongs to.
fn id(record: &Path) -> String {
    let folder = record.parent().and_then(Path::file_name);
    folder.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Which of the runs, the newest first, a name means.
fn position(name: &str, ids: &[String]) -> Result<usize, String> {
    let shown = terminal_line(name);
    if let Some(back) = name.strip_prefix(LATEST) {
        let back =
            if back.is_empty() { Some(0) } else { back.strip_prefix('~').and_then(|n| n.parse().ok()) };
        if let Some(back) = back {
            let there = format!(
                "`{shown}`: there {}",
                match ids.len() {
                    1 => "is 1 run".to_owned(),
                    n => format!("are {n} runs"),
                }
            );
            return if back < ids.len() { Ok(back) } else { Err(there) };
        }
    }
    if let Some(at) = ids.iter().position(|id| id == name) {
        return Ok(at);
    }
    let fitting: Vec<usize> = (0..ids.len()).filter(|at| ids[*at].starts_with(name)).collect();
    match fitting.as_slice() {
        [] => Err(format!("there is no run `{shown}`")),
        [one] => Ok(*one),
        several => Err(format!("{} runs begin with `{shown}`", several.len())),
    }
}

fn with_newest(why: &str, ids: &[String]) -> String {
    if ids.is_empty() {
        return format!("{why}; `holdline run` makes one");
    }
    let newest: Vec<String> = ids.iter().take(NAMED).map(|id| format!("\n  {}", terminal_line(id))).collect();
    format!(
        "{why}; name one by its id or the beginning of it, `latest`, `latest~1`, a report.json, or `baseline`. The \
         newest are{}",
        newest.concat()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_named_by_their_beginning_or_by_their_age() {
        let ids = ["20260103", "20260102", "20251231"].map(str::to_owned);
        assert_eq!(position("latest", &ids), Ok(0));
        assert_eq!(position("latest~2", &ids), Ok(2));
        assert_eq!(position("2025", &ids), Ok(2));
        assert_eq!(position("20260102", &ids), Ok(1));
        assert_eq!(position("2026", &ids).unwrap_err(), "2 runs begin with `2026`");
        assert_eq!(position("latest~3", &ids).unwrap_err(), "`latest~3`: there are 3 runs");
        assert_eq!(position("late", &ids).unwrap_err(), "there is no run `late`");
    }
}
