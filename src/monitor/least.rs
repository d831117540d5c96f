//! A sample that depends on what is sampled alone: those whose numbers are least.

use std::collections::BTreeMap;

/// The `most` things with the least keys of all that were offered: of keys that are hashes, a sample without
/// replacement, the same whatever the order.
#[derive(Debug)]
pub struct Least<T> {
    most: usize,
    /// By the key, and by how many had the same before it.
    kept: BTreeMap<(u64, u32), T>,
    offered: u64,
}

impl<T> Least<T> {
    /// Nothing yet, and at most so many.
    pub const fn new(most: usize) -> Self {
        Self { most, kept: BTreeMap::new(), offered: 0 }
    }

    /// Whether something with this key would be kept.
    pub fn wants(&self, key: u64) -> bool {
        self.kept.len() < self.most || self.kept.last_key_value().is_some_and(|((last, _), _)| key < *last)
    }

    /// Offers a thing, which is made only where it is kept.
    pub fn offer(&mut self, key: u64, make: impl FnOnce() -> T) {
        self.offered += 1;
        if self.most == 0 || !self.wants(key) {
            return;
        }
        let same = self.kept.range((key, 0)..=(key, u32::MAX)).count();
        self.kept.insert((key, u32::try_from(same).unwrap_or(u32::MAX)), make());
        if self.kept.len() > self.most {
            self.kept.pop_last();
        }
    }

    /// What is kept under a key; of several the first.
    pub fn get_mut(&mut self, key: u64) -> Option<&mut T> {
        self.kept.get_mut(&(key, 0))
    }

    /// How many were offered.
    pub const fn offered(&self) -> u64 {
        self.offered
    }

    /// How many are kept.
    pub fn len(&self) -> usize {
        self.kept.len()
    }

    /// What is kept, by rising keys.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.kept.values()
    }

    /// What is kept, by rising keys.
    pub fn into_values(self) -> impl Iterator<Item = T> {
        self.kept.into_values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_are_kept_whatever_the_order() {
        let keys = [7, 3, 9, 1, 5, 3, 8];
        for keys in [keys.to_vec(), keys.iter().rev().copied().collect()] {
            let mut least = Least::new(4);
            for key in keys {
                least.offer(key, || key);
            }
            assert_eq!(least.offered(), 7);
            assert_eq!(least.into_values().collect::<Vec<_>>(), [1, 3, 3, 5]);
        }
    }
}
