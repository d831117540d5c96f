//! What failures have in common: notes that people write on them, and the categories that people sort them into.

pub mod coding;
pub mod ledger;
pub mod note;
pub mod prevalence;
pub mod taxonomy;
