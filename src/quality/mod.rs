//! How good data is, before anything is asked with it: measured and told, never gated.

pub mod suite;
pub mod table;
