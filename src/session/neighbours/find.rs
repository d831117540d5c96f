//! The case that somebody names, with its suite and all that is known of it.

use super::NeighboursError;
use crate::distil::promote::KnownCase;
use crate::expand::{Case, CaseId, Expansion};
use crate::report::escape::terminal_line;
use crate::session::begin::{case_errors, suites};
use crate::session::{Options, SessionError};
use crate::suite::nearest::nearest;
use crate::suite::project::Project;
use crate::suite::{Diagnostics, Suite};
use std::fmt::Write as _; // to strings, which cannot fail
use std::sync::Arc;

/// How many cases are named where a text fits several.
const NAMED: usize = 10;

/// The suites of a project with their cases as they are known.
pub struct Plans {
    /// The project file.
    pub project: Project,
    /// The suites.
    pub suites: Vec<Arc<Suite>>,
    /// The cases of each.
    pub known: Vec<Vec<KnownCase>>,
    /// Names of the cases, by suite, beside them.
    names: Vec<Vec<String>>,
}

/// A case that was named.
pub struct Found {
    /// The project file.
    pub project: Project,
    /// Its suite.
    pub suite: Arc<Suite>,
    /// The case.
    pub case: Case,
    /// Its seed; the case itself where it is one, and none where the suite does not ask its seed.
    pub seed: Option<Case>,
    /// All cases of the suite.
    pub known: Vec<KnownCase>,
}

impl Plans {
    /// Loads the suites and makes their cases. Touches no network.
    pub fn load(options: &Options) -> Result<Self, SessionError> {
        let options = Options { live: true, ..options.clone() };
        let (project, suites) = suites(&options)?;
        let (mut known, mut names, mut out) = (Vec::new(), Vec::new(), Diagnostics::default());
        for suite in &suites {
            let (mut cases, mut own) = (Vec::new(), Vec::new());
            let made = Expansion::new(suite).and_then(|expansion| {
                expansion.visit(&mut |case| {
                    own.push(format!("{}::{}::{}", suite.name, suite.scenarios[case.scenario].id, case.name));
                    cases.push(KnownCase::of(&case));
                })
            });
            if let Err(errors) = made {
                case_errors(&options.root, &errors, &mut out);
            }
            known.push(cases);
            names.push(own);
        }
        out.or(())?;
        Ok(Self { project, suites: suites.into_iter().map(Arc::new).collect(), known, names })
    }

    /// The places of the cases that a text fits, suite and case: by the beginning of the id, else by name or input.
    pub fn places(&self, text: &str) -> Vec<(usize, usize)> {
        let all = || {
            self.known
                .iter()
                .enumerate()
                .flat_map(|(suite, cases)| (0..cases.len()).map(move |at| (suite, at)))
        };
        let by_id: Vec<_> =
            all().filter(|(suite, at)| self.known[*suite][*at].id.to_string().starts_with(text)).collect();
        if !by_id.is_empty() && !text.is_empty() {
            return by_id;
        }
        all()
            .filter(|(suite, at)| {
                self.names[*suite][*at].contains(text) || self.known[*suite][*at].text.contains(text)
            })
            .collect()
    }

    /// The scenario of this name, as `scenario` or `suite::scenario`: the places of its suite, and in it. Else what
    /// is wrong with the name.
    pub fn scenario(&self, name: &str) -> Result<(usize, usize), String> {
        let (suite, id) = match name.split_once("::") {
            Some((suite, id)) => (Some(suite), id),
            None => (None, name),
        };
        let suites =
            self.suites.iter().enumerate().filter(|(_, of)| suite.is_none_or(|name| of.name == name));
        let all = suites
            .flat_map(|(at, of)| of.scenarios.iter().enumerate().map(move |(place, of)| (at, place, of)));
        let all: Vec<_> = all.collect();
        let named = all.iter().filter(|(_, _, of)| of.id == id || of.spec.name == id);
        let found: Vec<(usize, usize)> = named.map(|(at, place, _)| (*at, *place)).collect();
        match found[..] {
            [one] => Ok(one),
            [] => {
                let known = nearest(id, all.iter().map(|(_, _, of)| of.id.as_str()));
                let meant = known.map_or_else(
                    || "`holdline list` prints the scenarios in the names of their cases".to_owned(),
                    |known| format!("did you mean `{known}`?"),
                );
                Err(format!("there is no scenario `{}`; {meant}", terminal_line(name)))
            }
            _ => {
                let id = terminal_line(id);
                Err(format!("several suites have a scenario `{id}`: write it as `suite::{id}`"))
            }
        }
    }

    /// Says that a text fits several cases, naming as many as fit on a screen.
    pub fn ambiguous(&self, places: &[(usize, usize)], text: &str) -> String {
        let mut message = format!("{} cases fit `{}`:", places.len(), terminal_line(text));
        for (suite, at) in places.iter().take(NAMED) {
            let (id, name) = (self.known[*suite][*at].id, terminal_line(&self.names[*suite][*at]));
            let _ = write!(message, "\n  {id}  {name}");
        }
        if places.len() > NAMED {
            let _ = write!(message, "\n  and {} more", places.len() - NAMED);
        }
        message
    }

    /// A case of a suite, with its seed, made whole.
    pub fn whole(&self, suite: usize, id: CaseId) -> (Option<Case>, Option<Case>) {
        let (mut case, mut seed) = (None, None);
        let family = self.known[suite].iter().find(|of| of.id == id).map(|of| of.family);
        // Made once already, so that it can be made.
        let _ = Expansion::new(&self.suites[suite]).and_then(|expansion| {
            expansion.visit(&mut |of| {
                if Some(of.id) == family {
                    seed = Some(of.clone());
                }
                if of.id == id {
                    case = Some(of);
                }
            })
        });
        (case, seed)
    }
}

/// What is to be probed: a scenario, by its name or by a case of it.
pub struct Scene {
    /// The project file.
    pub project: Project,
    /// The suite.
    pub suite: Arc<Suite>,
    /// The scenario, by its place.
    pub scenario: usize,
    /// The family that is probed first, where a case was named.
    pub family: Option<CaseId>,
    /// All cases of the suite.
    pub known: Vec<KnownCase>,
}

/// Finds the scenario that a text names, or that of the case that it names.
pub fn find_scene(options: &Options, text: &str) -> Result<Scene, NeighboursError> {
    let plans = Plans::load(options)?;
    let ((suite, scenario), family) = match (plans.scenario(text), &plans.places(text)[..]) {
        (Ok(found), _) => (found, None),
        (Err(_), &[(suite, at)]) => {
            let known = &plans.known[suite][at];
            ((suite, known.scenario), Some(known.family))
        }
        (Err(wrong), []) => {
            return Err(NeighboursError::Usage(format!(
                "no case fits `{}`, and {wrong}",
                terminal_line(text)
            )));
        }
        (_, several) => return Err(NeighboursError::Usage(plans.ambiguous(several, text))),
    };
    let Plans { project, mut suites, mut known, .. } = plans;
    Ok(Scene { project, suite: suites.swap_remove(suite), scenario, family, known: known.swap_remove(suite) })
}

/// Finds the case that a text names: an id, the beginning of one, or a part of a name or an input.
pub fn find(options: &Options, text: &str) -> Result<Found, NeighboursError> {
    let plans = Plans::load(options)?;
    let places = plans.places(text);
    let [(suite, at)] = places[..] else {
        return Err(NeighboursError::Usage(if places.is_empty() {
            format!(
                "no case of the suites has `{}` in its id, name or input; `holdline list` prints the cases",
                terminal_line(text)
            )
        } else {
            plans.ambiguous(&places, text)
        }));
    };
    let id = plans.known[suite][at].id;
    let (Some(case), seed) = plans.whole(suite, id) else {
        return Err(NeighboursError::Usage(format!("case {id} cannot be made any more; try again")));
    };
    let Plans { project, mut suites, mut known, .. } = plans;
    Ok(Found { project, suite: suites.swap_remove(suite), case, seed, known: known.swap_remove(suite) })
}
