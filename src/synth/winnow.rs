//! What is kept of what was let in, once it was weighed: what is good enough, of several the best, and so many of
//! the worst less as the mean asks.

use super::harvest::{Harvest, Kept, Work};
use super::select::Rejection;
use super::select::scores::Scored;
use super::weigh::{Unkept, Weighed, Weighing};
use crate::expand::Reason;
use crate::model::UnansweredKind;
use std::collections::{BTreeMap, BTreeSet};

/// Whether a sum of scores is larger than another, beyond what rounding makes of it.
const MORE: f64 = 1e-12;

impl Harvest<'_> {
    /// Keeps of what was let in last what it was found worth; `None` was not looked at.
    pub fn winnow(
        &mut self,
        works: &mut [Work],
        weighing: &Weighing,
        weighed: Vec<Option<Result<Weighed, Unkept>>>,
    ) {
        let first = self.fresh;
        let mut gone = BTreeMap::new();
        for (at, found) in weighed.into_iter().enumerate() {
            match found {
                Some(Ok(weighed)) => self.kept[first + at].note(&self.suite.name, weighed),
                Some(Err(Unkept::Rejected(rejection))) => {
                    gone.insert(first + at, Some(rejection));
                }
                Some(Err(Unkept::NotAsked(_))) | None => {
                    gone.insert(first + at, None);
                }
            }
        }
        if weighing.best_of > 1 {
            self.best(works, weighing.best_of, &mut gone);
        }
        self.remove(works, gone);
        if let Some(target) = weighing.quality {
            let worst = self.worst(target);
            self.remove(works, worst);
        }
    }

    /// Marks those that are good and not among the best of their unit.
    fn best(&self, works: &[Work], of: usize, gone: &mut BTreeMap<usize, Option<Rejection>>) {
        let units: BTreeSet<usize> = self.kept[self.fresh..].iter().map(|kept| kept.work).collect();
        for unit in units {
            let is_left = |at: &usize| self.kept[*at].work == unit && !gone.contains_key(at);
            let mut left: Vec<usize> = (self.fresh..self.kept.len()).filter(is_left).collect();
            let fresh = self.kept[self.fresh..].iter().filter(|kept| kept.work == unit).count();
            let before = works[unit].delivered.saturating_sub(fresh);
            let wanted = works[unit].unit.share.saturating_sub(before);
            // Stable: of equal ones the first stays.
            left.sort_by(|one, other| {
                let sum = |at: &usize| self.kept[*at].scored.as_ref().map_or(0.0, Scored::sum);
                let more = sum(other) - sum(one);
                if more.abs() < MORE { std::cmp::Ordering::Equal } else { more.total_cmp(&0.0) }
            });
            for at in left.into_iter().skip(wanted) {
                let why =
                    format!("it is good, and {of} were asked for each that is wanted: others are better");
                gone.insert(at, Some(Rejection { reason: Reason::LowScore, why }));
            }
        }
    }

    /// The worst, without which the mean quality reaches a target.
    fn worst(&self, target: f64) -> BTreeMap<usize, Option<Rejection>> {
        let quality = |kept: &Kept| kept.scored.as_ref().and_then(Scored::quality);
        let scored = self.kept.iter().enumerate().filter_map(|(at, kept)| Some((at, quality(kept)?)));
        let mut scored: Vec<(usize, f64)> = scored.collect();
        // The worst last, and of equal ones the later.
        scored.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
        let mut gone = BTreeMap::new();
        while let Some((at, quality)) = scored.last().copied() {
            let mean = scored.iter().map(|(_, quality)| quality).sum::<f64>() / scored.len() as f64;
            if mean >= target - 1e-9 {
                break;
            }
            let why =
                format!("its quality is {quality:.2}, the mean {mean:.2}, and {target:.2} is asked for");
            gone.insert(at, Some(Rejection { reason: Reason::LowScore, why }));
            scored.pop();
        }
        gone
    }

    /// Takes out what is not kept, each with why; without a reason it was not looked at, and counts as not asked.
    fn remove(&mut self, works: &mut [Work], mut gone: BTreeMap<usize, Option<Rejection>>) {
        let kept = std::mem::take(&mut self.kept);
        for (at, kept) in kept.into_iter().enumerate() {
            let Some(why) = gone.remove(&at) else {
                self.kept.push(kept);
                continue;
            };
            let work = &mut works[kept.work];
            work.delivered = work.delivered.saturating_sub(1);
            if let Some(rejection) = why {
                self.yields.take_back(kept.generator.name, &kept.model, rejection.reason);
                self.tell(work, &kept.draft.input, rejection);
            } else {
                self.yields.lose(kept.generator.name, &kept.model);
                *self.errors.entry(UnansweredKind::NotAsked).or_default() += 1;
            }
        }
    }

    /// The mean quality of what is kept and was scored; `None` where nothing was.
    pub fn quality(&self) -> Option<f64> {
        let scored = self.kept.iter().filter_map(|kept| kept.scored.as_ref()?.quality());
        let (sum, number) = scored.fold((0.0, 0), |(sum, number), quality| (sum + quality, number + 1));
        (number > 0).then(|| sum / f64::from(number))
    }

    /// The mean scores of what is kept, by name, with how many have one.
    pub fn scores(&self) -> BTreeMap<String, (f64, usize)> {
        let mut sums: BTreeMap<String, (f64, usize)> = BTreeMap::new();
        for (name, score) in self.kept.iter().flat_map(|kept| &kept.candidate.variant.made.scores) {
            let (sum, number) = sums.entry(name.clone()).or_default();
            *sum += score;
            *number += 1;
        }
        sums.into_iter().map(|(name, (sum, number))| (name, (sum / number as f64, number))).collect()
    }
}

impl Kept {
    /// Notes what it was found to be.
    fn note(&mut self, suite: &str, weighed: Weighed) {
        let Weighed { draft, scored, scores, reasons, passed } = weighed;
        let variant = &mut self.candidate.variant;
        variant.row.clone_from(&draft.row);
        variant.made.scores.extend(scores);
        variant.made.passed.extend(passed);
        self.candidate.reasons = reasons;
        self.candidate.id = self.candidate.variant.id(suite);
        self.draft = draft;
        self.scored = scored;
    }
}
