//! A column of values that takes no memory until the first of them is there.

use std::collections::HashMap;

/// A value for each of so many places, most often none.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Column<T>(Vec<Option<T>>);

/// The same for numbers: what is no number stands for none, so that a value takes eight bytes.
#[derive(Debug, Clone, Default)]
pub(super) struct Numbers(Vec<f64>);

impl<T> Default for Column<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Copy> Column<T> {
    /// The value at a place.
    pub fn get(&self, at: usize) -> Option<T> {
        self.0.get(at).copied().flatten()
    }

    /// Puts a value in its place.
    pub fn set(&mut self, at: usize, value: Option<T>) {
        if at >= self.0.len() {
            if value.is_none() {
                return;
            }
            self.0.resize(at + 1, None);
        }
        self.0[at] = value;
    }
}

impl Numbers {
    /// The number at a place.
    pub fn get(&self, at: usize) -> Option<f64> {
        self.slice(at).first().copied()
    }

    /// The number at a place, as a list of one or none.
    pub fn slice(&self, at: usize) -> &[f64] {
        self.0.get(at..=at).filter(|one| !one[0].is_nan()).unwrap_or_default()
    }

    /// Puts a number in its place.
    pub fn set(&mut self, at: usize, value: Option<f64>) {
        let value = value.unwrap_or(f64::NAN);
        if at >= self.0.len() {
            if value.is_nan() {
                return;
            }
            self.0.resize(at + 1, f64::NAN);
        }
        self.0[at] = value;
    }
}

/// The same for so many numbers together: what is no number in the first stands for none.
#[derive(Debug, Clone, Default)]
pub(super) struct Blocks<const N: usize>(Vec<[f64; N]>);

impl<const N: usize> Blocks<N> {
    /// The numbers at a place.
    pub fn get(&self, at: usize) -> Option<&[f64; N]> {
        self.0.get(at).filter(|numbers| !numbers[0].is_nan())
    }

    /// Puts numbers in their place.
    pub fn set(&mut self, at: usize, numbers: Option<&[f64; N]>) {
        if at >= self.0.len() {
            if numbers.is_none() {
                return;
            }
            self.0.resize(at + 1, [f64::NAN; N]);
        }
        self.0[at] = numbers.copied().unwrap_or([f64::NAN; N]);
    }
}

/// The same for pairs of counts. A pair takes eight bytes; one with a count of four thousand million or more,
/// which is rare, is kept apart.
#[derive(Debug, Clone, Default)]
pub(super) struct Pairs {
    small: Vec<[u32; 2]>,
    large: HashMap<usize, (u64, u64)>,
}

/// What stands for no pair, and for one that is kept apart.
const NO_PAIR: [u32; 2] = [u32::MAX, 0];
const LARGE: [u32; 2] = [u32::MAX, 1];

impl Pairs {
    /// The pair at a place.
    pub fn get(&self, at: usize) -> Option<(u64, u64)> {
        match *self.small.get(at)? {
            NO_PAIR => None,
            LARGE => self.large.get(&at).copied(),
            [first, second] => Some((first.into(), second.into())),
        }
    }

    /// Puts a pair in its place.
    pub fn set(&mut self, at: usize, pair: Option<(u64, u64)>) {
        if at >= self.small.len() {
            if pair.is_none() {
                return;
            }
            self.small.resize(at + 1, NO_PAIR);
        }
        let small = |(first, second): (u64, u64)| {
            Some([u32::try_from(first).ok().filter(|first| *first < u32::MAX)?, u32::try_from(second).ok()?])
        };
        self.small[at] = match pair {
            None => NO_PAIR,
            Some(pair) => small(pair).unwrap_or_else(|| {
                self.large.insert(at, pair);
                LARGE
            }),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_of_any_size_come_out_as_they_went_in() {
        let mut pairs = Pairs::default();
        pairs.set(9, None);
        assert_eq!(pairs.small.capacity(), 0);
        let most = u64::from(u32::MAX);
        let all = [Some((3, 4)), None, Some((most, 0)), Some((0, most)), Some((most + 1, 1)), Some((0, 0))];
        all.iter().enumerate().for_each(|(at, pair)| pairs.set(at, *pair));
        assert_eq!([0, 1, 2, 3, 4, 5].map(|at| pairs.get(at)), all);
        pairs.set(2, Some((1, 2)));
        assert_eq!((pairs.get(2), pairs.get(7)), (Some((1, 2)), None));
    }

    #[test]
    fn a_column_without_values_takes_no_memory_and_has_none() {
        let mut column = Column::<u32>::default();
        column.set(1_000_000, None);
        assert_eq!((column.0.capacity(), column.get(7)), (0, None));
        column.set(2, Some(5));
        assert_eq!([0, 1, 2, 3].map(|at| column.get(at)), [None, None, Some(5), None]);
        column.set(2, None);
        assert_eq!(column.get(2), None);
    }

    #[test]
    fn blocks_take_no_memory_until_one_is_set() {
        let mut blocks = Blocks::<2>::default();
        blocks.set(1_000_000, None);
        assert_eq!(blocks.0.capacity(), 0);
        blocks.set(1, Some(&[0.5, 1.0]));
        assert_eq!([0, 1, 2].map(|at| blocks.get(at)), [None, Some(&[0.5, 1.0]), None]);
        blocks.set(1, None);
        assert_eq!(blocks.get(1), None);
    }

    #[test]
    fn numbers_are_none_until_they_are_set() {
        let mut numbers = Numbers::default();
        numbers.set(9, None);
        assert_eq!(numbers.0.capacity(), 0);
        numbers.set(1, Some(0.0));
        assert_eq!([0, 1, 2].map(|at| numbers.get(at)), [None, Some(0.0), None]);
        assert_eq!((numbers.slice(1), numbers.slice(0), numbers.slice(5)), (&[0.0][..], &[][..], &[][..]));
    }
}
