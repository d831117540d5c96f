//! How a project's gate behaves when nothing has changed: numbers that can be checked by hand, and the pages
//! that people read.

#[cfg(feature = "cli")]
mod command;
mod draws;
#[cfg(feature = "cli")]
#[path = "../project/mod.rs"]
#[expect(dead_code, reason = "shared with other tests, which use all of it")]
mod project;
