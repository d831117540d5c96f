//! How many requests may be in flight to a host at once: fewer when it refuses, slowly more again when it
//! answers (additive increase, multiplicative decrease).

/// Answers after which one more may be in flight.
const ANSWERS: u32 = 10;

/// The requests that may be in flight to one host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Window {
    /// The most there ever may be.
    ceiling: usize,
    /// The most there may be now, from 1 to the ceiling.
    allowed: usize,
    /// Answers since it changed.
    answers: u32,
    /// How often it was halved. Requests sent before the last time say nothing new.
    pub(super) halved: u32,
}

impl Window {
    /// Raises the ceiling, where it is lower.
    pub(super) fn raise(&mut self, ceiling: usize) {
        if ceiling > self.ceiling {
            if self.allowed == self.ceiling {
                self.allowed = ceiling;
            }
            self.ceiling = ceiling;
        }
    }

    /// Whether one more may be in flight.
    pub(super) const fn admits(&self, in_flight: usize) -> bool {
        in_flight < self.allowed
    }

    /// A request was answered that was sent after so many halvings.
    pub(super) const fn answered(&mut self, halved: u32) {
        if self.allowed < self.ceiling && halved == self.halved {
            self.answers += 1;
            if self.answers == ANSWERS {
                self.answers = 0;
                self.allowed += 1;
            }
        }
    }

    /// A request was refused that was sent after so many halvings, `in_flight` with it. Many that are refused
    /// together halve it once.
    pub(super) fn refused(&mut self, halved: u32, in_flight: usize) {
        if halved == self.halved {
            self.allowed = (self.allowed.min(in_flight) / 2).max(1);
            self.answers = 0;
            self.halved += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(ceiling: usize) -> Window {
        let mut window = Window::default();
        window.raise(ceiling);
        window
    }

    fn answer(window: &mut Window, times: u32) {
        for _ in 0..times {
            window.answered(window.halved);
        }
    }

    #[test]
    fn a_refusal_halves_what_is_in_flight_down_to_one() {
        let mut window = window(16);
        let mut seen = Vec::new();
        for _ in 0..6 {
            window.refused(window.halved, window.allowed);
            seen.push(window.allowed);
        }
        assert_eq!(seen, [8, 4, 2, 1, 1, 1]);
    }

    #[test]
    fn what_counts_is_what_was_in_flight_and_not_what_might_have_been() {
        let mut window = window(100);
        window.refused(0, 10);
        assert_eq!(window.allowed, 5);
    }

    #[test]
    fn those_refused_together_halve_once() {
        let mut window = window(16);
        for in_flight in (1..=16).rev() {
            window.refused(0, in_flight);
        }
        assert_eq!(window.allowed, 8);
        // Of those sent since, one is enough.
        window.refused(1, 8);
        assert_eq!(window.allowed, 4);
    }

    #[test]
    fn every_ten_answers_give_one_back_up_to_the_ceiling() {
        let mut window = window(4);
        window.refused(0, 4);
        assert_eq!(window.allowed, 2);
        answer(&mut window, 9);
        assert_eq!(window.allowed, 2);
        answer(&mut window, 1);
        assert_eq!(window.allowed, 3);
        answer(&mut window, 1000);
        assert_eq!(window.allowed, 4);
        // Answers to what was sent before the halving came too late to say that more is well.
        window.refused(1, 4);
        for _ in 0..100 {
            window.answered(1);
        }
        assert_eq!(window.allowed, 2);
    }

    #[test]
    fn a_larger_suite_raises_the_ceiling_and_not_what_a_refusal_left() {
        let mut window = window(4);
        window.raise(2);
        assert_eq!((window.ceiling, window.allowed), (4, 4));
        window.refused(0, 4);
        window.raise(8);
        assert_eq!((window.ceiling, window.allowed), (8, 2));
    }
}
