//! Agreement beyond chance between two who label the same cases.

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

#[cfg(test)]
mod tests {
    use super::cohen_kappa;

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
}
