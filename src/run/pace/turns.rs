//! Who waits, and who is next: suites in turn, and within a suite whoever came first.

use std::collections::VecDeque;

/// Those who wait, in lanes by suite. The suite at the front is next, and goes to the back then.
#[derive(Debug)]
pub(super) struct Turns<W> {
    lanes: VecDeque<(usize, VecDeque<W>)>,
}

impl<W> Default for Turns<W> {
    fn default() -> Self {
        Self { lanes: VecDeque::new() }
    }
}

impl<W> Turns<W> {
    pub(super) fn is_empty(&self) -> bool {
        self.lanes.is_empty()
    }

    /// Queues up for a suite. There are as many lanes as suites that wait: a few.
    pub(super) fn push(&mut self, suite: usize, waiting: W) {
        match self.lanes.iter_mut().find(|(of, _)| *of == suite) {
            Some((_, lane)) => lane.push_back(waiting),
            None => self.lanes.push_back((suite, VecDeque::from([waiting]))),
        }
    }

    /// Takes whoever is next, and forgets those before who have gone away.
    pub(super) fn pop(&mut self, is_gone: impl Fn(&W) -> bool) -> Option<W> {
        while let Some((suite, mut lane)) = self.lanes.pop_front() {
            let next = std::iter::from_fn(|| lane.pop_front()).find(|waiting| !is_gone(waiting));
            if !lane.is_empty() {
                self.lanes.push_back((suite, lane));
            }
            if next.is_some() {
                return next;
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suites_take_turns_however_many_wait_of_each() {
        let mut turns = Turns::default();
        for number in 0..100 {
            turns.push(0, (0, number));
        }
        for number in 0..3 {
            turns.push(1, (1, number));
        }
        let first: Vec<_> = std::iter::from_fn(|| turns.pop(|_| false)).take(8).collect();
        assert_eq!(first, [(0, 0), (1, 0), (0, 1), (1, 1), (0, 2), (1, 2), (0, 3), (0, 4)]);
        // One that comes later waits for one of the other at most.
        turns.push(1, (1, 3));
        let next: Vec<_> = std::iter::from_fn(|| turns.pop(|_| false)).take(3).collect();
        assert_eq!(next, [(0, 5), (1, 3), (0, 6)]);
    }

    #[test]
    fn those_who_went_away_take_nobodys_turn() {
        let mut turns = Turns::default();
        for number in [1, 2, 3] {
            turns.push(0, number);
        }
        turns.push(1, 10);
        let gone = |number: &i32| [1, 2, 10].contains(number);
        assert_eq!(turns.pop(gone), Some(3));
        assert_eq!(turns.pop(gone), None);
        assert!(turns.is_empty());
    }
}
