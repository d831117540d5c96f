//! The law of subset sums within a block.

/// The law of the sum of so many of a block's scores, with the buffers that one block after another uses.
#[derive(Default)]
pub(super) struct Subsets {
    steps: Vec<usize>,
    sorted: Vec<usize>,
    law: Vec<f64>,
    masses: Vec<(usize, f64)>,
}

impl Subsets {
    /// Takes the law of the sum of `chosen` of the `values`, which are whole numbers, and returns the sum seen,
    /// that of the first `chosen`, in steps above the lowest sum there is.
    pub(super) fn draw(&mut self, values: &[f64], chosen: usize) -> usize {
        let lowest = values.iter().copied().fold(f64::INFINITY, f64::min);
        self.steps.clear();
        self.steps.extend(values.iter().map(|value| steps(value - lowest)));
        self.sorted.clone_from(&self.steps);
        self.sorted.sort_unstable();
        self.masses.clear();
        if chosen == 1 {
            self.draw_one();
        } else {
            self.draw_many(chosen);
        }
        let least: usize = self.sorted.iter().take(chosen).sum();
        self.steps.iter().take(chosen).sum::<usize>() - least
    }

    /// Probability of each sum that can occur, by steps above the lowest and in their order.
    pub(super) fn masses(&self) -> &[(usize, f64)] {
        &self.masses
    }

    /// One value drawn: each as likely as often as it is there.
    fn draw_one(&mut self) {
        let one = 1.0 / self.sorted.len() as f64;
        for step in &self.sorted {
            match self.masses.last_mut() {
                Some((last, mass)) if last == step => *mass += one,
                _ => self.masses.push((*step, one)),
            }
        }
    }

    /// In shares and not in ways, of which there may be more than the largest number: `law[k][s]` is the
    /// probability that `k` of the values looked at so far sum to `s`.
    fn draw_many(&mut self, chosen: usize) {
        let least: usize = self.sorted.iter().take(chosen).sum();
        let row = self.sorted.iter().rev().take(chosen).sum::<usize>() + 1;
        self.law.clear();
        self.law.resize((chosen + 1) * row, 0.0);
        self.law[0] = 1.0;
        for (looked_at, step) in self.sorted.iter().enumerate() {
            let n = looked_at as f64 + 1.0;
            for k in (1..=chosen.min(looked_at + 1)).rev() {
                let with = k as f64 / n;
                let (fewer, more) = self.law.split_at_mut(k * row);
                let (from, to) = (&fewer[(k - 1) * row..], &mut more[..row]);
                for mass in to.iter_mut() {
                    *mass *= 1.0 - with;
                }
                for (mass, other) in to[(*step).min(row)..].iter_mut().zip(from) {
                    *mass += other * with;
                }
            }
        }
        let sums = self.law[chosen * row..].iter().enumerate();
        self.masses.extend(sums.filter(|(_, mass)| **mass > 0.0).map(|(sum, mass)| (sum - least, *mass)));
    }
}

/// Probability that the sum of `chosen` of the `values` is the lowest that there is. `sorted` is a buffer.
pub(super) fn lowest_mass(values: &[f64], chosen: usize, sorted: &mut Vec<f64>) -> f64 {
    let Some(last) = chosen.checked_sub(1) else { return 1.0 };
    sorted.clear();
    sorted.extend(values);
    sorted.sort_unstable_by(f64::total_cmp);
    let Some(last) = sorted.get(last).copied() else { return 1.0 };
    // Every value below the last one needed is in the lowest sum, and any of those equal to it may be.
    let below = sorted.iter().filter(|value| **value < last).count();
    let equal = sorted.iter().filter(|value| **value <= last).count() - below;
    let of_equal = chosen - below;
    // C(equal, of_equal) / C(n, chosen), a factor of the one over a factor of the other at a time.
    (0..chosen)
        .map(|i| {
            let ways = if i < of_equal { equal - i } else { i + 1 };
            ways as f64 / (values.len() - i) as f64
        })
        .product()
}

/// A whole number of steps.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "whole numbers from 0 on; the sum of all of them is limited before"
)]
fn steps(value: f64) -> usize {
    value as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: &[(usize, f64)], expected: &[(usize, f64)]) {
        assert_eq!(found.len(), expected.len(), "{found:?}");
        for ((sum, mass), (expected_sum, expected_mass)) in found.iter().zip(expected) {
            assert!(sum == expected_sum && (mass - expected_mass).abs() < 1e-15, "{found:?}");
        }
    }

    #[test]
    fn two_of_four_have_six_sums() {
        // {3, 0, 1, 1}: sums 4, 3+1, 3+1, 0+1, 0+1, 1+1 less the lowest, which is 1.
        let mut subsets = Subsets::default();
        assert_eq!(subsets.draw(&[3.0, 1.0, 0.0, 1.0], 2), 3);
        near(subsets.masses(), &[(0, 2.0 / 6.0), (1, 1.0 / 6.0), (2, 1.0 / 6.0), (3, 2.0 / 6.0)]);
    }

    #[test]
    fn buffers_are_used_again_and_leave_nothing_behind() {
        let mut subsets = Subsets::default();
        subsets.draw(&[9.0, 1.0, 0.0, 4.0, 4.0], 3);
        assert_eq!(subsets.draw(&[5.0, 2.0, 2.0], 1), 3);
        near(subsets.masses(), &[(0, 2.0 / 3.0), (3, 1.0 / 3.0)]);
        assert_eq!(subsets.draw(&[1.0, 0.0], 2), 0);
        near(subsets.masses(), &[(0, 1.0)]);
        assert_eq!(subsets.draw(&[1.0, 0.0], 0), 0);
        near(subsets.masses(), &[(0, 1.0)]);
    }

    #[test]
    fn the_lowest_sum_is_as_likely_as_the_ways_to_it() {
        let near = |values: &[f64], chosen, expected: f64| {
            assert!((lowest_mass(values, chosen, &mut Vec::new()) - expected).abs() < 1e-15, "{values:?}");
        };
        near(&[3.0, 1.0, 0.0, 1.0], 2, 2.0 / 6.0);
        near(&[1.0, 1.0, 1.0, 1.0, 1.0, 0.0], 1, 1.0 / 6.0);
        near(&[2.0, 2.0, 2.0, 7.0, 0.0], 3, 3.0 / 10.0);
        near(&[2.0, 1.0], 2, 1.0);
        near(&[2.0, 1.0], 0, 1.0);
    }
}
