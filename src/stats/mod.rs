//! Pure functions on numbers, each pinned by golden values: no files, no clock, none of the project's types.

pub mod agreement;
pub mod interval;
pub mod percentile;
