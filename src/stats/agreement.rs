//! Agreement beyond chance between those who label the same cases.

use std::collections::BTreeMap;

/// Cohen's kappa, unweighted, of a square table: `table[i][j]` cases got label `i` from the first and
/// label `j` from the second.
///
/// −1 to 1; 0 is the agreement expected by chance. `None` where it is not defined: the table is empty
/// or not square, or both gave one and the same label throughout, so that chance alone agrees fully.
///
/// Source: J. Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological
/// Measurement 20 (1960).
pub fn cohen_kappa(table: &[Vec<usize>]) -> Option<f64> {
    if table.iter().any(|row| row.len() != table.len()) {
        return None;
    }
    let total: usize = table.iter().flatten().sum();
    let agreed: usize = table.iter().enumerate().map(|(i, row)| row[i]).sum();
    // Agreement by chance, times the square of the total.
    let chance: f64 = (0..table.len())
        .map(|i| {
            let first: usize = table[i].iter().sum();
            let second: usize = table.iter().map(|row| row[i]).sum();
            first as f64 * second as f64
        })
        .sum();
    let total = total as f64;
    let room = total * total - chance;
    // Whole numbers, exact far beyond any count of cases: no slack is needed to see a zero.
    (room > 0.0).then(|| (agreed as f64 * total - chance) / room)
}

/// How much worse it is to be farther apart, where labels have an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KappaWeights {
    /// In proportion to the number of steps between the two labels.
    Linear,
    /// In proportion to its square.
    Quadratic,
}

/// Cohen's weighted kappa of a square table of labels in their order: `table[i][j]` cases got label `i` from
/// the first and label `j` from the second.
///
/// 1 − the weighted disagreement over that expected by chance; at most 1, 0 by chance. With two labels it is
/// [`cohen_kappa`] whatever the weights. `None` where it is not defined: the table is empty or not square, or
/// both gave one and the same label throughout.
///
/// Source: J. Cohen, "Weighted kappa: Nominal scale agreement with provision for scaled disagreement or partial
/// credit", Psychological Bulletin 70 (1968).
pub fn weighted_kappa(table: &[Vec<usize>], weights: KappaWeights) -> Option<f64> {
    if table.iter().any(|row| row.len() != table.len()) {
        return None;
    }
    let total: usize = table.iter().flatten().sum();
    let rows: Vec<usize> = table.iter().map(|row| row.iter().sum()).collect();
    let columns: Vec<usize> = (0..table.len()).map(|j| table.iter().map(|row| row[j]).sum()).collect();
    let (mut seen, mut chance) = (0.0, 0.0);
    for (i, row) in table.iter().enumerate() {
        for (j, count) in row.iter().enumerate() {
            let steps = i.abs_diff(j) as f64;
            let weight = match weights {
                KappaWeights::Linear => steps,
                KappaWeights::Quadratic => steps * steps,
            };
            seen += weight * *count as f64;
            chance += weight * rows[i] as f64 * columns[j] as f64;
        }
    }
    // Sums of whole numbers: a zero is one.
    (chance > 0.0).then(|| 1.0 - seen * total as f64 / chance)
}

/// Krippendorff's alpha for labels without an order: `items[i]` are the labels that item `i` was given, by
/// however many, in any order.
///
/// At most 1; 0 is the agreement expected by chance. Items with fewer than two labels say nothing about
/// agreement and are left out. `None` where it is not defined: no item has two labels, or all labels of those
/// that have are the same.
///
/// Source: K. Krippendorff, "Content Analysis" (1980); A. F. Hayes and K. Krippendorff, "Answering the call for
/// a standard reliability measure for coding data", Communication Methods and Measures 1 (2007).
pub fn krippendorff_nominal<L: Ord>(items: &[Vec<L>]) -> Option<f64> {
    let mut totals: BTreeMap<&L, usize> = BTreeMap::new();
    let (mut seen, mut labels) = (0.0, 0);
    for item in items.iter().filter(|item| item.len() > 1) {
        let mut counts: BTreeMap<&L, usize> = BTreeMap::new();
        for label in item {
            *counts.entry(label).or_default() += 1;
        }
        seen += differing_pairs(item.len(), counts.values()) / (item.len() as f64 - 1.0);
        labels += item.len();
        for (label, count) in counts {
            *totals.entry(label).or_default() += count;
        }
    }
    let chance = differing_pairs(labels, totals.values());
    (chance > 0.0).then(|| 1.0 - (labels as f64 - 1.0) * seen / chance)
}

/// Ordered pairs of different labels, of so many labels by their counts.
fn differing_pairs<'a>(labels: usize, counts: impl Iterator<Item = &'a usize>) -> f64 {
    let square = |count: usize| count as f64 * count as f64;
    square(labels) - counts.map(|count| square(*count)).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn kappa_of_a_published_table() {
        // The usual textbook table: 50 applications, 35 agreements, 25 expected by chance.
        let kappa = cohen_kappa(&[vec![20, 5], vec![10, 15]]).unwrap();
        assert!((kappa - 0.4).abs() < 1e-12, "{kappa}");
    }

    #[test]
    fn what_is_not_defined_has_no_value() {
        assert_eq!(cohen_kappa(&[]), None);
        assert_eq!(cohen_kappa(&[vec![0, 0], vec![0, 0]]), None);
        assert_eq!(cohen_kappa(&[vec![7, 0], vec![0, 0]]), None);
        assert_eq!(cohen_kappa(&[vec![1, 2, 3], vec![4, 5, 6]]), None);
    }

    #[test]
    fn full_disagreement_is_below_chance() {
        assert_eq!(cohen_kappa(&[vec![0, 5], vec![5, 0]]), Some(-1.0));
    }

    /// Three levels and four cases: one is off by one step and one by two.
    #[test]
    fn weights_by_hand() {
        let table = [vec![1, 1, 0], vec![0, 1, 0], vec![1, 0, 0]];
        // Rows 2 1 1, columns 2 2 0; steps by chance 2·2·1 + 1·2·1 + 1·2·2 + 1·2·1 = 12, squares 4 + 2 + 8 + 2.
        let linear = weighted_kappa(&table, KappaWeights::Linear).unwrap();
        assert!((linear - (1.0 - 3.0 * 4.0 / 12.0)).abs() < 1e-15, "{linear}");
        let quadratic = weighted_kappa(&table, KappaWeights::Quadratic).unwrap();
        assert!((quadratic - (1.0 - 5.0 * 4.0 / 16.0)).abs() < 1e-15, "{quadratic}");
    }

    #[test]
    fn weights_without_disagreement_to_expect_have_no_kappa() {
        for weights in [KappaWeights::Linear, KappaWeights::Quadratic] {
            assert_eq!(weighted_kappa(&[], weights), None);
            assert_eq!(weighted_kappa(&[vec![3, 0], vec![0, 0]], weights), None);
            assert_eq!(weighted_kappa(&[vec![1, 2, 3], vec![4, 5, 6]], weights), None);
        }
    }

    /// Krippendorff's example of two coders and ten items, 14 of 20 labels being 0: α = 0.095.
    #[test]
    fn alpha_of_the_published_example() {
        let one = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0];
        let other = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0];
        let items: Vec<Vec<u8>> = one.iter().zip(&other).map(|(one, other)| vec![*one, *other]).collect();
        // Observed: 4 items differ, 8 ordered pairs; expected 2 · 14 · 6 over 19.
        let alpha = krippendorff_nominal(&items).unwrap();
        assert!(
            (alpha - (1.0 - 19.0 * 8.0 / 168.0)).abs() < 1e-15 && (alpha - 0.095).abs() < 5e-4,
            "{alpha}"
        );
    }

    #[test]
    fn alpha_needs_two_labels_that_could_differ() {
        assert_eq!(krippendorff_nominal::<u8>(&[]), None);
        assert_eq!(krippendorff_nominal(&[vec!["a"], vec!["b"]]), None);
        assert_eq!(krippendorff_nominal(&[vec!["a", "a"], vec!["a", "a", "a"], vec!["b"]]), None);
    }

    proptest! {
        #[test]
        fn two_labels_need_no_weights(table in prop::collection::vec(prop::collection::vec(0_usize..50, 2), 2)) {
            let plain = cohen_kappa(&table);
            for weights in [KappaWeights::Linear, KappaWeights::Quadratic] {
                let weighted = weighted_kappa(&table, weights);
                prop_assert_eq!(plain.is_some(), weighted.is_some());
                let (plain, weighted) = (plain.unwrap_or_default(), weighted.unwrap_or_default());
                prop_assert!((plain - weighted).abs() < 1e-12);
            }
        }
    }
}
