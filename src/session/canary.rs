//! Canaries: answers frozen with what a judge says of them, and graded again in a later run.

use super::judges::{Answer, ask};
use crate::judge::model::canary::{freeze as frozen, models, order};
use crate::judge::model::{Judgement, MOST_UNGRADED, ModelJudge, Regraded};
use crate::suite::canary::{Canary, CanaryHead, CanaryItem, FORMAT, LEAST};
use crate::suite::labels::Label;
use std::sync::Arc;

/// Answers of the canary of a judge that contradicts itself.
const MORE: usize = 100;

/// The share of verdicts that change by themselves beyond which a canary takes more answers.
const MANY_FLIPS: f64 = 0.01;

/// What of a judge is frozen.
#[derive(Debug, Clone)]
pub struct Freezing {
    /// The judge's name.
    pub name: String,
    /// Its fingerprint.
    pub fingerprint: String,
    /// How many answers; without it 50, or 100 where more than 1 % of the verdicts change by themselves.
    pub items: Option<usize>,
    /// How often each answer is asked about: 2 or more.
    pub repeats: u32,
    /// The day, as the file carries it.
    pub today: jiff::civil::Date,
}

/// Why a judge cannot be frozen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotFrozen {
    /// Too few answers are labelled.
    #[error(
        "{there} labelled answers can be frozen for judge `{judge}`, and {LEAST} are needed: label {} more \
         (`holdline judge label SUITE --judge {judge} --sample {LEAST}`)",
        LEAST.saturating_sub(*there)
    )]
    TooFew {
        /// The judge.
        judge: String,
        /// Answers that can be frozen: labelled, without dispute, with something said in them, and called pass
        /// or fail by the judge.
        there: usize,
    },
    /// Too many verdicts did not come.
    #[error("the judge gave no verdict {ungraded} of {asked} times, and 2 % may be without{}", last.as_ref().map_or_else(String::new, |last| format!(": {last}")))]
    Ungraded {
        /// Verdicts that did not come.
        ungraded: usize,
        /// Verdicts asked for.
        asked: usize,
        /// What it said the last time. Untrusted.
        last: Option<String>,
    },
}

/// What was asked so far.
#[derive(Default)]
struct Taken {
    items: Vec<CanaryItem>,
    said: Vec<Judgement>,
    flips: usize,
    again: usize,
}

impl Taken {
    /// Takes an answer with all that the judge said of it. A verdict that did not come says nothing of whether
    /// verdicts change.
    fn take(&mut self, label: &Label, said: Vec<Judgement>) {
        if let Some((first, again)) = said.split_first()
            && let Some(item) = frozen(label, first)
        {
            let verdicts = again.iter().filter(|judgement| !judgement.outcome.is_ungraded());
            self.again += verdicts.clone().count();
            self.flips += verdicts.filter(|judgement| judgement.outcome != first.outcome).count();
            self.items.push(item);
        }
        self.said.extend(said);
    }

    fn check(&self) -> Result<(), NotFrozen> {
        let silent = || self.said.iter().filter(|judgement| judgement.outcome.is_ungraded());
        let (ungraded, asked) = (silent().count(), self.said.len());
        if ungraded as f64 > MOST_UNGRADED * asked as f64 {
            let last = silent().next_back().map(|judgement| judgement.reason.clone());
            return Err(NotFrozen::Ungraded { ungraded, asked, last });
        }
        Ok(())
    }
}

/// Freezes a judge: asks it several times about labelled answers and keeps what it says first. Answers that it
/// calls neither pass nor fail are left out, and others taken for them as far as there are.
pub async fn freeze(freezing: &Freezing, judge: ModelJudge, labels: &[Label]) -> Result<Canary, NotFrozen> {
    let judge = Arc::new(judge);
    let mut order = order(labels).into_iter();
    let too_few = |there| NotFrozen::TooFew { judge: freezing.name.clone(), there };
    if order.len() < LEAST {
        return Err(too_few(order.len()));
    }
    let rounds = freezing.repeats.max(2);
    let repeats = rounds as usize;
    let mut wanted = freezing.items.unwrap_or(LEAST).max(LEAST);
    let mut taken = Taken::default();
    loop {
        let portion: Vec<&Label> = order.by_ref().take(wanted.saturating_sub(taken.items.len())).collect();
        if portion.is_empty() {
            let many_flips = taken.flips as f64 > MANY_FLIPS * taken.again as f64;
            if freezing.items.is_none() && wanted < MORE && many_flips {
                wanted = MORE;
                continue;
            }
            break;
        }
        let answers = portion.iter().flat_map(|label| (0..rounds).map(|round| (Answer::of(label), round)));
        let mut said = ask(&judge, answers.collect()).await.into_iter();
        for label in portion {
            taken.take(label, said.by_ref().take(repeats).collect());
        }
        taken.check()?;
    }
    if taken.items.len() < LEAST {
        return Err(too_few(taken.items.len()));
    }
    let head = CanaryHead {
        format: FORMAT,
        judge: freezing.fingerprint.clone(),
        models: models(&taken.said),
        flips: taken.flips,
        again: taken.again,
        date: freezing.today,
    };
    Ok(Canary { name: freezing.name.clone(), head, items: taken.items })
}

/// Asks a judge, given with its present fingerprint, once about every answer of its canary, and compares what it
/// says with what it said then. No cache may stand between: what is asked is whether the judge is still the same.
/// Where it is plain without asking that it is not, nothing is asked.
pub async fn regrade(judge: ModelJudge, canary: &Canary, fingerprint: &str) -> Regraded {
    if let Some(known) = Regraded::unasked(canary, fingerprint) {
        return known;
    }
    let answer = |item: &CanaryItem| Answer {
        input: item.input.clone(),
        output: item.output.clone(),
        contexts: item.contexts.clone(),
        reference: item.reference.clone(),
    };
    let answers = canary.items.iter().map(|item| (answer(item), 0));
    let now = ask(&Arc::new(judge), answers.collect()).await;
    Regraded::compare(canary, &now)
}
