//! `holdline judge show`: the messages that a judge is sent, or those that the judges of a panel are.

use crate::cli::{CliError, CliResult, Place};
use crate::exit::Exit;
use crate::judge::model::{Evidence, Judgement, Place as Stands, Prompt};
use crate::model::Role;
use crate::report::escape::{terminal, terminal_line};
use crate::session::judges::open;
use crate::suite::judges::JudgeDefinition;
use serde_json::json;

/// Arguments of `holdline judge show`.
#[derive(Debug, clap::Args)]
pub struct ShowArgs {
    /// The judge: a file in `suites/judges`, without `.toml`.
    name: String,
    /// Id of a labelled answer. Default: the first.
    id: Option<String>,
}

/// Shows.
pub fn run(place: &Place, args: &ShowArgs) -> CliResult {
    let judge = open(&place.root, &place.project()?, &args.name)?;
    if judge.compares() {
        return compared(place, args, &judge);
    }
    let labels = judge.holdout(&place.root)?.labels;
    let all = || judge.examples.iter().chain(&labels);
    let label = match &args.id {
        None => labels.first(),
        Some(id) => all().find(|label| label.id == *id),
    };
    let Some(label) = label else {
        let what = args
            .id
            .as_ref()
            .map_or("no answer is labelled".into(), |id| format!("no answer `{id}` is labelled"));
        let ids: Vec<&str> = all().map(|label| label.id.as_str()).take(5).collect();
        let there =
            if ids.is_empty() { String::new() } else { format!("; there are {}, …", ids.join(", ")) };
        return Err(CliError::Usage(format!("{what} for judge `{}`{there}", judge.name)));
    };
    let evidence = Evidence {
        input: &label.input,
        before: &[],
        output: &label.output,
        contexts: &label.contexts,
        accepted: None,
    };
    print(place, &judge, &evidence)
}

/// Shows what is asked about an answer beside an accepted one. Labels are about one answer, so that words stand for
/// both here.
fn compared(place: &Place, args: &ShowArgs, judge: &JudgeDefinition) -> CliResult {
    if let Some(id) = &args.id {
        let what = "compares an answer with the accepted one, and labels are about one answer: leave out";
        return Err(CliError::Usage(format!("judge `{}` {what} `{}`", judge.name, terminal_line(id))));
    }
    let evidence = Evidence {
        input: &json!("what the application is asked"),
        before: &[],
        output: "what it answers",
        contexts: &["a passage that it answers from".to_owned()],
        accepted: Some("what was accepted as its answer"),
    };
    print(place, judge, &evidence)
}

/// Prints every request of a first verdict. Samples, confirmations and stronger models are sent the same again.
fn print(place: &Place, judge: &JudgeDefinition, evidence: &Evidence<'_>) -> CliResult {
    let single = judge.single();
    for one in &single {
        if single.len() > 1 {
            place.print(&format!("##### judge `{}` #####\n\n", one.name))?;
        }
        if let Some(known) = Judgement::without_asking(one.file.kind, evidence) {
            let reason = terminal(&known.reason);
            place.print(&format!("The judge is not asked: {reason} ({}).\n", known.outcome))?;
            continue;
        }
        let prompt = Prompt::new(one).map_err(|error| CliError::Usage(error.to_string()))?;
        for stands in prompt.places() {
            match stands {
                Stands::Alone => {}
                Stands::First => place.print("##### the accepted answer second #####\n\n")?,
                Stands::Second => place.print("##### the accepted answer first #####\n\n")?,
            }
            for message in prompt.messages(evidence, *stands).0 {
                let role = match message.role {
                    Role::System => "system",
                    Role::User => "user",
                    Role::Assistant => "assistant",
                };
                place.print(&format!("===== {role} =====\n{}\n", terminal(&message.content)))?;
            }
        }
    }
    Ok(Exit::Held)
}
