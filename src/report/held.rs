//! The cases of a suite that a record holds in memory: all of a small suite, and of a large one those that a
//! reader has to see.

use super::record::{CaseRecord, SuiteRecord, tally, wavers};
use crate::gate::{Flip, Standing};
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
    /// Whether there is room for every case.
    all: bool,
    cases: Vec<CaseRecord>,
    left_out: LeftOut,
}

impl Held {
    /// Room for so many of a number of cases. Where it is not enough for all, only those are held that a
    /// reader has to see.
    pub const fn new(most: usize, of: usize) -> Self {
        let left_out = LeftOut { outcomes: BTreeMap::new(), notable: 0 };
        Self { most, all: of <= most, cases: Vec::new(), left_out }
    }

    /// Whether the next case is held; `notable` tells whether a reader has to see it.
    pub const fn wants(&self, notable: bool) -> bool {
        (self.all || notable) && self.cases.len() < self.most
    }

    /// Takes a case in.
    pub fn take(&mut self, case: CaseRecord) {
        self.cases.push(case);
    }

    /// Counts a case that is not held.
    pub fn leave_out(&mut self, outcome: Outcome, notable: bool) {
        *self.left_out.outcomes.entry(outcome).or_default() += 1;
        self.left_out.notable += usize::from(notable);
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
}

/// Whether a reader has to see a case: it fails, is not graded, moved or wavers.
pub fn is_notable(
    outcomes: impl Iterator<Item = Outcome>,
    outcome: Outcome,
    flip: Option<Flip>,
    standing: &Standing,
) -> bool {
    outcome != Outcome::Pass
        || flip.is_some()
        || !matches!(standing, Standing::Passes)
        || wavers(tally(outcomes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expand::{CaseId, Provenance};
    use crate::run::{Graded, Transcript};
    use crate::suite::Place;
    use crate::suite::schema::{MustPass, Origin};

    fn case(n: u8, outcome: Outcome) -> CaseRecord {
        let id = CaseId::of(&[&[n]]);
        let transcript = Transcript { case: id, repeat: 0, turns: Vec::new(), error: None, cost: None };
        CaseRecord {
            id,
            family: id,
            scenario: 0,
            name: n.to_string(),
            input: serde_json::Value::Null,
            truth: None,
            tags: Vec::new(),
            must_pass: MustPass::No,
            provenance: Provenance {
                origin: Origin::Written,
                place: Place { file: "suites/a.toml".into(), line: 1 },
                lineage: None,
                pedigree: None,
            },
            graded: Graded { transcript, verdicts: Vec::new(), outcome },
            repeats: Vec::new(),
            confirmations: Vec::new(),
            flip: None,
            standing: Standing::Passes,
            accepted_answer: None,
        }
    }

    fn held(most: usize, outcomes: &[Outcome]) -> Held {
        let mut held = Held::new(most, outcomes.len());
        for (n, &outcome) in (0..).zip(outcomes) {
            let notable = is_notable(std::iter::once(outcome), outcome, None, &Standing::Passes);
            if held.wants(notable) {
                held.take(case(n, outcome));
            } else {
                held.leave_out(outcome, notable);
            }
        }
        held
    }

    fn names(held: &Held) -> String {
        held.cases.iter().map(|case| case.name.as_str()).collect()
    }

    #[test]
    fn a_case_that_moved_or_wavers_has_to_be_seen() {
        use Outcome::{Fail, NotApplicable, Pass};
        let (pass, passes) = (|| [Pass].into_iter(), &Standing::Passes);
        assert!(!is_notable(pass(), Pass, None, passes));
        assert!(is_notable(pass(), Pass, Some(Flip::Fixed), passes));
        assert!(is_notable([Pass, Fail, Pass].into_iter(), Pass, None, passes));
        assert!(!is_notable([Pass, NotApplicable].into_iter(), Pass, None, passes));
    }

    #[test]
    fn where_there_is_room_every_case_is_held() {
        let held = held(3, &[Outcome::Pass, Outcome::Fail, Outcome::Pass]);
        assert_eq!((names(&held).as_str(), held.left_out.is_empty()), ("012", true));
    }

    #[test]
    fn cases_that_nobody_has_to_see_make_room_for_those_that_fail() {
        use Outcome::{Fail, Pass, TargetError};
        let held = held(3, &[Pass, Fail, Pass, TargetError, Pass, Fail, Fail]);
        assert_eq!(names(&held), "135");
        let left = &held.left_out;
        assert_eq!((left.len(), left.of(Pass), left.of(Fail), left.notable), (4, 3, 1, 1));
    }
}
