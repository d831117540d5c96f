//! Trials under `cargo nextest`, where every trial is a process: they read the newest complete run
//! of the same plan, made by `holdline run`.

use super::names::Name;
use super::trials::{Ending, Suite};
use crate::report::{SuiteRecord, json};
use crate::run::{Plan, folder};
use libtest_mimic::Trial;
use std::collections::HashMap;
use std::path::Path;

/// The trials; those of a suite without a complete run fail and say so.
pub fn trials(root: &Path, plans: &[Plan], names: Vec<Name>) -> Vec<Trial> {
    let mut newest: HashMap<&str, SuiteRecord> = HashMap::new();
    for run in folder::newest_first(root) {
        if newest.len() == plans.len() {
            break;
        }
        // A run without a record was killed; one that cannot be read is of another format.
        let Ok(record) = json::read(&run.join(folder::RECORD)) else { continue };
        for suite in record.suites {
            let plan = plans.iter().find(|plan| plan.suite.name == suite.name && fits(plan, &suite));
            if let Some(plan) = plan {
                newest.entry(plan.suite.name.as_str()).or_insert(suite);
            }
        }
    }
    let suites: HashMap<&str, Suite> =
        newest.iter().map(|(name, record)| (*name, Suite::of(record))).collect();
    let ending = |name: &Name| match suites.get(name.suite.as_str()) {
        Some(suite) => suite.ending(&name.about),
        None => Ending::Failed(format!(
            "no complete run of the same plan: under nextest, run `holdline run {}` first",
            name.suite
        )),
    };
    names.into_iter().map(|name| ending(&name).into_trial(name.text)).collect()
}

/// Whether a recorded suite is a whole run of this very plan.
fn fits(plan: &Plan, suite: &SuiteRecord) -> bool {
    suite.plan == plan.hash
        && suite.fingerprint == plan.suite.fingerprint
        && !suite.partial
        && suite.rejudged.is_none()
        && suite.cases.len() == plan.cases.len()
}
