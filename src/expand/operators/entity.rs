//! Names, places, numbers, currencies and dates swapped for others of their kind, in the expectation and in
//! the row as well as in the text.

mod currency;
mod date;
mod name;
mod number;
mod place;
mod swap;

use crate::expand::operator::Operator;

/// The operators of the family.
pub const ALL: &[&Operator] =
    &[&name::NAME, &place::PLACE, &number::NUMBER, &currency::CURRENCY, &date::DATE];
