//! Shards that take about as long: the longest family first, each to the shard with the least so far.

use super::Shard;
use crate::expand::FamilyId;
use std::cmp::Reverse;
use std::collections::HashMap;

/// How long a family is expected to take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weight {
    /// The family.
    pub family: FamilyId,
    /// Nanoseconds of the run; `None` where nothing is known of it.
    pub nanos: Option<u64>,
}

/// Families dealt to shards, with how long each shard is expected to take. Families of which nothing is known
/// take as long as the median of the others, or all the same. Whole numbers throughout, so that every machine
/// comes to the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deal {
    /// Number of the shard, from 1, by family.
    shards: HashMap<FamilyId, u32>,
    /// Nanoseconds of each shard, in their order.
    nanos: Vec<u64>,
}

impl Deal {
    /// Deals families to `of` shards by their hash.
    pub fn by_hash(weights: &[Weight], of: u32) -> Self {
        Self::new(weights, of, |family, _| Shard::all(of).find(|shard| shard.holds(family)))
    }

    /// Deals families to `of` shards so that these take about as long: the one that takes longest first (of
    /// several the one with the least id), each to the shard that has the least to do (of several the first).
    ///
    /// No shard takes longer than 4/3 of the best that is possible (R. L. Graham, "Bounds on multiprocessing
    /// timing anomalies", SIAM J. Appl. Math. 17, 1969).
    pub fn balanced(weights: &[Weight], of: u32) -> Self {
        Self::new(weights, of, |_, nanos| {
            Shard::all(of).zip(nanos).min_by_key(|(_, nanos)| **nanos).map(|(shard, _)| shard)
        })
    }

    fn new(weights: &[Weight], of: u32, choose: impl Fn(FamilyId, &[u64]) -> Option<Shard>) -> Self {
        let mut known: Vec<u64> = weights.iter().filter_map(|weight| weight.nanos).collect();
        known.sort_unstable();
        let median = known.get(known.len() / 2).copied().unwrap_or(1).max(1);
        let mut families: Vec<(Reverse<u64>, FamilyId)> =
            weights.iter().map(|weight| (Reverse(weight.nanos.unwrap_or(median)), weight.family)).collect();
        families.sort_unstable();
        let mut nanos = vec![0_u64; of as usize];
        let mut shards = HashMap::with_capacity(families.len());
        for (Reverse(takes), family) in families {
            if let Some(shard) = choose(family, &nanos) {
                let all = &mut nanos[shard.index as usize - 1];
                *all = all.saturating_add(takes);
                shards.insert(family, shard.index);
            }
        }
        Self { shards, nanos }
    }

    /// Whether a family belongs to a shard.
    pub fn holds(&self, shard: Shard, family: FamilyId) -> bool {
        self.shards.get(&family) == Some(&shard.index)
    }

    /// How long each shard is expected to take, in seconds, in their order.
    pub fn seconds(&self) -> impl Iterator<Item = f64> {
        self.nanos.iter().map(|nanos| *nanos as f64 / 1e9)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expand::CaseId;
    use proptest::prelude::*;

    fn family(n: usize) -> FamilyId {
        format!("{n:016x}").parse().unwrap()
    }

    fn dealt(nanos: &[Option<u64>], of: u32) -> (Vec<u32>, Vec<u64>) {
        let weights: Vec<Weight> =
            nanos.iter().enumerate().map(|(n, nanos)| Weight { family: family(n), nanos: *nanos }).collect();
        let balance = Deal::balanced(&weights, of);
        ((0..nanos.len()).map(|n| balance.shards[&family(n)]).collect(), balance.nanos)
    }

    #[test]
    fn the_longest_goes_first_and_to_the_shard_that_has_the_least() {
        // 7 → 1, 5 → 2, 4 → 2 (9), 3 → 1 (10), 2 → 2 (11).
        let nanos = [3, 7, 2, 5, 4].map(Some);
        assert_eq!(dealt(&nanos, 2), (vec![1, 1, 2, 2, 2], vec![10, 11]));
        assert_eq!(dealt(&nanos, 1), (vec![1; 5], vec![21]));
    }

    #[test]
    fn what_is_not_known_takes_as_long_as_the_median() {
        // 10, 4 (median of 1, 4, 10), 4, 1: 10 → 1, 4 → 2 (the id 1), 4 → 2 (8), 1 → 2 (9).
        let nanos = [Some(10), None, Some(4), Some(1)];
        assert_eq!(dealt(&nanos, 2), (vec![1, 2, 2, 2], vec![10, 9]));
        assert_eq!(dealt(&[None, None, None, None], 2).0, [1, 2, 1, 2], "equal, by their ids");
        assert_eq!(dealt(&[], 3), (vec![], vec![0, 0, 0]));
    }

    #[test]
    fn by_their_hash_families_take_what_they_take() {
        let weights = [1, 10, 100].map(|n| Weight { family: family(n), nanos: Some(n as u64) });
        let deal = Deal::by_hash(&weights, 2);
        let held = |shard: Shard| weights.iter().filter(move |weight| shard.holds(weight.family));
        let nanos: Vec<u64> =
            Shard::all(2).map(|of| held(of).filter_map(|weight| weight.nanos).sum()).collect();
        assert_eq!(deal.nanos, nanos);
        assert_eq!(nanos.iter().sum::<u64>(), 111);
    }

    proptest! {
        #[test]
        fn every_family_has_one_shard_and_no_order_of_families_changes_it(
            nanos in prop::collection::vec(prop::option::of(0..1000_u64), 0..60),
            of in 1..12_u32,
        ) {
            let mut weights: Vec<Weight> = nanos
                .iter()
                .enumerate()
                .map(|(n, nanos)| Weight { family: CaseId::of(&[&n.to_be_bytes()]), nanos: *nanos })
                .collect();
            let balance = Deal::balanced(&weights, of);
            for weight in &weights {
                prop_assert_eq!(Shard::all(of).filter(|shard| balance.holds(*shard, weight.family)).count(), 1);
            }
            weights.reverse();
            prop_assert_eq!(Deal::balanced(&weights, of), balance);
        }
    }
}
