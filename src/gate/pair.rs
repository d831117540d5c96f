//! Step 1: pairs the cases of a run with those of its baseline.

use super::places::Places;
use super::procedure::Scores;
use super::{Flip, GateInput};
use crate::baseline::{Accepted, AcceptedCase, AcceptedCases, Baseline};
use crate::expand::CaseId;
use crate::judge::Outcome;
use crate::metric::{AnswerFacts, CaseFacts, Table};
use crate::suite::schema::TargetErrors;

/// Fewest of the baseline's graded cases that must be paired, in per cent.
pub(super) const MIN_PAIRED_PERCENT: usize = 80;

/// Most runs that are compared: the newest of the baseline, and of the candidate as many as there is room for.
const MOST_RUNS: usize = 128;

/// A case that both the run and the baseline have.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair<'a> {
    /// Its place among the cases of the input.
    pub index: usize,
    /// What it was.
    pub accepted: AcceptedCase<'a>,
    table: &'a Table,
    /// Which of its confirmations stands for its answers, where one does.
    again: Option<usize>,
}

/// Where a case is among those of the input, and among those of the baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub index: u32,
    accepted: u32,
}

/// Some of the cases that both have.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pairs<'a> {
    table: &'a Table,
    accepted: &'a AcceptedCases,
    places: &'a [Place],
    again: Option<usize>,
}

impl<'a> Pairs<'a> {
    pub fn iter(self) -> impl ExactSizeIterator<Item = Pair<'a>> + Clone {
        let Self { table, accepted, places, again } = self;
        places.iter().map(move |place| {
            let accepted = accepted.at(place.accepted as usize);
            Pair { index: place.index as usize, accepted, table, again }
        })
    }

    /// Others of the same cases.
    pub const fn at(self, places: &'a [Place]) -> Self {
        Self { places, ..self }
    }

    /// The same cases by one of their confirmations.
    pub const fn asked_again(self, run: usize) -> Self {
        Self { again: Some(run), ..self }
    }
}

/// The runs of both arms, as many as any pair has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Arms {
    pub base: usize,
    pub cand: usize,
}

/// What a case came to in one run of either arm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Run<'a> {
    pub outcome: Accepted,
    /// Whether it was asked at all.
    pub asked: bool,
    pub label: Option<&'a str>,
    pub number: Option<f64>,
}

impl Arms {
    pub const fn runs(self) -> usize {
        self.base + self.cand
    }

    fn of(pairs: Pairs<'_>) -> Self {
        let base = pairs.iter().map(|pair| pair.accepted.runs().len()).max().unwrap_or(0);
        let cand = pairs.iter().map(|pair| pair.runs_now()).max().unwrap_or(0);
        Self { base, cand: cand.min(MOST_RUNS - base.min(MOST_RUNS)) }
    }
}

impl<'a> Pair<'a> {
    /// What is known of it.
    pub fn case(&self) -> CaseFacts<'a> {
        self.table.case(self.index)
    }

    /// How many runs of the candidate it has.
    pub fn runs_now(&self) -> usize {
        if self.again.is_some() { 1 } else { self.table.repeats(self.index) }
    }

    /// The candidate's runs of it.
    pub fn answers(&self) -> impl Iterator<Item = AnswerFacts<'a>> + Clone + use<'a> {
        let (own, skipped, again) = match self.again {
            None => (usize::MAX, 0, 0),
            Some(run) => (0, run, 1),
        };
        let confirmations = self.table.confirmations(self.index).skip(skipped).take(again);
        self.table.answers(self.index).take(own).chain(confirmations)
    }

    /// What most of the accepted runs came to; the newest where as many pass as do not, or none is graded.
    pub fn before(&self) -> Accepted {
        let count = |wanted: fn(Accepted) -> bool| self.accepted.outcomes().filter(|of| wanted(*of)).count();
        let passed = count(|outcome| outcome == Accepted::Pass);
        let failed = count(|outcome| matches!(outcome, Accepted::Fail | Accepted::Error));
        if passed == failed {
            return self.accepted.latest();
        }
        let majority = |outcome: &Accepted| match outcome {
            Accepted::Pass => passed > failed,
            Accepted::Fail | Accepted::Error => failed > passed,
            Accepted::Ungraded => false,
        };
        self.accepted.outcomes().rev().find(majority).unwrap_or(Accepted::Ungraded)
    }

    /// The outcome now.
    pub fn now(&self) -> Accepted {
        Accepted::from(self.table.outcome(self.index))
    }

    /// How the case moved; `None` also where it is graded on one side only.
    pub fn flip(&self, errors: TargetErrors) -> Option<Flip> {
        match (self.before().passed(errors)?, self.now().passed(errors)?) {
            (true, false) => Some(Flip::Broke),
            (false, true) => Some(Flip::Fixed),
            _ => None,
        }
    }

    /// Its scores by a metric, by run, as [`runs`](Self::runs) counts them.
    pub fn scores(&self, arms: Arms, metric: &str) -> Vec<(usize, Option<f64>)> {
        let first = arms.base - self.accepted.runs().len();
        let base = self.accepted.scores(metric).enumerate().map(|(at, score)| (first + at, score));
        let now = self.answers().take(arms.cand).map(|run| run.scores.get(metric));
        base.chain(now.enumerate().map(|(at, score)| (arms.base + at, score))).collect()
    }

    /// Its runs with their numbers over both arms: the newest of the baseline stand last before the
    /// candidate's, so that runs of one acceptance have one number.
    pub fn runs(&self, arms: Arms) -> impl Iterator<Item = (usize, Run<'a>)> + use<'a> {
        let accepted = self.accepted.runs();
        let first = arms.base - accepted.len();
        let base = accepted.enumerate().map(move |(at, run)| {
            let run = Run { outcome: run.outcome, asked: true, label: run.label, number: run.number };
            (first + at, run)
        });
        let cand = self.answers().take(arms.cand).enumerate().map(move |(at, run)| {
            let asked = run.outcome != Outcome::Skipped;
            let outcome = Accepted::from(run.outcome);
            (arms.base + at, Run { outcome, asked, label: run.label, number: run.number })
        });
        base.chain(cand)
    }
}

/// The runs in which a case stays in the comparison, of those in which it is graded: none where it is ungraded
/// in any of the candidate's, or in more than half of those that the baseline has of it.
pub(super) fn kept_runs(graded: u128, own: u128, scores: &Scores) -> Option<u128> {
    let (base, cand) = (scores.base_runs(), scores.cand_runs());
    let all_now = graded & cand == own & cand && own & cand != 0;
    let (before, of) = ((graded & base).count_ones(), (own & base).count_ones());
    if all_now && before > 0 && 2 * before >= of { Some(graded) } else { None }
}

/// The cases of a run beside those of its baseline.
#[derive(Debug)]
pub(super) struct Pairing<'a> {
    table: &'a Table,
    accepted: &'a AcceptedCases,
    /// Cases on both sides, in the order of the plan; those in quarantine left out.
    pub places: Vec<Place>,
    /// The runs of both arms.
    pub arms: Arms,
    /// Cases that the baseline does not have.
    pub added: Vec<CaseId>,
    /// Cases that the plan does not have; none for a partial run.
    pub removed: Vec<CaseId>,
    /// Cases graded in the baseline.
    pub gradable: usize,
    /// Pairs graded on both sides.
    pub graded: usize,
    /// Cases in quarantine.
    pub quarantined: usize,
}

impl<'a> Pairing<'a> {
    pub fn of(input: &GateInput<'a>, baseline: &'a Baseline) -> Self {
        let errors = input.spec.target_errors;
        let (table, accepted) = (input.table, &baseline.cases);
        let mut places = Vec::new();
        let mut added = Vec::new();
        // Cases of the baseline that the plan has, and those of them that are in quarantine.
        let (mut planned, mut aside) = (Places::default(), Places::default());
        let mut quarantined = 0;
        for index in 0..table.len() {
            let id = table.id(index);
            let place = accepted.place(id);
            if let Some(place) = place {
                planned.insert(place);
            }
            if table.case(index).quarantined {
                quarantined += 1;
                aside.extend(place);
            } else if let Some(place) = place {
                places.push(Place { index: short(index), accepted: short(place) });
            } else {
                added.push(id);
            }
        }
        let removed = if input.partial || table.len() < input.planned {
            Vec::new()
        } else {
            let gone = accepted.ids().iter().enumerate().filter(|(place, _)| !planned.contains(*place));
            gone.map(|(_, id)| *id).collect()
        };
        let was_graded = |accepted: AcceptedCase<'_>| {
            let outcomes = accepted.outcomes();
            let runs = outcomes.len().max(1);
            2 * outcomes.filter(|outcome| outcome.passed(errors).is_some()).count() >= runs
        };
        let gradable = (0..accepted.len())
            .filter(|place| !aside.contains(*place) && was_graded(accepted.at(*place)))
            .count();
        let pairs = Pairs { table, accepted, places: &places, again: None };
        let is_graded = |pair: &Pair<'_>| {
            let now = |run: AnswerFacts<'_>| Accepted::from(run.outcome).passed(errors).is_some();
            was_graded(pair.accepted) && pair.answers().all(now)
        };
        let graded = pairs.iter().filter(is_graded).count();
        let arms = Arms::of(pairs);
        Self { table, accepted, places, arms, added, removed, gradable, graded, quarantined }
    }

    /// The cases on both sides.
    pub fn pairs(&self) -> Pairs<'_> {
        Pairs { table: self.table, accepted: self.accepted, places: &self.places, again: None }
    }

    /// The places of the cases on both sides by their scenarios, of which there are so many; those of one in
    /// their order.
    pub fn by_scenario(&self, scenarios: usize) -> Vec<Vec<Place>> {
        let mut counts = vec![0; scenarios];
        let scenario = |place: &Place| self.table.scenario(place.index as usize);
        for place in &self.places {
            if let Some(count) = counts.get_mut(scenario(place)) {
                *count += 1;
            }
        }
        let mut all: Vec<Vec<Place>> = counts.into_iter().map(Vec::with_capacity).collect();
        for place in &self.places {
            if let Some(own) = all.get_mut(scenario(place)) {
                own.push(*place);
            }
        }
        all
    }

    /// Whether enough of what the baseline graded is graded again. A case that was graded and is not any
    /// more is lost coverage just as one that was renamed.
    pub fn suffices(&self) -> bool {
        self.gradable > 0 && self.graded * 100 >= self.gradable * MIN_PAIRED_PERCENT
    }

    /// What is in neither arm of the comparison, in a sentence; `None` where nothing is left out.
    pub fn note(&self) -> Option<String> {
        let ungraded = self.places.len() - self.graded;
        let parts: Vec<String> = [
            (self.added.len(), "added"),
            (self.removed.len(), "removed"),
            (ungraded, "ungraded on a side"),
            (self.quarantined, "in quarantine"),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
        (!parts.is_empty()).then(|| {
            format!(
                "{} cases are paired with the baseline; in neither arm: {}",
                self.graded,
                parts.join(", ")
            )
        })
    }
}

/// A place in 32 bits, which all cases are counted in.
fn short(at: usize) -> u32 {
    u32::try_from(at).expect("cases are counted in 32 bits")
}
