//! `holdline monitor`: logs on disk, the real command, and a model on loopback where judges are asked.

#[path = "../model/mod.rs"]
#[expect(dead_code, reason = "other test files use the rest")]
mod model;
#[path = "../project/mod.rs"]
#[expect(dead_code, reason = "other test files use the rest")]
mod project;

mod drifting;
mod judged;
mod log;
mod page;
mod reading;
mod traces;
mod writing;
