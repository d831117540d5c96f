//! The cases of a suite that a record holds in memory: all of a small suite, and of a large one those that a
//! reader has to see.

use super::record::{CaseRecord, SuiteRecord};
use crate::gate::Standing;
use crate::judge::Outcome;
use std::collections::BTreeMap;

/// The cases that a record does not hold: how many, by what they came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LeftOut {
    outcomes: BTreeMap<Outcome, usize>,
    /// Those that a reader would have to see, for which there was no room.
    pub notable: usize,
}

impl LeftOut {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.outcomes.values().sum()
    }

    /// Whether the record holds every case.
    pub fn is_empty(&self) -> bool {
        self.outcomes.is_empty()
    }

    /// How many came to this.
    pub fn of(&self, outcome: Outcome) -> usize {
        self.outcomes.get(&outcome).copied().unwrap_or(0)
    }
}

/// Takes in the cases of a suite, one after the other.
#[derive(Debug, Clone)]
pub struct Held {
    most: usize,
    cases: Vec<CaseRecord>,
    left_out: LeftOut,
}

impl Held {
    /// Room for so many cases.
    pub const fn new(most: usize) -> Self {
        let left_out = LeftOut { outcomes: BTreeMap::new(), notable: 0 };
        Self { most, cases: Vec::new(), left_out }
    }

    /// Takes a case in. Where there is no room, one that nobody has to see goes.
    pub fn take(&mut self, case: CaseRecord) {
        if self.cases.len() < self.most {
            self.cases.push(case);
            return;
        }
        if self.left_out.is_empty() {
            let (kept, plain): (_, Vec<CaseRecord>) =
                std::mem::take(&mut self.cases).into_iter().partition(is_notable);
            self.cases = kept;
            for case in &plain {
                self.leave_out(case);
            }
        }
        if is_notable(&case) && self.cases.len() < self.most {
            self.cases.push(case);
        } else {
            self.leave_out(&case);
        }
    }

    /// Gives the cases to the record of their suite.
    pub fn give(self, suite: &mut SuiteRecord) {
        if self.left_out.notable > 0 {
            suite.notes.push(format!(
                "{} that fail, moved or waver are not listed; the record in the folder of the run has every case",
                super::number::count(self.left_out.notable, "case", "cases")
            ));
        }
        suite.cases = self.cases;
        suite.left_out = self.left_out;
    }

    fn leave_out(&mut self, case: &CaseRecord) {
        *self.left_out.outcomes.entry(case.graded.outcome).or_default() += 1;
        self.left_out.notable += usize::from(is_notable(case));
    }
}

/// Whether a reader has to see the case: it fails, is not graded, moved or wavers.
fn is_notable(case: &CaseRecord) -> bool {
    case.graded.outcome != Outcome::Pass
        || case.flip.is_some()
        || !matches!(case.standing, Standing::Passes)
        || case.is_unstable()
}
