//! Choices with weights.

use crate::expand::stream::Stream;

/// Weights, ready to be drawn by.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Weights {
    /// The sum of each weight and all before it.
    sums: Vec<f64>,
    /// The last one above 0.
    last: usize,
}

impl Weights {
    /// Weights from 0 on; `None` where none is above 0, or one is no such number.
    pub fn new(weights: impl IntoIterator<Item = f64>) -> Option<Self> {
        let (mut sums, mut sum, mut last) = (Vec::new(), 0.0, None);
        for (at, weight) in weights.into_iter().enumerate() {
            if !(weight.is_finite() && weight >= 0.0) {
                return None;
            }
            if weight > 0.0 {
                last = Some(at);
            }
            sum += weight;
            sums.push(sum);
        }
        Some(Self { last: last.filter(|_| f64::is_finite(sum))?, sums })
    }

    /// One of the places, as likely as its weight is large.
    pub fn draw(&self, stream: &mut Stream) -> usize {
        let at = stream.unit() * self.sums.last().copied().unwrap_or(0.0);
        self.sums.partition_point(|sum| *sum <= at).min(self.last)
    }

    /// How often each place comes among `rows`, by the method of the largest remainder: nobody is further
    /// than one from its share. Equal remainders are served from the first on.
    pub fn counts(&self, rows: usize) -> Vec<usize> {
        let total = self.sums.last().copied().unwrap_or(1.0);
        let mut before = 0.0;
        let mut counts = Vec::with_capacity(self.sums.len());
        let mut remainders = Vec::with_capacity(self.sums.len());
        for (at, sum) in self.sums.iter().enumerate() {
            let share = rows as f64 * (sum - before) / total;
            before = *sum;
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to `rows`")]
            let whole = share as usize;
            counts.push(whole);
            remainders.push((share - whole as f64, at));
        }
        // Stable, and remainders are compared as they are: the same on every machine.
        remainders.sort_by(|(one, _), (other, _)| other.total_cmp(one));
        let left = rows.saturating_sub(counts.iter().sum());
        for (_, at) in remainders.into_iter().take(left) {
            counts[at] += 1;
        }
        counts
    }

    /// Every place as often as [`Self::counts`] says, in a random order.
    pub fn deck(&self, rows: usize, stream: &mut Stream) -> Vec<usize> {
        let counts = self.counts(rows).into_iter().enumerate();
        let mut deck: Vec<usize> = counts.flat_map(|(at, count)| std::iter::repeat_n(at, count)).collect();
        stream.shuffle(&mut deck);
        deck
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The textbook case of Hamilton's method: 100 seats for parties of 47, 16, 15.8, 12, 6.1 and 3.1
    /// thousand votes, and thirds.
    #[test]
    fn counts_are_those_of_the_largest_remainder() {
        let counts = |weights: &[f64], rows| Weights::new(weights.iter().copied()).unwrap().counts(rows);
        assert_eq!(counts(&[47.0, 16.0, 15.8, 12.0, 6.1, 3.1], 10), [5, 2, 1, 1, 1, 0]);
        assert_eq!(counts(&[1.0, 1.0, 1.0], 100), [34, 33, 33]);
        assert_eq!(counts(&[0.6, 0.3, 0.1], 10), [6, 3, 1]);
        assert_eq!(counts(&[0.0, 1.0], 7), [0, 7]);
        assert_eq!(counts(&[3.0, 1.0], 0), [0, 0]);
    }

    #[test]
    fn what_weighs_nothing_is_never_drawn() {
        let weights = Weights::new([0.0, 1.0, 0.0, 3.0, 0.0]).unwrap();
        let mut stream = Stream::new(&[b"weights"]);
        let mut counts = [0_u32; 5];
        for _ in 0..8000 {
            counts[weights.draw(&mut stream)] += 1;
        }
        assert_eq!([counts[0], counts[2], counts[4]], [0, 0, 0]);
        // 2000 expected, with a standard deviation of 38.7.
        assert!(counts[1].abs_diff(2000) < 155, "{counts:?}");
    }

    #[test]
    fn weights_that_are_none_are_refused() {
        for weights in [vec![], vec![0.0], vec![1.0, -1.0], vec![f64::NAN], vec![f64::MAX, f64::MAX]] {
            assert_eq!(Weights::new(weights), None);
        }
    }
}
