//! How good data is, before anything is asked with it.

pub mod suite;
