//! Examples from all places where people said, or accepted, what is good and what is bad: reviewed variants,
//! answers labelled for judges, answers accepted with a baseline, and failures of runs. Every text is free of
//! secrets afterwards.

mod approved;
mod cases;
mod labels;

use super::example::{Example, LeftOut, Source};
use super::gating::Gating;
use crate::expand::CaseId;
use crate::judge::model::ModelClient;
use crate::session::{Options, SessionError, suites};
use crate::suite::env_names;
use crate::suite::secret::Secrets;
use approved::Approvals;
pub use approved::TAGS;
use std::collections::{BTreeSet, HashSet};

/// What is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wanted {
    /// Names of suites; empty: all.
    pub suites: Vec<String>,
    /// Where answers are taken from; empty: everywhere.
    pub sources: Vec<Source>,
    /// Ids of the runs whose failures are taken; empty: of each suite the newest run that asked it.
    pub runs: Vec<String>,
}

impl Wanted {
    fn has_suite(&self, name: &str) -> bool {
        self.suites.is_empty() || self.suites.iter().any(|wanted| crate::suite::bare_name(wanted) == name)
    }

    fn has_source(&self, source: Source) -> bool {
        self.sources.is_empty() || self.sources.contains(&source)
    }
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Gathered {
    /// Examples that people approved for training. One dialogue may be in several.
    pub examples: Vec<Example>,
    /// What was left out, by reason.
    pub left_out: LeftOut,
    /// What else is worth knowing.
    pub notes: Vec<String>,
    /// Cases that are counted as not approved.
    counted: HashSet<CaseId>,
}

/// Gathers examples, and what gates of all suites of the project, wanted or not. Asks nothing; the environment is
/// read by `lookup`, for the secrets that are taken out.
pub fn gather(
    options: &Options,
    wanted: &Wanted,
    lookup: impl Fn(&str) -> Option<String>,
) -> Result<(Gathered, Gating), SessionError> {
    let options = Options { only: Vec::new(), live: true, ..options.clone() };
    let (project, suites) = suites(&options)?;
    if let Some(unknown) = wanted
        .suites
        .iter()
        .find(|name| !suites.iter().any(|suite| suite.name == crate::suite::bare_name(name)))
    {
        let known: Vec<&str> = suites.iter().map(|suite| suite.name.as_str()).collect();
        return Err(SessionError::Usage(format!(
            "there is no suite `{}`; the suites are {}",
            crate::report::escape::terminal_line(unknown),
            known.join(", ")
        )));
    }
    let mut gathered = Gathered::default();
    let labels = labels::read(&options.root, &project, &mut gathered)?;
    let mut approvals = Approvals::new(labels.iter().filter_map(labels::Labelled::case));
    let mut gating = Gating::default();
    for suite in &suites {
        approvals.visit(&options.root, suite, wanted, &mut gating)?;
    }
    cases::variants(&approvals, wanted, &mut gathered);
    if wanted.has_source(Source::Baseline) {
        cases::baselines(&options, &project, &suites, wanted, &approvals, &mut gathered)?;
    }
    if wanted.has_source(Source::Failure) {
        cases::failures(&options.root, &suites, wanted, &approvals, &mut gathered)?;
    }
    gathered.without_answers(&approvals);
    if wanted.has_source(Source::Label) {
        labels::examples(labels, &approvals, wanted, &mut gathered);
    }
    let names: BTreeSet<String> = suites
        .iter()
        .flat_map(env_names)
        .chain(project.models.values().flat_map(ModelClient::env_names))
        .collect();
    let (secrets, _) = Secrets::gather(names, lookup);
    for example in &mut gathered.examples {
        redact(&secrets, example);
    }
    Ok((gathered, gating))
}

fn redact(secrets: &Secrets, example: &mut Example) {
    let said = example.dialogue.iter_mut().map(|said| &mut said.content);
    let answers = example.answers.iter_mut().flat_map(|answer| [Some(&mut answer.text), answer.why.as_mut()]);
    for text in said.chain(&mut example.contexts).chain(answers.flatten()) {
        secrets.redact_text(text);
    }
}
