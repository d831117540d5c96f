//! `holdline monitor FILE|-`: answers logged in production, judged offline.

use super::{CliError, CliResult, Place, Set};
use crate::baseline::in_ci;
use crate::exit::Exit;
use crate::monitor::{Against, BAR, MonitorError, Report, Scale, Wish, watch};
use crate::report::escape::{self, for_log};
use crate::report::monitor::{json, markdown, terminal};
use crate::session;
use crate::suite::project::BudgetSpec;
use std::fs::File;
use std::io::{BufReader, stdin};
use std::path::PathBuf;

/// Answers that judges are asked about where a budget is given and no number.
const SAMPLE: usize = 100;

/// Arguments of `holdline monitor`.
///
/// The log has a line of JSON for each answer (`input`, `output`, and what else is known: `label`, `contexts`,
/// `latency_ms`, `feedback`, `human`, …), or traces of OpenTelemetry with the conventions for generative AI.
///
/// The exit code is 0 where the log could be told of, 3 where not (nothing read, nothing judged, a judge that is not
/// there), and 1 only for drift with `--fail-on-drift`.
#[derive(Debug, clap::Args)]
pub struct MonitorArgs {
    /// The log, or `-` for standard input.
    log: String,
    /// The suite whose scenarios the answers belong to. Default: the only one there is.
    #[arg(long, value_name = "SUITE")]
    suite: Option<String>,
    /// An earlier log that this one is compared with. Default: the accepted answers of the suite.
    #[arg(long, value_name = "LOG", conflicts_with = "no_drift")]
    against: Option<PathBuf>,
    /// Compare with nothing.
    #[arg(long)]
    no_drift: bool,
    /// Exit with 1 where anything drifted.
    #[arg(long, conflicts_with = "no_drift")]
    fail_on_drift: bool,
    /// The least similarity, from 0.01 to 1, at which a request is like a seed.
    #[arg(long, value_name = "SHARE", default_value_t = BAR)]
    bar: f64,
    /// Ask judges and programs about so many answers at most. Default: none, or 100 with `--max-cost` or `--max-tokens`.
    #[arg(long, value_name = "N")]
    sample: Option<usize>,
    /// Most that judges may cost, in the project's currency.
    #[arg(long, value_name = "AMOUNT")]
    max_cost: Option<f64>,
    /// Most tokens that judges may use.
    #[arg(long, value_name = "N")]
    max_tokens: Option<u64>,
    /// The scale of numbers that users and people give, worst and best. Default: told from the numbers.
    #[arg(long, value_name = "WORST..BEST")]
    scale: Option<Scale>,
    /// Count spans of this operation alone, such as `invoke_agent`; may be repeated.
    #[arg(long, value_name = "NAME")]
    operation: Vec<String>,
    /// Write failing and sampled answers as a `recorded` file, without secrets and personal data.
    #[arg(long, value_name = "FILE")]
    write_recorded: Option<PathBuf>,
    /// Put requests like no scenario aside as candidates, for `holdline review --variants`.
    #[arg(long)]
    propose: bool,
    /// Write the report as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write the report as Markdown.
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
    /// Folder of the baselines.
    #[arg(long, value_name = "DIR")]
    baseline: Option<PathBuf>,
    #[command(flatten)]
    set: Set,
}

/// Watches.
pub fn run(place: &Place, args: &MonitorArgs) -> CliResult {
    if !(0.01..=1.0).contains(&args.bar) {
        return Err(CliError::Usage(format!("`--bar` cannot be {}: it is a share from 0.01 to 1", args.bar)));
    }
    let has_budget = args.max_cost.is_some() || args.max_tokens.is_some();
    let wish = Wish {
        root: place.root.clone(),
        suite: args.suite.clone(),
        set: args.set.set.clone(),
        baselines: args.baseline.clone(),
        bar: args.bar,
        operations: args.operation.clone(),
        scale: args.scale,
        sample: args.sample.unwrap_or(if has_budget { SAMPLE } else { 0 }),
        budget: BudgetSpec { max_cost: args.max_cost, max_tokens: args.max_tokens, max_time: None },
        against: match &args.against {
            Some(log) => Against::Log(log.clone()),
            None if args.no_drift => Against::Nothing,
            None => Against::Accepted,
        },
        propose: args.propose,
        write_recorded: args.write_recorded.clone(),
        ci: in_ci(|name| std::env::var(name).ok()),
    };
    let watched = if args.log == "-" {
        watch(wish, stdin().lock(), "standard input")
    } else {
        let file = match File::open(&args.log) {
            Ok(file) => file,
            Err(error) => {
                let why = escape::terminal_line(&format!("{}: {error}", args.log));
                return Err(CliError::Usage(why));
            }
        };
        watch(wish, BufReader::with_capacity(1 << 16, file), &args.log)
    };
    // Once everything is read the command can be stopped in good order.
    let runtime = tokio::runtime::Runtime::new()?;
    let watched = match watched {
        // It is there, and nothing can be told of it.
        Err(MonitorError::Read(error)) => {
            eprintln!("{}", for_log(&escape::terminal_line(&format!("cannot tell: {error}")), place.log));
            return Ok(Exit::Undecided);
        }
        watched => watched.map_err(told)?,
    };
    let report = runtime.block_on(session::until_signalled(async |_| watched.report().await));
    let Some(report) = report else {
        eprintln!("stopped at once; nothing is told");
        return Ok(Exit::Undecided);
    };
    let report = report.map_err(told)?;
    place.print(&terminal(&report, place.style))?;
    if let Some(path) = &args.json {
        std::fs::write(path, json(&report).map_err(std::io::Error::from)?)?;
    }
    if let Some(path) = &args.markdown {
        std::fs::write(path, markdown(&report))?;
    }
    Ok(exit(&report, args.fail_on_drift))
}

fn exit(report: &Report, fail_on_drift: bool) -> Exit {
    let drifted = fail_on_drift && report.drift.as_ref().is_some_and(crate::monitor::report::Drift::is_found);
    // Asked to fail on drift, what could not be compared has not passed.
    let is_blind = fail_on_drift && report.drift.as_ref().is_none_or(|drift| drift.tests.is_empty());
    let told = if report.is_told() && !is_blind { Exit::Held } else { Exit::Undecided };
    Exit::strongest([told, if drifted { Exit::Regressed } else { Exit::Held }])
}

fn told(error: MonitorError) -> CliError {
    match error {
        MonitorError::Session(error) => CliError::Session(error),
        other => CliError::Usage(other.to_string()),
    }
}
