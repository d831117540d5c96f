//! Asks generators for what is wanted, round by round, until it is there or nothing more may be asked.

use super::ask::AsksJson;
use super::batch::{Cut, Stops, Task, all, ask_all};
use super::candidate::Candidate;
use super::grounds::Ground;
use super::harvest::{Harvest, Kept, Work};
use super::knobs::Values;
use super::outcome::{Covered, End, Outcome, Round};
use super::plan::{Grid, Plan, Wishes};
use super::prompt::PromptFile;
use super::requests::{Request, RequestError, Requests};
use super::rotation::{ACCOUNT, Rotation};
use super::select::Sieve;
use super::select::progress::{self, Progress, Standing, Targets};
use super::weigh::Weighing;
use crate::expand::covering::CoveringError;
use crate::model::UnansweredKind;
use crate::run::Over;
use crate::suite::Suite;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Why asking could not be begun, or ended.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// A request cannot be made.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// What is covered cannot be told.
    #[error(transparent)]
    Covering(#[from] CoveringError),
}

/// Everything that asking needs.
#[derive(Debug)]
pub struct Engine<'a> {
    /// The suite.
    pub suite: &'a Suite,
    /// What there is of its scenarios.
    pub grounds: &'a [Ground],
    /// What is wanted.
    pub wishes: &'a Wishes,
    /// How it is shared out.
    pub plan: Plan,
    /// The models.
    pub rotation: Arc<Rotation>,
    /// Requests at the same time.
    pub at_once: usize,
    /// The user's own prompts, by the generator's name.
    pub prompts: BTreeMap<&'static str, PromptFile>,
    /// What waits for review already.
    pub waiting: &'a [Candidate],
    /// What is done with drafts that passed the filter.
    pub weighing: Arc<Weighing>,
    /// Rounds at most.
    pub rounds: usize,
}

impl Engine<'_> {
    /// The requests of the first round. Nothing is asked.
    pub fn first(&self) -> Result<Vec<Request>, RequestError> {
        let mut requests = Vec::new();
        let mut source = Requests::new(self.suite, self.grounds, self.wishes, &self.rotation, &self.prompts);
        for unit in self.plan.units.iter().enumerate() {
            source.add(&mut requests, unit, unit.1.share * self.weighing.best_of.max(1), &[])?;
        }
        Ok(requests)
    }

    /// Asks, and lets through `sieve` what is good. `each` hears of every reply, with how many requests its round
    /// has.
    pub async fn run(
        mut self,
        sieve: Sieve,
        stops: &Stops,
        each: &(dyn Fn(usize) + Sync),
    ) -> Result<Outcome, EngineError> {
        let Plan { units, grids, warnings } = std::mem::take(&mut self.plan);
        let wanted = units.iter().map(|unit| unit.share).sum();
        let mut progress = Progress::new(Targets {
            count: wanted,
            coverage: self.wishes.coverage,
            quality: self.weighing.quality,
            rounds: self.rounds.max(1),
            ..Targets::default()
        });
        let mut works: Vec<Work> = units.into_iter().map(Work::new).collect();
        let mut harvest = Harvest::new(self.suite, sieve, self.waiting);
        let mut source = Requests::new(self.suite, self.grounds, self.wishes, &self.rotation, &self.prompts);
        let asks: Arc<dyn AsksJson> = self.rotation.clone();
        let mut rounds = Vec::new();
        let end = loop {
            let mut requests = Vec::new();
            for (at, work) in works.iter().enumerate() {
                let missing = work.unit.share.saturating_sub(work.delivered) * self.weighing.best_of.max(1);
                let there = harvest.texts(&self.suite.scenarios[work.unit.scenario].id);
                source.add(&mut requests, (at, &work.unit), missing, &there)?;
            }
            let count = requests.len();
            let jobs = requests.iter().map(|request| request.job.clone()).collect();
            let (replies, cut) = ask_all(&asks, jobs, self.at_once, stops, &|| each(count)).await;
            let before = harvest.yields.all.clone();
            harvest.take(&mut works, requests.into_iter().zip(replies).collect());
            let cut = cut.or(self.winnow(&mut harvest, &mut works, (cut.is_none(), stops)).await);
            let now = &harvest.yields.all;
            rounds.push(Round {
                asked: now.requested - before.requested,
                delivered: now.delivered.saturating_sub(before.delivered),
            });
            let covered = coverage(self.suite, &grids, &works)?;
            let sum = |part: fn(&Covered) -> usize| covered.iter().map(part).sum();
            let over = self.over(cut, harvest.errors.contains_key(&UnansweredKind::NotAsked));
            let ended = progress.after(Standing {
                delivered: works.iter().map(|work| work.delivered.min(work.unit.share)).sum(),
                covered: (sum(|of| of.coverage.covered), sum(|of| of.coverage.required)),
                quality: harvest.quality(),
                is_spent: over.is_some(),
            });
            match (ended, over) {
                (Some(progress::End::Reached), _) => break End::Reached,
                (_, Some(over)) => break over,
                (Some(progress::End::StoppedRising { .. }), None) => break End::StoppedRising,
                (Some(progress::End::Rounds | progress::End::Budget), None) => break End::Rounds,
                (None, None) => {}
            }
        };
        let tally = self.rotation.tally().all();
        let model = |name: &str| (name.to_owned(), tally.get(name).cloned().unwrap_or_default());
        Ok(Outcome {
            suite: self.suite.name.clone(),
            wanted,
            coverage: coverage(self.suite, &grids, &works)?,
            barren: works.iter().filter_map(|work| work.barren(self.suite)).collect(),
            scores: harvest.scores(),
            waiting: harvest.again + harvest.kept.iter().filter(|kept| kept.waited).count(),
            yields: harvest.yields,
            errors: harvest.errors,
            models: self.rotation.names().map(model).collect(),
            rounds,
            end,
            warnings,
            examples: harvest.examples,
            candidates: harvest.kept.into_iter().map(|kept| kept.candidate).collect(),
        })
    }

    /// Weighs what was let in last, and keeps what is worth it. Where the round was cut short nothing more is
    /// asked: what was let in is weighed when it goes on.
    async fn winnow(
        &self,
        harvest: &mut Harvest<'_>,
        works: &mut [Work],
        (goes_on, stops): (bool, &Stops),
    ) -> Option<Cut> {
        if !self.weighing.any() {
            return None;
        }
        let asks: Arc<dyn AsksJson> = self.rotation.clone();
        let task = |kept: &Kept| -> Task<_> {
            let (asks, weighing) = (asks.clone(), self.weighing.clone());
            let (suite, brief, draft) = (self.suite.name.clone(), kept.brief.clone(), kept.draft.clone());
            Box::pin(async move { weighing.weigh(&*asks, (&suite, &brief), draft).await })
        };
        let fresh = &harvest.kept[harvest.fresh..];
        let (weighed, cut) = if goes_on {
            all(fresh.iter().map(task).collect(), self.at_once, stops, &|| ()).await
        } else {
            (fresh.iter().map(|_| None).collect(), None)
        };
        harvest.winnow(works, &self.weighing, weighed);
        cut
    }

    /// What forbids to ask any more, where `refused` says that something was not asked.
    fn over(&self, cut: Option<Cut>, refused: bool) -> Option<End> {
        if let Some(why) = self.rotation.broken() {
            return Some(End::Broken { why: why.to_owned() });
        }
        match cut {
            Some(Cut::Stopped) => return Some(End::Stopped),
            Some(Cut::Time) => return Some(End::Time),
            None => {}
        }
        if !refused {
            return None;
        }
        Some(match self.rotation.budget().over(ACCOUNT)? {
            Over::Spent(why) => End::Budget { why },
            Over::Untold(why) => End::Untold { why },
        })
    }
}

/// What the rows cover that something came of.
fn coverage(suite: &Suite, grids: &[Grid], works: &[Work]) -> Result<Vec<Covered>, CoveringError> {
    let covered = |grid: &Grid| {
        let is_of = |work: &&Work| {
            let (unit, name) = (&work.unit, grid.generator.name);
            unit.scenario == grid.scenario && unit.generator.name == name && work.delivered > 0
        };
        let rows: Vec<&Values> = works.iter().filter(is_of).map(|work| &work.unit.knobs).collect();
        Ok(Covered {
            generator: grid.generator.name.to_owned(),
            scenario: suite.scenarios[grid.scenario].id.clone(),
            coverage: grid.rows.coverage(&rows)?,
        })
    };
    grids.iter().map(covered).collect()
}
