//! The names of all trials, and which of them the command line selects.

use crate::expand::CaseId;
use crate::run::{Plan, full_name};
use libtest_mimic::{Arguments, Trial};
use std::collections::{BTreeSet, HashSet};

/// What a trial is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// A case.
    Case(CaseId),
    /// A gated metric, by its key in the suite.
    Gate(String),
}

/// A trial's name and what it is about. Names hold no result, so they never change with one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// `suite::scenario::case` or `suite::gate::metric`.
    pub text: String,
    /// The suite's name.
    pub suite: String,
    /// What it is about.
    pub about: About,
}

/// What the command line selects.
#[derive(Debug, Default)]
pub struct Selected {
    /// Cases to ask.
    pub cases: HashSet<CaseId>,
    /// Suites with a selected trial.
    pub suites: BTreeSet<String>,
}

impl Selected {
    /// Whether nothing is selected.
    pub fn is_empty(&self) -> bool {
        self.suites.is_empty()
    }
}

/// The names of all trials: each suite's cases in the order of its file, then its gated metrics.
pub fn names_of(plans: &[Plan]) -> std::io::Result<Vec<Name>> {
    let mut names = Vec::new();
    for plan in plans {
        let suite = &plan.suite;
        let name = |text: String, about| Name { text, suite: suite.name.clone(), about };
        for case in plan.cases.iter() {
            let case = case?;
            names.push(name(full_name(suite, &case), About::Case(case.id)));
        }
        let metrics = suite.spec.gate.metrics.keys().cloned();
        let metrics: Vec<String> =
            if metrics.len() == 0 { vec!["pass_rate".to_owned()] } else { metrics.collect() };
        names.extend(
            metrics.into_iter().map(|key| name(format!("{}::gate::{key}", suite.name), About::Gate(key))),
        );
    }
    Ok(names)
}

/// Which trials the command line selects; libtest-mimic itself decides.
pub fn selected(names: &[Name], arguments: &Arguments) -> Selected {
    let mut selected = Selected::default();
    for name in names {
        let trial = Trial::test(name.text.clone(), || Ok(()));
        if arguments.is_filtered_out(&trial) || arguments.is_ignored(&trial) {
            continue;
        }
        selected.suites.insert(name.suite.clone());
        if let About::Case(id) = name.about {
            selected.cases.insert(id);
        }
    }
    selected
}
