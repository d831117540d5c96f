//! How rows follow on one another, where they have an order.

use super::data::{Column, Data};
use super::figure::Figure;
use super::kind::Kind;
use super::report::{Series, SeriesFigures};

/// Longest lag.
const LAGS: usize = 10;
/// Fewest values of a series.
const MIN_VALUES: usize = 20;

/// Autocorrelations of the columns of numbers. `named` is the column that orders the rows; without it,
/// a column of dates by which both tables are sorted already.
pub(super) fn series(data: &Data, named: Option<&str>) -> Series {
    let order = match named {
        Some(name) => data.columns.iter().find(|column| column.name == name),
        None => data.columns.iter().find(|column| column.kind == Kind::Date && is_sorted(column)),
    };
    let Some(order) = order else {
        let reason = "no column is named by --sequence, and both tables are sorted by no column of dates";
        return Series { ordered_by: None, reason: Some(reason.to_owned()), columns: Vec::new() };
    };
    let rows = [&order.real.values, &order.synth.values].map(|values| {
        let mut rows: Vec<usize> = (0..values.len()).filter(|row| !values[*row].is_nan()).collect();
        // Rows of one place stay as they are.
        rows.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
        rows
    });
    let columns =
        data.columns.iter().filter(|column| column.kind == Kind::Number && column.name != order.name);
    let columns = columns.map(|column| figures(column, &rows)).collect();
    Series { ordered_by: Some(order.name.clone()), reason: None, columns }
}

fn is_sorted(column: &Column) -> bool {
    // Two dates at least, or any column would do.
    let sorted = |values: &[f64]| values.is_sorted() && values.first() < values.last();
    sorted(&column.real.values) && sorted(&column.synth.values)
}

fn figures(column: &Column, rows: &[Vec<usize>; 2]) -> SeriesFigures {
    let values = |values: &[f64], rows: &[usize]| -> Vec<f64> {
        rows.iter().map(|row| values[*row]).filter(|value| !value.is_nan()).collect()
    };
    let real = autocorrelation(&values(&column.real.values, &rows[0]));
    let synth = autocorrelation(&values(&column.synth.values, &rows[1]));
    let similarity = match (&real, &synth) {
        (Ok(real), Ok(synth)) => {
            let apart: f64 = real.iter().zip(synth).map(|(a, b)| (a - b).abs()).sum();
            Figure::of(1.0 - apart / LAGS as f64 / 2.0)
        }
        (Err(reason), _) | (_, Err(reason)) => Figure::none(*reason),
    };
    let name = column.name.clone();
    SeriesFigures { name, real: real.unwrap_or_default(), synth: synth.unwrap_or_default(), similarity }
}

/// Autocorrelations at lags 1 to [`LAGS`], each over the variance of the whole series.
fn autocorrelation(values: &[f64]) -> Result<Vec<f64>, &'static str> {
    if values.len() < MIN_VALUES {
        return Err("one of the tables has fewer than 20 values in order");
    }
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let apart: Vec<f64> = values.iter().map(|value| value - mean).collect();
    let variance: f64 = apart.iter().map(|value| value * value).sum();
    if values.iter().all(|value| *value == values[0]) || variance == 0.0 {
        return Err("one of the two columns is constant");
    }
    let at =
        |lag: usize| -> f64 { apart.iter().zip(&apart[lag..]).map(|(a, b)| a * b).sum::<f64>() / variance };
    let all: Vec<f64> = (1..=LAGS).map(at).collect();
    if all.iter().all(|value| value.is_finite()) {
        Ok(all)
    } else {
        Err("the numbers are too large to compute with")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quality::table::data::tests::data;
    use std::fmt::Write;

    #[test]
    fn autocorrelation_of_a_swing_by_hand() {
        // 1, −1, 1, … twenty times: at lag k the sum has 20 − k terms of (−1)^k, over 20.
        let swing: Vec<f64> = (0..20).map(|at| if at % 2 == 0 { 1.0 } else { -1.0 }).collect();
        let found = autocorrelation(&swing).unwrap();
        assert!((found[0] + 0.95).abs() < 1e-12 && (found[1] - 0.9).abs() < 1e-12, "{found:?}");
        assert!(autocorrelation(&swing[..19]).is_err() && autocorrelation(&[2.0; 30]).is_err());
    }

    #[test]
    fn rows_are_put_in_the_order_of_the_column_named() {
        let (mut forward, mut backward) = ("t,x\n".to_owned(), "t,x\n".to_owned());
        for at in 0..30 {
            let _ = writeln!(forward, "{at},{}", at * at);
            let _ = writeln!(backward, "{},{}", 29 - at, (29 - at) * (29 - at));
        }
        let same = series(&data(&forward, &backward), Some("t"));
        assert_eq!(same.columns[0].similarity.value, Some(1.0));
        assert!(series(&data(&forward, &backward), None).reason.is_some());
    }

    #[test]
    fn a_sorted_column_of_dates_orders_by_itself() {
        let mut text = "day,sales\n".to_owned();
        for day in 1..=28 {
            let _ = writeln!(text, "2026-02-{day:02},{}", day % 7);
        }
        assert_eq!(series(&data(&text, &text), None).ordered_by.as_deref(), Some("day"));
    }
}
