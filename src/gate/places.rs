//! Sets of cases by their places: a bit a case, since a suite may have a million of them.

/// A set of places.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Places {
    bits: Vec<u64>,
    count: usize,
}

impl Places {
    /// Number of places in it.
    pub const fn len(&self) -> usize {
        self.count
    }

    /// Takes up a place; false where it is there already.
    pub fn insert(&mut self, at: usize) -> bool {
        let (word, bit) = (at / 64, 1 << (at % 64));
        if word >= self.bits.len() {
            self.bits.resize(word + 1, 0);
        }
        let new = self.bits[word] & bit == 0;
        self.bits[word] |= bit;
        self.count += usize::from(new);
        new
    }

    /// Whether a place is in it.
    pub fn contains(&self, at: usize) -> bool {
        self.bits.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
    }

    /// The places, ascending.
    pub fn iter(&self) -> impl Iterator<Item = usize> {
        self.bits.iter().enumerate().flat_map(|(word, bits)| {
            let mut left = *bits;
            std::iter::from_fn(move || {
                (left != 0).then(|| {
                    let bit = left.trailing_zeros() as usize;
                    left &= left - 1;
                    64 * word + bit
                })
            })
        })
    }
}

impl Extend<usize> for Places {
    fn extend<I: IntoIterator<Item = usize>>(&mut self, places: I) {
        for at in places {
            self.insert(at);
        }
    }
}

impl FromIterator<usize> for Places {
    fn from_iter<I: IntoIterator<Item = usize>>(places: I) -> Self {
        let mut all = Self::default();
        all.extend(places);
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_come_out_once_and_ascending() {
        let places: Places = [130, 0, 63, 64, 0].into_iter().collect();
        assert_eq!((places.len(), places.iter().collect::<Vec<_>>()), (4, vec![0, 63, 64, 130]));
        assert!(places.contains(64) && !places.contains(65) && !places.contains(1000));
        assert_eq!(Places::default().iter().count(), 0);
    }
}
