//! Runs side by side, as people and programs read them: one file an output, each made from a
//! [`Comparison`](crate::compare::Comparison) alone.

pub mod json;
pub mod markdown;
pub mod terminal;
mod words;

/// How much of a comparison is shown to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// Most cases of a suite that are named.
    pub cases: usize,
    /// Whether the first line of each answer is shown.
    pub answers: bool,
}

impl View {
    /// Cases named where nobody says.
    pub const CASES: usize = 20;
}

impl Default for View {
    fn default() -> Self {
        Self { cases: Self::CASES, answers: false }
    }
}
