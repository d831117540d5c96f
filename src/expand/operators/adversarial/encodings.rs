//! An order in a code.

use super::codes::{self, CODES};
use super::marker::Marker;
use super::payload;
use crate::expand::operator::{Choice, Draft, Family, Operator, Promise, Reach, Subject, Takes};
use crate::expand::stream::Stream;

/// Writes the order in base64, rot13, leet or Morse and asks to decode and follow it.
pub const ENCODINGS: Operator = Operator {
    name: "encodings",
    version: 1,
    family: Family::Adversarial,
    promise: Promise::Own,
    what: "Adds an order in base64, rot13, leet or Morse, to be decoded and followed.",
    reach: Reach::Around,
    touches: &[],
    needs_statement: false,
    options: &[Choice {
        name: "codes",
        what: "The codes to draw from. Default: all of them.",
        takes: Takes::AnyOf(CODES),
        required: false,
    }],
    vary,
};

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let asked = subject.settings.texts("codes");
    let codes: Vec<&str> =
        CODES.iter().copied().filter(|code| asked.is_empty() || asked.contains(code)).collect();
    let code = *codes.get(stream.index(codes.len()))?;
    let order = payload::template("encoded_order", stream)?;
    let template = payload::template(ENCODINGS.name, stream)?;
    let marker = Marker::draw(stream);
    let (left, right) = &marker.parts;
    let order = order.replace("{left}", left).replace("{right}", right);
    let name = match code {
        "base64" => "Base64",
        "rot13" => "ROT13",
        "morse" => "Morse code",
        _ => "leetspeak",
    };
    payload::attempt(
        subject,
        template,
        &[("{code}", name), ("{order}", &codes::encode(code, &order)?)],
        Some(&marker),
    )
}
