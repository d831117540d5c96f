//! Notes and categories of failures: written, read, changed and told by the real command, on real files, with a
//! scripted model for proposals.

#![cfg(feature = "cli")]

#[expect(dead_code, reason = "other test files use the rest")]
#[path = "../model/mod.rs"]
mod model;
#[expect(dead_code, reason = "other test files use the rest")]
#[path = "../project/mod.rs"]
mod project;

mod changes;
mod mistakes;
mod notes;
mod proposals;
mod sorting;
mod told;
mod world;
