//! How close: column by column and pair by pair.

use super::data::{Cells, Column, Data, place};
use super::figure::Figure;
use super::pair;
use super::report::{ColumnFigures, Compared, PairFigures, Summary};
use super::shape;

/// Rows times pairs that are compared at most: some seconds of work.
const MAX_WORK: usize = 50_000_000;
/// Pairs that are compared however many rows there are: those of ten columns.
const MIN_PAIRS: usize = 45;

const NO_ORDER: &str = "the column's values have no order";
const NO_SET: &str = "the column's values are not one of a set";
const IDENTIFIER: &str = "the column is left out: its values identify rows, or are missing throughout";

/// The columns, each by itself.
pub(super) fn columns(data: &Data) -> Vec<ColumnFigures> {
    data.columns.iter().map(figures).collect()
}

fn figures(column: &Column) -> ColumnFigures {
    let (real, synth) = (column.real.sorted(), column.synth.sorted());
    let none = |reason: &'static str| Figure::none(if column.kind.is_used() { reason } else { IDENTIFIER });
    let (ks, histogram) = if column.kind.is_numeric() {
        (shape::ks_complement(&real, &synth), shape::histogram_similarity(&real, &synth))
    } else {
        (none(NO_ORDER), none(NO_ORDER))
    };
    let (tv, coverage) = if column.kind.is_categorical() {
        let (of_real, of_synth) = (column.counts(&column.real), column.counts(&column.synth));
        let known = of_real.iter().filter(|count| **count > 0).count();
        let reached = of_real.iter().zip(&of_synth).filter(|(a, b)| **a > 0 && **b > 0).count();
        (shape::tv_complement(&of_real, &of_synth), Figure::share(reached, known))
    } else if column.kind.is_numeric() {
        (none(NO_SET), shape::range_coverage(&real, &synth))
    } else {
        (none(NO_SET), none(NO_SET))
    };
    ColumnFigures {
        name: column.name.clone(),
        kind: column.kind,
        real: summary(column, &column.real, &real),
        synth: summary(column, &column.synth, &synth),
        ks_complement: ks,
        tv_complement: tv,
        histogram_similarity: histogram,
        coverage,
    }
}

fn summary(column: &Column, cells: &Cells, sorted: &[f64]) -> Summary {
    let of = |figure: Figure| if column.kind.is_numeric() { figure } else { Figure::none(NO_ORDER) };
    let end = |value: Option<&f64>| {
        value.map_or_else(|| Figure::none("the column has no values"), |v| Figure::of(*v))
    };
    Summary {
        missing: Figure::share(cells.missing, cells.values.len()),
        distinct: sorted.chunk_by(|a, b| a == b).count(),
        mean: of(shape::mean(sorted)),
        median: of(shape::median(sorted)),
        spread: of(shape::deviation(sorted)),
        lowest: of(end(sorted.first())),
        highest: of(end(sorted.last())),
    }
}

/// The pairs of columns, and how many were left out for the work they are.
pub(super) fn pairs(data: &Data) -> (Vec<PairFigures>, usize) {
    let columns: Vec<&Column> = data.used().collect();
    let all = columns.len() * columns.len().saturating_sub(1) / 2;
    let limit = (MAX_WORK / data.real.max(data.synth).max(1)).clamp(MIN_PAIRS, 5_000);
    let mut out = Vec::new();
    // In the order in which columns join, so that the limit drops the last columns and not the last
    // partners of the first.
    let ordered = (1..columns.len()).flat_map(|b| (0..b).map(move |a| (a, b))).take(limit);
    let mut prepared: Vec<Prepared> = Vec::new();
    for (a, b) in ordered {
        while prepared.len() <= b {
            prepared.push(Prepared::new(columns[prepared.len()]));
        }
        out.push(compare((columns[a], &prepared[a]), (columns[b], &prepared[b])));
    }
    (out, all.saturating_sub(limit))
}

/// What every pair of a column needs.
struct Prepared {
    /// Places of the values, numbers cut into bins; a missing value has a place of its own.
    places: [Vec<u32>; 2],
    /// Ranks of the values, where none is missing.
    ranks: [Option<Vec<f64>>; 2],
}

impl Prepared {
    fn new(column: &Column) -> Self {
        let both = [&column.real, &column.synth];
        let edges = shape::edges(&column.real.sorted(), pair::BINS);
        let place_of = |value: f64| {
            let at = match value {
                value if column.kind.is_numeric() => shape::bin(&edges, value),
                value if value.is_nan() => column.labels.len(),
                value => place(value),
            };
            u32::try_from(at).unwrap_or(u32::MAX)
        };
        Self {
            places: both.map(|cells| cells.values.iter().map(|value| place_of(*value)).collect()),
            ranks: both.map(|cells| {
                let whole = column.kind.is_numeric() && !cells.values.iter().any(|value| value.is_nan());
                whole.then(|| pair::ranks(&cells.values))
            }),
        }
    }
}

fn compare((a, of_a): (&Column, &Prepared), (b, of_b): (&Column, &Prepared)) -> PairFigures {
    let tables = [0, 1].map(|table| pair::contingency(&of_a.places[table], &of_b.places[table]));
    let [information_real, information_synth] = tables.each_ref().map(pair::mutual_information);
    let (pearson, spearman) = if a.kind.is_numeric() && b.kind.is_numeric() {
        let cells = [(&a.real, &b.real), (&a.synth, &b.synth)];
        let pearson = cells.map(|(a, b)| {
            let (x, y) = both(&a.values, &b.values);
            pair::pearson(&x, &y)
        });
        let spearman = [0, 1].map(|table| {
            if let (Some(x), Some(y)) = (&of_a.ranks[table], &of_b.ranks[table]) {
                pair::pearson(x, y)
            } else {
                let (x, y) = both(&cells[table].0.values, &cells[table].1.values);
                pair::spearman(&x, &y)
            }
        });
        (correlations(pearson), correlations(spearman))
    } else {
        let none = || Figure::none("a correlation needs two columns whose values have an order");
        let compared = Compared { real: none(), synth: none(), similarity: none() };
        (compared.clone(), compared)
    };
    PairFigures {
        columns: [a.name.clone(), b.name.clone()],
        pearson,
        spearman,
        contingency_similarity: pair::contingency_similarity(&tables[0], &tables[1]),
        mutual_information: Compared {
            similarity: information_real.with(&information_synth, |real, synth| 1.0 - (real - synth).abs()),
            real: information_real,
            synth: information_synth,
        },
    }
}

fn correlations([real, synth]: [Figure; 2]) -> Compared {
    Compared { similarity: pair::correlation_similarity(&real, &synth), real, synth }
}

/// The values of the rows that have both.
fn both(x: &[f64], y: &[f64]) -> (Vec<f64>, Vec<f64>) {
    x.iter().zip(y).filter(|(x, y)| !x.is_nan() && !y.is_nan()).map(|(x, y)| (*x, *y)).unzip()
}

/// Mean over the pairs of the one figure that fits each.
pub(super) fn pair_trends(pairs: &[PairFigures]) -> Figure {
    Figure::mean(pairs.iter().map(trend), "no pair of columns could be compared")
}

/// The one figure of a pair: Pearson's similarity, or that of the contingency tables.
pub(super) fn trend(pair: &PairFigures) -> &Figure {
    if pair.pearson.real.value.is_some() { &pair.pearson.similarity } else { &pair.contingency_similarity }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quality::table::data::tests::data;

    #[test]
    fn a_column_is_told_by_its_kind() {
        let data = data("n,c\n1,x\n2,y\n3,x\n,x\n", "n,c\n1,x\n2,z\n3,z\n9,x\n");
        let [n, c] = &columns(&data)[..] else { panic!("two columns") };
        assert_eq!((n.real.missing.value, n.synth.missing.value), (Some(0.25), Some(0.0)));
        assert_eq!((n.real.mean.value, n.synth.highest.value), (Some(2.0), Some(9.0)));
        assert!(n.tv_complement.reason.is_some() && c.ks_complement.reason.is_some());
        // 3/4, 1/4, 0 against 1/2, 0, 1/2.
        assert_eq!(c.tv_complement.value, Some(0.5));
        assert_eq!(c.coverage.value, Some(0.5), "y is not reached");
        assert_eq!((c.real.distinct, c.real.mean.value), (2, None));
    }

    #[test]
    fn pairs_leave_out_rows_without_both_values() {
        let data = data("a,b\n1,1\n2,2\n3,\n,9\n4,3\n", "a,b\n1,3\n2,2\n4,1\n");
        let (pairs, left_out) = pairs(&data);
        assert_eq!((pairs.len(), left_out), (1, 0));
        let close = |figure: &Figure, expected: f64| (figure.value.unwrap() - expected).abs() < 1e-12;
        assert!(close(&pairs[0].spearman.real, 1.0) && close(&pairs[0].spearman.similarity, 0.0));
    }

    #[test]
    fn a_constant_column_has_no_correlation_but_a_contingency() {
        let data = data("a,b\n1,1\n1,2\n1,3\n", "a,b\n1,1\n1,2\n1,3\n");
        let (pairs, _) = pairs(&data);
        assert!(pairs[0].pearson.real.reason.is_some());
        assert_eq!(pairs[0].contingency_similarity.value, Some(1.0));
    }
}
