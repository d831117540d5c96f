//! `holdline explain SUITE [METRIC]`: why a finding is what it is, and what would change it.

use super::{CliError, CliResult, Place};
use crate::baseline::Store;
use crate::exit::Exit;
use crate::gate::Finding;
use crate::report::explain::{Asked, asked, explain, told};
use crate::report::{Record, SuiteRecord, escape, json};
use crate::run::folder;
use crate::session::records;
use crate::suite::bare_name;
use crate::suite::nearest::nearest;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Arguments of `holdline explain`.
#[derive(Debug, clap::Args)]
pub struct ExplainArgs {
    /// The suite.
    suite: String,
    /// A metric by its key, such as `pass_rate` or `pass_rate@scenario-id`. Without one: all that gates, and
    /// every scenario that regressed or was flagged.
    metric: Option<String>,
    /// The run: its id, its folder or its record. Default: the newest that has the suite.
    #[arg(long, value_name = "ID|PATH")]
    run: Option<String>,
    /// Print the findings with every number behind them as JSON.
    #[arg(long)]
    json: bool,
}

/// What `--json` prints.
#[derive(Serialize)]
struct Printed<'a> {
    run: &'a str,
    suite: &'a str,
    findings: &'a [&'a Finding],
}

/// Explains.
pub fn run(place: &Place, args: &ExplainArgs) -> CliResult {
    let name = bare_name(&args.suite);
    let record = record(&place.root, args, name)?;
    let suite = suite(&record, name)?;
    let findings = match &args.metric {
        None => told(suite),
        Some(key) => match asked(suite, key).map_err(CliError::Usage)? {
            Asked::Found(finding) => vec![finding],
            Asked::Measured(value) => {
                let text = format!(
                    "{} is {value} in run {}. It does not gate, and it did not move by more than chance: there \
                     is nothing to explain\n",
                    escape::terminal_line(key),
                    escape::terminal_line(&record.run)
                );
                place.print(&text)?;
                return Ok(Exit::Held);
            }
        },
    };
    if args.json {
        let all = Printed { run: &record.run, suite: &suite.name, findings: &findings };
        let text = serde_json::to_string_pretty(&all).map_err(std::io::Error::from)?;
        place.print(&format!("{text}\n"))?;
        return Ok(Exit::Held);
    }
    // Only read, as in CI. What it cannot tell is left out of the page.
    let folder = place.project().ok().map(|project| folder::below(&place.root, project.baselines.as_ref()));
    let baseline = folder.and_then(|folder| Store::new(folder, true).load(&suite.name).ok().flatten());
    place.print(&explain(&record, suite, &findings, baseline.as_ref(), place.style))?;
    Ok(Exit::Held)
}

/// The record named, or the newest that has the suite; of none that has it the newest.
fn record(root: &Path, args: &ExplainArgs, name: &str) -> Result<Record, CliError> {
    if let Some(run) = &args.run {
        return Ok(json::read(&named(root, run)?)?);
    }
    let mut newest = None;
    for path in records(root) {
        let record = match json::read(&path) {
            Ok(record) => record,
            // An older run in another format is no reason to explain nothing.
            Err(_) if newest.is_some() => continue,
            Err(error) => return Err(error.into()),
        };
        if record
            .suites
            .iter()
            .any(|suite| suite.name == name && suite.carried.is_none() && suite.rejudged.is_none())
        {
            return Ok(record);
        }
        newest = newest.or(Some(record));
    }
    newest.ok_or_else(|| CliError::Usage("there is no run yet; `holdline run` makes one".into()))
}

/// The record that a run's id, folder or file stands for.
fn named(root: &Path, run: &str) -> Result<PathBuf, CliError> {
    let within = |path: PathBuf| if path.is_dir() { path.join(folder::RECORD) } else { path };
    let is_id = !run.contains(['/', '\\']) && !run.starts_with('.');
    let candidates = [is_id.then(|| folder::of(root, run)), Some(PathBuf::from(run))];
    candidates.into_iter().flatten().find(|path| path.exists()).map(within).ok_or_else(|| {
        let known: Vec<String> = folder::newest_first(root)
            .iter()
            .filter_map(|path| path.file_name())
            .map(|name| escape::terminal_line(&name.to_string_lossy()))
            .collect();
        let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        CliError::Usage(format!(
            "--run: there is no run or file `{}`; runs that are kept: {known}",
            escape::terminal_line(run)
        ))
    })
}

fn suite<'a>(record: &'a Record, name: &str) -> Result<&'a SuiteRecord, CliError> {
    record.suites.iter().find(|suite| suite.name == name).ok_or_else(|| {
        let names = || record.suites.iter().map(|suite| suite.name.as_str());
        let meant = nearest(name, names())
            .map_or_else(String::new, |meant| format!("; did you mean `{}`?", escape::terminal_line(meant)));
        let list = names().map(escape::terminal_line).collect::<Vec<_>>().join(", ");
        CliError::Usage(format!(
            "run {} has no suite `{}`{meant} (it has {list})",
            escape::terminal_line(&record.run),
            escape::terminal_line(name)
        ))
    })
}
