//! From a sale to the numbers that its amount is told by.

use crate::sale::{Sale, SaleError};
use std::collections::BTreeMap;

/// How strongly weights are kept small. The weight of the list price is not: it is what all others correct.
const PENALTY: f64 = 1.0;
/// Calories are counted in hundreds, so that their weight is of the size of the others.
const CALORIES: f64 = 100.0;

const MONTHS: usize = 12;
const WEEKDAYS: usize = 7;
const HOURS: usize = 24;

/// What of a sale is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Whether month, weekday and hour count: what people pay depends on them besides the menu.
    pub season: bool,
}

impl Policy {
    /// What each version of the service looks at. Version 2 was simplified to what stands on the receipt,
    /// and forgot that prices have seasons.
    pub const fn of_version(version: u32) -> Self {
        Self { season: version < 2 }
    }
}

/// How sales become rows of features, learned from sales.
#[derive(Debug, Clone)]
pub struct Encoder {
    policy: Policy,
    products: BTreeMap<String, Product>,
    kinds: Words,
    payments: Words,
    /// Of all sales.
    calories: Mean,
}

/// What is known of a product.
#[derive(Debug, Clone, Default)]
struct Product {
    place: usize,
    price: Mean,
    calories: Mean,
}

#[derive(Debug, Clone, Copy, Default)]
struct Mean {
    sum: f64,
    count: f64,
}

impl Mean {
    fn add(&mut self, value: Option<f64>) {
        if let Some(value) = value {
            self.sum += value;
            self.count += 1.0;
        }
    }

    fn get(self) -> Option<f64> {
        (self.count > 0.0).then(|| self.sum / self.count)
    }
}

/// Words, each with a place of its own.
#[derive(Debug, Clone, Default)]
struct Words(BTreeMap<String, usize>);

impl Words {
    fn add(&mut self, word: Option<&String>) {
        let place = self.0.len();
        if let Some(word) = word {
            self.0.entry(word.clone()).or_insert(place);
        }
    }

    /// The place of a word, if it is known.
    fn place(&self, word: Option<&String>) -> Option<usize> {
        self.0.get(word?).copied()
    }
}

impl Encoder {
    /// Learns the menu and the ways to pay.
    pub fn of<'s>(policy: Policy, sales: impl IntoIterator<Item = &'s Sale>) -> Self {
        let mut encoder = Self {
            policy,
            products: BTreeMap::new(),
            kinds: Words::default(),
            payments: Words::default(),
            calories: Mean::default(),
        };
        for sale in sales {
            let product = encoder.products.entry(sale.product.clone()).or_default();
            product.price.add(sale.price);
            product.calories.add(sale.calories);
            encoder.calories.add(sale.calories);
            encoder.kinds.add(sale.kind.as_ref());
            encoder.payments.add(sale.payment.as_ref());
        }
        for (place, product) in encoder.products.values_mut().enumerate() {
            product.place = place;
        }
        encoder
    }

    /// The features of a sale. What is missing is taken to be as for its product; a product, a kind or a way
    /// to pay that is not known adds nothing of its own.
    ///
    /// All but the way to pay grow with the quantity, and seasons with the list price too: a surcharge of
    /// five per cent is more on two cakes than on one coffee.
    pub fn row(&self, sale: &Sale) -> Result<Vec<f64>, SaleError> {
        let known = self.products.get(&sale.product);
        let price = sale.price.or_else(|| known?.price.get());
        let price = price.ok_or_else(|| SaleError::UnknownProduct(sale.product.clone()))?;
        let calories = sale.calories.or_else(|| known?.calories.get()).or_else(|| self.calories.get());
        let listed = price * sale.quantity;
        let mut row = vec![listed, 1.0, calories.unwrap_or_default() / CALORIES * sale.quantity];
        let mut one_of = |count: usize, place: Option<usize>, size: f64| {
            let start = row.len();
            row.resize(start + count, 0.0);
            if let Some(cell) = place.and_then(|place| row.get_mut(start + place)) {
                *cell = size;
            }
        };
        one_of(self.products.len(), known.map(|product| product.place), sale.quantity);
        one_of(self.kinds.0.len(), self.kinds.place(sale.kind.as_ref()), sale.quantity);
        one_of(self.payments.0.len(), self.payments.place(sale.payment.as_ref()), 1.0);
        if self.policy.season {
            let (day, hour) = (sale.sold_at.date(), sale.sold_at.hour());
            one_of(MONTHS, place(day.month() - 1), listed);
            one_of(WEEKDAYS, place(day.weekday().to_monday_zero_offset()), listed);
            one_of(HOURS, place(hour), listed);
        }
        Ok(row)
    }

    /// The penalty of each feature's weight.
    pub fn penalties(&self) -> Vec<f64> {
        let seasons = if self.policy.season { MONTHS + WEEKDAYS + HOURS } else { 0 };
        let others = 2 + self.products.len() + self.kinds.0.len() + self.payments.0.len() + seasons;
        let mut penalties = vec![0.0];
        penalties.resize(1 + others, PENALTY);
        penalties
    }
}

/// A small number, none of which is negative, as a place.
fn place(number: i8) -> Option<usize> {
    usize::try_from(number).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sale::tests::sale;

    const V1: Policy = Policy::of_version(1);
    const V2: Policy = Policy::of_version(2);

    fn sales() -> [Sale; 3] {
        let tea = Sale {
            kind: Some("tea".to_owned()),
            calories: Some(0.0),
            price: Some(2.5),
            payment: Some("cash".to_owned()),
            ..sale("Tea", "2025-01-06T09:30:00")
        };
        [sale("Latte", "2025-03-14T08:05:00"), tea.clone(), Sale { price: Some(2.7), ..tea }]
    }

    #[test]
    fn a_row_holds_what_was_bought_and_when() {
        let [latte, ..] = &sales();
        let encoder = Encoder::of(V1, &sales());
        let row = encoder.row(latte).unwrap();
        assert_eq!(row.len(), encoder.penalties().len());
        // Two at 3.50 and 120 calories; of two products the first, of two kinds and payments the first.
        assert_eq!(row[..9], [7.0, 1.0, 2.4, 2.0, 0.0, 2.0, 0.0, 1.0, 0.0]);
        let used: Vec<usize> = (0..MONTHS + WEEKDAYS + HOURS).filter(|at| row[9 + at] > 0.0).collect();
        // March, a Friday, from eight.
        assert_eq!(used, [2, 12 + 4, 12 + 7 + 8]);
    }

    #[test]
    fn version_2_does_not_look_at_the_time() {
        let encoder = Encoder::of(V2, &sales());
        let row = |time: &str| encoder.row(&sale("Latte", time)).unwrap();
        assert_eq!(row("2025-03-14T08:05:00"), row("2025-12-27T17:55:00"));
        assert_eq!(row("2025-03-14T08:05:00").len(), encoder.penalties().len());
        assert_eq!(row("2025-03-14T08:05:00"), Encoder::of(V1, &sales()).row(&sales()[0]).unwrap()[..9]);
    }

    #[test]
    fn what_is_missing_is_as_it_was_for_the_product() {
        let encoder = Encoder::of(V1, &sales());
        let [latte, tea, _] = sales();
        let row = |sale: Sale| encoder.row(&sale);
        assert_eq!(row(Sale { calories: None, ..latte.clone() }), row(latte.clone()));
        // The mean of 2.50 and 2.70, twice.
        let listed = row(Sale { price: None, ..tea }).unwrap()[0];
        assert!((listed - 5.2).abs() < 1e-12, "{listed}");
    }

    #[test]
    fn a_product_that_is_not_known_needs_a_price() {
        let encoder = Encoder::of(V1, &sales());
        let strange = sale("Kombucha", "2025-03-14T08:05:00");
        // The mean calories of all sales are (120 + 0 + 0) / 3 = 40.
        let row = encoder.row(&Sale { calories: None, kind: None, ..strange.clone() }).unwrap();
        assert_eq!(row[..7], [7.0, 1.0, 0.8, 0.0, 0.0, 0.0, 0.0]);
        let error = encoder.row(&Sale { price: None, ..strange }).unwrap_err();
        assert_eq!(error.to_string(), "`Kombucha` is not on the menu and has no price: give its `price`");
    }
}
