//! The judges of a suite that are models, made ready to be asked.

use super::judges::{NoModel, clients, ready};
use super::options::SessionError;
use crate::gate::{Problem, ProblemKind};
use crate::judge::model::{Asks, Chair, Seat, Terms};
use crate::suite::Suite;
use crate::suite::project::Project;
use std::sync::Arc;

/// The judges of a suite, each with its model; or why one cannot be asked, which keeps the suite from being
/// decided.
pub fn seats(
    suite: &Suite,
    project: &Arc<Project>,
    asks: &Arc<dyn Asks>,
    lookup: impl Fn(&str) -> Option<String>,
) -> Result<Result<Vec<Seat>, Problem>, SessionError> {
    let mut seats = Vec::with_capacity(suite.judges.len());
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
        };
        seats.push(Seat::taken(&judge.name, chair));
    }
    Ok(Ok(seats))
}

fn not_there(suite: &Suite, missing: &NoModel) -> Problem {
    Problem { kind: ProblemKind::Credentials, message: format!("suite `{}`: {missing}", suite.name) }
}
