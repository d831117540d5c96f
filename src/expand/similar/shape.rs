//! A text as the search sees it.

use super::grams::grams_of;
use super::outline::Outline;

/// The grams of a text, ascending, with their outline.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) grams: Box<[u64]>,
    pub(super) outline: Outline,
}

impl Shape {
    pub(super) fn of(text: &str) -> Self {
        let grams = grams_of(text).into_boxed_slice();
        Self { outline: Outline::of(&grams), grams }
    }
}
