//! Runs on more than one machine: shards asked by the real command, put together by `holdline merge`, and what
//! is refused.

#![cfg(feature = "cli")]

#[expect(dead_code, reason = "other test files use the rest")]
#[path = "../project/mod.rs"]
mod project;

mod engines;
mod merged;
mod refused;
mod split;
mod world;
