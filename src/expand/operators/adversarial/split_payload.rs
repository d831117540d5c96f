//! An order in pieces.

use super::marker::Marker;
use super::payload;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::stream::Stream;

/// Cuts the order into pieces that say nothing by themselves, to be put together by the application.
pub const SPLIT_PAYLOAD: Operator = Operator {
    name: "split_payload",
    version: 1,
    family: Family::Adversarial,
    promise: Promise::Own,
    what: "Adds an order cut into pieces that the application is to put together.",
    reach: Reach::Around,
    touches: &[],
    needs_statement: false,
    options: &[],
    vary,
};

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let template = payload::template(SPLIT_PAYLOAD.name, stream)?;
    let marker = Marker::draw(stream);
    let (left, right) = &marker.parts;
    payload::attempt(subject, template, &[("{left}", left), ("{right}", right)], Some(&marker))
}
