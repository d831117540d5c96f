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
    let margins = Margins::of(first, second);
    let sum: f64 = (first.0..=margins.most()).map(|cell| margins.mass(cell)).sum();
    sum.min(1.0)
}

/// Two-sided p-value of "the rows differ": the probability, under fixed margins, of all tables that are no
/// more likely than the one seen.
///
/// Arguments as for [`fisher_greater`]. Tables whose probability is that of the one seen but for rounding
/// (a ten-millionth) count with it, as is usual. 1 where a margin is 0.
pub fn fisher_two_sided(first: (u64, u64), second: (u64, u64)) -> f64 {
    let margins = Margins::of(first, second);
    let seen = margins.mass(first.0) * (1.0 + 1e-7);
    let cells = margins.least()..=margins.most();
    let sum: f64 = cells.map(|cell| margins.mass(cell)).filter(|mass| *mass <= seen).sum();
    sum.min(1.0)
}

/// What is fixed of a table: how many there are in the first row, in the first column and in all.
struct Margins {
    row: u64,
    column: u64,
    all: u64,
}

impl Margins {
    fn of(first: (u64, u64), second: (u64, u64)) -> Self {
        let (row, column) = (first.0 + first.1, first.0 + second.0);
        Self { row, column, all: row + second.0 + second.1 }
    }

    /// The smallest first cell that these margins allow.
    fn least(&self) -> u64 {
        (self.row + self.column).saturating_sub(self.all)
    }

    /// The largest.
    fn most(&self) -> u64 {
        self.row.min(self.column)
    }

    /// Probability of a first cell between the two.
    fn mass(&self, cell: u64) -> f64 {
        let (inside, outside) = (ln_binomial(self.column, cell), self.all - self.column);
        (inside + ln_binomial(outside, self.row - cell) - ln_binomial(self.all, self.row)).exp()
    }
}

#[cfg(test)]
mod tests {
    use super::{fisher_greater, fisher_two_sided};

    /// Of six, three are chosen: 1 of 20 ways gives the extreme table, 10 of 20 at least two.
    #[test]
    fn small_tables_are_counted_by_hand() {
        assert!((fisher_greater((3, 0), (0, 3)) - 1.0 / 20.0).abs() < 1e-12);
        assert!((fisher_greater((2, 1), (1, 2)) - 10.0 / 20.0).abs() < 1e-12);
        assert!((fisher_greater((0, 3), (3, 0)) - 1.0).abs() < 1e-12);
        // Both extremes; and all tables, as none is less likely than the middle two.
        assert!((fisher_two_sided((3, 0), (0, 3)) - 2.0 / 20.0).abs() < 1e-12);
        assert!((fisher_two_sided((2, 1), (1, 2)) - 1.0).abs() < 1e-12);
    }

    /// The lady tasting tea: 3 of 4 right, 17 of 70 ways to be as good; two-sided twice that.
    #[test]
    fn the_tea_is_that_of_the_book() {
        assert!((fisher_greater((3, 1), (1, 3)) - 17.0 / 70.0).abs() < 1e-12);
        assert!((fisher_two_sided((3, 1), (1, 3)) - 34.0 / 70.0).abs() < 1e-12);
    }

    #[test]
    fn an_empty_margin_says_nothing() {
        for (first, second) in [((0, 0), (3, 4)), ((3, 0), (4, 0)), ((0, 3), (0, 4)), ((0, 0), (0, 0))] {
            assert!((fisher_greater(first, second) - 1.0).abs() < 1e-12, "{first:?} {second:?}");
            assert!((fisher_two_sided(first, second) - 1.0).abs() < 1e-12, "{first:?} {second:?}");
        }
    }
}
