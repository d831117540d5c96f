//! When generation ends: its targets are reached, or nothing gets better any more, or what it may use is used
//! up; and which of them it was.

/// What generation is to reach, and what it may use.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Targets {
    /// Candidates that are wanted.
    pub count: usize,
    /// Share of the knobs' combinations that are to be covered, 0 to 1; `None`: coverage does not matter.
    pub coverage: Option<f64>,
    /// Mean quality score that is to be reached, 0 to 1; `None`: scores do not matter.
    pub quality: Option<f64>,
    /// Rounds in a row without a rise after which generation ends.
    pub patience: usize,
    /// A rise of coverage or quality that counts as one: smaller ones are noise.
    pub rise: f64,
    /// Rounds at most.
    pub rounds: usize,
}

impl Default for Targets {
    fn default() -> Self {
        Self { count: 0, coverage: None, quality: None, patience: 2, rise: 0.01, rounds: 10 }
    }
}

/// What there is after a round: all rounds so far together.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Standing {
    /// Candidates delivered.
    pub delivered: usize,
    /// Combinations covered, and how many there are.
    pub covered: (usize, usize),
    /// Mean quality score of what was delivered; `None` where nothing was scored.
    pub quality: Option<f64>,
    /// Whether the budget is used up.
    pub is_spent: bool,
}

/// Why generation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Every target is reached.
    Reached,
    /// Nothing has risen for as many rounds as patience allows, and this was not reached.
    StoppedRising {
        /// Whether candidates are missing.
        count: bool,
        /// Whether combinations are missing.
        coverage: bool,
        /// Whether the quality is too low.
        quality: bool,
    },
    /// The rounds are used up before the targets were reached.
    Rounds,
    /// The budget is used up before the targets were reached.
    Budget,
}

/// The course of generation over its rounds.
#[derive(Debug, Clone)]
pub struct Progress {
    targets: Targets,
    rounds: usize,
    best: Option<Standing>,
    still: usize,
}

impl Progress {
    /// Nothing generated yet.
    pub const fn new(targets: Targets) -> Self {
        Self { targets, rounds: 0, best: None, still: 0 }
    }

    /// Rounds so far.
    pub const fn rounds(&self) -> usize {
        self.rounds
    }

    /// Takes note of what there is after a round; whether generation ends, and why. Where several reasons
    /// hold, the first of: reached, budget, stopped rising, rounds.
    pub fn after(&mut self, now: Standing) -> Option<End> {
        self.rounds += 1;
        let Targets { count, coverage, quality, patience, rise, rounds } = self.targets;
        let share = |standing: &Standing| match standing.covered {
            (_, 0) => 1.0,
            (covered, of) => covered as f64 / of as f64,
        };
        // What is below a target by rounding alone has reached it.
        let lacks_count = now.delivered < count;
        let lacks_coverage = coverage.is_some_and(|target| share(&now) < target - 1e-9);
        let lacks_quality =
            quality.is_some_and(|target| now.quality.is_none_or(|quality| quality < target - 1e-9));
        if !(lacks_count || lacks_coverage || lacks_quality) {
            return Some(End::Reached);
        }
        if now.is_spent {
            return Some(End::Budget);
        }
        let best = self.best.unwrap_or_default();
        let risen = (lacks_count && now.delivered > best.delivered)
            || (lacks_coverage && share(&now) - share_or_none(self.best.as_ref(), share) >= rise)
            || (lacks_quality
                && now.quality.is_some_and(|quality| quality - best.quality.unwrap_or(0.0) >= rise));
        self.still = if risen { 0 } else { self.still + 1 };
        if risen || self.best.is_none() {
            self.best = Some(Standing {
                delivered: now.delivered.max(best.delivered),
                covered: if self.best.is_none() || share(&now) > share(&best) {
                    now.covered
                } else {
                    best.covered
                },
                quality: match (now.quality, best.quality) {
                    (Some(now), Some(best)) => Some(now.max(best)),
                    (one, other) => one.or(other),
                },
                is_spent: false,
            });
        }
        if self.still >= patience.max(1) {
            let (count, coverage, quality) = (lacks_count, lacks_coverage, lacks_quality);
            return Some(End::StoppedRising { count, coverage, quality });
        }
        (self.rounds >= rounds).then_some(End::Rounds)
    }
}

fn share_or_none(best: Option<&Standing>, share: impl Fn(&Standing) -> f64) -> f64 {
    best.map_or(0.0, share)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(delivered: usize, covered: usize, quality: f64) -> Standing {
        Standing { delivered, covered: (covered, 20), quality: Some(quality), is_spent: false }
    }

    const TARGETS: Targets =
        Targets { count: 10, coverage: Some(0.9), quality: Some(0.7), patience: 2, rise: 0.01, rounds: 6 };

    /// The course of rounds, and after which of them it ends.
    fn course(targets: Targets, rounds: &[Standing]) -> (usize, Option<End>) {
        let mut progress = Progress::new(targets);
        for round in rounds {
            if let Some(end) = progress.after(*round) {
                return (progress.rounds(), Some(end));
            }
        }
        (progress.rounds(), None)
    }

    #[test]
    fn it_ends_when_all_targets_are_reached() {
        let rounds =
            [standing(4, 8, 0.6), standing(9, 18, 0.7), standing(10, 18, 0.7), standing(11, 19, 0.8)];
        assert_eq!(course(TARGETS, &rounds), (3, Some(End::Reached)));
    }

    #[test]
    fn it_ends_when_what_is_missing_stops_rising() {
        // The count still rises and is reached; coverage stands at 8 of 20 for two rounds.
        let rounds =
            [standing(10, 8, 0.8), standing(14, 8, 0.8), standing(18, 8, 0.81), standing(20, 8, 0.81)];
        let end = End::StoppedRising { count: false, coverage: true, quality: false };
        assert_eq!(course(TARGETS, &rounds), (3, Some(end)));
        // A rise below the noise is none.
        let rounds = [standing(12, 20, 0.5), standing(14, 20, 0.505), standing(16, 20, 0.508)];
        let end = End::StoppedRising { count: false, coverage: false, quality: true };
        assert_eq!(course(TARGETS, &rounds), (3, Some(end)));
    }

    #[test]
    fn small_steps_add_up_to_a_rise() {
        // Half a step each round: every second one counts, so patience is never out.
        let quality = [0.500, 0.506, 0.512, 0.518, 0.524];
        let rounds = quality.map(|quality| standing(12, 20, quality));
        assert_eq!(course(TARGETS, &rounds), (5, None));
    }

    #[test]
    fn nothing_at_all_ends_after_patience() {
        let none = Standing { covered: (0, 20), ..Standing::default() };
        let end = End::StoppedRising { count: true, coverage: true, quality: true };
        assert_eq!(course(TARGETS, &[none; 4]), (2, Some(end)));
    }

    #[test]
    fn rounds_and_budget_are_told_apart() {
        let rising: Vec<Standing> = (1..9).map(|n| standing(n, n, 0.1)).collect();
        assert_eq!(course(TARGETS, &rising), (6, Some(End::Rounds)));
        let spent = Standing { is_spent: true, ..standing(3, 5, 0.5) };
        assert_eq!(course(TARGETS, &[standing(1, 1, 0.5), spent]), (2, Some(End::Budget)));
        let done = Standing { is_spent: true, ..standing(10, 18, 0.7) };
        assert_eq!(course(TARGETS, &[done]), (1, Some(End::Reached)));
    }

    #[test]
    fn what_has_no_target_does_not_matter() {
        let targets = Targets { count: 2, rounds: 3, ..Targets::default() };
        let unscored = Standing { delivered: 2, ..Standing::default() };
        assert_eq!(course(targets, &[unscored]), (1, Some(End::Reached)));
        let targets = Targets { quality: Some(0.5), ..targets };
        assert_eq!(
            course(targets, &[unscored; 2]).1,
            Some(End::StoppedRising { count: false, coverage: false, quality: true })
        );
    }
}
