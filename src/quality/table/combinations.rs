//! Combinations of categories that never occur in the source.

use super::data::{Cells, Column, Data, place};
use super::figure::Figure;
use super::report::NewPair;
use std::collections::{BTreeMap, HashSet};

/// Rows times pairs of columns that are looked through at most.
const MAX_WORK: usize = 50_000_000;
/// Pairs of values that are told.
const TOLD: usize = 20;

/// What is found.
pub(super) struct Combinations {
    /// Pairs of known values, the most frequent first.
    pub pairs: Vec<NewPair>,
    /// Pairs of columns that were not looked through.
    pub pairs_left_out: usize,
    /// Share of the rows whose categories are all known but never occur together.
    pub whole: Figure,
    /// The same of the holdout.
    pub holdout_whole: Figure,
}

/// Looks through the columns of categories.
pub(super) fn combinations(data: &Data) -> Combinations {
    let columns: Vec<&Column> = data.columns.iter().filter(|column| column.kind.is_categorical()).collect();
    let all = columns.len() * columns.len().saturating_sub(1) / 2;
    let limit = (MAX_WORK / data.real.max(data.synth).max(1)).max(45);
    let mut pairs = Vec::new();
    for (a, b) in (1..columns.len()).flat_map(|b| (0..b).map(move |a| (a, b))).take(limit) {
        pairs.extend(pairs_of(columns[a], columns[b]));
        // No more than these can be told in the end.
        pairs.sort_by_key(|pair: &NewPair| std::cmp::Reverse(pair.rows));
        pairs.truncate(TOLD);
    }
    let none = || Figure::none("this needs two columns of categories");
    let (whole, holdout_whole) = if columns.len() < 2 {
        (none(), none())
    } else {
        let known = Known::new(&columns, data.real);
        let of =
            |cells: fn(&Column) -> &Cells, rows| Figure::share(known.new_in(&columns, cells, rows), rows);
        let holdout = if data.has_holdout {
            of(|column| &column.holdout, data.holdout)
        } else {
            Figure::none("there is no holdout (--holdout)")
        };
        (of(|column| &column.synth, data.synth), holdout)
    };
    Combinations { pairs, pairs_left_out: all.saturating_sub(limit), whole, holdout_whole }
}

/// Pairs of values that both occur in REAL, but only in SYNTH together.
fn pairs_of<'a>(a: &'a Column, b: &'a Column) -> impl Iterator<Item = NewPair> + 'a {
    let both = |a: &'a Cells, b: &'a Cells| {
        let rows = a.values.iter().zip(&b.values);
        rows.filter(|(a, b)| !a.is_nan() && !b.is_nan()).map(|(a, b)| (place(*a), place(*b)))
    };
    let seen: HashSet<(usize, usize)> = both(&a.real, &b.real).collect();
    let (counts_a, counts_b) = (a.counts(&a.real), b.counts(&b.real));
    let mut new = BTreeMap::new();
    for pair in both(&a.synth, &b.synth) {
        if counts_a[pair.0] > 0 && counts_b[pair.1] > 0 && !seen.contains(&pair) {
            *new.entry(pair).or_insert(0) += 1;
        }
    }
    new.into_iter().map(|(pair, rows)| NewPair {
        columns: [a.name.clone(), b.name.clone()],
        values: [a.labels[pair.0].clone(), b.labels[pair.1].clone()],
        rows,
    })
}

/// The rows of REAL by their categories alone.
struct Known {
    rows: HashSet<Vec<usize>>,
    /// How often each label of each column occurs.
    counts: Vec<Vec<usize>>,
}

impl Known {
    fn new(columns: &[&Column], rows: usize) -> Self {
        Self {
            rows: (0..rows).map(|row| combination(columns, |column| &column.real, row)).collect(),
            counts: columns.iter().map(|column| column.counts(&column.real)).collect(),
        }
    }

    /// Rows of a table whose values are all known, but not together. Missing is a value like any other
    /// here.
    fn new_in(&self, columns: &[&Column], cells: fn(&Column) -> &Cells, rows: usize) -> usize {
        let known = |row: &Vec<usize>| {
            row.iter().zip(&self.counts).all(|(at, counts)| counts.get(*at).is_none_or(|count| *count > 0))
        };
        (0..rows)
            .map(|row| combination(columns, cells, row))
            .filter(|row| known(row) && !self.rows.contains(row))
            .count()
    }
}

fn combination(columns: &[&Column], cells: fn(&Column) -> &Cells, row: usize) -> Vec<usize> {
    let at = |column: &&Column| match cells(column).values[row] {
        value if value.is_nan() => usize::MAX,
        value => place(value),
    };
    columns.iter().map(at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quality::table::data::tests::data;

    #[test]
    fn known_values_that_never_meet_are_told() {
        let data = data("a,b\nx,p\ny,q\nx,p\n", "a,b\nx,q\nx,q\ny,q\nz,p\n");
        let found = combinations(&data);
        assert_eq!(found.pairs.len(), 1, "z is a new value and no new combination");
        assert_eq!(
            (found.pairs[0].values.each_ref().map(String::as_str), found.pairs[0].rows),
            (["x", "q"], 2)
        );
        assert_eq!((found.whole.value, found.holdout_whole.value), (Some(0.5), None));
    }

    #[test]
    fn one_column_of_categories_has_no_combinations() {
        assert!(combinations(&data("a,n\nx,1\ny,2\n", "a,n\nx,1\n")).whole.reason.is_some());
    }
}
