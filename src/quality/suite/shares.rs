//! How something is shared out: counts by value, the largest share, how even they are.

use std::collections::BTreeMap;

/// Counts by value.
#[derive(Debug, Default)]
pub(super) struct Shares<'a> {
    counts: BTreeMap<&'a str, usize>,
}

impl<'a> Shares<'a> {
    pub(super) fn of(values: impl IntoIterator<Item = &'a str>) -> Self {
        let mut of = Self::default();
        for value in values {
            *of.counts.entry(value).or_default() += 1;
        }
        of
    }

    /// With these values counted too, where they never occur.
    pub(super) fn among(mut self, values: impl IntoIterator<Item = &'a str>) -> Self {
        for value in values {
            self.counts.entry(value).or_default();
        }
        self
    }

    /// How many different values there are.
    pub(super) fn kinds(&self) -> usize {
        self.counts.len()
    }

    pub(super) fn total(&self) -> usize {
        self.counts.values().sum()
    }

    /// The values with their counts, most frequent first; equal ones by their text.
    pub(super) fn ranked(&self) -> Vec<(&'a str, usize)> {
        let mut ranked: Vec<_> = self.counts.iter().map(|(value, count)| (*value, *count)).collect();
        ranked.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        ranked
    }

    /// Pielou's evenness: the entropy over that of equal shares, 0 where one value has all, 1 where all
    /// have as much. None below two values, and where nothing is counted.
    pub(super) fn evenness(&self) -> Option<f64> {
        let total = self.total() as f64;
        if self.kinds() < 2 || total == 0.0 {
            return None;
        }
        let shares = self.counts.values().filter(|count| **count > 0).map(|count| *count as f64 / total);
        // Never below 0, which −1·ln 1 would show as −0.
        let entropy: f64 = shares.map(|share| share * -share.ln()).sum::<f64>().max(0.0);
        Some(entropy / (self.kinds() as f64).ln())
    }
}
