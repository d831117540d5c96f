//! The model: what a sale will bring, learned from sales that were paid.

use crate::features::{Encoder, Policy};
use crate::ridge::{self, Undetermined};
use crate::sale::{Sale, SaleError};

/// A sale and the amount that was paid.
pub type Paid = (Sale, f64);

/// Why nothing could be learned.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    #[error("a sale to learn from: {0}")]
    Sale(#[from] SaleError),
    #[error(transparent)]
    Undetermined(#[from] Undetermined),
}

/// A model of what people pay.
#[derive(Debug, Clone)]
pub struct Forecast {
    encoder: Encoder,
    weights: Vec<f64>,
}

impl Forecast {
    /// Learns from sales.
    pub fn train(policy: Policy, sales: &[Paid]) -> Result<Self, TrainError> {
        let encoder = Encoder::of(policy, sales.iter().map(|(sale, _)| sale));
        let rows: Vec<Vec<f64>> =
            sales.iter().map(|(sale, _)| encoder.row(sale)).collect::<Result<_, SaleError>>()?;
        let amounts: Vec<f64> = sales.iter().map(|(_, amount)| *amount).collect();
        let weights = ridge::fit(&rows, &amounts, &encoder.penalties())?;
        Ok(Self { encoder, weights })
    }

    /// The amount of a sale, in whole cents.
    pub fn amount(&self, sale: &Sale) -> Result<f64, SaleError> {
        sale.checked()?;
        let row = self.encoder.row(sale)?;
        let amount: f64 = row.iter().zip(&self.weights).map(|(x, weight)| x * weight).sum();
        Ok((amount.max(0.0) * 100.0).round() / 100.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sale::tests::sale;

    /// Sales of every day of two weeks at three times, paid as listed, a tenth less from five o'clock.
    fn sales() -> Vec<Paid> {
        let mut sales = Vec::new();
        for day in 1..=14 {
            for (hour, factor) in [(8, 1.0), (12, 1.0), (17, 0.9)] {
                for (product, price) in [("Latte", 4.0), ("Bagel", 5.0)] {
                    for quantity in [1.0, 2.0, 3.0] {
                        let at = format!("2025-03-{day:02}T{hour:02}:00:00");
                        let sale = Sale { price: Some(price), quantity, ..sale(product, &at) };
                        sales.push((sale, price * quantity * factor));
                    }
                }
            }
        }
        sales
    }

    #[track_caller]
    fn near(found: f64, expected: f64, within: f64) {
        assert!((found - expected).abs() <= within, "{found} is not {expected}");
    }

    #[test]
    fn version_1_learns_the_hour_and_version_2_the_mean() {
        let asked = |time: &str| Sale { price: Some(4.0), ..sale("Latte", time) };
        let (morning, evening) = (asked("2025-03-20T08:00:00"), asked("2025-03-20T17:00:00"));
        let first = Forecast::train(Policy::of_version(1), &sales()).unwrap();
        near(first.amount(&morning).unwrap(), 8.0, 0.05);
        near(first.amount(&evening).unwrap(), 7.2, 0.05);
        let second = Forecast::train(Policy::of_version(2), &sales()).unwrap();
        // A third of the sales is a tenth cheaper.
        near(second.amount(&morning).unwrap(), 8.0 * 2.9 / 3.0, 0.05);
        assert_eq!(second.amount(&morning), second.amount(&evening));
    }

    #[test]
    fn an_amount_is_in_cents_and_never_negative() {
        let model = Forecast::train(Policy::of_version(1), &sales()).unwrap();
        let amount =
            model.amount(&Sale { price: Some(3.333), ..sale("Latte", "2025-03-20T08:00:00") }).unwrap();
        near(amount * 100.0, (amount * 100.0).round(), 1e-9);
        let free = Sale { price: Some(0.0), ..sale("Bagel", "2025-03-20T17:00:00") };
        assert!(model.amount(&free).unwrap() >= 0.0);
    }

    #[test]
    fn what_no_sale_can_have_is_refused_before_anything_is_told() {
        let model = Forecast::train(Policy::of_version(1), &sales()).unwrap();
        let none = Sale { quantity: 0.0, ..sale("Latte", "2025-03-20T08:00:00") };
        assert_eq!(model.amount(&none), Err(SaleError::Quantity(0.0)));
    }

    #[test]
    fn nothing_is_learned_from_nothing() {
        assert!(matches!(Forecast::train(Policy::of_version(1), &[]), Err(TrainError::Undetermined(_))));
    }
}
