//! Every kind of judge against a scripted endpoint on loopback: what it is sent, what it makes of good and bad
//! replies, and whom it asks how often.

#![cfg(feature = "cli")]

#[expect(dead_code, reason = "other test files use the rest")]
#[path = "../model/mod.rs"]
mod model;
#[expect(dead_code, reason = "other test files use the rest")]
#[path = "../project/mod.rs"]
mod project;

mod command;
mod kinds;
mod several;
mod told;
mod world;
