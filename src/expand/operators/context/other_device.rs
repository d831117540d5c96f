//! The request from another device: sent from a phone, dictated in a car.

use super::around;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::stream::Stream;

/// The request from another device: sent from a phone, dictated in a car.
pub const OTHER_DEVICE: Operator = Operator {
    name: "other_device",
    version: 1,
    family: Family::Context,
    promise: Promise::Same,
    what: "Says from which device the request comes: sent from a phone, dictated in a car.",
    reach: Reach::Around,
    touches: &[],
    needs_statement: false,
    options: &[],
    vary,
};

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    around::put(OTHER_DEVICE.name, subject, stream)
}
