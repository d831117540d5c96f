//! Why a finding is what it is: the lines of the report and the page of `holdline explain`, for every kind of
//! finding. The records are made by the gate from worlds of cases, so that every number is a true one.

#[cfg(feature = "cli")]
mod command;
mod pages;
#[cfg(feature = "cli")]
#[path = "../project/mod.rs"]
#[expect(dead_code, reason = "shared with other tests, which use all of it")]
mod project;
mod recorded;
#[path = "../gate/world.rs"]
#[expect(dead_code, reason = "shared with the tests of the gate, which use all of it")]
mod world;
