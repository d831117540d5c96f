//! `holdline judge show`: the messages that a judge is sent.

use crate::cli::{CliError, CliResult, Place};
use crate::exit::Exit;
use crate::judge::model::{Evidence, Prompt};
use crate::model::Role;
use crate::report::escape::terminal;
use crate::session::judges::open;

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
    if let Some(why) = evidence.says_nothing() {
        place.print(&format!("The judge is not asked: {why}, and fails.\n"))?;
        return Ok(Exit::Held);
    }
    let prompt = Prompt::new(&judge).map_err(|error| CliError::Usage(error.to_string()))?;
    let (messages, _) = prompt.messages(&evidence);
    for message in messages {
        let role = match message.role {
            Role::System => "system",
            Role::User => "user",
            Role::Assistant => "assistant",
        };
        place.print(&format!("===== {role} =====\n{}\n", terminal(&message.content)))?;
    }
    Ok(Exit::Held)
}
