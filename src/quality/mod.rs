//! How good synthetic data is: measured and told, never gated.

pub mod table;
