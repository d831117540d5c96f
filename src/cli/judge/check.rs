//! `holdline judge check`: a judge measured on the answers that people labelled.

use crate::baseline::in_ci;
use crate::cli::{CliResult, Place};
use crate::exit::Exit;
use crate::judge::model::Calibrated;
use crate::judge::model::{Measured, Network, Standing, corrected, standing_of};
use crate::report::escape::for_log;
use crate::report::judge_check::{conclusion, page};
use crate::report::judge_trust;
use crate::session::judged_run::verdicts_of;
use crate::session::judges::{clients, measure, open_for_labels, ready};
use crate::suite::history::Checked;
use crate::suite::judges::JudgeDefinition;
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
    // Read before anything is asked: a file that cannot be read must not cost a check.
    let (mut history, canary) = (judge.history(&place.root)?, judge.canary(&place.root)?);
    let clients = match clients(&project, &judge, lookup)? {
        Ok(clients) => clients,
        Err(missing) => {
            eprintln!("{}", for_log(&format!("cannot check: {missing}"), place.log));
            return Ok(Exit::Undecided);
        }
    };
    let ready = ready(&judge, &clients, Arc::new(Network))?;
    let runtime = tokio::runtime::Runtime::new()?;
    let measured = runtime.block_on(measure(&judge, ready, holdout.labels.clone(), args.repeats.into()))?;
    let now = checked(&judge, &measured);
    if !in_ci(lookup) {
        judge.remember(&place.root, &now)?;
    }
    history.push(now);
    let run = verdicts_of(&place.root, &judge);
    let rate = run.as_ref().and_then(|(_, said)| corrected(&measured.agreement, *said));
    let standing = standing_of(&judge, &measured.fingerprint, &history, canary.as_ref());
    for part in [
        page(&judge, &holdout, &measured),
        judge_trust::corrected(&judge, run.as_ref(), rate.as_ref()),
        judge_trust::canary(&judge, &measured.fingerprint, canary.as_ref()),
        judge_trust::history(&history),
        conclusion(&standing),
    ] {
        place.print(&part)?;
    }
    let answered = measured.agreement.graded() > 0;
    let is_short = args.require && standing != Standing::Gates;
    Ok(if answered && !is_short { Exit::Held } else { Exit::Undecided })
}

/// The line of a check in the judge's history, which is committed: so agreement is seen over time.
fn checked(judge: &JudgeDefinition, measured: &Measured) -> Checked {
    let found = &measured.agreement;
    let rounded = |value: Option<Calibrated>| value.map(|value| (value.value * 1e6).round() / 1e6);
    let now = jiff::Timestamp::now();
    Checked {
        // Whole seconds are enough.
        at: jiff::Timestamp::from_second(now.as_second()).unwrap_or(now),
        judge: measured.fingerprint.clone(),
        models: measured.models().into_iter().map(str::to_owned).collect(),
        positive: judge.file.positive.clone(),
        true_positives: found.true_positives,
        false_positives: found.false_positives,
        false_negatives: found.false_negatives,
        true_negatives: found.true_negatives,
        ungraded: found.ungraded,
        accuracy: rounded(found.accuracy()),
        tpr: rounded(found.tpr()),
        tnr: rounded(found.tnr()),
        kappa: rounded(found.kappa()),
    }
}
