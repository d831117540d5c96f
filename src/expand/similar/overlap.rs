//! How much two sets share, and how much they must share to be near. What is required is worked out
//! with the very division that decides in the end, so that no rounding loses a pair or lets one in.

use std::cmp::Ordering;

/// Jaccard similarity of two sets of these sizes that share so many; neither is empty.
pub(super) fn jaccard(shared: usize, a: usize, b: usize) -> f64 {
    shared as f64 / (a + b - shared) as f64
}

/// The fewest that sets of these sizes share at a Jaccard similarity of `threshold`. More than the
/// smaller has where they cannot be that near.
pub(super) fn required(a: usize, b: usize, threshold: f64) -> usize {
    fewest(a.min(b), |shared| jaccard(shared, a, b) >= threshold)
}

/// How many of the first grams of a set, in the common order, are enough: any set at `threshold` shares
/// one of them.
pub(super) fn prefix(size: usize, threshold: f64) -> usize {
    // A neighbour shares the least where it is a part of this set and has nothing else.
    size - fewest(size, |shared| shared as f64 / size as f64 >= threshold) + 1
}

/// The fewest of `0..=most` that is enough, where more are enough too; one more than `most` where it is
/// not.
fn fewest(most: usize, enough: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, most + 1);
    while low < high {
        let middle = usize::midpoint(low, high);
        if enough(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

/// How many numbers two ascending lists share.
pub(super) fn shared(a: &[u64], b: &[u64]) -> usize {
    at_least(a, b, 0).unwrap_or_default()
}

/// How many numbers two ascending lists share; none where they are fewer than `least`, given up as soon
/// as that is known.
pub(super) fn at_least(a: &[u64], b: &[u64], least: usize) -> Option<usize> {
    let (mut at_a, mut at_b, mut found) = (0, 0, 0);
    while at_a < a.len() && at_b < b.len() {
        if found + (a.len() - at_a).min(b.len() - at_b) < least {
            return None;
        }
        match a[at_a].cmp(&b[at_b]) {
            Ordering::Less => at_a += 1,
            Ordering::Greater => at_b += 1,
            Ordering::Equal => {
                found += 1;
                at_a += 1;
                at_b += 1;
            }
        }
    }
    (found >= least).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_must_be_shared_by_hand() {
        // 9 / (10 + 10 − 9) = 0.818…, 8 / 12 = 0.667.
        assert_eq!(required(10, 10, 0.8), 9);
        // 4 / (5 + 4 − 4) = 0.8 exactly.
        assert_eq!(required(5, 4, 0.8), 4);
        assert_eq!(required(10, 7, 0.8), 8, "seven of ten are 0.7 at most");
        assert_eq!(required(3, 3, 1.0), 3);
    }

    #[test]
    fn prefixes_by_hand() {
        assert_eq!(prefix(10, 0.8), 3);
        assert_eq!(prefix(1, 0.8), 1);
        assert_eq!(prefix(50, 0.8), 11);
        assert_eq!(prefix(50, 1.0), 1);
    }

    #[test]
    fn counting_stops_where_too_few_are_left() {
        assert_eq!(shared(&[1, 2, 3, 9], &[2, 3, 4]), 2);
        assert_eq!(at_least(&[1, 2, 3, 9], &[2, 3, 4], 2), Some(2));
        assert_eq!(at_least(&[1, 2, 3, 9], &[2, 3, 4], 3), None);
        assert_eq!(shared(&[], &[1]), 0);
    }
}
