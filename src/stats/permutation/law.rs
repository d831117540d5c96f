//! The exact law of subset sums, within a block and over all of them.

/// The law of the sum of so many of a block's scores, as steps above the lowest sum there is.
pub(super) struct BlockLaw {
    /// Probability of each sum that can occur, in ascending order of the sums.
    masses: Vec<(usize, f64)>,
    /// The sum seen: that of the first scores.
    pub(super) seen: usize,
}

impl BlockLaw {
    /// The law of the sum of `chosen` of the `values`, which are whole numbers; the first `chosen` are seen.
    pub(super) fn of(values: &[f64], chosen: usize) -> Self {
        let lowest = values.iter().copied().fold(f64::INFINITY, f64::min);
        let steps: Vec<usize> = values.iter().map(|value| steps(value - lowest)).collect();
        let mut ascending = steps.clone();
        ascending.sort_unstable();
        let least: usize = ascending.iter().take(chosen).sum();
        let most: usize = ascending.iter().rev().take(chosen).sum();

        // ways[k][s]: ways to choose k of the values looked at so far with the sum s.
        let mut ways = vec![vec![0.0; most + 1]; chosen + 1];
        ways[0][0] = 1.0;
        for step in steps.iter().copied() {
            for k in (1..=chosen).rev() {
                let (fewer, more) = ways.split_at_mut(k);
                let (from, to) = (&fewer[k - 1], &mut more[0]);
                for sum in step..=most {
                    to[sum] += from[sum - step];
                }
            }
        }
        let all: f64 = ways[chosen].iter().sum();
        let masses = ways[chosen]
            .iter()
            .enumerate()
            .filter(|(_, ways)| **ways > 0.0)
            .map(|(sum, ways)| (sum - least, ways / all))
            .collect();
        Self { masses, seen: steps.iter().take(chosen).sum::<usize>() - least }
    }
}

/// Probability that the sum of `chosen` of the `values` is the lowest that there is.
pub(super) fn lowest_mass(values: &[f64], chosen: usize) -> f64 {
    let mut ascending = values.to_vec();
    ascending.sort_by(f64::total_cmp);
    let Some(last) = chosen.checked_sub(1).and_then(|last| ascending.get(last).copied()) else { return 1.0 };
    // Every value below the last one needed is in the lowest sum, and any of those equal to it may be.
    let below = ascending.iter().filter(|value| **value < last).count();
    let equal = ascending.iter().filter(|value| **value <= last).count() - below;
    ways(equal, chosen - below) / ways(values.len(), chosen)
}

/// The number of ways to choose `k` of `n`.
fn ways(n: usize, k: usize) -> f64 {
    (0..k).map(|i| (n - i) as f64 / (i + 1) as f64).product()
}

/// The law of the sum over independent blocks: probabilities by steps above the lowest sum.
pub(super) fn convolve(blocks: &[BlockLaw]) -> Vec<f64> {
    let mut law = vec![1.0];
    for block in blocks {
        let span = block.masses.last().map_or(0, |(steps, _)| *steps);
        let mut next = vec![0.0; law.len() + span];
        for (steps, mass) in &block.masses {
            for (to, from) in next[*steps..].iter_mut().zip(&law) {
                *to += from * mass;
            }
        }
        law = next;
    }
    law
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

    #[test]
    fn two_of_four_have_six_sums() {
        // {3, 0, 1, 1}: sums 4, 3+1, 3+1, 0+1, 0+1, 1+1 less the lowest, which is 1.
        let law = BlockLaw::of(&[3.0, 1.0, 0.0, 1.0], 2);
        let expected = [(0, 2.0 / 6.0), (1, 1.0 / 6.0), (2, 1.0 / 6.0), (3, 2.0 / 6.0)];
        assert_eq!(law.masses, expected);
        assert_eq!(law.seen, 3);
    }

    #[test]
    fn the_lowest_sum_is_as_likely_as_the_ways_to_it() {
        assert!((lowest_mass(&[3.0, 1.0, 0.0, 1.0], 2) - 2.0 / 6.0).abs() < 1e-15);
        assert!((lowest_mass(&[1.0, 1.0, 1.0, 1.0, 1.0, 0.0], 1) - 1.0 / 6.0).abs() < 1e-15);
        assert!((lowest_mass(&[2.0, 2.0, 2.0, 7.0, 0.0], 3) - 3.0 / 10.0).abs() < 1e-15);
        assert!((lowest_mass(&[2.0, 1.0], 0) - 1.0).abs() < 1e-15);
    }

    #[test]
    fn the_whole_is_one() {
        let blocks = [BlockLaw::of(&[5.0, 2.0, 2.0], 1), BlockLaw::of(&[0.0, -4.0], 1)];
        let law = convolve(&blocks);
        assert_eq!(law.len(), 8);
        assert!((law.iter().sum::<f64>() - 1.0).abs() < 1e-15);
    }
}
