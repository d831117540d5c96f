//! Fisher's exact test of a table of two rows and two columns.

use statrs::function::factorial::ln_binomial;

/// One-sided p-value of "the first row has more of the first column than the second": the probability,
/// under fixed margins, of a first cell as large as the one seen or larger.
///
/// `first` and `second` are the counts of the rows: (in the first column, in the second). 1 where a margin
/// is 0.
///
/// Source: R. A. Fisher, "The Logic of Inductive Inference", JRSS 98 (1935).
pub fn fisher_greater(first: (u64, u64), second: (u64, u64)) -> f64 {
    let (row, all) = (first.0 + first.1, first.0 + first.1 + second.0 + second.1);
    let column = first.0 + second.0;
    let whole = ln_binomial(all, row);
    let mass = |cell: u64| (ln_binomial(column, cell) + ln_binomial(all - column, row - cell) - whole).exp();
    let sum: f64 = (first.0..=row.min(column)).map(mass).sum();
    sum.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::fisher_greater;

    /// Of six, three are chosen: 1 of 20 ways gives the extreme table, 10 of 20 at least two.
    #[test]
    fn small_tables_are_counted_by_hand() {
        assert!((fisher_greater((3, 0), (0, 3)) - 1.0 / 20.0).abs() < 1e-12);
        assert!((fisher_greater((2, 1), (1, 2)) - 10.0 / 20.0).abs() < 1e-12);
        assert!((fisher_greater((0, 3), (3, 0)) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn an_empty_margin_says_nothing() {
        for (first, second) in [((0, 0), (3, 4)), ((3, 0), (4, 0)), ((0, 3), (0, 4)), ((0, 0), (0, 0))] {
            assert!((fisher_greater(first, second) - 1.0).abs() < 1e-12, "{first:?} {second:?}");
        }
    }
}
