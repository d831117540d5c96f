//! `holdline judge show`: the messages that a judge is sent, or those that the judges of a panel are.

use crate::cli::{CliError, CliResult, Place};
use crate::exit::Exit;
use crate::judge::model::{Evidence, Judgement, Place as Stands, Prompt};
use crate::model::Role;
use crate::report::escape::{terminal, terminal_line};
use crate::session::Options;
use crate::session::judged_run::{RunCase, case_of, references};
use crate::session::judges::open;
use crate::suite::judges::JudgeDefinition;
use crate::suite::labels::Label;
use serde_json::json;

/// Arguments of `holdline judge show`.
#[derive(Debug, clap::Args)]
pub struct ShowArgs {
    /// The judge: a file in `suites/judges`, without `.toml`.
    name: String,
    /// Id of a labelled answer, or of a case of the newest run that has it: all of the id or its beginning, 4
    /// characters or more. Default: the first labelled answer, else the first example.
    id: Option<String>,
}

/// Shows.
pub fn run(place: &Place, args: &ShowArgs) -> CliResult {
    let judge = open(&place.root, &place.project()?, &args.name)?;
    if judge.compares() {
        return compared(place, args, &judge);
    }
    // A judge need not have labels to be shown about an example or a case of a run.
    let is_labelled = !judge.label_file(&place.root)?.labels.is_empty();
    let labels = if is_labelled { judge.holdout(&place.root)?.labels } else { Vec::new() };
    let all = || labels.iter().chain(&judge.examples);
    let label = match &args.id {
        None => all().next(),
        Some(id) => all().find(|label| label.id == *id),
    };
    if let Some(label) = label {
        let evidence = Evidence {
            input: &label.input,
            before: &[],
            output: &label.output,
            contexts: &label.contexts,
            accepted: None,
            reference: label.references(),
        };
        return print(place, &judge, &evidence);
    }
    let Some(id) = &args.id else {
        return unlabelled(place, &judge);
    };
    let found = case_of(&place.root, id)?;
    let case = match found.as_slice() {
        [case] => case,
        [] => return Err(CliError::Usage(unknown(&judge, id, all()))),
        several => return Err(CliError::Usage(ambiguous(several, id))),
    };
    let reference = references(&Options::new(place.root.clone(), false), &case.suite)?.remove(&case.id);
    let reference = reference.unwrap_or_default();
    let evidence = case.error.is_none().then(|| Evidence::of(&case.turns, &reference)).flatten();
    let Some(evidence) = evidence else {
        place.print(&format!("The judge is not asked: case {} has no answer.\n", case.id))?;
        return Ok(Exit::Held);
    };
    print(place, &judge, &evidence)
}

/// Shows what is asked where no answer is labelled yet: words stand for one.
fn unlabelled(place: &Place, judge: &JudgeDefinition) -> CliResult {
    let evidence = Evidence {
        input: &json!("what the application is asked"),
        before: &[],
        output: "what it answers",
        contexts: &["a passage that it answers from".to_owned()],
        accepted: None,
        reference: &[],
    };
    print(place, judge, &evidence)
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
        reference: &[],
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

fn unknown<'a>(judge: &JudgeDefinition, id: &str, labels: impl Iterator<Item = &'a Label>) -> String {
    let ids: Vec<String> = labels.map(|label| terminal_line(&label.id)).take(5).collect();
    let there = if ids.is_empty() { String::new() } else { format!("; there are {}, …", ids.join(", ")) };
    format!(
        "no answer `{}` is labelled for judge `{}`{there}; nor does a case of a run have that id, or an id that \
         begins with it (4 characters or more)",
        terminal_line(id),
        judge.name
    )
}

fn ambiguous(several: &[RunCase], id: &str) -> String {
    let ids: Vec<String> = several.iter().take(5).map(|case| case.id.to_string()).collect();
    let more = if several.len() > ids.len() { ", …" } else { "" };
    format!("{} cases fit `{}`: {}{more}", several.len(), terminal_line(id), ids.join(", "))
}
