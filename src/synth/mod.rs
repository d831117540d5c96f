//! Cases written by models.

pub mod select;
pub mod transform;
