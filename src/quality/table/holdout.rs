//! Whether the holdout is of the same kind of rows as REAL, without which it is no yardstick for leaks.

use super::data::{Cells, Column, Data};
use super::shape::ks_complement;

/// How far two cumulative shares may be apart, in units of `√(1/n + 1/m)`: the 0.1 % bound of
/// Kolmogorov and Smirnov.
const CUMULATIVE: f64 = 1.95;
/// How far two shares may be apart, in standard deviations of their difference: the 0.1 % bound of the
/// normal distribution.
const SHARE: f64 = 3.29;

/// The columns in which the holdout differs from REAL by more than chance explains.
pub(super) fn unlike(data: &Data) -> Vec<String> {
    if data.real == 0 || data.holdout == 0 {
        return Vec::new();
    }
    data.used().filter(|column| differs(column)).map(|column| column.name.clone()).collect()
}

fn differs(column: &Column) -> bool {
    let (real, holdout) = (&column.real, &column.holdout);
    let missing =
        |cells: &Cells| (cells.values.iter().filter(|value| value.is_nan()).count(), cells.values.len());
    if shares_differ(missing(real), missing(holdout)) {
        return true;
    }
    if column.kind.is_numeric() {
        let (real, holdout) = (real.sorted(), holdout.sorted());
        let bound = CUMULATIVE * (1.0 / real.len() as f64 + 1.0 / holdout.len() as f64).sqrt();
        return ks_complement(&real, &holdout).value.is_some_and(|alike| 1.0 - alike > bound);
    }
    let (real, holdout) = (column.counts(real), column.counts(holdout));
    let (n, m) = (real.iter().sum(), holdout.iter().sum());
    real.iter().zip(&holdout).any(|(a, b)| shares_differ((*a, n), (*b, m)))
}

/// Whether `a` of `n` and `b` of `m` are shares that chance alone would hardly part so far.
fn shares_differ((a, n): (usize, usize), (b, m): (usize, usize)) -> bool {
    let (a, b, n, m) = (a as f64, b as f64, n as f64, m as f64);
    let both = (a + b) / (n + m);
    (a / n - b / m).abs() > SHARE * (both * (1.0 - both) * (1.0 / n + 1.0 / m)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quality::table::data::tests::data_with;

    #[test]
    fn a_holdout_of_other_rows_is_told_by_its_columns() {
        let real = format!("n,c,d\n{}", "1,x,p\n2,y,p\n3,x,q\n4,y,q\n".repeat(50));
        // Of 200 rows each, cumulative shares may be 0.195 apart, and n is shifted by half of them; a
        // quarter of d is gone, eight standard deviations; c is the same.
        let held = format!("n,c,d\n{}", "3,x,p\n4,y,p\n5,x,q\n6,y,\n".repeat(50));
        assert_eq!(unlike(&data_with(&real, &real, &held)), ["n", "d"]);
        assert!(unlike(&data_with(&real, &real, &real)).is_empty());
    }
}
