//! The sales that the model learns from: a year of them, drawn from a table specification.

use crate::forecast::Paid;
use holdline::expand::table::{Row, Table};
use holdline::suite::Diagnostics;
use std::path::Path;

/// The specification. The suites draw from it too, with other seeds.
const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/suites/tables/coffee-sales.toml");
/// Seed of the sales that are learned from; no suite may use it.
const SEED: u64 = 1;
/// Sales that are learned from.
const SALES: usize = 4000;

/// Why there is nothing to learn from.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    #[error("the table of sales: {0}")]
    Table(#[from] Diagnostics),
    #[error("row {row} is no sale: {source}")]
    Row { row: usize, source: serde_json::Error },
    #[error("row {row} has no amount")]
    Amount { row: usize },
}

/// A year of sales.
pub fn sales() -> Result<Vec<Paid>, HistoryError> {
    let rows = Table::read(Path::new(TABLE))?.rows(SEED, SALES)?;
    rows.enumerate().map(|(at, row)| paid(at + 1, &row?)).collect()
}

/// A row's sale and what was paid.
fn paid(row: usize, cells: &Row) -> Result<Paid, HistoryError> {
    let sale = serde_json::to_value(cells).and_then(serde_json::from_value);
    let sale = sale.map_err(|source| HistoryError::Row { row, source })?;
    let amount = cells.number("amount").ok_or(HistoryError::Amount { row })?;
    Ok((sale, amount))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::Policy;
    use crate::forecast::Forecast;

    #[test]
    fn a_year_of_sales_is_learned_from() {
        let sales = sales().unwrap();
        assert_eq!(sales.len(), SALES);
        let months: std::collections::BTreeSet<i8> =
            sales.iter().map(|(sale, _)| sale.sold_at.month()).collect();
        assert_eq!(months.len(), 12);
        assert!(sales.iter().all(|(sale, amount)| sale.checked().is_ok() && *amount > 0.0));
    }

    #[test]
    fn the_amount_of_a_sale_that_was_learned_is_told_to_some_cents() {
        let sales = sales().unwrap();
        let model = Forecast::train(Policy::of_version(1), &sales).unwrap();
        let error = |(sale, amount): &Paid| (model.amount(sale).unwrap() - amount).abs();
        let mean = sales.iter().map(error).sum::<f64>() / sales.len() as f64;
        // The table's own noise, which nothing explains, has a standard deviation of 0.15.
        assert!(mean < 0.15, "{mean}");
    }
}
