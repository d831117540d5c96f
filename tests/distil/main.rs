//! Failures distilled.
mod clinc150;
