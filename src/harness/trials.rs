//! What each trial comes to, read off the record of the run.

use super::names::{About, Name};
use crate::expand::CaseId;
use crate::gate::{Decision, FindingKind, Flip, ProblemKind, Standing};
use crate::report::{CaseRecord, Record, SuiteRecord, escape, evidence, repeats};
use libtest_mimic::{Completion, Failed, Trial};
use std::collections::{BTreeSet, HashMap};

/// How a trial ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// It passes.
    Passed,
    /// It is ignored, for this reason.
    Ignored(String),
    /// It fails, with this evidence.
    Failed(String),
}

impl Ending {
    /// The trial that ends so.
    pub fn into_trial(self, name: String) -> Trial {
        Trial::ignorable_test(name, move || match self {
            Self::Passed => Ok(Completion::Completed),
            Self::Ignored(reason) => {
                Ok(Completion::ignored_with(escape::terminal_line(&escape::ci_log(&reason))))
            }
            Self::Failed(evidence) => {
                let is_log = escape::is_ci_log(|name| std::env::var(name).ok());
                Err(Failed::from(escape::for_log(&evidence, is_log)))
            }
        })
    }
}

/// The trials for what was run; `costly` suites were not, since nobody consented.
pub fn trials(names: Vec<Name>, record: Option<&Record>, costly: &BTreeSet<String>) -> Vec<Trial> {
    let suites: HashMap<&str, Suite> = record
        .map(|record| record.suites.iter().map(|suite| (suite.name.as_str(), Suite::of(suite))).collect())
        .unwrap_or_default();
    let ending = |name: &Name| {
        if costly.contains(&name.suite) {
            return Ending::Ignored(
                "asks a target or a judge beyond loopback; HOLDLINE=run allows it".into(),
            );
        }
        match suites.get(name.suite.as_str()) {
            Some(suite) => suite.ending(&name.about),
            // Its trials are filtered out, or only its gate was selected.
            None => Ending::Ignored("a partial run cannot gate: select the cases of the suite too".into()),
        }
    };
    names.into_iter().map(|name| ending(&name).into_trial(name.text)).collect()
}

/// The trial that stands for a suite which needs a model, and is left out.
pub fn unnamed(suite: &str) -> Trial {
    let name = escape::terminal_line(suite);
    Ending::Ignored(format!("needs a model; `holdline run {name}` runs it")).into_trial(name)
}

/// A suite's record, with its cases by id.
pub struct Suite<'a> {
    record: &'a SuiteRecord,
    cases: HashMap<CaseId, &'a CaseRecord>,
}

impl<'a> Suite<'a> {
    /// Indexes the cases.
    pub fn of(record: &'a SuiteRecord) -> Self {
        Self { record, cases: record.cases.iter().map(|case| (case.id, case)).collect() }
    }

    /// How the trial about this ends.
    pub fn ending(&self, about: &About) -> Ending {
        match about {
            About::Case(id) => match self.cases.get(id) {
                Some(case) => self.case(case),
                None => Ending::Ignored("not asked".into()),
            },
            About::Gate(key) => self.gate(key),
        }
    }

    fn case(&self, one: &CaseRecord) -> Ending {
        let evidence = || Ending::Failed(evidence::text(one));
        match &one.standing {
            Standing::Passes => Ending::Passed,
            Standing::Fails(_) => evidence(),
            // Nothing has decided that this is tolerable: who asks for single cases wants to know.
            Standing::Tolerated(_) if self.record.partial && one.flip == Some(Flip::Broke) => evidence(),
            Standing::Errs(_) if self.record.decision == Decision::Undecided => evidence(),
            Standing::Tolerated(why) | Standing::Errs(why) | Standing::Skipped(why) => {
                Ending::Ignored(match repeats::rolled_up(one) {
                    Some(rolled_up) => format!("{why}; {rolled_up}"),
                    None => why.clone(),
                })
            }
        }
    }

    /// A gated metric: it fails when it regressed anywhere, and when nothing can be decided.
    fn gate(&self, key: &str) -> Ending {
        let problems: Vec<_> =
            self.record.problems.iter().filter(|problem| problem.kind != ProblemKind::Partial).collect();
        if self.record.partial && problems.is_empty() {
            let (asked, planned) = (self.record.cases.len(), self.record.planned);
            return Ending::Ignored(format!(
                "a partial run cannot gate: {asked} of {planned} cases were asked"
            ));
        }
        if !problems.is_empty() {
            let messages: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
            return Ending::Failed(format!("cannot decide: {}", escape::terminal(&messages.join("\n"))));
        }
        let of_metric = |finding: &&crate::gate::Finding| finding.key() == key || finding.metric == key;
        let regressed: Vec<String> = self
            .record
            .findings
            .iter()
            .filter(of_metric)
            .filter(|finding| finding.gates && finding.kind == FindingKind::Regressed)
            .map(|finding| format!("{} regressed: {}", finding.key(), finding.reason))
            .collect();
        if !regressed.is_empty() {
            return Ending::Failed(escape::terminal(&regressed.join("\n")));
        }
        match self.record.findings.iter().find(|finding| finding.key() == key) {
            None => Ending::Failed(format!("the run has no finding for `{key}`")),
            Some(finding) if finding.kind == FindingKind::New => Ending::Ignored(finding.reason.clone()),
            Some(_) => Ending::Passed,
        }
    }
}
