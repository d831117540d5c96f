//! Texts as words.

use crate::expand::similar::normalised;
use unicode_segmentation::UnicodeSegmentation;

/// The words of a text as Unicode bounds them, in lower case.
pub(super) fn words(text: &str) -> Vec<String> {
    normalised(text).unicode_words().map(str::to_owned).collect()
}
