//! A column of values that takes no memory until the first of them is there.

/// A value for each of so many places, most often none.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Column<T>(Vec<Option<T>>);

/// The same for numbers: what is no number stands for none, so that a value takes eight bytes.
#[derive(Debug, Clone, Default)]
pub(super) struct Numbers(Vec<f64>);

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

#[cfg(test)]
mod tests {
    use super::*;

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
    fn numbers_are_none_until_they_are_set() {
        let mut numbers = Numbers::default();
        numbers.set(9, None);
        assert_eq!(numbers.0.capacity(), 0);
        numbers.set(1, Some(0.0));
        assert_eq!([0, 1, 2].map(|at| numbers.get(at)), [None, Some(0.0), None]);
        assert_eq!((numbers.slice(1), numbers.slice(0), numbers.slice(5)), (&[0.0][..], &[][..], &[][..]));
    }
}
