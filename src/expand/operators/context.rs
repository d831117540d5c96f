//! The same request in another setting: what a person adds around it.

mod accessibility;
mod around;
mod distractor_after;
mod distractor_before;
mod earlier_contact;
mod joined_issues;
mod other_device;
mod time_pressure;

use crate::expand::operator::Operator;

/// The operators of the family.
pub const ALL: &[&Operator] = &[
    &other_device::OTHER_DEVICE,
    &time_pressure::TIME_PRESSURE,
    &accessibility::ACCESSIBILITY,
    &earlier_contact::EARLIER_CONTACT,
    &distractor_before::DISTRACTOR_BEFORE,
    &distractor_after::DISTRACTOR_AFTER,
    &joined_issues::JOINED_ISSUES,
];
