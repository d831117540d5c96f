//! The judges of a suite that are models, made ready to be asked.

use super::judges::{NoModel, clients, ready};
use super::options::SessionError;
use crate::baseline::Store;
use crate::expand::CaseId;
use crate::gate::{Problem, ProblemKind};
use crate::judge::model::{Asks, Chair, Seat, Terms};
use crate::suite::Suite;
use crate::suite::judges::JudgeDefinition;
use crate::suite::project::Project;
use std::collections::HashMap;
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

fn not_there(suite: &Suite, missing: &NoModel) -> Problem {
    Problem { kind: ProblemKind::Credentials, message: format!("suite `{}`: {missing}", suite.name) }
}

/// The answers accepted with the baseline of a suite; none where there is none.
fn accepted(suite: &Suite, store: &Store) -> Result<HashMap<CaseId, String>, SessionError> {
    let Some(baseline) = store.load(&suite.name)? else { return Ok(HashMap::new()) };
    let found = store.answers(&suite.name, &baseline.run)?.found();
    let cases = found.map(|answers| answers.cases).unwrap_or_default();
    Ok(cases.into_iter().filter_map(|(case, answer)| Some((case, answer.output?))).collect())
}
