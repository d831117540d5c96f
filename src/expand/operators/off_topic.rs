//! Requests outside the application's scope: it should guide back, and the suite says how that shows.

mod other_domain;

use crate::expand::operator::Operator;

/// The operators, in the order in which they are listed.
pub const ALL: &[&Operator] = &[&other_domain::OTHER_DOMAIN];
