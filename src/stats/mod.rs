//! Pure functions on numbers, each pinned by golden values: no files, no clock, none of the project's types.

pub mod agreement;
pub mod binomial;
pub mod bradley_terry;
pub mod cluster;
pub mod divergence;
pub mod eprocess;
pub mod fisher;
pub mod interval;
pub mod judge_error;
pub mod multiple;
pub mod paired;
pub mod paired_interval;
pub mod percentile;
pub mod permutation;
pub mod power;
pub mod proportions;
pub mod repeats;
pub mod special;
pub mod two_sample;
