//! Contractions become full forms.

use super::contract::LEXICON;
use super::phrase::Phrases;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::protect::Guard;
use crate::expand::stream::Stream;
use std::sync::LazyLock;

static PHRASES: LazyLock<Phrases> = LazyLock::new(|| super::side(&LEXICON, false));

/// Contractions become full forms.
pub const EXPAND: Operator = Operator {
    name: "expand",
    version: 1,
    family: Family::Grammar,
    promise: Promise::Same,
    what: "Writes contractions out: I'm becomes I am, don't becomes do not.",
    reach: Reach::Words,
    touches: &[Guard::Meaning],
    needs_statement: false,
    options: &[],
    vary,
};

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    PHRASES.vary(subject.text, EXPAND.touches, stream)
}
