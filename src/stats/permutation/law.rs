//! The law of the sum over independent blocks.

use super::PValue;

/// A mass below this is dropped when it comes to that.
const NEGLIGIBLE: f64 = 1e-250;

/// Masses may fall to this before any is dropped. Below it numbers lose digits, and processors time.
const TINY: f64 = 1e-290;

/// Probabilities by steps above the lowest sum there is, and a second buffer for the next of them.
pub(super) struct Law {
    masses: Vec<f64>,
    next: Vec<f64>,
    /// No mass but 0 is below this.
    least: f64,
}

impl Law {
    /// The law of no blocks, with room for sums of up to so many steps.
    pub(super) fn within(steps: usize) -> Self {
        let mut masses = Vec::with_capacity(steps + 1);
        masses.push(1.0);
        Self { masses, next: Vec::with_capacity(steps + 1), least: 1.0 }
    }

    /// Adds an independent block: the probabilities of its sums, by steps above its lowest and in their order.
    pub(super) fn add(&mut self, block: &[(usize, f64)]) {
        if let [(0, stay), (1, up)] = *block {
            return self.add_step(stay, up);
        }
        let span = block.last().map_or(0, |(steps, _)| *steps);
        self.next.clear();
        self.next.resize(self.masses.len() + span, 0.0);
        let mut least = 1.0_f64;
        for (steps, mass) in block {
            least = least.min(*mass);
            for (to, from) in self.next[*steps..].iter_mut().zip(&self.masses) {
                *to += from * mass;
            }
        }
        self.turn(least);
    }

    /// Adds a block whose sum is the lowest or one step more.
    fn add_step(&mut self, stay: f64, up: f64) {
        self.next.clear();
        self.next.push(self.masses[0] * stay);
        self.next.extend(self.masses.windows(2).map(|pair| pair[0] * up + pair[1] * stay));
        self.next.push(self.masses[self.masses.len() - 1] * up);
        self.turn(stay.min(up));
    }

    /// Makes the next law the present one. No positive mass of the block added was below `least`.
    fn turn(&mut self, least: f64) {
        std::mem::swap(&mut self.masses, &mut self.next);
        self.least *= least;
        if self.least < TINY {
            for mass in &mut self.masses {
                *mass = if *mass < NEGLIGIBLE { 0.0 } else { *mass };
            }
            self.least = NEGLIGIBLE;
        }
    }

    /// The two tails, where the sum is `seen` steps above the lowest.
    pub(super) fn tails(&self, seen: usize) -> (PValue, PValue) {
        // Masses that came to 0 may be missing at the upper end.
        let (below, rest) = self.masses.split_at(seen.min(self.masses.len()));
        let below = below.iter().sum::<f64>();
        let at = rest.first().copied().unwrap_or(0.0);
        let above = rest.iter().skip(1).sum::<f64>();
        let tail = |beyond: f64| PValue { exact: (beyond + at).min(1.0), mid: (beyond + at / 2.0).min(1.0) };
        (tail(below), tail(above))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_is_one() {
        let mut law = Law::within(8);
        law.add(&[(0, 2.0 / 3.0), (3, 1.0 / 3.0)]);
        law.add(&[(0, 0.5), (4, 0.5)]);
        law.add(&[(0, 0.25), (1, 0.75)]);
        assert_eq!(law.masses.len(), 9);
        assert!((law.masses.iter().sum::<f64>() - 1.0).abs() < 1e-15);
        // 0 or 3, 0 or 4, 0 or 1: 3 + 0 + 1 or 0 + 4 + 0.
        assert!((law.masses[4] - (1.0 / 3.0 * 0.5 * 0.75 + 2.0 / 3.0 * 0.5 * 0.25)).abs() < 1e-15);
    }

    #[test]
    fn what_is_beyond_the_law_has_no_mass() {
        let law = Law::within(0);
        let (lower, higher) = law.tails(3);
        assert!((lower.mid - 1.0).abs() < 1e-15 && higher.exact.abs() < 1e-15);
    }

    #[test]
    fn no_mass_is_below_what_numbers_hold_in_full() {
        let mut law = Law::within(3000);
        for _ in 0..3000 {
            law.add(&[(0, 0.01), (1, 0.99)]);
            assert!(law.masses.iter().all(|mass| *mass <= 0.0 || *mass > f64::MIN_POSITIVE));
        }
        assert!((law.masses.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }
}
