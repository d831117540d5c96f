//! Pure functions on numbers, each pinned by golden values: no files, no clock, none of the project's types.

pub mod agreement;
pub mod cluster;
pub mod fisher;
pub mod interval;
pub mod multiple;
pub mod paired;
pub mod percentile;
pub mod permutation;
pub mod power;
pub mod special;
