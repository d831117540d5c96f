//! A sale: what is known of it before it is paid.

use jiff::civil::DateTime;
use serde::Deserialize;

/// Most pieces that one line of a receipt has.
const MAX_QUANTITY: f64 = 1000.0;
/// Highest price of a piece.
const MAX_PRICE: f64 = 10_000.0;

/// One line of a receipt. What may be missing is told by what was sold before.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Sale {
    /// What was sold.
    pub product: String,
    /// What kind of thing that is: coffee, tea, bakery.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Calories of a piece.
    pub calories: Option<f64>,
    /// Price of a piece on the menu.
    pub price: Option<f64>,
    /// How many.
    pub quantity: f64,
    /// How it is paid.
    pub payment: Option<String>,
    /// When: `2025-03-14T08:05:00`.
    pub sold_at: DateTime,
}

/// Why no amount can be told.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SaleError {
    #[error("a quantity of {0} cannot be sold: write a number above 0, up to {MAX_QUANTITY}")]
    Quantity(f64),
    #[error("a price of {0} cannot be: write a number from 0 to {MAX_PRICE}")]
    Price(f64),
    #[error("calories of {0} cannot be: write a number from 0 up, or leave them out")]
    Calories(f64),
    #[error("`{0}` is not on the menu and has no price: give its `price`")]
    UnknownProduct(String),
}

impl Sale {
    /// Refuses what no sale can have.
    pub fn checked(&self) -> Result<(), SaleError> {
        if !(self.quantity > 0.0 && self.quantity <= MAX_QUANTITY) {
            return Err(SaleError::Quantity(self.quantity));
        }
        if let Some(price) = self.price.filter(|price| !(0.0..=MAX_PRICE).contains(price)) {
            return Err(SaleError::Price(price));
        }
        match self.calories {
            Some(calories) if !(calories >= 0.0 && calories.is_finite()) => {
                Err(SaleError::Calories(calories))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A sale at a time, of two pieces at 3.50.
    pub fn sale(product: &str, sold_at: &str) -> Sale {
        Sale {
            product: product.to_owned(),
            kind: Some("coffee".to_owned()),
            calories: Some(120.0),
            price: Some(3.5),
            quantity: 2.0,
            payment: Some("card".to_owned()),
            sold_at: sold_at.parse().unwrap(),
        }
    }

    #[test]
    fn a_sale_is_read_from_its_record_whatever_may_be_missing() {
        let whole = r#"{"product": "Latte", "type": "coffee", "calories": 120, "price": 3.5, "quantity": 2,
            "payment": "card", "sold_at": "2025-03-14T08:05:00"}"#;
        assert_eq!(serde_json::from_str::<Sale>(whole).unwrap(), sale("Latte", "2025-03-14T08:05:00"));
        let least = r#"{"product": "Latte", "calories": null, "quantity": 1, "sold_at": "2025-03-14 08:05"}"#;
        assert_eq!(serde_json::from_str::<Sale>(least).unwrap().calories, None);
        assert!(serde_json::from_str::<Sale>(r#"{"product": "Latte", "quantity": 1}"#).is_err());
    }

    #[test]
    fn what_no_sale_can_have_is_refused() {
        let good = sale("Latte", "2025-03-14T08:05:00");
        assert_eq!(good.checked(), Ok(()));
        for quantity in [0.0, -1.0, 1001.0, f64::NAN] {
            assert!(matches!(Sale { quantity, ..good.clone() }.checked(), Err(SaleError::Quantity(_))));
        }
        for price in [-0.01, f64::INFINITY] {
            assert_eq!(Sale { price: Some(price), ..good.clone() }.checked(), Err(SaleError::Price(price)));
        }
        let calories = Sale { calories: Some(-5.0), ..good }.checked().unwrap_err().to_string();
        assert_eq!(calories, "calories of -5 cannot be: write a number from 0 up, or leave them out");
    }
}
