//! Rows as points, so that distances between them are simple and quick.
//!
//! Every coordinate is made such that the distance in a column is `min(|a − b|, 1)`: a number is its
//! share of the range of REAL, and a category, or a value of a column that is constant in REAL, is a
//! whole number of its own. A missing value is far from every value and equal to another missing one.
//! The distance of two rows is the mean over the columns, from 0 to 1 (Gower's).

use super::data::{Cells, Column};
use std::collections::BTreeMap;

/// Where a missing value stands.
const MISSING: f64 = 1e6;
/// Values are kept within so many ranges of REAL.
const FAR: f64 = 1e3;

/// Coordinates that are summed side by side.
const LANES: usize = 4;
/// Coordinates after which a sum that may end early is looked at.
const LOOK: usize = 8;

/// Rows of a table as points, one after another.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Points {
    /// Columns.
    pub columns: usize,
    /// Coordinates of a row: one a column, and zeros up to a multiple of the lanes.
    pub width: usize,
    /// The coordinates, row by row.
    pub values: Vec<f64>,
}

impl Points {
    /// So many rows, all zeros.
    pub(super) fn new(columns: usize, rows: usize) -> Self {
        let width = columns.next_multiple_of(LANES);
        Self { columns, width, values: vec![0.0; rows * width] }
    }

    pub(super) fn len(&self) -> usize {
        self.values.len().checked_div(self.width).unwrap_or(0)
    }

    pub(super) fn row(&self, at: usize) -> &[f64] {
        &self.values[at * self.width..(at + 1) * self.width]
    }

    /// Some of the rows.
    pub(super) fn pick(&self, rows: &[usize]) -> Self {
        Self { values: rows.iter().flat_map(|row| self.row(*row)).copied().collect(), ..*self }
    }
}

/// The rows of REAL, SYNTH and the holdout as points over these columns.
pub(super) fn points(columns: &[&Column]) -> [Points; 3] {
    let scales: Vec<Scale> = columns.iter().map(|column| Scale::new(column)).collect();
    let of = |cells: &dyn Fn(&Column) -> &Cells| {
        let rows = columns.first().map_or(0, |column| cells(column).values.len());
        let mut points = Points::new(columns.len(), rows);
        for (at, (column, scale)) in columns.iter().zip(&scales).enumerate() {
            for (row, value) in cells(column).values.iter().enumerate() {
                points.values[row * points.width + at] = scale.coordinate(*value);
            }
        }
        points
    };
    [of(&|column| &column.real), of(&|column| &column.synth), of(&|column| &column.holdout)]
}

/// How a column's values become coordinates.
enum Scale {
    /// From the lowest value, in ranges; both halved, since the range of finite numbers may not be.
    Range { low: f64, range: f64 },
    /// The value itself, a whole number already.
    Place,
    /// The place among all values of the column, by the bits of the value.
    Constant(BTreeMap<u64, f64>),
}

impl Scale {
    fn new(column: &Column) -> Self {
        if !column.kind.is_numeric() {
            return Self::Place;
        }
        match column.range() {
            Some((low, high)) if high / 2.0 - low / 2.0 > 0.0 => {
                Self::Range { low: low / 2.0, range: high / 2.0 - low / 2.0 }
            }
            _ => {
                let all = [&column.real, &column.synth, &column.holdout];
                let mut places: BTreeMap<u64, f64> = all
                    .iter()
                    .flat_map(|cells| cells.present())
                    .map(|value| (value.to_bits(), 0.0))
                    .collect();
                places.values_mut().enumerate().for_each(|(at, place)| *place = at as f64);
                Self::Constant(places)
            }
        }
    }

    fn coordinate(&self, value: f64) -> f64 {
        if value.is_nan() {
            return -MISSING;
        }
        match self {
            Self::Range { low, range } => ((value / 2.0 - low) / range).clamp(-FAR, FAR),
            Self::Place => value,
            Self::Constant(places) => places.get(&value.to_bits()).copied().unwrap_or(-1.0),
        }
    }
}

/// Sum over the columns of the distance in each; the mean is this over their number. Stops early with
/// some number above `limit` where the sum exceeds it.
pub(super) fn apart(a: &[f64], b: &[f64], limit: f64) -> f64 {
    let mut lanes = [0.0; LANES];
    for (a, b) in a.chunks(LOOK).zip(b.chunks(LOOK)) {
        for (a, b) in a.as_chunks::<LANES>().0.iter().zip(b.as_chunks::<LANES>().0) {
            for lane in 0..LANES {
                lanes[lane] += one_at_most((a[lane] - b[lane]).abs());
            }
        }
        if total(lanes) > limit {
            break;
        }
    }
    total(lanes)
}

/// The least that [`apart`] could be from a point to one between `low` and `high`. It is summed in the
/// same order, and rounding keeps the order of sums: it is never above a distance that it bounds.
pub(super) fn apart_from_box(point: &[f64], low: &[f64], high: &[f64]) -> f64 {
    let mut lanes = [0.0; LANES];
    let bounds = low.as_chunks::<LANES>().0.iter().zip(high.as_chunks::<LANES>().0);
    for (point, (low, high)) in point.as_chunks::<LANES>().0.iter().zip(bounds) {
        for lane in 0..LANES {
            let (below, above) = (low[lane] - point[lane], point[lane] - high[lane]);
            let outside = if below > above { below } else { above };
            lanes[lane] += one_at_most(if outside > 0.0 { outside } else { 0.0 });
        }
    }
    total(lanes)
}

/// As `f64::min`, which takes care of what is no number and is slower for it.
fn one_at_most(gap: f64) -> f64 {
    if gap < 1.0 { gap } else { 1.0 }
}

fn total([a, b, c, d]: [f64; LANES]) -> f64 {
    (a + b) + (c + d)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quality::table::data::tests::data;

    fn distance(real: &str, synth: &str) -> f64 {
        let data = data(real, synth);
        let columns: Vec<&Column> = data.columns.iter().collect();
        let [real, synth, _] = points(&columns);
        apart(real.row(0), synth.row(0), f64::INFINITY) / columns.len() as f64
    }

    #[test]
    fn distances_by_hand() {
        // 2 of a range of 8, and another category: (0.25 + 1) / 2.
        assert!((distance("n,c\n1,x\n9,y\n", "n,c\n3,y\n") - 0.625).abs() < 1e-12);
        // Beyond the range a column counts as 1 at most.
        assert!((distance("n,c\n1,x\n9,y\n", "n,c\n99,x\n") - 0.5).abs() < 1e-12);
        assert!((distance("n,c\n,x\n9,y\n1,y\n", "n,c\n,x\n")).abs() < 1e-12, "both are missing");
        assert!((distance("n,c\n,x\n9,y\n1,y\n", "n,c\n5,x\n") - 0.5).abs() < 1e-12, "one is missing");
        assert!((distance("n,c\n2,x\n2,x\n", "n,c\n2.001,x\n") - 0.5).abs() < 1e-12, "REAL is constant");
        assert!((distance("n,c\n-1e308,x\n1e308,x\n", "n,c\n0,x\n") - 0.25).abs() < 1e-12);
    }
}
