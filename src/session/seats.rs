//! The judges of a suite that are models, made ready to be asked.

use super::canary::regrade;
use super::judges::{NoModel, clients, ready};
use super::options::SessionError;
use crate::baseline::Store;
use crate::expand::CaseId;
use crate::gate::{Problem, ProblemKind};
use crate::judge::model::{Asks, Chair, Regraded, Seat, Standing, Terms};
use crate::run::Judged;
use crate::suite::Suite;
use crate::suite::judges::JudgeDefinition;
use crate::suite::project::Project;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// The judges of a suite, each with its model; or why one cannot be asked, which keeps the suite from being
/// decided.
pub fn seats(
    suite: &Suite,
    project: &Arc<Project>,
    asks: &Arc<dyn Asks>,
    store: &Store,
    lookup: impl Fn(&str) -> Option<String>,
) -> Result<Result<Vec<Seat>, Problem>, SessionError> {
    let mut seats = Vec::with_capacity(suite.judges.len());
    let compares = suite.judges.iter().any(JudgeDefinition::compares);
    let accepted = Arc::new(if compares { accepted(suite, store)? } else { HashMap::new() });
    for judge in &suite.judges {
        let clients = match clients(project, judge, &lookup)? {
            Ok(clients) => clients,
            Err(missing) => return Ok(Err(not_there(suite, &missing))),
        };
        let terms = Terms::of(judge).map_err(|error| SessionError::Usage(error.to_string()))?;
        let chair = Chair {
            judge: ready(judge, &clients, asks.clone())?,
            standing: terms.standing,
            project: project.clone(),
            accepted: accepted.clone(),
        };
        seats.push(Seat::taken(&judge.name, chair));
    }
    Ok(Ok(seats))
}

/// What the judges of a run said of their canaries, each asked once a run.
#[derive(Debug, Default)]
pub struct Canaries(tokio::sync::Mutex<BTreeMap<String, Regraded>>);

impl Canaries {
    /// Asks the judges of a suite that gate and have a canary about it, past every cache, and tells of the first
    /// that is not what it was. What each came to is put into `told`, by the judge's name.
    pub async fn watch(
        &self,
        suite: &Suite,
        project: &Project,
        asks: &Arc<dyn Asks>,
        told: &mut BTreeMap<String, String>,
        lookup: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<Problem>, SessionError> {
        let mut known = self.0.lock().await;
        let mut problem = None;
        for judge in &suite.judges {
            let Some(canary) = &judge.frozen else { continue };
            let terms = Terms::of(judge).map_err(|error| SessionError::Usage(error.to_string()))?;
            if terms.standing != Standing::Gates {
                continue;
            }
            if !known.contains_key(&judge.name) {
                // Told already where it is not there.
                let Ok(clients) = clients(project, judge, &lookup)? else { continue };
                let asked = ready(judge, &clients, asks.clone())?;
                known.insert(judge.name.clone(), regrade(asked, canary, &terms.fingerprint).await);
            }
            let Some(regraded) = known.get(&judge.name) else { continue };
            told.insert(judge.name.clone(), regraded.told());
            if let Some(why) = regraded.verdict.reason() {
                let message = format!("judge `{}`: {why}", judge.name);
                problem.get_or_insert(Problem { kind: ProblemKind::Judge, message });
            }
        }
        Ok(problem)
    }
}

/// The judges of a suite that another model answered for than when they were checked.
pub fn answered_by_others(suite: &Suite, judged: &Judged) -> Vec<Problem> {
    let mut problems = Vec::new();
    for judge in &suite.judges {
        let Ok(terms) = Terms::of(judge) else { continue };
        let now = judged.of(&judge.name).models;
        let others: Vec<&str> = now
            .iter()
            .map(String::as_str)
            .filter(|model| !terms.models.iter().any(|of| of == model))
            .collect();
        if terms.standing == Standing::Gates && !terms.models.is_empty() && !others.is_empty() {
            let name = &judge.name;
            let message = format!(
                "judge `{name}` was checked with `{}`, and `{}` answers now: what it says is not comparable; \
                 `holdline judge check {name}` says whether it may gate, and `holdline rejudge {}` lets it judge \
                 the accepted answers",
                terms.models.join("`, `"),
                others.join("`, `"),
                suite.name
            );
            problems.push(Problem { kind: ProblemKind::Judge, message });
        }
    }
    problems
}

/// What keeps a suite's judges from being asked: a model that nobody describes, or a key that is not set.
pub fn missing(
    suite: &Suite,
    project: &Project,
    lookup: impl Fn(&str) -> Option<String>,
) -> Result<Option<Problem>, SessionError> {
    for judge in &suite.judges {
        if let Err(missing) = clients(project, judge, &lookup)? {
            return Ok(Some(not_there(suite, &missing)));
        }
    }
    Ok(None)
}

fn not_there(suite: &Suite, missing: &NoModel) -> Problem {
    Problem { kind: ProblemKind::Credentials, message: format!("suite `{}`: {missing}", suite.name) }
}

/// The answers accepted with the baseline of a suite; none where there is none.
fn accepted(suite: &Suite, store: &Store) -> Result<HashMap<CaseId, String>, SessionError> {
    let Some(baseline) = store.load(&suite.name)? else { return Ok(HashMap::new()) };
    Ok(store.outputs(&suite.name, &baseline.run, |_| true)?)
}
