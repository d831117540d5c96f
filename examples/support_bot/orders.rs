//! The orders that can be looked up.

use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeMap;

const ORDERS: &str = include_str!("orders.toml");

/// One feeder that somebody bought.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// What was paid for it, in euros.
    pub price: f64,
    pub placed: Date,
    pub dispatched: Option<Date>,
    pub delivered: Option<Date>,
}

/// All orders, by number.
pub type Orders = BTreeMap<String, Order>;

/// Reads the orders that come with the bot.
pub fn shipped() -> Result<Orders, toml::de::Error> {
    toml::from_str(ORDERS)
}
