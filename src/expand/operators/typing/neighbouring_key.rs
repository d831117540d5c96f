//! The key beside the right one: `meeting` becomes `meering`.

use super::{keyboard, slip};
use crate::expand::operator::{Choice, Draft, Family, Operator, Promise, Reach, Subject, Takes};
use crate::expand::stream::Stream;

/// The operator.
pub static NEIGHBOURING_KEY: Operator = Operator {
    name: "neighbouring_key",
    version: 1,
    family: Family::Typing,
    promise: Promise::Same,
    what: "Hits the key beside, above or below the right one within a word",
    reach: Reach::Words,
    touches: &[],
    needs_statement: false,
    options: &[
        Choice {
            name: "layout",
            what: "The keyboard on which the finger slips; without it qwerty",
            takes: Takes::OneOf(keyboard::LAYOUTS),
            required: false,
        },
        slip::SLIPS,
    ],
    vary,
};

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let keyboard = keyboard::of(subject.settings.text("layout"));
    slip::at_sites(subject, stream, slip::words(subject.text), |word, stream| {
        slip::at_a_letter(word, 1, stream, |rest, stream, out| {
            let letter = rest.chars().next()?;
            let keys = keyboard.get(&letter.to_ascii_lowercase())?;
            let hit = *keys.get(stream.index(keys.len()))?;
            if letter.is_ascii_uppercase() {
                out.extend(hit.to_uppercase());
            } else {
                out.push(hit);
            }
            Some(letter.len_utf8())
        })
    })
}
