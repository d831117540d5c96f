//! The categories that people sorted failures into, for the records of a run. They inform and decide nothing.

use super::assemble::SuiteRun;
use super::options::{Options, SessionError};
use crate::baseline::{Accepted, Baseline};
use crate::distil::Complaint;
use crate::distil::coding::{Coded, Codes, Coding, group_of};
use crate::distil::prevalence::{Tally, prevalence};
use crate::distil::taxonomy::Taxonomy;
use crate::expand::CaseId;
use crate::judge::Outcome;
use crate::report::coding::{CaseCoding, CodedOf, CodingRecord};
use crate::run::Plan;
use crate::suite::Diagnostics;
use crate::suite::project::Project;
use std::collections::BTreeMap;

/// The taxonomy of a project with the assignments of its suites.
#[derive(Debug, Default)]
pub struct Codings {
    suites: BTreeMap<String, Coding>,
}

/// The folder of the suites of a run, relative to the root where it lies below it.
pub fn suites_of(options: &Options, project: &Project) -> String {
    let folder = options.suites.as_ref().map(|folder| folder.strip_prefix(&options.root).unwrap_or(folder));
    folder.map_or_else(|| project.suites.clone(), |folder| folder.to_string_lossy().into_owned())
}

impl Codings {
    /// Reads the taxonomy, and the assignments of every suite that has some. What is wrong with them is told before
    /// anything is asked.
    pub fn load(options: &Options, project: &Project, plans: &[Plan]) -> Result<Self, SessionError> {
        let Some(taxonomy) = Taxonomy::load(&options.root, &suites_of(options, project))? else {
            return Ok(Self::default());
        };
        let (mut out, mut suites) = (Diagnostics::default(), BTreeMap::new());
        for suite in plans.iter().map(|plan| &plan.suite) {
            match Codes::of_suite(&options.root, &suite.path) {
                Ok(codes) if codes.lines.is_empty() => {}
                Ok(codes) => drop(suites.insert(suite.name.clone(), Coding::new(taxonomy.clone(), &codes))),
                Err(mistakes) => out.extend(mistakes),
            }
        }
        Ok(out.or(Self { suites })?)
    }

    /// Which categories the failures of a suite belong to, beside those of the baseline where the two can be
    /// compared; `None` where nothing was ever assigned. `complaints` tells what failed in a case, by its place.
    pub fn record(
        &self,
        run: &SuiteRun,
        baseline: Option<&Baseline>,
        alpha: f64,
        complaints: &dyn Fn(usize) -> Vec<Complaint>,
    ) -> Option<CodingRecord> {
        let suite = &run.plan.suite;
        let coding = self.suites.get(&suite.name).filter(|coding| !coding.is_empty())?;
        let table = &run.answered.table;
        let (mut now, mut before, mut cases) = (Tally::default(), Tally::default(), BTreeMap::new());
        for (at, &index) in run.plan.selected.iter().enumerate() {
            let (id, family) = (run.plan.cases.id(index as usize), run.plan.cases.family(index as usize));
            let fails = matches!(table.outcome(at), Outcome::Fail | Outcome::TargetError);
            let own = coding.of(id);
            let coded = match own {
                // Only a group of which something is known can say more.
                Coded::Open if fails && coding.has_groups() => {
                    let scenario = &suite.scenarios[run.plan.cases.scenario(index as usize)].id;
                    let complaints = complaints(at);
                    let groups = complaints.iter().filter_map(|of| group_of(&suite.name, scenario, of));
                    coding.of_complaints(id, groups)
                }
                own => own,
            };
            let category = category(coded);
            match table.outcome(at) {
                Outcome::Pass => now.graded(family),
                Outcome::Fail | Outcome::TargetError => {
                    now.failed(family, category.as_ref().map(|of| of.category.as_str()));
                    cases.extend(category.clone().map(|category| (id, category)));
                }
                _ => {}
            }
            match baseline.and_then(|baseline| accepted(baseline, id)) {
                Some(true) => before.graded(family),
                Some(false) => before.failed(family, category.as_ref().map(|of| of.category.as_str())),
                None => {}
            }
        }
        let ids: Vec<&str> = coding.taxonomy().ids().collect();
        let before = baseline.map(|_| before);
        let prevalence = prevalence(&ids, &now, before.as_ref());
        let names = coding.taxonomy().file.category.iter().map(|of| (of.id.clone(), of.name.clone()));
        let told = |id: &String| prevalence.iter().any(|of| of.category == *id);
        Some(CodingRecord {
            alpha,
            names: names.filter(|(id, _)| told(id)).collect(),
            failed: CodedOf { coded: now.coded, of: now.failed },
            before: before.map(|before| CodedOf { coded: before.coded, of: before.failed }),
            prevalence,
            cases,
        })
    }
}

/// The category that a failure counts for: of an older definition as long as nobody has read it again.
fn category(coded: Coded<'_>) -> Option<CaseCoding> {
    match coded {
        Coded::In { category, outdated, .. } => Some(CaseCoding { category: category.id.clone(), outdated }),
        Coded::Open | Coded::Split { .. } | Coded::Gone(_) => None,
    }
}

/// Whether a case passed in the run accepted last; nothing where it was not graded.
fn accepted(baseline: &Baseline, id: CaseId) -> Option<bool> {
    match baseline.cases.get(id)?.latest() {
        Accepted::Pass => Some(true),
        Accepted::Fail | Accepted::Error => Some(false),
        Accepted::Ungraded => None,
    }
}
