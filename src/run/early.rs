//! Stopping early: families are looked at one after the other, in an order that the seed fixes, and asking
//! ends as soon as somebody has seen enough.

use super::plan::Plan;
use crate::expand::stream::Stream;
use crate::judge::Outcome;
use std::collections::BTreeMap;

/// Looks at what the cases of one family came to, each by its index among all cases of the plan; true where
/// nothing more needs to be asked.
pub type Watch = Box<dyn FnMut(&[(usize, Outcome)]) -> bool + Send>;

/// The selected cases of a plan, family by family, in the order of asking: one that the suite's seed fixes,
/// that no place in a file and no other family has a say in. Within a family it is the order of the plan.
pub fn families(plan: &Plan) -> Vec<Vec<usize>> {
    let mut families: BTreeMap<(u64, u64), Vec<usize>> = BTreeMap::new();
    let seed = plan.suite.spec.seed.to_be_bytes();
    for &index in &*plan.selected {
        let index = index as usize;
        let family = plan.cases.family(index).as_u64();
        let mut stream = Stream::new(&[b"early", &seed, &family.to_be_bytes()]);
        families.entry((stream.u64(), family)).or_default().push(index);
    }
    families.into_values().collect()
}

/// How far the families were looked at.
///
/// A family is looked at when all of its cases are answered and all families before it were looked at, so
/// that neither the decision to stop nor what enters it depends on which answer came first.
pub struct Early {
    families: Vec<Vec<usize>>,
    seen: usize,
    is_over: bool,
    watch: Watch,
}

impl Early {
    /// Nothing is looked at yet.
    pub fn new(families: Vec<Vec<usize>>, watch: Watch) -> Self {
        Self { families, seen: 0, is_over: false, watch }
    }

    /// Looks at the families that are complete by now; whether enough was seen. `outcome` tells what a case
    /// came to, once it is there.
    pub fn advance(&mut self, outcome: impl Fn(usize) -> Option<Outcome>) -> bool {
        while !self.is_over
            && let Some(family) = self.families.get(self.seen)
        {
            let answer = |&case: &usize| Some((case, outcome(case)?));
            let Some(answered) = family.iter().map(answer).collect::<Option<Vec<_>>>() else {
                return false;
            };
            self.seen += 1;
            self.is_over = (self.watch)(&answered);
        }
        self.is_over
    }

    /// The cases of families that were not looked at: that some have answers is due to nothing but speed.
    pub fn unseen(&self) -> impl Iterator<Item = usize> {
        self.families[self.seen..].iter().flatten().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    /// What is there passes.
    fn passes(there: &HashSet<usize>) -> impl Fn(usize) -> Option<Outcome> + '_ {
        |case| there.contains(&case).then_some(Outcome::Pass)
    }

    /// Looks at families {0, 1}, {2}, {3, 4}, {5} and has seen enough with the third.
    fn early() -> (Early, std::sync::Arc<std::sync::Mutex<Vec<Vec<usize>>>>) {
        let seen = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
        let told = seen.clone();
        let watch: Watch = Box::new(move |answered| {
            let mut told = told.lock().unwrap();
            told.push(answered.iter().map(|(case, _)| *case).collect());
            told.len() == 3
        });
        (Early::new(vec![vec![0, 1], vec![2], vec![3, 4], vec![5]], watch), seen)
    }

    #[test]
    fn whatever_comes_first_the_same_is_seen_in_the_same_order() {
        for order in [[0, 1, 2, 3, 4, 5], [5, 4, 3, 2, 1, 0], [2, 5, 0, 3, 1, 4], [4, 2, 5, 1, 3, 0]] {
            let (mut early, seen) = early();
            let mut answers = HashSet::new();
            for case in order {
                answers.insert(case);
                if early.advance(passes(&answers)) {
                    break;
                }
            }
            assert!(early.advance(passes(&answers)), "once enough was seen, it stays so");
            assert_eq!(*seen.lock().unwrap(), [vec![0, 1], vec![2], vec![3, 4]], "{order:?}");
            assert_eq!(early.unseen().collect::<Vec<_>>(), [5], "{order:?}");
        }
    }

    #[test]
    fn a_family_that_is_not_complete_holds_up_those_behind_it() {
        let (mut early, seen) = early();
        assert!(!early.advance(passes(&HashSet::from([1, 2, 3, 4, 5]))));
        assert!(seen.lock().unwrap().is_empty());
    }
}
