//! Which columns need which: the order to compute them in, and the rings that have none.

use std::collections::BTreeSet;

/// An order in which everything comes after what it needs, and the rings, each from its first member in the
/// order given on; what hangs on a ring is in neither.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Ordered {
    pub order: Vec<usize>,
    pub rings: Vec<Vec<usize>>,
}

/// Orders `needs.len()` things, of which each needs those listed. Of several that could come next, the
/// first comes.
pub(super) fn order(needs: &[Vec<usize>]) -> Ordered {
    let mut waiting: Vec<BTreeSet<usize>> = needs.iter().map(|all| all.iter().copied().collect()).collect();
    let mut wanted_by = vec![Vec::new(); needs.len()];
    for (at, all) in waiting.iter().enumerate() {
        for need in all {
            wanted_by[*need].push(at);
        }
    }
    let mut ready: BTreeSet<usize> = (0..needs.len()).filter(|at| waiting[*at].is_empty()).collect();
    let mut order = Vec::with_capacity(needs.len());
    while let Some(next) = ready.pop_first() {
        order.push(next);
        for &after in &wanted_by[next] {
            waiting[after].remove(&next);
            if waiting[after].is_empty() {
                ready.insert(after);
            }
        }
    }
    let mut rings: Vec<Vec<usize>> = Vec::new();
    let mut seen = vec![false; needs.len()];
    for start in 0..needs.len() {
        // Whatever still waits needs something that waits too: going on ends in a ring.
        let (mut path, mut at) = (Vec::new(), start);
        while !waiting[at].is_empty() && !seen[at] {
            seen[at] = true;
            path.push(at);
            at = waiting[at].first().copied().unwrap_or(at);
        }
        if let Some(begin) = path.iter().position(|one| *one == at) {
            let ring = &path[begin..];
            let first = ring.iter().enumerate().min_by_key(|(_, one)| **one).map_or(0, |(place, _)| place);
            rings.push([&ring[first..], &ring[..first]].concat());
        }
    }
    Ordered { order, rings }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_comes_after_what_it_needs() {
        let ordered = order(&[vec![2, 3], vec![], vec![1], vec![1, 2, 2]]);
        assert_eq!(ordered, Ordered { order: vec![1, 2, 3, 0], rings: vec![] });
    }

    #[test]
    fn rings_are_found_apart_from_what_hangs_on_them() {
        // 0 needs 1, 1 → 2 → 3 → 1, 4 itself, 5 nothing.
        let ordered = order(&[vec![1], vec![2], vec![3], vec![1], vec![4], vec![]]);
        assert_eq!(ordered, Ordered { order: vec![5], rings: vec![vec![1, 2, 3], vec![4]] });
    }

    #[test]
    fn two_rings_that_share_a_member_are_told_at_least_once() {
        let ordered = order(&[vec![1], vec![0, 2], vec![1]]);
        assert_eq!(ordered.rings, [vec![0, 1]]);
    }
}
