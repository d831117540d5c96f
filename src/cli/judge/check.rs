//! `holdline judge check`: a judge measured on the answers that people labelled.

use crate::baseline::in_ci;
use crate::cli::{CliResult, Place};
use crate::exit::Exit;
use crate::judge::model::{Measured, Network, Standing};
use crate::report::escape::for_log;
use crate::report::judge_check::page;
use crate::session::judges::{clients, measure, open_for_labels, ready};
use crate::suite::judges::{FOLDER, JudgeDefinition};
use serde_json::json;
use std::io::Write;
use std::sync::Arc;

/// Arguments of `holdline judge check`.
#[derive(Debug, clap::Args)]
pub struct CheckArgs {
    /// The judge: a file in `suites/judges`, without `.toml`.
    name: String,
    /// Ask about every answer so many times, to see how often the judge contradicts itself.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=20))]
    repeats: u8,
    /// Exit with 3 where the judge may not gate.
    #[arg(long)]
    require: bool,
}

/// Checks.
pub fn run(place: &Place, args: &CheckArgs) -> CliResult {
    let lookup = |name: &str| std::env::var(name).ok();
    let project = place.project()?;
    let judge = open_for_labels(&place.root, &project, &args.name)?;
    let holdout = judge.holdout(&place.root)?;
    let clients = match clients(&project, &judge, lookup)? {
        Ok(clients) => clients,
        Err(missing) => {
            eprintln!("{}", for_log(&format!("cannot check: {missing}"), place.log));
            return Ok(Exit::Undecided);
        }
    };
    let ready = ready(&judge, &clients, Arc::new(Network))?;
    let runtime = tokio::runtime::Runtime::new()?;
    let measured = runtime.block_on(measure(&judge, ready, holdout.labels.clone(), args.repeats.into()));
    place.print(&page(&judge, &holdout, &measured))?;
    if !in_ci(lookup) {
        remember(place, &project.suites, &judge, &measured)?;
    }
    let answered = measured.agreement.graded() > 0;
    let standing = measured.agreement.standing(judge.file.floors, "positive", "negative");
    let is_short = args.require && standing != Standing::Gates;
    Ok(if answered && !is_short { Exit::Held } else { Exit::Undecided })
}

/// Adds a line to the judge's history, which is committed: so agreement is seen over time.
fn remember(
    place: &Place,
    suites: &str,
    judge: &JudgeDefinition,
    measured: &Measured,
) -> std::io::Result<()> {
    let found = &measured.agreement;
    let rounded = |value: Option<f64>| value.map(|value| (value * 1e6).round() / 1e6);
    let line = json!({
        "at": jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        "judge": measured.fingerprint,
        "models": measured.models(),
        "positive": judge.file.positive,
        "true_positives": found.true_positives,
        "false_positives": found.false_positives,
        "false_negatives": found.false_negatives,
        "true_negatives": found.true_negatives,
        "ungraded": found.ungraded,
        "accuracy": rounded(found.accuracy().map(|of| of.value)),
        "tpr": rounded(found.tpr().map(|of| of.value)),
        "tnr": rounded(found.tnr().map(|of| of.value)),
        "kappa": rounded(found.kappa().map(|of| of.value)),
    });
    let path = place.root.join(suites).join(FOLDER).join(format!("{}.history.jsonl", judge.name));
    let mut file = std::fs::File::options().create(true).append(true).open(path)?;
    writeln!(file, "{line}")
}
