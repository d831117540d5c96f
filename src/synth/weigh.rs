//! What is done with drafts that passed the filter, where it is asked for: a program verifies them, questions are
//! solved again, models score them, and of several the best are kept.

use super::ask::AsksJson;
use super::draft::{Brief, Draft};
use super::select::Rejection;
use super::select::constitution::Constitution;
use super::select::scores::{Axis, Scored, Thresholds, score};
use super::select::solve::{Solving, settle, solve};
use super::select::verify::Verifier;
use crate::expand::Reason;
use crate::model::{Unanswered, UnansweredKind};
use crate::suite::as_text;
use std::collections::BTreeMap;

/// The name under which the share of principles that are held stands among the scores.
const CONSTITUTION: &str = "constitution";

/// What is done with drafts that passed the filter. Nothing by default.
#[derive(Debug, Default)]
pub struct Weighing {
    /// What models score; none: nothing is scored.
    pub axes: Vec<Axis>,
    /// The least score on each axis. Only for axes that are scored.
    pub thresholds: BTreeMap<Axis, f64>,
    /// The model that scores, by the project's name for it; without one each time the one whose turn it is.
    pub scorer: Option<String>,
    /// Principles that drafts are held to.
    pub constitution: Option<Constitution>,
    /// Of so many candidates for each that is wanted, the best is kept. At least 1; needs scores.
    pub best_of: usize,
    /// The mean quality that is to be reached, 0 to 1: the worst are taken out until it is. Needs scores.
    pub quality: Option<f64>,
    /// A program that verifies drafts.
    pub verifier: Option<Verifier>,
    /// How often a question is solved again, and whether another route must lead there too.
    pub solve: Option<(u32, bool)>,
}

/// What a draft was found to be.
#[derive(Debug, Clone, PartialEq)]
pub struct Weighed {
    /// The draft, with a reference answer where one was found.
    pub draft: Draft,
    /// Its scores.
    pub scored: Option<Scored>,
    /// Scores by name, those of principles among them.
    pub scores: BTreeMap<String, f64>,
    /// Reasons of scores by name. Untrusted.
    pub reasons: BTreeMap<String, String>,
    /// Codes of what it passed.
    pub passed: Vec<String>,
}

/// Why a draft is not kept.
#[derive(Debug, Clone, PartialEq)]
pub enum Unkept {
    /// It is not good enough.
    Rejected(Rejection),
    /// Nothing more may be asked: it is looked at when it may.
    NotAsked(Unanswered),
}

impl From<Rejection> for Unkept {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection)
    }
}

impl Weighing {
    /// Whether anything is done.
    pub fn any(&self) -> bool {
        !self.axes.is_empty()
            || self.constitution.is_some()
            || self.verifier.is_some()
            || self.solve.is_some()
    }

    /// Does what is asked for, the cheapest first.
    pub async fn weigh(
        &self,
        asks: &dyn AsksJson,
        (suite, brief): (&str, &Brief),
        draft: Draft,
    ) -> Result<Weighed, Unkept> {
        let mut weighed = Weighed {
            draft,
            scored: None,
            scores: BTreeMap::new(),
            reasons: BTreeMap::new(),
            passed: Vec::new(),
        };
        let model = self.scorer.as_deref();
        if let Some(verifier) = &self.verifier {
            verifier.verify(suite, &brief.scenario.id, &weighed.draft).await.hold()?;
            weighed.passed.push(Reason::Unverified.code().to_owned());
        }
        if let Some((samples, second)) = self.solve {
            let question = as_text(&weighed.draft.input);
            let solving = Solving { samples, second, model: None };
            let found = solve(asks, &question, &brief.documents, solving).await;
            let reference = found.map_err(|unanswered| unasked(unanswered, Reason::Disagreed))?;
            settle(&mut weighed.draft, &reference)?;
            weighed.passed.push(Reason::Disagreed.code().to_owned());
        }
        if !self.axes.is_empty() {
            let scored = score(asks, brief, &weighed.draft, &self.axes, model).await;
            let scored = scored.map_err(|unanswered| unasked(unanswered, Reason::LowScore))?;
            Thresholds(self.thresholds.clone()).hold(&scored)?;
            weighed.scores.extend(scored.by_name());
            weighed.reasons.extend(scored.reasons());
            weighed.passed.push(Reason::OutOfScope.code().to_owned());
            weighed.scored = Some(scored);
        }
        if let Some(constitution) = &self.constitution {
            let held = constitution.judge(asks, brief, &weighed.draft, model).await;
            let held = held.map_err(|unanswered| unasked(unanswered, Reason::LowScore))?;
            constitution.hold(&held)?;
            weighed.scores.extend(held.score().map(|score| (CONSTITUTION.to_owned(), score)));
            let told = |(id, why): (&String, &String)| (format!("{CONSTITUTION}: {id}"), why.clone());
            weighed.reasons.extend(held.broken.iter().chain(&held.undecided).map(told));
        }
        if !weighed.scores.is_empty() {
            weighed.passed.push(Reason::LowScore.code().to_owned());
        }
        Ok(weighed)
    }
}

/// What there is no reply about is not let in; what was not asked is no rejection.
fn unasked(unanswered: Unanswered, reason: Reason) -> Unkept {
    if unanswered.kind == UnansweredKind::NotAsked {
        return Unkept::NotAsked(unanswered);
    }
    Unkept::Rejected(Rejection { reason, why: format!("nobody said how good it is: {unanswered}") })
}
